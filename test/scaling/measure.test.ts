import { describe, expect, test } from 'vitest';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { measure, trace } from '../../src/scaling/measure.js';
import { phases } from '../../src/scaling/study.js';
import { resolved } from '../experiment/minimal.js';

/** Driven neurons whose input changes in the middle of the protocol. */
const experimentOf = (relays: number, I_e = 400) =>
  resolved({
    populations: {
      relays: { model: 'parrot_neuron', size: relays },
      noise: { model: 'poisson_generator', size: relays, params: { rate: 300 } },
      exc: { model: 'aeif_psc_delta_clopath', size: 6, params: { I_e } },
      weights: { model: 'weight_recorder' },
    },
    connections: [
      { source: 'noise', target: 'relays', conn_spec: 'one_to_one' },
      { source: 'relays', target: 'exc', syn_spec: { synapse_model: 'plastic', weight: 4 } },
    ],
    protocol: [
      { simulate: 30, set: { noise: { rate: 200 } } },
      { simulate: 40, set: { noise: { rate: 500 } } },
    ],
  });
const experiment = experimentOf(20);
const smaller = experimentOf(7);

describe('a point', () => {
  test.each([
    [1, 0],
    [2, 12.5],
    [3, 30],
    [2, 42],
  ])(
    'on %i threads after %d ms of warm-up comes to the result of a run, whatever was rehearsed',
    async (threads, warmUp) => {
      const run = await runExperiment(experiment, { threads: 1, rngSeed: 5, timeMs: 60 });
      const rehearsal = { experiment: smaller, time: 20 };
      const job = { experiment, threads, seed: 5, warmUp, time: 60, rehearsal };
      const point = await measure(job);
      expect(point.digest).toBe(run.digest);
      expect(point.modelTime).toBeCloseTo(60 - warmUp, 9);
      const spikes = run.populations.reduce((sum, { spikeCount }) => sum + spikeCount, 0);
      if (warmUp === 0) expect(point.spikes).toBe(spikes);
      else expect(point.spikes).toBeLessThan(spikes);
      expect(point.threadTimes).toHaveLength(threads);
      expect(point).toMatchObject({ nodes: 47, connections: 20 + 120 });
    },
  );

  test('goes unrehearsed where a smaller version fails', async () => {
    const unstable = experimentOf(7, -1e9);
    const job = { experiment, threads: 2, seed: 5, warmUp: 10, time: 20 };
    const { digest } = await measure(job);
    const rehearsed = { ...job, rehearsal: { experiment: unstable, time: 20 } };
    await expect(runExperiment(unstable, { threads: 1, timeMs: 20 })).rejects.toThrow(/node/);
    expect((await measure(rehearsed)).digest).toBe(digest);
  });

  test('tells times and memory that fit together', async () => {
    const { wall, threadTimes, memory } = await measure({
      experiment,
      threads: 2,
      seed: 1,
      warmUp: 10,
    });
    for (const seconds of Object.values(wall)) expect(seconds).toBeGreaterThan(0);
    for (const times of threadTimes) {
      expect(times.build).toBeGreaterThan(0);
      const run = phases.reduce((sum, phase) => sum + times[phase], 0);
      expect(run).toBeGreaterThan(0);
      expect(run).toBeLessThanOrEqual(wall.simulate);
    }
    expect(memory.peak).toBeGreaterThanOrEqual(memory.total);
    expect(memory.accounted).toBeGreaterThan(1000);
  });

  test('is traced for a second or what fits it, whatever the resolution', async () => {
    const long = {
      ...experiment,
      kernel: { ...experiment.kernel, resolution: 0.3 },
      synapse_models: {},
      connections: [],
      protocol: [{ ...experiment.protocol[0]!, simulate: 1200 }],
    };
    const timeline = await trace({ experiment: long, threads: 1, seed: 1, warmUp: 150 });
    expect(timeline.length).toBeCloseTo(999.9, 9);
    expect(timeline.slices).toBe(3333);
  });

  test('is traced slice by slice after the warm-up', async () => {
    const timeline = await trace({ experiment, threads: 2, seed: 1, warmUp: 50 });
    expect(timeline).toMatchObject({ threads: 2, start: 50, length: 20, slices: 20 });
    for (const bins of timeline.bins) {
      expect(bins).toHaveLength(20 * phases.length);
      expect(bins.every((ms) => ms >= 0)).toBe(true);
      expect(Math.max(...bins)).toBeGreaterThan(0);
    }
  });
});
