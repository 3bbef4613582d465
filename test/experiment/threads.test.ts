import { describe, expect, test } from 'vitest';
import { loadExperiment } from '../../src/experiment/load.js';
import { sliceWorkUs, worthwhileThreads } from '../../src/experiment/threads.js';
import { resolved } from './minimal.js';

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

describe('work of a slice', () => {
  test('grows with the smallest delay, however it is given', () => {
    const ofOneStep = sliceWorkUs(neurons(1000, 0.1));
    expect(ofOneStep).toBeGreaterThan(500);
    expect(sliceWorkUs(neurons(1000, 0.5)) / ofOneStep).toBeCloseTo(5, 1);
    expect(sliceWorkUs(neurons(1000, [2, 0.5, 1]))).toBe(sliceWorkUs(neurons(1000, 0.5)));
    const uniform = { distribution: 'uniform', min: 0.5, max: 3 };
    expect(sliceWorkUs(neurons(1000, uniform))).toBe(sliceWorkUs(neurons(1000, 0.5)));
    const normal = { distribution: 'normal', mean: 1, std: 1 };
    expect(sliceWorkUs(neurons(1000, normal))).toBe(ofOneStep);
  });

  test('does not depend on recorders and their delays', () => {
    const populations = {
      exc: { model: 'aeif_psc_delta_clopath', size: 9 },
      sr: { model: 'spike_recorder' },
    };
    const connection = { source: 'exc', target: 'exc', syn_spec: { delay: 2 } };
    const without = resolved({ synapse_models: {}, populations, connections: [connection] });
    const recorded = { source: 'exc', target: 'sr', syn_spec: { delay: 0.1 } };
    const withRecorder = resolved({
      synapse_models: {},
      populations,
      connections: [connection, recorded],
    });
    expect(sliceWorkUs(withRecorder)).toBe(sliceWorkUs(without));
  });

  test('is not a matter of connections between no nodes', () => {
    const empty = { population: 'exc', from: 9 };
    const [without, withEmpty] = [[], [{ source: empty, target: 'exc' }]].map((connections) =>
      resolved({
        synapse_models: {},
        populations: { exc: { model: 'aeif_psc_delta_clopath', size: 9 } },
        connections,
      }),
    );
    expect(sliceWorkUs(withEmpty!)).toBe(sliceWorkUs(without!));
  });

  test('counts deliveries of dense connections', () => {
    const dense = resolved({
      synapse_models: {},
      populations: {
        pg: { model: 'poisson_generator', size: 100, params: { rate: 1000 } },
        exc: { model: 'aeif_psc_delta_clopath', size: 1000 },
      },
      connections: [{ source: 'pg', target: 'exc', syn_spec: { delay: 1 } }],
    });
    // 100 generators at 1 spike/ms, 1000 targets each: 1e5 deliveries in a slice of 1 ms.
    expect(sliceWorkUs(dense)).toBeGreaterThan(1e5 * 0.01);
  });
});
