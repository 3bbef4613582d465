/**
 * Wall time of the phases of runs. Reading a clock is not free, so of short slices only some are
 * timed: they tell how the run's time, which is measured as a whole, divides into phases.
 */
import { F64Column } from '../memory/columns.js';

/** Slices that are all timed, to learn how long they take. */
const FIRST = 32;
/**
 * Of slices shorter than this on average (ms), one in SAMPLE is timed and stands for all of them. A
 * prime, so that what happens in every tenth slice is met as often as anything else.
 */
const SHORT_MS = 0.2;
const SAMPLE = 31;

export class Stopwatch {
  /** Times of all that was divided into phases, in ms. */
  private readonly times: Float64Array;
  /** Time of the slices timed since then, each counted for as many as it stands for. */
  private readonly sampled: Float64Array;
  /** Time of runs that is not divided yet: so far no slice of it was timed. */
  private undivided = 0;
  /** Slices timed so far, and their time. */
  private timed = 0;
  private timedMs = 0;
  private untilTimed = 1;
  /** Slices that the present one stands for; 0 if it is not timed. */
  private weight = 0;
  private began = 0;
  private last = 0;
  /** Phases of the present slice, while each slice is noted. */
  private readonly slice: Float64Array;
  private notes: F64Column | undefined;

  constructor(
    private readonly clock: () => number,
    phases: number,
  ) {
    this.times = new Float64Array(phases);
    this.sampled = new Float64Array(phases);
    this.slice = new Float64Array(phases);
  }

  /** A run begins. */
  start(): void {
    this.began = this.clock();
  }

  /** The run ends. */
  stop(): void {
    this.note();
    this.undivided += this.clock() - this.began;
    const sum = this.sampled.reduce((all, ms) => all + ms, 0);
    if (!(sum > 0)) return;
    this.sampled.forEach((ms, phase) => {
      this.times[phase] += (this.undivided * ms) / sum;
    });
    this.sampled.fill(0);
    this.undivided = 0;
  }

  /** A slice begins. */
  begin(): void {
    if (--this.untilTimed > 0) {
      this.weight = 0;
      return;
    }
    this.note();
    this.untilTimed = this.isShort() ? SAMPLE : 1;
    this.weight = this.untilTimed;
    this.timed += 1;
    this.last = this.clock();
  }

  /** What was done since the last lap, or since the slice began, belongs to this phase. */
  lap(phase: number): void {
    if (this.weight === 0) return;
    const now = this.clock();
    const ms = now - this.last;
    this.sampled[phase] += ms * this.weight;
    this.slice[phase] += ms;
    this.timedMs += ms;
    this.last = now;
  }

  /** Time of a phase in all runs so far, in ms. */
  milliseconds(phase: number): number {
    return this.times[phase];
  }

  /**
   * The phases of each slice, in ms, slice after slice, since this was asked last. From the first
   * time on, every slice is timed.
   */
  trace(): Float64Array {
    const noted = this.notes?.toArray() ?? new Float64Array(0);
    this.notes ??= new F64Column();
    this.notes.clear();
    this.untilTimed = 1;
    this.slice.fill(0);
    return noted;
  }

  private isShort(): boolean {
    if (this.notes) return false;
    return this.timed >= FIRST && this.timedMs < SHORT_MS * this.timed;
  }

  /** The slice that was timed last has ended. */
  private note(): void {
    if (this.weight > 0) for (const ms of this.slice) this.notes?.push(ms);
    this.slice.fill(0);
    this.weight = 0;
  }
}
