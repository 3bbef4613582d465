/** Two threads beside one, on the large network and on the same network three times larger. */
import assert from 'node:assert/strict';
import { type Simulation, simulation } from '../src/index.js';
import { type AnyBenchmark, benchmark } from './benchmark.js';
import { buildClopathNetwork, scheduleProtocol } from './networks/clopath-network.js';
import { summary } from './statistics.js';

interface Plan {
  readonly scale: number;
  /** Biological time after which V8 has compiled what there is to compile. */
  readonly warmUpMs: number;
  readonly stretchMs: number;
  /** An even number. */
  readonly stretches: number;
}

const SEED = 1;
const RESOLUTION_MS = 0.1;

/** The network on so many threads, warmed up; what it takes to simulate a stretch, in us per slice. */
async function opened(threads: number, { scale, warmUpMs, stretchMs, stretches }: Plan) {
  const sim = simulation({ rng_seed: SEED, local_num_threads: threads, resolution: RESOLUTION_MS });
  const network = await buildClopathNetwork(sim, scale);
  scheduleProtocol(network, SEED, warmUpMs + stretches * stretchMs);
  await sim.simulate(warmUpMs);
  const slices = stretchMs / RESOLUTION_MS;
  const stretch = async (): Promise<number> => {
    const began = performance.now();
    await sim.simulate(stretchMs);
    return (1000 * (performance.now() - began)) / slices;
  };
  return { sim, stretch };
}

async function digestOf(sim: Simulation): Promise<string> {
  const digest = await sim.digest();
  await sim.close();
  return digest;
}

/**
 * Both networks are there all the time and take turns, as what else goes on on the machine changes from one
 * second to the next: it is in both times of a pair, or in few pairs. Who comes first changes from pair to pair.
 */
async function pairs(plan: Plan) {
  const one = await opened(1, plan);
  const two = await opened(2, plan);
  const times: { readonly one: number; readonly two: number }[] = [];
  for (let i = 0; i < plan.stretches; i += 2) {
    times.push({ one: await one.stretch(), two: await two.stretch() });
    const second = await two.stretch();
    times.push({ one: await one.stretch(), two: second });
  }
  const [first, second] = [await digestOf(one.sim), await digestOf(two.sim)];
  assert.equal(first, second, 'results depend on the number of threads');
  const [onOne, onTwo] = [times.map((pair) => pair.one), times.map((pair) => pair.two)];
  return {
    'efficiency, median of pairs': summary(times.map((p) => efficiency(p.one, p.two))).median,
    'efficiency, quickest quarter': efficiency(quartile(onOne), quartile(onTwo)),
    '1 thread, per slice': summary(onOne).median,
    '2 threads, per slice': summary(onTwo).median,
  };
}

function efficiency(one: number, two: number): number {
  return (100 * one) / (2 * two);
}

/** What a quarter of the times is below. */
function quartile(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 4)]!;
}

function twoThreadsOn(name: string, what: string, least: number, plan: Plan): AnyBenchmark {
  return benchmark({
    name,
    question: `How efficient are two threads on ${what}, code compiled, beside one thread?`,
    seed: SEED,
    figures: {
      'efficiency, median of pairs': { unit: '%', target: { least } },
      'efficiency, quickest quarter': { unit: '%' },
      '1 thread, per slice': { unit: 'us' },
      '2 threads, per slice': { unit: 'us' },
    },
    plans: { full: plan, short: { scale: 10, warmUpMs: 100, stretchMs: 100, stretches: 2 } },
    measure: pairs,
  });
}

export const twoThreads = twoThreadsOn('two-threads', '1 300 neurons', 88, {
  scale: 100,
  warmUpMs: 3000,
  stretchMs: 500,
  stretches: 20,
});

export const twoThreadsLarger = twoThreadsOn('two-threads-larger', '3 900 neurons', 92, {
  scale: 300,
  warmUpMs: 2000,
  stretchMs: 500,
  stretches: 12,
});
