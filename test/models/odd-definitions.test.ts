/** Definitions at the edges of what the fast path is for, beside the general path. */
import { expect, test } from 'vitest';
import type { NeuronDefinition } from '../../src/models/defined/definition.js';
import { Population } from './population.js';

const COMMON = {
  doc: 'a neuron',
  parameters: {
    E: { default: -65 },
    D: { default: 2 },
    T: { default: -50 },
    tau: { default: 20 },
    peak: { default: 20 },
    r: { default: -60 },
    I: { default: 0 },
    kind: { default: 0 },
  },
  threshold: 'V >= peak',
  input: { to: 'V' },
} as const;

const V = '(E - V + D * exp((V - T) / D)) / tau + I';

function definition(given: Partial<NeuronDefinition>): NeuronDefinition {
  return {
    ...{ ...COMMON, name: 'odd', state: { V: { default: -65 } }, equations: { V } },
    ...{ reset: { V: 'r' }, ...given },
  } as NeuronDefinition;
}

/** States after some steps, or the error; the same on the fast path and, parameters as columns, on the general one. */
function onBothPaths(given: NeuronDefinition, I: number, steps: number) {
  const size = 3;
  return [I, new Float64Array(size).fill(I)].map((current) => {
    const population = new Population(given, size, { parameters: { I: current } });
    try {
      for (let step = 1; step <= steps; step++) population.step(step);
    } catch (error) {
      return { error: (error as Error).message };
    }
    return {
      values: Object.keys(given.state).map((name) => population.state(name)[0]!),
      spikes: population.engine.output.counts[0],
    };
  });
}

function expectSame(given: NeuronDefinition, I: number, steps: number) {
  const [fast, general] = onBothPaths(given, I, steps);
  // Up to the values, of which the last digits may differ.
  const where = ({ error }: { error?: string }) => error?.split(' = ')[0];
  expect(where(fast!)).toBe(where(general!));
  expect(fast!.spikes).toBe(general!.spikes);
  fast!.values?.forEach((value, i) => {
    const expected = general!.values![i]!;
    expect(Math.abs(value - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));
  });
  return fast!;
}

test.each([
  ['that grows steadily', '10', 50],
  ['that grows steadily, to far away', '1e5', 1e6],
  ['that the voltage drives', 'V + 75', 50],
])('a variable that no rate mentions, %s, stays within its bounds', (_, q, max) => {
  const state = { V: { default: -65 }, q: { default: 0 } };
  const given = definition({ state, equations: { V, q }, bounds: { q: { max } } });
  expect(expectSame(given, 0, 300).error).toMatch(/q = /);
});

test('a model without linear terms runs', () => {
  expectSame(definition({ equations: { V: 'D * exp((V - T) / D) / tau + I' } }), 0.5, 1000);
});

test('a variable that only changes by jumps can have bounds', () => {
  const state = { V: { default: -65 }, n: { default: 0 } };
  const given = definition({ state, reset: { V: 'r', n: 'n + 1' }, bounds: { n: { max: 2 } } });
  expect(expectSame(given, 2, 3000).error).toMatch(/n = 3/);
});

test.each(['G1', 'G4', 'A2', 'H2', 'H6', 'slope'])('a variable can be called %s', (name) => {
  const state = { V: { default: -65 }, [name]: { default: 7 } };
  const equations = {
    V: `(E - V + ${name} + D * exp((V - T) / D)) / tau + I`,
    [name]: `-${name} / tau`,
  };
  expectSame(definition({ state, equations }), 0, 50);
});

test('followers may follow each other', () => {
  const state = { V: { default: -65 }, a: { default: 1 }, b: { default: 2 }, c: { default: 3 } };
  const equations = { V, a: '(b - a) / tau', b: '(c - b + V) / tau', c: '(a - c) / tau' };
  expectSame(definition({ state, equations }), 0, 100);
});

test.each([0, 1])(
  'an equation may have another shape in the refractory period only: kind %d',
  (kind) => {
    const given = definition({
      state: { V: { default: -65 }, u: { default: 0 } },
      equations: {
        V: `refractory_steps > 0 ? 0 : ${V}`,
        u: 'refractory_steps > 0 && kind > 0 ? -u / tau : (V - u) / tau',
      },
      refractory: { duration: 't_ref' },
      parameters: { ...COMMON.parameters, t_ref: { default: 2 }, kind: { default: kind } },
    });
    expect(expectSame(given, 2, 2000).spikes).toBeGreaterThan(2);
  },
);
