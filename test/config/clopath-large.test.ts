/** The large variant of the seed experiment is the seed experiment at S = 1, and driven alike at any S. */
import { describe, expect, it } from 'vitest';
import type { ResolvedExperiment } from '../../src/experiment/schema.js';
import { bundled, expectSameBits, rateOf, runBundled } from './run-bundled.js';

/** What a neuron gets from all sources of one kind together, if each fires at 1 spike/s. */
function driveOf({ connections }: ResolvedExperiment, from: string, to: string, sources: number) {
  const entry = connections.find(
    ({ source, target, conn_spec }) => source === from && target === to && conn_spec,
  )!;
  const { weight } = entry.syn_spec;
  const mean = (w: { min: number; max: number }) => (w.min + w.max) / 2;
  return sources * (typeof weight === 'number' ? weight : mean(weight as never));
}

describe('the large variant', () => {
  it('is the seed experiment at S = 1', async () => {
    const results = await runBundled('clopath-large', { S: 1 }, 1000, 2);
    const original = await runBundled('clopath-bidirectional', {}, 1000);
    expect(results.digest).toBe(original.digest);
    expect(results.spikes).toEqual(original.spikes);
    const [recorded] = results.weights;
    const { initial, final } = original.weights.find((w) => w.connection === 'exc-to-exc')!;
    expect([recorded!.initial, recorded!.final]).toEqual([initial, final]);
    expect(final).not.toEqual(initial);
  });

  it.each([
    [1, 1],
    [7, 1],
    [100, 2],
  ])('drives every neuron alike, S = %i, S_input = %i', async (S, S_input) => {
    const experiment = await bundled('clopath-large', { S, S_input });
    const { exc, inh, input } = experiment.populations;
    expect([exc!.size, inh!.size, input!.size]).toEqual([10 * S, 3 * S, 500 * S_input]);
    const rule = (from: string, to: string) =>
      experiment.connections.find(({ source, target }) => source === from && target === to)!
        .conn_spec!;
    const { indegree } = rule('exc', 'inh');
    expect(driveOf(experiment, 'exc', 'inh', indegree!)).toBeCloseTo(8, 12);
    // 3 S neurons with this many targets each, over 10 S targets.
    const { outdegree } = rule('inh', 'exc');
    expect(driveOf(experiment, 'inh', 'exc', (outdegree! * 3) / 10)).toBeCloseTo(1.8, 12);
    expect(driveOf(experiment, 'input', 'exc', 500 * S_input)).toBeCloseTo(625, 9);
    expect(driveOf(experiment, 'input', 'inh', 500 * S_input)).toBeCloseTo(125, 9);

    // The profile covers the same part of the inputs, so that its mean over them is the same.
    const { sigma, centers } = experiment.protocol[0]!.stimulus!;
    expect(sigma / input!.size).toBeCloseTo(0.02, 12);
    expect(centers.map((centre) => centre / input!.size)).toEqual(
      Array.from({ length: 10 }, (_, i) => (5 + 10 * i) / 100),
    );
  });

  it('has all recurrent connections, the recorded ones among them', async () => {
    const results = await runBundled('clopath-large', { S: 3 }, 600);
    expect(results.weights.map(({ connection, final }) => [connection, final.length])).toEqual([
      ['recorded', 90],
    ]);
    const { source, target, initial, final } = results.weights[0]!;
    expect(new Set([...source, ...target])).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    expect(initial.every((weight) => weight === 0.25 / 3)).toBe(true);
    expect(final.every((weight) => weight >= 0 && weight <= 0.75 / 3)).toBe(true);
    expect(final).not.toEqual(initial);
    expect(rateOf(results, 'exc')).toBeGreaterThan(0.5);
    expect(rateOf(results, 'exc')).toBeLessThan(8);
    expect(Math.abs(rateOf(results, 'input') / 2.63 - 1)).toBeLessThan(0.2);
  });

  it('gives the same bits on any number of threads', () =>
    expectSameBits('clopath-large', { S: 2 }, 100));
});
