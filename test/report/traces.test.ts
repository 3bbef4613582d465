import { describe, expect, it } from 'vitest';
import type { TraceColumns } from '../../src/experiment/results.js';
import { drawnTraces, neededSamples, traceStems } from '../../src/report/traces.js';
import { seedResults } from './seed-results.js';

/** Samples of neurons every ms. */
function trace(ids: readonly number[], times: readonly number[], recorder = 'meter'): TraceColumns {
  const senders = Uint32Array.from(times.flatMap(() => ids));
  return {
    recorder,
    senders,
    times: Float64Array.from(times.flatMap((time) => ids.map(() => time))),
    values: { V_m: Float64Array.from(senders, (id, i) => id + i / 1000) },
    units: { V_m: 'mV' },
  };
}

const drawn = (traces: readonly TraceColumns[]) => drawnTraces(seedResults({ traces }));

describe('traceStems', () => {
  it('tells similar names apart', () => {
    const traces = ['V m', 'V/m', 'w'].map((recorder) => trace([1], [1], recorder));
    expect(traceStems(traces)).toEqual(['traces-V-m', 'traces-V-m-2', 'traces-w']);
  });
});

describe('drawnTraces', () => {
  it('are of the first few neurons, with their samples and recorded spikes', () => {
    const [one] = drawn([trace([13, 2, 3, 11, 9], [1, 2, 9000])]);
    expect(one).toMatchObject({ stem: 'traces-meter', sampled: 5, start: 0, end: 10_000 });
    expect(one!.neurons.map(({ label }) => label)).toEqual([
      'exc 2 (id 2)',
      'exc 3 (id 3)',
      'exc 9 (id 9)',
    ]);
    expect([...one!.neurons[0]!.rows]).toEqual([1, 6, 11]);
    const { senders, times } = seedResults().spikes;
    expect([...one!.neurons[1]!.spikes]).toEqual([...times.filter((_, i) => senders[i] === 3)]);
  });

  it('span what was sampled where that is little of the run', () => {
    expect(drawn([trace([1], [400, 500])])[0]).toMatchObject({ start: 400, end: 500 });
    expect(drawn([trace([1], [400])])[0]).toMatchObject({ start: 400, end: 401 });
  });

  it('leave out what has no samples, and many multimeters', () => {
    expect(drawn([trace([], []), trace([1], [1], 'other')]).map(({ stem }) => stem)).toEqual([
      'traces-other',
    ]);
    const many = Array.from({ length: 20 }, (_, i) => trace([1], [1], `m${i}`));
    expect(drawn(many)).toHaveLength(8);
  });
});

describe('neededSamples', () => {
  it('are all where columns hold few', () => {
    expect(neededSamples([1, 2, 3, 4], [5, 1, 7, 2], 1)).toEqual([0, 1, 2, 3]);
    expect(neededSamples([], [], 1)).toEqual([]);
  });

  it('are the first, the least, the greatest and the last of each column, in order of time', () => {
    const times = Array.from({ length: 20 }, (_, i) => i);
    const values = times.map(() => 0);
    values[3] = 9;
    values[7] = -9;
    values[12] = -1;
    values[18] = 1;
    expect(neededSamples(times, values, 10)).toEqual([0, 3, 7, 9, 10, 12, 18, 19]);
  });

  it('keep a spike of one sample among a million', () => {
    const times = Float64Array.from({ length: 1_000_000 }, (_, i) => i / 10);
    const values = times.map((_, i) => Math.abs((i % 1000) - 500) / 100);
    values[654_321] = 40;
    const needed = neededSamples(times, values, 100);
    expect(needed).toContain(654_321);
    expect(needed.length).toBeLessThanOrEqual(4 * 1001);
  });
});
