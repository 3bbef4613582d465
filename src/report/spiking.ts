/** Which spikes are shown, and how: what the raster figure, the rates and the report share. */
import type { PopulationSummary, RunResults, StimulusInterval } from '../experiment/results.js';
import { populationTitle } from './units.js';

/** 2^32 divided by the golden ratio: multiples of it modulo 2^32 are spread evenly. */
const GOLDEN = 0x9e3779b9;

/** A population and the neurons of it that are shown, counting from 1. */
export interface ShownPopulation {
  readonly population: PopulationSummary;
  readonly first: number;
  readonly last: number;
  readonly color: SeriesColor;
}

export const SERIES_COLORS = ['black', 'blue', 'vermillion', 'green', 'purple'] as const;
export type SeriesColor = (typeof SERIES_COLORS)[number];

const COLORS: Readonly<Record<string, SeriesColor>> = {
  Excitatory: 'blue',
  Inhibitory: 'vermillion',
};
const OTHER_COLORS = ['green', 'purple', 'blue', 'vermillion'] as const;

type Named = Pick<PopulationSummary, 'name' | 'model'>;

function isRelay(population: Pick<Named, 'model'>): boolean {
  return population.model.startsWith('parrot_neuron');
}

/**
 * Populations with recorded spikes, and neurons that were silent throughout; relays first. Of a
 * population that has spikes unrecorded, the neurons from the first to the last that was recorded:
 * others would seem silent. One that fired unrecorded is left out.
 */
export function shownPopulations(results: RunResults): ShownPopulation[] {
  const spiking = results.populations.filter((p) => p.spiking);
  const recorded = recordedNeurons(results, spiking);
  const shown = spiking.flatMap((population, index) => {
    const { count, first, last } = recorded[index]!;
    if (count < population.spikeCount) return count === 0 ? [] : { population, first, last };
    const silentRelay = count === 0 && isRelay(population);
    return silentRelay ? [] : { population, first: 1, last: population.size };
  });
  const ordered = [
    ...shown.filter(({ population }) => isRelay(population)),
    ...shown.filter(({ population }) => !isRelay(population)),
  ];
  return ordered.map((one, index) => ({ ...one, color: colorOf(one.population, index) }));
}

/** For each population its recorded spikes, and the first and last neuron with any, from 1. */
function recordedNeurons({ spikes }: RunResults, populations: readonly PopulationSummary[]) {
  const all = populations.map((population) => ({ population, first: 1, last: population.size }));
  const panels = panelByNode(all);
  const recorded = populations.map(({ size }) => ({ count: 0, first: size, last: 1 }));
  for (let i = 0; i < spikes.senders.length; i++) {
    const index = panels[spikes.senders[i]!] ?? -1;
    if (index < 0) continue;
    const one = recorded[index]!;
    const neuron = spikes.senders[i]! - populations[index]!.firstId + 1;
    one.count++;
    if (neuron < one.first) one.first = neuron;
    if (neuron > one.last) one.last = neuron;
  }
  return recorded;
}

/** @param index of the population among those that are shown */
export function colorOf(population: Named, index: number): SeriesColor {
  if (isRelay(population)) return 'black';
  const conventional = COLORS[populationTitle(population.name)];
  return conventional ?? OTHER_COLORS[index % OTHER_COLORS.length]!;
}

/** For every node id, the index among `shown` of the population that it is shown with, or -1. */
export function panelByNode(shown: readonly Omit<ShownPopulation, 'color'>[]): Int32Array {
  const end = Math.max(0, ...shown.map(({ population, last }) => population.firstId + last));
  const panels = new Int32Array(end).fill(-1);
  shown.forEach(({ population: { firstId }, first, last }, index) => {
    panels.fill(index, firstId + first - 1, firstId + last);
  });
  return panels;
}

/** Which of `count` things are shown if they shall be about `most`, at most: one in `oneIn`. */
export interface Sampling {
  readonly oneIn: number;
  /** Chosen by a golden-ratio sequence over the numbers, which cannot fall into step with a rhythm. */
  readonly keeps: (index: number) => boolean;
}

export function sampling(count: number, most: number): Sampling {
  const oneIn = Math.max(Math.ceil(count / most), 1);
  const limit = 2 ** 32 / oneIn;
  return { oneIn, keeps: (index) => Math.imul(index, GOLDEN) >>> 0 < limit };
}

/**
 * Stimuli act on generators, which are not shown: they are shown with the population of that
 * name if there is one, else with the relays (else any population) of the same size.
 */
export function stimuliByPopulation(
  results: RunResults,
  populations: readonly PopulationSummary[],
): Map<PopulationSummary, StimulusInterval[]> {
  const byPopulation = new Map<PopulationSummary, StimulusInterval[]>();
  for (const interval of results.stimulus) {
    const size = results.populations.find((p) => p.name === interval.population)?.size;
    const shown =
      populations.find((p) => p.name === interval.population) ??
      populations.find((p) => isRelay(p) && p.size === size) ??
      populations.find((p) => p.size === size);
    if (!shown) continue;
    byPopulation.set(shown, [...(byPopulation.get(shown) ?? []), interval]);
  }
  return byPopulation;
}
