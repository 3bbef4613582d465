/** Which defined neurons have an upstroke (kernel/upstroke-model.ts), and that the others run as well. */
import { describe, expect, test } from 'vitest';
import type { NeuronDefinition } from '../../src/models/defined/definition.js';
import { Population } from './population.js';

test('a neuron that fires without end is an error, not a run without end', () => {
  const definition: NeuronDefinition = {
    name: 'endless',
    parameters: {},
    state: { V: { default: -60 } },
    // The reset is where V grows fastest, up to the threshold in 10^-28 ms.
    equations: { V: 'exp(V * V / 100 + 25)' },
    threshold: 'V >= 20',
    reset: { V: '-60' },
  };
  const population = new Population(definition, 2);
  const values = { V: expect.any(Number), 'sub-steps': 1e7 };
  const error = { model: 'endless', node: 1, step: 1, values };
  expect(() => population.step(1)).toThrow(expect.objectContaining(error));
});

describe('an exponential that does not make its neuron run away', () => {
  const plain: NeuronDefinition = {
    name: 'plain',
    parameters: {
      ...{ E: { default: -70 }, tau: { default: 10 }, D: { default: 2 }, T: { default: -50 } },
      ...{ peak: { default: 20 }, I: { default: 40 }, square: { default: 0 } },
    },
    state: { V: { default: -65 }, J: { default: 0 } },
    definitions: { up: 'D / tau * exp((min(V, peak) - T) / D)' },
    equations: { V: '(E - V + I) / tau + up', J: '-J / tau' },
    threshold: 'V >= peak',
    reset: { V: '-60' },
  };
  const ran = (definition: NeuronDefinition, parameters = {}): number[] => {
    const population = new Population(definition, 3, { parameters });
    for (let step = 1; step <= 300; step++) population.step(step);
    return [...population.engine.output.counts, ...population.state('V')];
  };

  test('nor is in its equation at all', () => {
    const equations = { V: '(E - V + I + J) / tau', J: 'up - J / tau' };
    const [spikes] = ran({ ...plain, equations, reset: { V: '-60', J: '0' } });
    expect(spikes).toBeGreaterThan(0);
  });

  test('or does so only for some parameters', () => {
    const up = 'D / tau * exp(((square == 0 ? V : V * V / 100 - 92) - T) / D)';
    const other = { ...plain, definitions: { up: up.replace('? V', '? min(V, peak)') } };
    expect(ran(other)).toEqual(ran(plain));
    expect(ran(other, { square: 1 }).every(Number.isFinite)).toBe(true);
  });
});
