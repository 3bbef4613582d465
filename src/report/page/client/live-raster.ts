/** The latest spikes of a run that goes on. */
import type { ActivityMessage, NetworkMessage } from './live-messages.js';
import { RasterView } from './raster-view.js';
import { TimeWindow } from './time-window.js';

/** Spikes of longer ago (ms) are forgotten. */
const KEPT_MS = 20_000;
/** What the window shows at least, in ms. */
const LEAST_SPAN = 2;

export class LiveRaster {
  private readonly view: RasterView | undefined;
  private readonly window = new TimeWindow(LEAST_SPAN, LEAST_SPAN);
  private readonly rows: NetworkMessage['rows'];
  private readonly span = document.querySelector<HTMLSelectElement>('#span')!;
  private timeMs = 0;

  constructor({ rows }: NetworkMessage) {
    this.rows = rows;
    document.getElementById('raster-note')!.textContent = noteOn(rows);
    if (rows.length === 0) return;
    const panels = rows.map(({ first, size, ...panel }) => {
      return { ...panel, first, last: first + size - 1 };
    });
    this.view = new RasterView(document.getElementById('raster')!, panels, this.window);
    this.span.addEventListener('change', () => this.showLatest());
  }

  add({ timeMs, completeAfterMs, senders, times }: ActivityMessage): void {
    const { view } = this;
    if (view === undefined || timeMs <= this.timeMs) return;
    if (completeAfterMs > this.timeMs) view.addGap(this.timeMs, completeAfterMs);
    const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]!);
    this.rows.forEach(({ firstId, first, size }, panel) => {
      const own = order.filter((i) => senders[i]! >= firstId && senders[i]! < firstId + size);
      const neuron = (i: number) => senders[i]! - firstId + first;
      view.append(
        panel,
        Float64Array.from(own, (i) => times[i]!),
        Uint32Array.from(own, neuron),
      );
    });
    view.forget(timeMs - KEPT_MS);
    this.timeMs = timeMs;
    this.window.extendTo(timeMs);
    // Until there is more than fits.
    if (this.window.isWhole) this.showLatest();
  }

  private showLatest(): void {
    this.window.set(this.timeMs - Number(this.span.value), this.timeMs);
  }
}

function noteOn(rows: NetworkMessage['rows']): string {
  if (rows.length === 0) return 'Nothing is recorded by a spike_recorder.';
  const thinned = rows.filter(({ every }) => every > 1);
  const parts = thinned.map(
    ({ name, size, every }) => `1 in ${every} of the ${size} neurons of ${name}`,
  );
  const sampled = parts.length === 0 ? '' : `Shown are ${parts.join(', ')}. `;
  return `${sampled}Grey: spikes that are not shown, because no page was open, they were too many at once, or they are longer ago than ${KEPT_MS / 1000} s.`;
}
