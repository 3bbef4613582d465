/** Statistics of recorded spike trains by which states of networks are told apart. */
import type { SpikeColumns } from '../../src/experiment/results.js';

/** Times of the spikes after `from` (ms), neuron by neuron, for ids 1 ... size. */
export function trainsOf({ senders, times }: SpikeColumns, size: number, from: number) {
  const trains: number[][] = Array.from({ length: size }, () => []);
  senders.forEach((sender, i) => {
    if (times[i] > from) trains[sender - 1].push(times[i]);
  });
  return trains;
}

/** Mean over the neurons of the coefficient of variation of their intervals; of those with at least five. */
export function meanCv(trains: readonly (readonly number[])[]): number {
  const all = trains
    .map((train) => train.slice(1).map((time, i) => time - train[i]))
    .filter((intervals) => intervals.length >= 5)
    .map((intervals) => {
      const mean = sum(intervals) / intervals.length;
      const squares = sum(intervals.map((interval) => (interval - mean) ** 2));
      return Math.sqrt(squares / (intervals.length - 1)) / mean;
    });
  return sum(all) / all.length;
}

/**
 * Mean over all pairs of neurons of the correlation of their spike counts in bins, in ms. The sum
 * of n standardized counts has the variance n + n (n - 1) times that mean. Silent neurons are left out.
 */
export function meanCorrelation(
  trains: readonly (readonly number[])[],
  from: number,
  to: number,
  bin: number,
): number {
  const bins = Math.floor((to - from) / bin);
  const total = new Float64Array(bins);
  let neurons = 0;
  for (const train of trains) {
    const counts = new Float64Array(bins);
    for (const time of train) {
      // A spike at the end of a bin belongs to it.
      const index = Math.ceil((time - from) / bin - 1e-9) - 1;
      if (index < bins) counts[index] += 1;
    }
    const mean = sum(counts) / bins;
    const deviation = Math.sqrt(sum(counts.map((count) => (count - mean) ** 2)) / bins);
    if (deviation === 0) continue;
    neurons += 1;
    for (let i = 0; i < bins; i++) total[i] += (counts[i] - mean) / deviation;
  }
  const variance = sum(total.map((value) => value ** 2)) / bins;
  return (variance - neurons) / (neurons * (neurons - 1));
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
