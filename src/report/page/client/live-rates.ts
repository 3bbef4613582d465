/** Mean rates of populations from the beginning of a run, at a resolution that a chart can show. */
import { LineChart } from './line-chart.js';
import type { ActivityMessage, NetworkMessage } from './live-messages.js';
import { TimeWindow } from './time-window.js';

/** Beyond these, two bins become one. */
const MOST_BINS = 600;
/** A bin at least, in ms: shorter ones hold too few spikes. */
const LEAST_BIN = 10;

export class LiveRates {
  private readonly chart: LineChart;
  private readonly window = new TimeWindow(LEAST_BIN, LEAST_BIN);
  private readonly populations: NetworkMessage['populations'];
  /** Ends of bins in ms, after the start, and spikes up to there by population. */
  private ends = [0];
  private counts: (readonly number[])[];
  private binMs = LEAST_BIN;

  constructor({ populations }: NetworkMessage) {
    this.populations = populations;
    this.counts = [populations.map(() => 0)];
    this.chart = new LineChart(
      document.getElementById('rate-chart')!,
      'Rate (spikes/s)',
      this.window,
    );
  }

  add({ timeMs, spikeCounts }: ActivityMessage): void {
    if (timeMs - this.ends.at(-1)! < this.binMs) return;
    this.ends.push(timeMs);
    this.counts.push(spikeCounts);
    if (this.ends.length > MOST_BINS) this.halve();
    this.window.extendTo(timeMs);
    this.chart.setData(
      this.populations.map(({ name, size, color }, p) => ({
        name,
        color,
        times: this.ends.slice(0, -1),
        values: this.ends.slice(1).map((end, bin) => {
          const spikes = this.counts[bin + 1]![p]! - this.counts[bin]![p]!;
          return (1000 * spikes) / size / (end - this.ends[bin]!);
        }),
      })),
    );
  }

  private halve(): void {
    const isKept = (_: unknown, i: number) => i % 2 === 0;
    this.ends = this.ends.filter(isKept);
    this.counts = this.counts.filter(isKept);
    this.binMs = Math.max(this.binMs, this.ends.at(-1)! / MOST_BINS);
  }
}
