/** Where the time goes: three workloads, phase by phase. */
import assert from 'node:assert/strict';
import { type Simulation, simulation } from '../src/index.js';
import { type AnyBenchmark, benchmark } from './benchmark.js';
import {
  buildClopathNetwork,
  INPUT_RATE,
  INPUTS,
  scheduleProtocol,
} from './networks/clopath-network.js';
import { buildPlasticStress, type StressPlan } from './networks/plastic-stress.js';
import { phasesOf } from './phases.js';

interface Duration {
  readonly warmUpMs: number;
  readonly ms: number;
}

interface Workload {
  readonly neurons: number;
  /** Spikes/s of all inputs together, a Poisson train. */
  readonly inputs: number;
  /** Spikes/s of a neuron, at least and at most. */
  readonly rates: readonly [number, number];
  readonly advance: (ms: number) => Promise<unknown>;
}

const SEED = 1;

const figures = {
  'simulate, per neuron-step': { unit: 'ns' },
  'update, per neuron-step': { unit: 'ns' },
  'exchange, per neuron-step': { unit: 'ns' },
  'delivery, per neuron-step': { unit: 'ns' },
  'exchange, per step': { unit: 'ns' },
  'delivery, per event': { unit: 'ns' },
  'events per neuron-step': { unit: '' },
};

async function profile({ warmUpMs, ms }: Duration, build: (sim: Simulation) => Promise<Workload>) {
  const sim = simulation({ rng_seed: SEED });
  const { neurons, inputs, rates, advance } = await build(sim);
  await advance(warmUpMs);
  const phases = await phasesOf(sim, () => advance(ms));
  const { simulate, update, exchange, deliver, steps, events, spikes } = phases;
  await sim.close();
  assert.equal(steps, ms * 10);
  const expected = inputs * ms * 1e-3;
  const margin = 5 * Math.sqrt(expected);
  const [least, most] = rates.map((rate) => rate * neurons * ms * 1e-3);
  assert.ok(spikes > expected + least! - margin && spikes < expected + most! + margin, `${spikes}`);
  assert.ok(update + exchange + deliver <= 1.01 * simulate, 'phases take longer than the whole');
  const neuronSteps = neurons * steps;
  return {
    'simulate, per neuron-step': simulate / neuronSteps,
    'update, per neuron-step': update / neuronSteps,
    'exchange, per neuron-step': exchange / neuronSteps,
    'delivery, per neuron-step': deliver / neuronSteps,
    'exchange, per step': exchange / steps,
    'delivery, per event': deliver / events,
    'events per neuron-step': events / neuronSteps,
  };
}

function clopath(scale: number, totalMs: number) {
  return async (sim: Simulation): Promise<Workload> => {
    const network = await buildClopathNetwork(sim, scale);
    scheduleProtocol(network, SEED, totalMs);
    const inputs = INPUTS * INPUT_RATE;
    return { neurons: 13 * scale, inputs, rates: [0.5, 8], advance: (ms) => sim.simulate(ms) };
  };
}

export const profileSeed: AnyBenchmark = benchmark({
  name: 'profile-seed',
  question: 'Where does the time go in the network of the seed experiment, 13 neurons?',
  seed: SEED,
  figures,
  plans: { full: { warmUpMs: 1000, ms: 10_000 }, short: { warmUpMs: 100, ms: 500 } },
  measure: (plan: Duration) => profile(plan, clopath(1, plan.warmUpMs + plan.ms)),
});

export const profileLarge: AnyBenchmark = benchmark({
  name: 'profile-large',
  question: 'Where does the time go in the large network, 1 300 neurons?',
  seed: SEED,
  figures,
  plans: {
    full: { warmUpMs: 200, ms: 500, scale: 100 },
    short: { warmUpMs: 50, ms: 100, scale: 10 },
  },
  measure: (plan: Duration & { readonly scale: number }) =>
    profile(plan, clopath(plan.scale, plan.warmUpMs + plan.ms)),
});

export const profileStress: AnyBenchmark = benchmark({
  name: 'profile-stress',
  question: 'Where does the time go with 2 000 busy plastic inputs on each of 100 neurons?',
  seed: SEED,
  figures,
  plans: {
    full: { warmUpMs: 500, ms: 1000, inputs: 2000, neurons: 100, rate: 20 },
    short: { warmUpMs: 100, ms: 200, inputs: 200, neurons: 20, rate: 20 },
  },
  measure: (plan: Duration & StressPlan) =>
    profile(plan, async (sim) => {
      const network = await buildPlasticStress(sim, plan);
      const { length: neurons } = network.neurons;
      const inputs = plan.inputs * plan.rate;
      return { neurons, inputs, rates: [7, 13], advance: (ms) => sim.simulate(ms) };
    }),
});
