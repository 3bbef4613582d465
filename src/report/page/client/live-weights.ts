/** The present weights of a sample of plastic synapses. */
import { pageData } from './data.js';
import type { LiveData, NetworkMessage, WeightsMessage } from './live-messages.js';
import { MatrixView } from './matrix-view.js';

type Shown = NonNullable<NetworkMessage['weights']>;

export class LiveWeights {
  private readonly view: MatrixView | undefined;
  private readonly note: string;
  private readonly label: string;
  private readonly palette: Uint8Array;
  /** Of all weights so far, so that a colour means the same from one moment to the next. */
  private low = Number.POSITIVE_INFINITY;
  private high = Number.NEGATIVE_INFINITY;

  constructor({ weights }: NetworkMessage) {
    this.palette = (pageData() as LiveData).palette;
    this.label = weights === undefined ? '' : `Weight (${weights.unit})`;
    this.note = noteOn(weights);
    this.tell('');
    if (weights === undefined) return;
    const { sources, targets, allSources, allTargets, source, target } = weights;
    const shape = {
      rows: sources.length,
      columns: targets.length,
      rowBlock: 1,
      columnBlock: 1,
      source: sampled(source, allSources, sources.length),
      target: sampled(target, allTargets, targets.length),
      absent: 'no synapse',
    };
    this.view = new MatrixView(document.getElementById('matrix')!, shape, {
      label: this.label,
      palette: this.palette,
      low: 0,
      high: 0,
    });
  }

  show({ timeMs, weights }: WeightsMessage): void {
    const present = weights.filter((weight) => !Number.isNaN(weight));
    for (const weight of present) {
      // They come in single precision; its last digits mean nothing.
      const rounded = Number(weight.toPrecision(6));
      this.low = Math.min(this.low, rounded);
      this.high = Math.max(this.high, rounded);
    }
    const { label, palette, low, high } = this;
    if (low <= high) this.view?.setData(weights, { label, palette, low, high });
    this.tell(`At ${timeMs.toFixed(0)} ms: ${present.length} connected pairs.`);
  }

  private tell(text: string): void {
    document.getElementById('matrix-note')!.textContent = `${this.note} ${text}`;
  }
}

function noteOn(weights: Shown | undefined): string {
  if (weights === undefined) return 'Nothing in this network is plastic.';
  const { connection, sources, targets, allSources, allTargets } = weights;
  const isSample = sources.length < allSources || targets.length < allTargets;
  const sample = `: ${sources.length} of ${allSources} sources, ${targets.length} of ${allTargets} targets, evenly spaced`;
  return `Weights of ${connection}${isSample ? sample : ''}, as transmitted last.`;
}

/** A side of the matrix; a sample of its neurons is counted from 1, too. */
function sampled(population: string, all: number, shown: number) {
  const name = shown === all ? population : `${population}, ${shown} of ${all}`;
  return { name, noun: name, first: 1, count: shown };
}
