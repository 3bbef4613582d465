import { describe, expect, test } from 'vitest';
import { ExperimentError, OffGridError, ValueError } from '../../src/errors/index.js';
import { loadExperiment } from '../../src/experiment/load.js';
import type { RunResults } from '../../src/experiment/results.js';
import { type ProgressInfo, runExperiment } from '../../src/experiment/run-experiment.js';
import type { ResolvedExperiment } from '../../src/experiment/schema.js';
import { type Data, resolved } from './minimal.js';

/** What may not depend on threads or on the wall clock. */
function content({ threads, wallTimes, threadTimes, versions, ...rest }: RunResults) {
  return rest;
}

/** The seed experiment, shortened. */
function seedExperiment(...overrides: string[]): Promise<ResolvedExperiment> {
  return loadExperiment('config/clopath-bidirectional.json', [
    'protocol.0.simulate=20',
    'protocol.0.repeat=5',
    ...overrides,
  ]);
}

describe('the seed experiment, shortened', () => {
  test('leaves results that fit together', async () => {
    const experiment = await seedExperiment();
    const results = await runExperiment(experiment, { threads: 1 });
    expect(results).toMatchObject({
      name: 'clopath-bidirectional',
      rngSeed: 1,
      simulatedTime: 100,
      requestedTime: 100,
      complete: true,
      threads: 1,
    });
    expect(results.experiment).toEqual(experiment);
    expect(results.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(results.populations.map(({ name, firstId, size }) => [name, firstId, size])).toEqual([
      ['exc', 1, 10],
      ['inh', 11, 3],
      ['input', 14, 500],
      ['input_generators', 514, 500],
      ['weight_recorder', 1014, 1],
      ['spike_recorder', 1015, 1],
    ]);
    const spiking = results.populations.filter((population) => population.spiking);
    expect(spiking.map(({ name }) => name)).toEqual(['exc', 'inh', 'input']);
    for (const { firstId, size, spikeCount, rate } of spiking) {
      const recorded = results.spikes.senders.filter((id) => id >= firstId && id < firstId + size);
      expect(recorded).toHaveLength(spikeCount);
      expect(rate).toBeCloseTo(spikeCount / size / 0.1, 9);
    }
    expect(results.stimulus.map(({ start, end }) => [start, end])).toEqual([
      [0, 20],
      [20, 40],
      [40, 60],
      [60, 80],
      [80, 100],
    ]);
    expect(results.weights.map(({ connection, source }) => [connection, source.length])).toEqual([
      ['input-to-exc', 5000],
      ['exc-to-exc', 90],
    ]);
    const { initial, final } = results.weights[1]!;
    expect(new Set(initial)).toEqual(new Set([0.25]));
    expect(final).not.toEqual(initial);
    expect(results.weightEvents.senders.length).toBeGreaterThan(0);
    expect(results.versions.isospike).toMatch(/^\d+\.\d+\.\d+/);
  });

  test('is the same on any number of threads', async () => {
    const one = content(await runExperiment(await seedExperiment(), { threads: 1 }));
    for (const threads of [2, 3]) {
      const more = await runExperiment(await seedExperiment(), { threads });
      expect(content(more)).toEqual(one);
    }
  });

  test('another seed is another run', async () => {
    const experiment = await seedExperiment('protocol.0.repeat=1');
    const one = await runExperiment(experiment, { threads: 1 });
    const two = await runExperiment(experiment, { threads: 1, rngSeed: 'two' });
    expect(two.rngSeed).toBe('two');
    expect(two.experiment).toMatchObject({ kernel: { rng_seed: 'two' } });
    expect(two.digest).not.toBe(one.digest);
    expect(experiment.kernel.rng_seed).toBe(1);
  });
});

test('traces know the units of what was sampled', async () => {
  const experiment = resolved({
    populations: {
      exc: { model: 'aeif_psc_delta_clopath', size: 2 },
      meter: { model: 'multimeter', params: { record_from: ['V_m', 'w'] } },
      idle: { model: 'multimeter', params: { record_from: ['V_m'] } },
    },
    synapse_models: {},
    connections: [{ source: 'meter', target: 'exc' }],
    protocol: [{ simulate: 3 }],
  });
  const { traces } = await runExperiment(experiment, { threads: 1 });
  expect(traces.map(({ recorder, units }) => [recorder, units])).toEqual([
    ['meter', { V_m: 'mV', w: 'pA' }],
    ['idle', { V_m: '' }],
  ]);
});

describe('ending early', () => {
  test('at a time: what happened until then, nothing else', async () => {
    const experiment = await seedExperiment();
    const whole = await runExperiment(experiment, { threads: 1 });
    const part = await runExperiment(experiment, { threads: 1, timeMs: 50 });
    expect(part).toMatchObject({ simulatedTime: 50, requestedTime: 50, complete: true });
    const count = whole.spikes.times.filter((time) => time <= 50).length;
    expect(part.spikes).toEqual({
      times: whole.spikes.times.slice(0, count),
      senders: whole.spikes.senders.slice(0, count),
    });
    expect(part.stimulus).toEqual([
      ...whole.stimulus.slice(0, 2),
      { ...whole.stimulus[2], end: 50 },
    ]);
  });

  test('by a signal: the same as at that time', async () => {
    // Far longer than it takes until the signal is noticed.
    const experiment = await seedExperiment('protocol.0.repeat=1000');
    const abort = new AbortController();
    const onProgress = ({ phase, timeMs }: ProgressInfo) => {
      if (phase === 'simulate' && timeMs >= 30) abort.abort();
    };
    const aborted = await runExperiment(experiment, {
      threads: 2,
      signal: abort.signal,
      onProgress,
    });
    expect(aborted.complete).toBe(false);
    expect(aborted.requestedTime).toBe(20_000);
    expect(aborted.simulatedTime).toBeGreaterThanOrEqual(30);
    const { simulatedTime: timeMs } = aborted;
    const cut = await runExperiment(experiment, { threads: 1, timeMs });
    expect({ ...content(cut), complete: false, requestedTime: 20_000 }).toEqual(content(aborted));
  });

  test('by a signal at the end of an interval: the next one is not begun', async () => {
    const experiment = resolved({
      protocol: [{ simulate: 2 }, { simulate: 2, set: { exc: { V_m: -50 } } }],
    });
    const abort = new AbortController();
    const onProgress = ({ timeMs }: ProgressInfo) => {
      if (timeMs >= 2) abort.abort();
    };
    const aborted = await runExperiment(experiment, {
      threads: 1,
      signal: abort.signal,
      onProgress,
    });
    const cut = await runExperiment(experiment, { threads: 1, timeMs: aborted.simulatedTime });
    expect(aborted.digest).toBe(cut.digest);
  });

  test('before it began', async () => {
    const results = await runExperiment(resolved(), { threads: 1, signal: AbortSignal.abort() });
    expect(results).toMatchObject({ simulatedTime: 0, complete: false });
    expect(results.populations.map(({ rate }) => rate)).toEqual([0, 0, 0]);
  });

  test.each([
    [101, ValueError],
    [0, ValueError],
    [0.05, OffGridError],
  ])('not at %d ms', async (timeMs, kind) => {
    await expect(runExperiment(await seedExperiment(), { threads: 1, timeMs })).rejects.toThrow(
      kind,
    );
  });
});

test('progress is told phase by phase', async () => {
  const seen: ProgressInfo[] = [];
  const experiment = resolved({ protocol: [{ simulate: 5, repeat: 2 }] });
  await runExperiment(experiment, { threads: 1, onProgress: (info) => seen.push(info) });
  expect(seen[0]).toEqual({ phase: 'build', timeMs: 0, totalMs: 10 });
  expect(seen.at(-1)).toEqual({ phase: 'collect', timeMs: 10, totalMs: 10 });
  const times = seen.filter(({ phase }) => phase === 'simulate').map(({ timeMs }) => timeMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('weights are told apart by entry, though model and populations are the same', async () => {
  const entry = (weight: number, indegree: number) => ({
    source: 'relays',
    target: 'exc',
    conn_spec: { rule: 'fixed_indegree', indegree },
    syn_spec: { synapse_model: 'plastic', weight },
  });
  const experiment = resolved({ connections: [entry(1, 5), entry(2, 7), entry(3, 3)] });
  const { weights } = await runExperiment(experiment, { threads: 2 });
  expect(weights.map(({ connection, initial }) => [connection, [...new Set(initial)]])).toEqual([
    ['relays-to-exc', [1]],
    ['relays-to-exc-2', [2]],
    ['relays-to-exc-3', [3]],
  ]);
  expect(weights.map(({ final }) => final.length)).toEqual([10, 14, 6]);
  for (const { initial, final } of weights) expect(final).toEqual(initial);
});

describe('mistakes that only the models know', () => {
  const exc = (params: object) => ({
    populations: {
      relays: { model: 'parrot_neuron', size: 4 },
      exc: { model: 'aeif_psc_delta_clopath', params },
      weights: { model: 'weight_recorder' },
    },
  });
  const connect = (connection: object) => ({
    connections: [{ source: 'relays', target: 'exc', ...connection }],
  });
  test.each<[string, Data, string]>([
    ['populations.exc.params.V_mm', exc({ V_mm: 1 }), "did you mean 'V_m'?"],
    ['populations.exc.params.C_m', exc({ C_m: -1 }), 'C_m > 0'],
    ['populations.exc.params.V_m', exc({ V_m: true }), 'true'],
    [
      'populations.exc.model',
      { populations: { ...exc({}).populations, exc: { model: 'aeif_psc_delta_clopat' } } },
      "did you mean 'aeif_psc_delta_clopath'?",
    ],
    [
      'synapse_models.plastic.base',
      { synapse_models: { plastic: { base: 'clopat_synapse' } } },
      "did you mean 'clopath_synapse'?",
    ],
    [
      'synapse_models.plastic.params.W_max',
      { synapse_models: { plastic: { base: 'clopath_synapse', params: { W_max: 1 } } } },
      "did you mean 'Wmax'?",
    ],
    [
      'connections.0.conn_spec.rule',
      connect({ conn_spec: 'all_to_al' }),
      "did you mean 'all_to_all'?",
    ],
    [
      'connections.0.syn_spec.synapse_model',
      connect({ syn_spec: 'plastik' }),
      "did you mean 'plastic'?",
    ],
    ['connections.0.syn_spec.delay', connect({ syn_spec: { delay: 0.25 } }), 'nearest valid'],
    [
      'connections.0.syn_spec.wieght',
      connect({ syn_spec: { wieght: 1 } }),
      "did you mean 'weight'?",
    ],
    [
      'protocol.0.set.exc.V_mm',
      { protocol: [{ simulate: 1, set: { exc: { V_mm: 1 } } }] },
      "did you mean 'V_m'?",
    ],
    [
      'protocol.0.set.exc.tau_w',
      { protocol: [{ simulate: 1, set: { exc: { tau_w: -1 } } }] },
      'tau_w > 0',
    ],
    ['protocol', { protocol: [{ simulate: 1.05 }] }, 'protocol.0.simulate is 1.05 ms'],
  ])('%s', async (path, change, message) => {
    const run = runExperiment(resolved(change), { threads: 1 });
    const error = await run.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ExperimentError);
    const { problems } = error as ExperimentError;
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(problems[0]?.error.message).toContain(message);
  });

  test('are told together', async () => {
    const change = {
      populations: { a: { model: 'x' }, b: { model: 'parrot_neuron', params: { c: 1 } } },
    };
    const run = runExperiment(resolved({ ...change, connections: [], synapse_models: {} }), {
      threads: 1,
    });
    await expect(run).rejects.toThrow('minimal: 2 problems');
  });
});
