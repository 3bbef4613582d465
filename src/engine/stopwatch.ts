/**
 * Wall time of the phases of a run. Reading a clock is not free, so of short slices only some are
 * timed: they tell how the run's time, which is measured as a whole, divides into phases.
 */

/** Slices that are all timed, to learn how long they take. */
const FIRST = 32;
/** Of slices shorter than this on average (ms), one in SAMPLE is timed and stands for all of them. */
const SHORT_MS = 0.2;
const SAMPLE = 16;

export class Stopwatch {
  /** Time of the sampled slices by phase, each counted for as many as it stands for. */
  private readonly sampled: Float64Array;
  private total = 0;
  private slices = 0;
  private began = 0;
  private last = 0;
  private weight = 1;

  constructor(
    private readonly clock: () => number,
    phases: number,
  ) {
    this.sampled = new Float64Array(phases);
  }

  /** A run begins. */
  start(): void {
    this.began = this.clock();
  }

  /** The run ends. */
  stop(): void {
    this.total += this.clock() - this.began;
  }

  /** A slice begins; returns whether it is to be timed. */
  begin(): boolean {
    const every = this.slices >= FIRST && this.sum() / this.slices < SHORT_MS ? SAMPLE : 1;
    this.weight = every;
    if (this.slices++ % every !== 0) return false;
    this.last = this.clock();
    return true;
  }

  /** A phase of a timed slice ends. */
  lap(phase: number): void {
    const now = this.clock();
    this.sampled[phase] += (now - this.last) * this.weight;
    this.last = now;
  }

  /** Time of a phase in all runs so far, in ms. */
  milliseconds(phase: number): number {
    const sum = this.sum();
    return sum > 0 ? (this.total * this.sampled[phase]) / sum : 0;
  }

  private sum(): number {
    let sum = 0;
    for (let phase = 0; phase < this.sampled.length; phase++) sum += this.sampled[phase];
    return sum;
  }
}
