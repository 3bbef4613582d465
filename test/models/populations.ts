/** Many neurons at once: columns from single values, and all bits of a population. */
import { exactly } from '../kernel/workbench.js';
import type { Points } from '../math/points.js';
import type { Population } from './population.js';

export type Numbers = Record<string, number>;

export const pick = <T>(points: Points, values: readonly T[]): T =>
  values[points.word() % values.length];

/** A number in [low, high). */
export const between = (points: Points, low: number, high: number): number =>
  points.uniform(1, low, high)[0];

/** Values of one neuron each, as columns. */
export function columns(all: readonly Numbers[]): Record<string, Float64Array> {
  const names = Object.keys(all[0]);
  return Object.fromEntries(names.map((n) => [n, Float64Array.from(all, (one) => one[n])]));
}

/** Every state variable and the spikes of the last step, so that equal text means equal bits. */
export function bitsOf(population: Population): string[] {
  const states = Object.keys(population.group.model.state);
  return [
    ...states.flatMap((name) => exactly(population.state(name))),
    ...exactly(population.spikes),
  ];
}
