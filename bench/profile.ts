/** Where the time goes: three workloads, phase by phase. */
import assert from 'node:assert/strict';
import { type Simulation, simulation } from '../src/index.js';
import { type AnyBenchmark, benchmark } from './benchmark.js';
import { buildClopathNetwork, scheduleProtocol } from './networks/clopath-network.js';
import { buildPlasticStress, type StressPlan } from './networks/plastic-stress.js';
import { phasesOf } from './phases.js';

interface Duration {
  readonly warmUpMs: number;
  readonly ms: number;
}

interface Workload {
  readonly neurons: number;
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
  const { neurons, advance } = await build(sim);
  await advance(warmUpMs);
  const { simulate, update, exchange, deliver, steps, events } = await phasesOf(sim, () =>
    advance(ms),
  );
  await sim.close();
  assert.equal(steps, ms * 10);
  assert.ok(events > 0);
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
    return { neurons: 13 * scale, advance: (ms) => sim.simulate(ms) };
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
      return { neurons: network.neurons.length, advance: (ms) => sim.simulate(ms) };
    }),
});
