/** Large sparse plastic networks: built and run for 100 ms, with what they take in memory. */
import assert from 'node:assert/strict';
import { simulation } from '../src/index.js';
import { type AnyBenchmark, benchmark, type Outside, type Target } from './benchmark.js';
import { buildBundled } from './networks/bundled.js';

interface Plan {
  readonly N: number;
  readonly K: number;
  readonly ms: number;
  readonly virtualProcesses: number;
}

const SEED = 1;
const THREADS = 2;
const GIB = 2 ** 30;

async function buildAndRun({ N, K, ms, virtualProcesses }: Plan, outside: Outside) {
  const sim = simulation({
    rng_seed: SEED,
    local_num_threads: THREADS,
    total_num_virtual_procs: virtualProcesses,
  });
  const started = performance.now();
  const of = await buildBundled(sim, 'clopath-sparse', { N, K, recorded: 0 });
  // What a first step makes ready belongs to building.
  await sim.simulate(0.1);
  const built = performance.now();
  await sim.simulate(ms);
  const simulated = performance.now();
  const { num_connections, network_memory } = await sim.kernelStatus();
  const { peakBytes } = await outside.memory();
  assert.equal(num_connections, N * K + N);
  const spikes = (await of('neurons').spikeCounts()).reduce((sum, count) => sum + count, 0);
  const rate = spikes / (N * ms * 1e-3);
  assert.ok(rate > 2 && rate < 6, `neurons fire at ${rate} spikes/s`);
  await sim.close();
  return {
    build: (built - started) / 1000,
    simulate: (simulated - built) / 1000,
    'highest resident memory': peakBytes / GIB,
    'accounted for by kernelStatus': network_memory / GIB,
    'resident, per synapse': peakBytes / (N * K),
  };
}

function sparse(name: string, what: string, full: Omit<Plan, 'ms'>, memory?: Target): AnyBenchmark {
  return benchmark({
    name,
    question: `What do ${what} take to build and to run for 100 ms on two threads?`,
    seed: SEED,
    figures: {
      build: { unit: 's' },
      simulate: { unit: 's' },
      'highest resident memory': { unit: 'GiB', ...(memory && { target: memory }) },
      'accounted for by kernelStatus': { unit: 'GiB' },
      'resident, per synapse': { unit: 'bytes' },
    },
    plans: {
      full: { ...full, ms: 100 },
      short: { N: 1000, K: 50, ms: 100, virtualProcesses: full.virtualProcesses },
    },
    takesLong: true,
    measure: buildAndRun,
  });
}

export const sparseNetworks: readonly AnyBenchmark[] = [
  sparse(
    'sparse-1000',
    '10^5 neurons with 1 000 plastic inputs each',
    { N: 1e5, K: 1000, virtualProcesses: 2 },
    { most: 4 },
  ),
  sparse('sparse-100', '10^6 neurons with 100 plastic inputs each', {
    N: 1e6,
    K: 100,
    virtualProcesses: 2,
  }),
  sparse('sparse-500', '10^6 neurons with 500 plastic inputs each', {
    N: 1e6,
    K: 500,
    virtualProcesses: 4,
  }),
];
