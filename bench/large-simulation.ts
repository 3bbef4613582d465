/** The large network on one and on two threads, and the same network three times larger. */
import assert from 'node:assert/strict';
import { simulation } from '../src/index.js';
import { type AnyBenchmark, benchmark, type Target } from './benchmark.js';
import {
  buildClopathNetwork,
  fixedConnections,
  INPUTS,
  plasticConnections,
  protocol,
} from './networks/clopath-network.js';
import { phasesOf } from './phases.js';

interface Plan {
  readonly scale: number;
  readonly ms: number;
}

const SEED = 1;

/** The first `ms`, right after building, and as much again, when all code is compiled. */
async function run({ scale, ms }: Plan, threads: number) {
  const sim = simulation({ rng_seed: SEED, local_num_threads: threads });
  const network = await buildClopathNetwork(sim, scale);
  const { num_connections } = await sim.kernelStatus();
  assert.equal(num_connections, plasticConnections(scale) + fixedConnections(scale) + INPUTS);
  const advance = protocol(sim, network, SEED);
  const first = await phasesOf(sim, () => advance(ms));
  const second = await phasesOf(sim, () => advance(ms));
  const digest = await sim.digest();
  await sim.close();
  assert.equal(first.steps, ms * 10);
  assert.ok(first.spikes > 0 && second.spikes > 0);
  return { first: first.simulate / 1e9, second: second.simulate / 1e9, digest };
}

async function oneAndTwoThreads(plan: Plan) {
  const one = await run(plan, 1);
  const two = await run(plan, 2);
  assert.equal(two.digest, one.digest, 'results depend on the number of threads');
  return {
    '1 thread': one.first,
    '2 threads': two.first,
    'efficiency of 2 threads': (100 * one.first) / (2 * two.first),
    '1 thread, code compiled': one.second,
    '2 threads, code compiled': two.second,
    'efficiency of 2 threads, code compiled': (100 * one.second) / (2 * two.second),
  };
}

function figures(efficiency: number, one?: Target, two?: Target) {
  return {
    '1 thread': { unit: 's', ...(one && { target: one, nest: '3.75' }) },
    '2 threads': { unit: 's', ...(two && { target: two, nest: '1.70' }) },
    'efficiency of 2 threads': { unit: '%', target: { least: efficiency } },
    '1 thread, code compiled': { unit: 's' },
    '2 threads, code compiled': { unit: 's' },
    'efficiency of 2 threads, code compiled': { unit: '%' },
  };
}

export const largeSimulation: AnyBenchmark = benchmark({
  name: 'large-simulation',
  question:
    'How long do 1 300 neurons with 2.07 million plastic and static connections simulate for 500 ms?',
  seed: SEED,
  figures: figures(88, { most: 0.25 }, { most: 0.14 }),
  plans: { full: { scale: 100, ms: 500 }, short: { scale: 10, ms: 100 } },
  measure: oneAndTwoThreads,
});

export const largerSimulation: AnyBenchmark = benchmark({
  name: 'larger-simulation',
  question: 'How long does the same network take with three times as many neurons?',
  seed: SEED,
  figures: figures(92),
  plans: { full: { scale: 300, ms: 500 }, short: { scale: 20, ms: 50 } },
  measure: oneAndTwoThreads,
});
