/** How far back an archive knows its neurons: it keeps what the delays that there are can reach, and no more. */
export class ArchiveReach {
  private longestDelay = -1;
  /** Steps after which longer delays came, and for what is sent from then on, the last step that is not known. */
  private readonly since: number[] = [];
  private readonly unknown: number[] = [];

  /** Steps that nothing sent from now on can ask for; they count as if nothing had happened in them. */
  oldest = 0;

  /** Serve delays of up to `delay` steps from step `now` on; true if they are longer than those before. */
  serve(now: number, delay: number): boolean {
    if (delay <= this.longestDelay) return false;
    this.oldest = this.longestDelay < 0 ? now : Math.max(this.oldest, this.reach(now));
    this.longestDelay = delay;
    this.since.push(now);
    this.unknown.push(this.oldest);
    return true;
  }

  /** The last step that no synapse can ask for after step `now`, if it has not spiked before. */
  reach(now: number): number {
    return now - this.longestDelay;
  }

  /**
   * The last step that was not known to a spike sent in step `step`. What a synapse was told then stays: if longer
   * delays have come since, that changes nothing for it.
   */
  unknownTo(step: number): number {
    const { since, unknown } = this;
    let i = since.length - 1;
    while (i > 0 && since[i] >= step) i -= 1;
    return unknown[i];
  }
}
