/** How often something may be done whose cost is only known once it has been done. */
export class Pace {
  private nextMs = Number.NEGATIVE_INFINITY;
  private lastCostMs = 0;

  /**
   * @param intervalMs between the ends of two turns, at least
   * @param share of the time that turns may take, at most; what counts is the cheaper of the last two
   */
  constructor(
    private readonly intervalMs: number,
    private readonly share: number,
    private readonly clock: () => number,
  ) {}

  /** Time until the next turn in ms, 0 if it is due. */
  get waitMs(): number {
    return Math.max(0, this.nextMs - this.clock());
  }

  /** Takes a turn if it is due, or must be. */
  async turn(action: () => Promise<void>, must = false): Promise<void> {
    if (this.waitMs > 0 && !must) return;
    const started = this.clock();
    await action();
    const ended = this.clock();
    // The first turn compiles code, and any may have to wait for a processor.
    const costMs = Math.min(ended - started, this.lastCostMs);
    this.lastCostMs = ended - started;
    this.nextMs = ended + Math.max(this.intervalMs, costMs / this.share);
  }
}
