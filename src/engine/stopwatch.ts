/**
 * Wall time of the phases of a run. Reading a clock is not free, so of short slices only some are
 * timed: they tell how the run's time, which is measured as a whole, divides into phases.
 */

/** Slices that are all timed, to learn how long they take. */
const FIRST = 32;
/**
 * Of slices shorter than this on average (ms), one in SAMPLE is timed and stands for all of them. A
 * prime, so that what happens in every tenth slice is met as often as anything else.
 */
const SHORT_MS = 0.2;
const SAMPLE = 31;

export class Stopwatch {
  /** Time of the sampled slices by phase, each counted for as many as it stands for. */
  private readonly sampled: Float64Array;
  private total = 0;
  private slices = 0;
  private began = 0;
  private last = 0;
  /** Slices that the present one stands for; 0 if it is not timed. */
  private weight = 0;

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

  /** A slice begins. */
  begin(): void {
    const every = this.slices >= FIRST && this.sum() / this.slices < SHORT_MS ? SAMPLE : 1;
    this.weight = this.slices++ % every === 0 ? every : 0;
    if (this.weight > 0) this.last = this.clock();
  }

  /** What was done since the last lap, or since the slice began, belongs to this phase. */
  lap(phase: number): void {
    if (this.weight === 0) return;
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
