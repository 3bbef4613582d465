/** How the weights of a connection are distributed at the beginning and at the end of a run. */
import type { WeightColumns } from '../experiment/results.js';
import { roundStep } from './round.js';

const MOST_BINS = 40;

export interface WeightHistogram {
  /** Bin i reaches from low + i width to low + (i + 1) width; the last includes its upper end. */
  readonly low: number;
  readonly width: number;
  /** Synapses in each bin. */
  readonly initial: Uint32Array;
  readonly final: Uint32Array;
  /** The weight of all synapses in the beginning, if it was one. */
  readonly initialWeight: number | undefined;
}

/** Round bins over the range of both. Of at least one synapse. */
export function weightHistogram({ initial, final }: WeightColumns): WeightHistogram {
  const [low, high] = range([initial, final]);
  const width =
    low < high ? roundStep((high - low) / MOST_BINS) : roundStep(Math.abs(low) || 1) / 10;
  const first = Math.floor(low / width + 1e-9);
  const bins = Math.max(Math.ceil(high / width - 1e-9) - first, 1);
  const count = (weights: Float64Array): Uint32Array => {
    const counts = new Uint32Array(bins);
    for (const weight of weights) {
      counts[Math.min(Math.floor(weight / width + 1e-9) - first, bins - 1)]!++;
    }
    return counts;
  };
  const [least, most] = range([initial]);
  return {
    low: first * width,
    width,
    initial: count(initial),
    final: count(final),
    initialWeight: least === most ? least : undefined,
  };
}

function range(columns: readonly Float64Array[]): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const column of columns) {
    for (const weight of column) {
      if (weight < low) low = weight;
      if (weight > high) high = weight;
    }
  }
  return [low, high];
}
