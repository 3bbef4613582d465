/** Rates of populations over time, from their recorded spikes. */
import type { RunResults } from '../experiment/results.js';
import { roundStep } from './round.js';
import { panelByNode, type ShownPopulation } from './spiking.js';

export interface SpikeCounts {
  /** Length of a bin in ms, a multiple of the resolution; the last bin may be shorter. */
  readonly bin: number;
  /** For each population, its spikes in each bin. A spike at the end of a bin belongs to it. */
  readonly counts: readonly Uint32Array[];
}

/** Counts spikes in bins of a round length, as many bins as `most` at most. */
export function spikeCounts(
  results: RunResults,
  shown: readonly ShownPopulation[],
  most: number,
): SpikeCounts {
  const { resolution, simulatedTime, spikes } = results;
  const bin = Math.max(Math.ceil(roundStep(simulatedTime / most) / resolution), 1) * resolution;
  const bins = Math.max(Math.ceil(simulatedTime / bin - 1e-9), 1);
  const counts = shown.map(() => new Uint32Array(bins));
  const panels = panelByNode(shown);
  for (let i = 0; i < spikes.senders.length; i++) {
    const index = panels[spikes.senders[i]!] ?? -1;
    if (index < 0) continue;
    const at = Math.ceil(spikes.times[i]! / bin - 1e-9) - 1;
    counts[index]![Math.min(Math.max(at, 0), bins - 1)]!++;
  }
  return { bin, counts };
}

/** Spikes per second and neuron in each bin. */
export function ratesOf(
  counts: Uint32Array,
  bin: number,
  { first, last }: ShownPopulation,
  simulatedTime: number,
): Float64Array {
  return Float64Array.from(counts, (count, i) => {
    const length = Math.min(bin, simulatedTime - i * bin);
    return (1000 * count) / (length * (last - first + 1));
  });
}
