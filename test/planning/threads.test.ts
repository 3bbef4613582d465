import { describe, expect, test } from 'vitest';
import { loadExperiment } from '../../src/experiment/load.js';
import type { ResolvedExperiment } from '../../src/experiment/schema.js';
import { plannedNetwork } from '../../src/planning/network.js';
import * as threads from '../../src/planning/threads.js';
import { resolved } from '../experiment/minimal.js';

const worthwhileThreads = (experiment: ResolvedExperiment, cores: number) =>
  threads.worthwhileThreads(plannedNetwork(experiment), cores);

const neurons = (size: number, delay: unknown = 1) =>
  resolved({
    synapse_models: {},
    populations: { exc: { model: 'aeif_psc_delta_clopath', size } },
    connections: [{ source: 'exc', target: 'exc', conn_spec: 'one_to_one', syn_spec: { delay } }],
  });

describe('threads that are worthwhile', () => {
  test('one for the seed experiment, whatever there is', async () => {
    const experiment = await loadExperiment('config/clopath-bidirectional.json');
    expect(worthwhileThreads(experiment, 64)).toBe(1);
  });

  test('all cores for a large network, never more', () => {
    for (const cores of [1, 2, 7, 64]) {
      expect(worthwhileThreads(neurons(100_000), cores)).toBe(cores);
    }
  });

  test('as many as there can be, on however many cores', () => {
    expect(worthwhileThreads(neurons(1_000_000), 200)).toBe(64);
  });

  test('a number that divides that of the virtual processes', () => {
    const { kernel } = neurons(1);
    const withProcesses = (processes: number) => ({
      ...neurons(100_000),
      kernel: { ...kernel, total_num_virtual_procs: processes },
    });
    expect([1, 2, 4, 6, 7, 35].map((n) => worthwhileThreads(withProcesses(n), 8))).toEqual([
      1, 2, 4, 6, 7, 7,
    ]);
  });

  test('more for larger networks and longer slices', () => {
    const bySize = [10, 100, 300, 1000, 3000].map((size) => worthwhileThreads(neurons(size), 16));
    expect(bySize).toEqual([...bySize].sort((a, b) => a - b));
    expect(bySize[0]).toBe(1);
    expect(bySize.at(-1)).toBeGreaterThan(4);
    expect(worthwhileThreads(neurons(100, 0.1), 16)).toBe(1);
    expect(worthwhileThreads(neurons(100, 1.5), 16)).toBeGreaterThan(1);
  });
});
