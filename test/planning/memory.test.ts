/** Planned memory against what builds really take. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildNetwork } from '../../src/experiment/build-network.js';
import { loadExperiment } from '../../src/experiment/load.js';
import type { ResolvedExperiment } from '../../src/experiment/schema.js';
import { WorkerTeam } from '../../src/parallel/worker-team.js';
import { plannedMemory, processMemoryOf } from '../../src/planning/memory.js';
import { plannedNetwork } from '../../src/planning/network.js';
import { expectedRates } from '../../src/planning/rates.js';
import { Simulation } from '../../src/simulation/index.js';
import { bundled } from '../config/run-bundled.js';
import { resolved } from '../experiment/minimal.js';

const STEPS_MS = 0.5;

/** Bytes in the segments of the virtual processes, expected of each and allocated. */
async function compared(experiment: ResolvedExperiment, threads: number, processes = threads) {
  const network = plannedNetwork(experiment);
  const rates = expectedRates(network, STEPS_MS);
  const { synapses, nodes, archives } = processMemoryOf(network, rates, STEPS_MS, processes);
  const { resolution, rng_seed } = experiment.kernel;
  const team = new WorkerTeam(threads, { processes, resolution, seed: rng_seed });
  const options = { local_num_threads: threads, total_num_virtual_procs: processes };
  const sim = new Simulation({ resolution, rng_seed, ...options }, team);
  await buildNetwork(sim, experiment);
  await sim.simulate(STEPS_MS);
  const found = await team.all('status');
  const { network_memory } = await sim.kernelStatus();
  await sim.close();
  return { each: synapses + nodes + archives, found, networkMemory: network_memory };
}

describe.each([
  'clopath-bidirectional',
  'clopath-large',
  'clopath-sparse',
  'plastic-drive',
  'brunel',
  'brunel-stdp',
])('%s', (name) => {
  test.each([
    [1, 1],
    [2, 6],
  ])(
    'on %i threads with %i virtual processes takes what is planned',
    async (threads, processes) => {
      const { each, found } = await compared(await bundled(name), threads, processes);
      expect(found).toHaveLength(processes);
      const mean = found.reduce((sum, { segmentBytes }) => sum + segmentBytes / processes, 0);
      expect(each / mean).toBeGreaterThan(0.95);
      expect(each / mean).toBeLessThan(1.05);
      const fullest = Math.max(...found.map(({ segmentBytes }) => segmentBytes));
      // Of few nodes, some processes get a good share more than others.
      if (mean > 1e6) expect(each / fullest).toBeGreaterThan(0.9);
    },
  );
});

test('what the simulation says of itself is planned within 10 %, objects included', async () => {
  const experiment = await bundled('brunel');
  const { networkMemory } = await compared(experiment, 2);
  const network = plannedNetwork(experiment);
  const { perThread } = plannedMemory(network, expectedRates(network, STEPS_MS), STEPS_MS, 2, 2);
  const { synapses, nodes, archives, recorders } = perThread;
  const planned = 2 * (synapses + nodes + archives + recorders);
  expect(planned / networkMemory).toBeGreaterThan(0.9);
  expect(planned / networkMemory).toBeLessThan(1.1);
});

test('random delays and parameters, and pairs one by one', async () => {
  const experiment = resolved({
    populations: {
      exc: {
        model: 'aeif_psc_delta_clopath',
        size: 300,
        params: { C_m: { distribution: 'normal', mean: 280, std: 10 } },
      },
      iaf: { model: 'iaf_psc_exp', size: 200 },
    },
    synapse_models: {},
    connections: [
      {
        source: 'exc',
        target: 'iaf',
        syn_spec: { delay: { distribution: 'uniform', min: 1, max: 3 } },
      },
      {
        source: 'exc',
        target: 'exc',
        conn_spec: { rule: 'pairwise_bernoulli', p: 0.1 },
        syn_spec: { synapse_model: 'stdp_synapse', delay: 2 },
      },
      { source: 'iaf', target: 'exc', pairs: { source: [1, 1, 2, 5], target: [3, 4, 9, 9] } },
    ],
    protocol: [{ simulate: 1 }],
  });
  const { each, found } = await compared(experiment, 1);
  expect(each / found[0]!.segmentBytes).toBeGreaterThan(0.97);
  expect(each / found[0]!.segmentBytes).toBeLessThan(1.03);
});

test('Poisson generators at high rates, alike and each at its own', async () => {
  const rate = { distribution: 'uniform', min: 8000, max: 9000 };
  const experiment = resolved({
    populations: {
      alike: { model: 'poisson_generator', size: 50, params: { rate: 20_000 } },
      apart: { model: 'poisson_generator', size: 400, params: { rate } },
      iaf: { model: 'iaf_psc_delta', size: 100 },
    },
    synapse_models: {},
    connections: [
      { source: 'alike', target: 'iaf' },
      { source: 'apart', target: 'iaf' },
    ],
    protocol: [{ simulate: 1 }],
  });
  for (const threads of [1, 2]) {
    const { each, found } = await compared(experiment, threads);
    expect(each / found[0]!.segmentBytes).toBeGreaterThan(0.95);
    expect(each / found[0]!.segmentBytes).toBeLessThan(1.05);
  }
});

/** Most bytes that a process had resident, from outside. */
async function peakOfRun(
  file: string,
  overrides: readonly string[],
  threads: number,
  timeMs: number,
): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'isospike-plan-'));
  const set = overrides.flatMap((override) => ['--set', override]);
  const args = ['run', file, '--threads', threads, '--time', timeMs, ...set];
  const child = spawn(
    process.execPath,
    [resolve('dist/isospike.js'), ...args.map(String), '--quiet'],
    { cwd: home },
  );
  let peak = 0;
  const timer = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    peak = Math.max(peak, 1024 * Number(found ?? 0));
  }, 5);
  const status = await new Promise((done) => child.on('close', done));
  clearInterval(timer);
  await rm(home, { recursive: true });
  expect(status).toBe(0);
  return peak;
}

describe.runIf(process.platform === 'linux')('a run as a process of its own', () => {
  test.each([
    ['clopath-bidirectional', [], 200, 1],
    ['clopath-large', ['parameters.S=60'], 100, 2],
    ['clopath-sparse', ['parameters.N=20000', 'parameters.K=50'], 50, 1],
    ['clopath-sparse', ['parameters.K=50', 'connections.1.record_weights=true'], 50, 1],
    ['plastic-drive', ['parameters.N=300'], 100, 2],
    ['brunel', ['parameters.N=5000'], 5, 2],
    ['brunel-stdp', ['parameters.N=5000'], 50, 1],
  ] as const)(
    'of %s with %o for %d ms on %d threads takes what is planned in all',
    async (name, overrides, timeMs, threads) => {
      const file = resolve('config', `${name}.json`);
      const network = plannedNetwork(await loadExperiment(file, overrides));
      const rates = expectedRates(network, timeMs);
      const { totalBytes } = plannedMemory(network, rates, timeMs, threads, threads);
      // Of five, three and so the median: how much is compiled at the same time is a matter of chance.
      const ratios: number[] = [];
      const within = () => ratios.filter((ratio) => ratio > 0.9 && ratio < 1.1).length;
      while (within() < 3 && ratios.length < 5) {
        ratios.push(totalBytes / (await peakOfRun(file, overrides, threads, timeMs)));
      }
      expect(within(), `planned / taken: ${ratios}`).toBe(3);
    },
  );
});
