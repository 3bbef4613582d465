/**
 * Rates of populations over time, from their recorded spikes. Figure and report show the same: a panel
 * for each population, with bins by the rule that stands here.
 */
import type { RunResults } from '../experiment/results.js';
import { roundStep } from './round.js';
import { panelByNode, type ShownPopulation } from './spiking.js';

export const RATE_LABEL = 'Rate (spikes/s)';

/** Of the time that is shown. */
export const MOST_BINS = 100;
/** A bin holds so many spikes on average: the rates of fewer are mostly chance. */
const LEAST_SPIKES = 10;
/** However few spikes there are. */
const FEWEST_BINS = 10;
/** In all of the run, however many spikes: what a page shows in parts need not be finer. */
const MOST_IN_RUN = 1000;

export interface SpikeCounts {
  /** A power of ten in ms, or the multiple of the resolution next above it. */
  readonly grain: number;
  /** Spikes in each grain; one at the end of a grain belongs to it. The last may be shorter. */
  readonly counts: Uint32Array;
  /** Grains that a bin has at least: 1, 2, 5, 10 ... */
  readonly least: number;
}

/** For each population its spikes. */
export function spikeCounts(results: RunResults, shown: readonly ShownPopulation[]): SpikeCounts[] {
  const { spikes, simulatedTime } = results;
  const panels = panelByNode(shown);
  const totals = new Float64Array(shown.length);
  for (const sender of spikes.senders) {
    const index = panels[sender] ?? -1;
    if (index >= 0) totals[index]!++;
  }
  const all = shown.map((_, index) => grainsFor(results, totals[index]!));
  for (let i = 0; i < spikes.senders.length; i++) {
    const index = panels[spikes.senders[i]!] ?? -1;
    if (index < 0) continue;
    const { grain, counts } = all[index]!;
    const at = Math.ceil(Math.min(spikes.times[i]!, simulatedTime) / grain - 1e-9) - 1;
    counts[Math.min(Math.max(at, 0), counts.length - 1)]!++;
  }
  return all;
}

/** Still empty. */
function grainsFor({ simulatedTime, resolution }: RunResults, spikes: number): SpikeCounts {
  const wanted = Math.max(LEAST_SPIKES / spikes, 1 / MOST_IN_RUN);
  const shortest = simulatedTime * Math.min(wanted, 1 / FEWEST_BINS);
  const power = Number(`1e${roundStep(shortest).toExponential().split('e')[1]}`);
  const grain = Math.max(Math.ceil(power / resolution - 1e-9), 1) * resolution;
  const count = Math.max(Math.ceil(simulatedTime / grain - 1e-9), 1);
  return {
    grain,
    counts: new Uint32Array(count),
    least: roundStep(Math.max(shortest / grain, 1)),
  };
}

export interface Rates {
  /** Length of a bin in ms; the last may be shorter. */
  readonly bin: number;
  /** Spikes per second and neuron in each bin. */
  readonly rates: Float64Array;
  /** In the whole time. */
  readonly mean: number;
}

/** Where all of the run is shown. The page joins grains in the same way for the time that it shows. */
export function ratesOf(
  { grain, counts, least }: SpikeCounts,
  { first, last }: ShownPopulation,
  simulatedTime: number,
): Rates {
  const neurons = last - first + 1;
  const joined = roundStep(Math.max(simulatedTime / grain / MOST_BINS, least));
  const bin = joined * grain;
  const rates = Float64Array.from({ length: Math.ceil(counts.length / joined) }, (_, i) => {
    const spikes = sumOf(counts.subarray(i * joined, (i + 1) * joined));
    return (1000 * spikes) / (Math.min(bin, simulatedTime - i * bin) * neurons);
  });
  return { bin, rates, mean: (1000 * sumOf(counts)) / (simulatedTime * neurons) };
}

function sumOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
