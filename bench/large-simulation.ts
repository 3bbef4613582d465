/** The large network on one and on two threads, and the same network three times larger. */
import assert from 'node:assert/strict';
import { type Simulation, simulation } from '../src/index.js';
import { type AnyBenchmark, benchmark, type Figure, type Target } from './benchmark.js';
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

/** Simulations in a process, one after the other on the same threads, until code is compiled. */
const SIMULATIONS = 3;

/** Wall times in s. */
interface Times {
  /** Of the first `ms`, right after building, and of as much again. */
  readonly first: number;
  readonly second: number;
}

async function life(sim: Simulation, { scale, ms }: Plan): Promise<Times & { digest: string }> {
  const network = await buildClopathNetwork(sim, scale);
  const { num_connections } = await sim.kernelStatus();
  assert.equal(num_connections, plasticConnections(scale) + fixedConnections(scale) + INPUTS);
  const advance = protocol(sim, network, SEED);
  const first = await phasesOf(sim, () => advance(ms));
  const second = await phasesOf(sim, () => advance(ms));
  assert.equal(first.steps, ms * 10);
  assert.ok(first.spikes > 0 && second.spikes > 0);
  const digest = await sim.digest();
  return { first: first.simulate / 1e9, second: second.simulate / 1e9, digest };
}

/** The first and the last of the simulations. */
async function run(plan: Plan, threads: number) {
  let sim = simulation({ rng_seed: SEED, local_num_threads: threads });
  const lives = [await life(sim, plan)];
  while (lives.length < SIMULATIONS) {
    sim = await sim.resetKernel();
    lives.push(await life(sim, plan));
  }
  await sim.close();
  const digests = new Set(lives.map(({ digest }) => digest));
  assert.equal(digests.size, 1, 'results depend on what ran before');
  return { cold: lives[0]!, warm: lives.at(-1)!, digest: lives[0]!.digest };
}

async function oneAndTwoThreads(plan: Plan) {
  const one = await run(plan, 1);
  const two = await run(plan, 2);
  assert.equal(two.digest, one.digest, 'results depend on the number of threads');
  return {
    ...beside(IN_A_NEW_PROCESS, one.cold.first, two.cold.first),
    ...beside(COMPILED, one.warm.first, two.warm.first),
    ...beside(THEN, one.warm.second, two.warm.second),
  };
}

/** When: while V8 still compiles, once it has, and the next `ms` after these. */
const IN_A_NEW_PROCESS = ', in a new process';
const COMPILED = ', compiled';
const THEN = ', and then';

function beside(when: string, one: number, two: number): Record<string, number> {
  return {
    [`1 thread${when}`]: one,
    [`2 threads${when}`]: two,
    [`efficiency${when}`]: (100 * one) / (2 * two),
  };
}

function figures(one?: Target, two?: Target) {
  const all: Record<string, Figure> = {};
  for (const when of [IN_A_NEW_PROCESS, COMPILED, THEN]) {
    all[`1 thread${when}`] = { unit: 's', ...(one && { target: one, nest: '3.75' }) };
    all[`2 threads${when}`] = { unit: 's', ...(two && { target: two, nest: '1.70' }) };
    // Of so short a time, it tells of the machine as much: `two-threads` has the target.
    all[`efficiency${when}`] = { unit: '%' };
  }
  return all;
}

export const largeSimulation: AnyBenchmark = benchmark({
  name: 'large-simulation',
  question:
    'How long do 1 300 neurons with 2.07 million plastic and static connections simulate for 500 ms?',
  seed: SEED,
  figures: figures({ most: 0.25 }, { most: 0.14 }),
  plans: { full: { scale: 100, ms: 500 }, short: { scale: 10, ms: 100 } },
  measure: oneAndTwoThreads,
});

export const largerSimulation: AnyBenchmark = benchmark({
  name: 'larger-simulation',
  question: 'How long does the same network take with three times as many neurons?',
  seed: SEED,
  figures: figures(),
  plans: { full: { scale: 300, ms: 500 }, short: { scale: 20, ms: 50 } },
  measure: oneAndTwoThreads,
});
