/** Wall time over biological time of a run that is paused now and then. */

export interface RealTimeFactors {
  /** Of the whole run, and since the last reading; undefined until there is a reading. */
  readonly realTimeFactor?: number;
  readonly recentFactor?: number;
}

export class RunStopwatch {
  factors: RealTimeFactors = {};
  private wallMs = 0;
  private simulatedMs = 0;
  private since = { wallMs: 0, timeMs: 0 };

  constructor(private readonly clock: () => number) {}

  /** The run begins or goes on from this biological time (ms). */
  go(timeMs: number): void {
    this.since = { wallMs: this.clock(), timeMs };
  }

  /** The run has reached this biological time (ms). */
  reach(timeMs: number): void {
    const wallMs = this.clock() - this.since.wallMs;
    const simulatedMs = timeMs - this.since.timeMs;
    this.wallMs += wallMs;
    this.simulatedMs += simulatedMs;
    this.go(timeMs);
    if (simulatedMs <= 0) return;
    this.factors = {
      realTimeFactor: this.wallMs / this.simulatedMs,
      recentFactor: wallMs / simulatedMs,
    };
  }
}
