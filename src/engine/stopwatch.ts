/**
 * Wall time of the phases of runs. Looking at a clock is not free, so where slices are short only
 * some are timed: they tell how the run's time, which is measured as a whole, divides into phases.
 */
import { F64Column } from '../memory/columns.js';

/**
 * So many slices are all timed, to learn how long they take; it is learnt anew in the next 64, 128, ... Each of these
 * lessons is explained by itself, so that slices of the first ones, while V8 compiles, do not stand for later ones.
 */
const FIRST = 32;
/**
 * What a look at the clock is taken to cost (ms), seldom as it is, with what is noted; and what fraction of a run
 * looks may cost.
 */
const LOOK_MS = 2e-4;
const AFFORDABLE = 0.0025;
/**
 * One slice in so many is timed and stands for all of them. Primes, so that what happens in every
 * tenth slice is met as often as anything else.
 */
const STRIDES = [1, 3, 7, 13, 31, 61, 127, 251] as const;
/**
 * Slices that take so many times what they usually take are counted apart. A few are timed, if any, which is not enough
 * to tell how many there are: volleys, or another program that held the thread up. But theirs is the time that the
 * others do not explain, so all that they need to tell is how it divides. (Those of several kinds are taken for one.)
 */
const LONG = 50;

/**
 * What is measured begins as -0: V8 takes a field that begins as 0 for whole numbers, and compiles
 * all that uses it, the cycle included, once more when it is none.
 */
const NOTHING = -0;

export class Stopwatch {
  /** Times of all that was divided into phases, in ms. */
  private readonly times: Float64Array;
  /** Time of the slices timed since then, each counted for as many as it stands for; and of the long ones. */
  private readonly sampled: Float64Array;
  private readonly long: Float64Array;
  /** Time of this run by phase, as far as slices that were timed explain it, and the rest. */
  private readonly explained: Float64Array;
  private unexplained = NOTHING;
  /**
   * Slices timed since the stride was chosen, and the looks at the clock that it took; and of these
   * slices the sum of their numbers per ms, which those hardly enter in which other programs ran.
   */
  private timed = 0;
  private looks = 0;
  private perMs = NOTHING;
  private stride = 1;
  /** What slices took when the stride was chosen. */
  private usualMs = Number.POSITIVE_INFINITY;
  private lesson = FIRST;
  private untilTimed = 1;
  /** The next slice is the first of a run. */
  private opens = false;
  /** Slices that the present one stands for; 0 if it is not timed. */
  private weight = 0;
  /** Of what is to be explained next. */
  private began = NOTHING;
  private sliceBegan = NOTHING;
  private last = NOTHING;
  /** Phases of the present slice. */
  private readonly slice: Float64Array;
  private notes: F64Column | undefined;

  constructor(
    private readonly clock: () => number,
    phases: number,
  ) {
    this.times = new Float64Array(phases);
    this.sampled = new Float64Array(phases);
    this.long = new Float64Array(phases);
    this.explained = new Float64Array(phases);
    this.slice = new Float64Array(phases);
  }

  /**
   * A run begins. Its first slice is timed, as short runs may have no other that is, but stands for itself: the others
   * go on being counted from run to run, as what runs have in common may come in all of them at the same slices.
   */
  start(): void {
    this.opens = true;
    this.began = this.clock();
  }

  /** The run ends. What is not explained of its time, more or less than nothing, is as all the rest of it. */
  stop(): void {
    this.note();
    this.explain();
    const { times, explained } = this;
    const sum = sumOf(explained);
    if (!(sum > 0)) return;
    const share = (sum + this.unexplained) / sum;
    for (let phase = 0; phase < times.length; phase++) times[phase] += share * explained[phase];
    explained.fill(0);
    this.unexplained = 0;
  }

  /** Explain the time since the run began, or since this was done last, by the slices timed since then. */
  private explain(): void {
    const now = this.clock();
    const { explained, sampled, long } = this;
    this.unexplained += now - this.began - sumOf(sampled);
    this.began = now;
    const ofTimed = sumOf(long);
    const ofLong = ofTimed > 0 ? Math.max(ofTimed, this.unexplained) : 0;
    this.unexplained -= ofLong;
    for (let phase = 0; phase < explained.length; phase++) {
      explained[phase] += sampled[phase];
      if (ofTimed > 0) explained[phase] += (ofLong * long[phase]) / ofTimed;
    }
    sampled.fill(0);
    long.fill(0);
  }

  /** A slice begins; returns whether it is timed. If not, laps need not be told. */
  begin(): boolean {
    this.note();
    const isDue = --this.untilTimed <= 0;
    if (!isDue && !this.opens) return false;
    this.opens = false;
    if (this.timed === this.lesson) this.revise();
    if (isDue) this.untilTimed = this.notes ? 1 : this.stride;
    this.weight = isDue ? this.untilTimed : 1;
    this.timed += 1;
    this.looks += 1;
    this.sliceBegan = this.clock();
    this.last = this.sliceBegan;
    return true;
  }

  /** What was done since the last lap, or since the slice began, belongs to this phase. */
  lap(phase: number): void {
    if (this.weight === 0) return;
    const now = this.clock();
    this.slice[phase] += now - this.last;
    this.looks += 1;
    this.last = now;
  }

  /** Time of a phase in all runs so far, in ms. */
  milliseconds(phase: number): number {
    return this.times[phase];
  }

  /**
   * When each slice began, by the clock, and its phases, all in ms, slice after slice, since this was
   * asked last. From the first time on, every slice is timed.
   */
  trace(): Float64Array {
    const noted = this.notes?.toArray() ?? new Float64Array(0);
    this.notes ??= new F64Column();
    this.notes.clear();
    this.untilTimed = 1;
    this.slice.fill(0);
    return noted;
  }

  /** Seldom, lest the stride fall in step with what it is to sample. */
  private revise(): void {
    this.explain();
    this.usualMs = this.timed / this.perMs;
    const needed = ((this.looks / this.timed) * LOOK_MS) / (AFFORDABLE * this.usualMs);
    this.stride = STRIDES.find((stride) => stride >= needed) ?? STRIDES[STRIDES.length - 1];
    this.lesson *= 2;
    this.timed = 0;
    this.looks = 0;
    this.perMs = 0;
  }

  /** The slice that was timed last has ended. */
  private note(): void {
    if (this.weight === 0) return;
    const { slice, notes } = this;
    let sum = 0;
    for (let phase = 0; phase < slice.length; phase++) sum += slice[phase];
    const isLong = sum > LONG * this.usualMs;
    const to = isLong ? this.long : this.sampled;
    const weight = isLong ? 1 : this.weight;
    notes?.push(this.sliceBegan);
    for (let phase = 0; phase < slice.length; phase++) {
      to[phase] += slice[phase] * weight;
      notes?.push(slice[phase]);
    }
    this.perMs += 1 / Math.max(sum, LOOK_MS);
    slice.fill(0);
    this.weight = 0;
  }
}

function sumOf(times: Float64Array): number {
  let sum = 0;
  for (const ms of times) sum += ms;
  return sum;
}
