/** The ends of connections, and how their neurons are numbered in figures. */
import type { RunResults, WeightColumns } from '../experiment/results.js';

/** A population, or several that a connection names together. */
export interface Side {
  readonly name: string;
  /** Node id of neuron 1; neurons of several populations go by their ids. */
  readonly firstId: number;
  /** Number of neurons. */
  readonly size: number;
  /** Unit of weights onto it, '' for pure numbers. */
  readonly weightUnit: string;
  /** What its neurons are called: 'exc neuron', 'exc+inh id'. */
  readonly noun: string;
  /** What the numbers of its neurons are. */
  readonly numbering: string;
}

/** @param name of a population, or names joined by '+' */
export function sideOf({ populations }: RunResults, name: string): Side {
  const one = populations.find((population) => population.name === name);
  if (one !== undefined) {
    const { firstId, size, weightUnit } = one;
    const numbering = `n-th neuron of ${name} (${idRange(one)})`;
    return { name, firstId, size, weightUnit, noun: `${name} neuron`, numbering };
  }
  const names = name.split('+');
  const parts = populations.filter((population) => names.includes(population.name));
  const units = new Set(parts.map(({ weightUnit }) => weightUnit));
  return {
    name,
    firstId: 1,
    size: parts.reduce((sum, { size }) => sum + size, 0),
    weightUnit: units.size === 1 ? [...units][0]! : '',
    noun: `${name} id`,
    numbering: `ids of ${names.join(' and ')}`,
  };
}

/** 'ids 6-25', 'id 6'. */
export function idRange({ firstId, size }: { readonly firstId: number; readonly size: number }) {
  return size === 1 ? `id ${firstId}` : `ids ${firstId}\u2013${firstId + size - 1}`;
}

/** What the numbers on both axes of a matrix are. */
export function matrixNumbering(results: RunResults, weights: WeightColumns): string {
  const { numbering: from } = sideOf(results, weights.sourcePopulation);
  const { numbering: to } = sideOf(results, weights.targetPopulation);
  return from === to ? from : `from the ${from} to the ${to}`;
}

export const ABSENCES = ['no synapse', 'none recorded'] as const;
type Absence = (typeof ABSENCES)[number];

/**
 * What it means if no weight leads from one neuron to another. Synapses onto targets that have none
 * here may belong to another connection, whose weights are not recorded.
 */
export function absence(results: RunResults, weights: WeightColumns): Absence {
  const { size } = sideOf(results, weights.targetPopulation);
  return new Set(weights.target).size < size ? 'none recorded' : 'no synapse';
}
