import { describe, expect, test } from 'vitest';
import { NumericalInstabilityError, OffGridError, ValueError } from '../../src/errors/index.js';
import { loadExperiment } from '../../src/experiment/load.js';
import type { RunResults } from '../../src/experiment/results.js';
import { type ProgressInfo, runExperiment } from '../../src/experiment/run-experiment.js';
import type { ResolvedExperiment } from '../../src/experiment/schema.js';
import { failing } from './failing.js';
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

describe('a run that fails on its way', () => {
  const run = async (data: Data, threads = 1) => {
    const seen: RunResults[] = [];
    const onFailure = (results: RunResults) => seen.push(results);
    const options = { threads, file: 'net.json', onFailure };
    const error = await runExperiment(resolved(data), options).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    return { error: error!, seen };
  };

  test('leaves what was recorded before, on any number of threads', async () => {
    const whole = resolved({ ...failing(), protocol: [{ simulate: 100 }] });
    const before = await runExperiment(whole, { threads: 1 });
    expect(before.spikes.times.length).toBeGreaterThan(5);
    for (const threads of [1, 2, 3]) {
      const { error, seen } = await run(failing(), threads);
      expect(error).toBeInstanceOf(NumericalInstabilityError);
      expect(seen).toHaveLength(1);
      const { digest, failure, complete, requestedTime, simulatedTime, spikes } = seen[0]!;
      expect({ complete, requestedTime }).toEqual({ complete: false, requestedTime: 200 });
      expect(digest).toBeUndefined();
      expect(failure).toBe(error.message);
      expect(simulatedTime).toBeGreaterThanOrEqual(100);
      expect(spikes).toEqual(before.spikes);
      const { times, values } = seen[0]!.traces[0]!;
      expect(times.at(-1)).toBe(Math.floor(simulatedTime));
      expect(values.V_m!.slice(0, 4 * 99)).toEqual(before.traces[0]!.values.V_m!.slice(0, 4 * 99));
    }
  });

  test('says when, and which neuron of which population', async () => {
    const { error } = await run(failing());
    expect(error).toMatchObject({ node: 9, member: { population: 'exc', index: 2 } });
    const { step, timeMs } = error as NumericalInstabilityError;
    expect(timeMs).toBe(step / 10);
    expect(error.message).toContain(
      `cubic (node 9, index 2 of 'exc'): numerical instability at ${timeMs} ms (step ${step}): V_m = `,
    );
  });

  test('has nothing to leave if it never got anywhere', async () => {
    const { error, seen } = await run({
      ...failing(),
      protocol: [{ simulate: 100, set: { exc: { k: 1000 } } }],
    });
    expect(error).toMatchObject({ step: 1 });
    expect(seen).toEqual([]);
  });

  test('because of what was drawn: the error has its place, what was before is kept', async () => {
    const drawn = { distribution: 'normal', mean: -100, std: 1 };
    const { error, seen } = await run({
      ...failing(),
      protocol: [{ simulate: 50 }, { simulate: 50, set: { noise: { rate: drawn } } }],
    });
    expect(error.message).toMatch(/^net\.json: protocol\.1\.set\.noise\.rate: /);
    expect(seen.map(({ simulatedTime }) => simulatedTime)).toEqual([50]);
  });

  test('because of what was drawn when it was built: there is nothing', async () => {
    const drawn = { distribution: 'normal', mean: -100, std: 1 };
    const populations = { noise: { model: 'poisson_generator', params: { rate: drawn } } };
    const { error, seen } = await run({
      ...failing(),
      populations,
      connections: [],
      protocol: [{ simulate: 1 }],
    });
    expect(error.message).toMatch(/^net\.json: populations\.noise\.params\.rate: /);
    expect(seen).toEqual([]);
  });
});
