/** Defined models whose numbers leave their range: the run ends, and the error says who and when. */
import { describe, expect, test } from 'vitest';
import { type NeuronDefinition, NumericalInstabilityError } from '../../src/index.js';
import { keptThreads } from './kept-threads.js';

const kept = keptThreads();

const SIZE = 9;
const VICTIM = 5;
/** Nodes 5 and 8 have `x_0` and `on`; the first of them is to be named. */
const VICTIMS = [VICTIM, 8];

interface Case {
  readonly change: Partial<NeuronDefinition>;
  /** The step in which it happens, of 0.1 ms. */
  readonly step: number;
  /** Steps by which RKF45 may miss it. */
  readonly slack?: number;
  /** Weights of spikes that arrive in step 21. */
  readonly weights?: readonly number[];
}

const base = {
  name: 'fragile',
  parameters: { on: { default: 0 }, none: { default: 0, unit: 'ms' }, t_ref: { default: 0.5 } },
  state: { x: { default: 0 }, y: { default: 1 } },
  input: { to: 'x' },
} as const;

const clock = { equations: { x: 'on' }, threshold: 'x >= 1.95' } as const;

const CASES: Record<string, Case> = {
  // e^(10 t) is beyond all doubles at 709.8 / 10 ms; RKF45 follows it to within a per cent.
  'exponential growth': {
    change: { equations: { x: '10 * on * (x + 1)' } },
    step: 710,
    slack: 7,
  },
  'a reset that is not a number': { change: { ...clock, reset: { x: 'log(-on)' } }, step: 20 },
  'a reset of what has no equation': {
    change: { ...clock, reset: { x: '0', y: '1e200 * y' } },
    step: 40,
  },
  'a value after the refractory period': {
    change: {
      ...clock,
      refractory: { duration: 't_ref', clamp: { x: '0' }, then: { y: '1 / (x - x)' } },
    },
    step: 25,
  },
  'bounds that were given': {
    change: { equations: { x: 'on' }, bounds: { x: { max: 3.05 } } },
    step: 31,
  },
  'input beyond all numbers': {
    change: { equations: { x: '0 * on' } },
    weights: [1e308, 1e308],
    step: 21,
  },
};

async function failure(definition: NeuronDefinition, threads: number, weights: readonly number[]) {
  const sim = await kept.open({ local_num_threads: threads });
  sim.defineNeuron(definition);
  const of = (value: number) =>
    Array.from({ length: SIZE }, (_, i) => (VICTIMS.includes(i + 1) ? value : 0));
  const neurons = sim.create('fragile', SIZE, { on: of(1) });
  for (const weight of weights) {
    const spikes = sim.create('spike_generator', 1, { spike_times: [1.1] });
    const ids = VICTIMS.map(() => spikes.first);
    await sim.connect(ids, VICTIMS, 'one_to_one', { weight, delay: 1 });
  }
  await sim.connect(neurons, sim.create('spike_recorder'));
  const error = await sim.simulate(80).catch((error: unknown) => error);
  kept.keep(sim);
  return error;
}

describe.each(Object.entries(CASES))('%s', (_, { change, step, slack = 0, weights = [] }) => {
  const linear: NeuronDefinition = { ...base, ...change } as NeuronDefinition;
  const equations = { ...linear.equations, x: `${linear.equations.x} + 0 * tanh(x)` };
  test.each([
    ['linear', linear, 0],
    ['not linear', { ...linear, equations }, slack],
  ] as const)('%s', { timeout: 60_000 }, async (_, definition, most) => {
    const alone = (await failure(definition, 1, weights)) as NumericalInstabilityError;
    expect(alone).toBeInstanceOf(NumericalInstabilityError);
    expect(alone).toMatchObject({ model: 'fragile', node: VICTIM });
    expect(Math.abs(alone.step - step)).toBeLessThanOrEqual(most);
    for (const threads of [2, 3, 4, 7]) {
      const error = await failure(definition, threads, weights);
      expect(error, `${threads} threads`).toBeInstanceOf(NumericalInstabilityError);
      expect((error as Error).message, `${threads} threads`).toBe(alone.message);
    }
  });
});
