/** Wall time of the phases of a slice. Reading a clock is not free, so short slices are sampled. */

/** Slices that are all timed, to learn how long they take. */
const FIRST = 32;
/** Of slices shorter than this on average (ms), one in SAMPLE is timed and stands for all of them. */
const SHORT_MS = 0.2;
const SAMPLE = 16;

export class Stopwatch {
  /** Time by phase, in ms. */
  readonly milliseconds: Float64Array;
  private slices = 0;
  private last = 0;
  private weight = 1;

  constructor(
    private readonly clock: () => number,
    phases: number,
  ) {
    this.milliseconds = new Float64Array(phases);
  }

  /** A slice begins; returns whether it is to be timed. */
  begin(): boolean {
    const every = this.slices >= FIRST && this.mean() < SHORT_MS ? SAMPLE : 1;
    this.weight = every;
    if (this.slices++ % every !== 0) return false;
    this.last = this.clock();
    return true;
  }

  /** A phase of a timed slice ends. */
  lap(phase: number): void {
    const now = this.clock();
    this.milliseconds[phase] += (now - this.last) * this.weight;
    this.last = now;
  }

  private mean(): number {
    let total = 0;
    for (const ms of this.milliseconds) total += ms;
    return total / this.slices;
  }
}
