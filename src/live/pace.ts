/** How often something may be done whose cost is only known once it has been done. */
export class Pace {
  private nextMs = Number.NEGATIVE_INFINITY;

  /**
   * @param intervalMs between the ends of two turns, at least
   * @param share of the time that turns may take, at most
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
    this.nextMs = ended + Math.max(this.intervalMs, (ended - started) / this.share);
  }
}
