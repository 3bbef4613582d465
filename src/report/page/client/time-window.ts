/** The stretch of time that plots show, which they may share. */

export class TimeWindow {
  start = 0;
  end: number;
  private readonly watchers: (() => void)[] = [];

  /** Times in ms: from 0 to `limit`, never shorter than `least`. */
  constructor(
    private limit: number,
    private readonly least: number,
  ) {
    this.end = limit;
  }

  onChange(watcher: () => void): void {
    this.watchers.push(watcher);
  }

  get isWhole(): boolean {
    return this.start === 0 && this.end === this.limit;
  }

  /** Shows start to end, moved and widened into what there is. */
  set(start: number, end: number): void {
    const span = Math.min(Math.max(end - start, this.least), this.limit);
    const centre = (start + end) / 2;
    this.start = Math.min(Math.max(centre - span / 2, 0), this.limit - span);
    this.end = this.start + span;
    for (const watcher of this.watchers) watcher();
  }

  /** Factors above 1 show less time; what is at `about` stays where it is. */
  zoom(factor: number, about = (this.start + this.end) / 2): void {
    const span = this.end - this.start;
    const wanted = Math.min(Math.max(span / factor, this.least), this.limit);
    const start = about - ((about - this.start) * wanted) / span;
    this.set(start, start + wanted);
  }

  /** Moves by a fraction of what is shown. */
  pan(fraction: number): void {
    const by = fraction * (this.end - this.start);
    this.set(this.start + by, this.end + by);
  }

  reset(): void {
    this.set(0, this.limit);
  }

  /** There is more time now. What shows all keeps showing all, what shows the end follows it. */
  extendTo(limit: number): void {
    const { isWhole, start, end } = this;
    const atEnd = end === this.limit;
    const by = limit - this.limit;
    this.limit = limit;
    if (isWhole) this.reset();
    else if (atEnd) this.set(start + by, end + by);
  }
}
