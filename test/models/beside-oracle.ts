/** A population step by step beside literal neurons of the oracle. */
import { expect } from 'vitest';
import { nothingArrived, type SpikingNode } from '../oracle/node.js';
import type { Population } from './population.js';

/** What arrives at one neuron in one step; signed input is `excitatory` and `inhibitory`. */
export interface Arrival {
  readonly excitatory: number;
  readonly inhibitory: number;
  /** pA, acting in the next step. */
  readonly current: number;
}

export interface Agreement {
  readonly recorded: readonly string[];
  /** Largest deviation, absolutely below 1 and relatively above. */
  readonly tolerance: number;
  /** The same within `nearSteps` steps of a spike. */
  readonly nearSpike?: { readonly tolerance: number; readonly steps: number };
}

/** Throws at the first difference; returns the number of spikes. */
export function compareWithOracle(
  population: Population,
  literal: readonly SpikingNode[],
  arrivals: readonly (readonly Arrival[])[],
  { recorded, tolerance, nearSpike = { tolerance, steps: 0 } }: Agreement,
): number {
  const lastSpike = literal.map(() => Number.NEGATIVE_INFINITY);
  /** Deviations of the last steps, judged once it is known that no spike follows. */
  const pending: { step: number; error: number }[][] = literal.map(() => []);
  const { input } = population.group.model;
  let spikes = 0;
  arrivals.forEach((now, n) => {
    const step = n + 1;
    const weight = (i: number): number => now[i].excitatory + now[i].inhibitory;
    population.step(
      step,
      (i) => (input === 'signed' ? now[i].excitatory : weight(i)),
      (i) => now[i].inhibitory,
    );
    literal.forEach((neuron, i) => {
      const fired = neuron.advance(step, { ...nothingArrived(), ...now[i], weight: weight(i) });
      if (population.spikes[i] !== fired) {
        expect(population.spikes[i], `spikes of neuron ${i} in step ${step}`).toBe(fired);
      }
      population.state('I_stim')[i] = now[i].current;
      spikes += fired;
      if (fired > 0) {
        lastSpike[i] = step;
        pending[i].length = 0;
      }
      const error = deviation(population, i, neuron, recorded);
      mustBeBelow(error, nearSpike.tolerance, `neuron ${i}`, step);
      if (step - lastSpike[i] > nearSpike.steps) pending[i].push({ step, error });
      if (pending[i].length <= nearSpike.steps) return;
      const judged = pending[i].shift()!;
      mustBeBelow(judged.error, tolerance, `neuron ${i}`, judged.step);
    });
  });
  return spikes;
}

/** Asserts only what will fail, for comparisons of which there are hundreds of thousands. */
export function mustBeBelow(error: number, tolerance: number, what: string, step: number): void {
  if (error < tolerance) return;
  expect(error, `${what}, step ${step}`).toBeLessThan(tolerance);
}

function deviation(
  population: Population,
  i: number,
  neuron: SpikingNode,
  recorded: readonly string[],
): number {
  return Math.max(
    ...recorded.map((name) => {
      const expected = neuron.read(name);
      const error = Math.abs(population.state(name)[i] - expected);
      return error / Math.max(1, Math.abs(expected));
    }),
  );
}
