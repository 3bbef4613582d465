import { expect, test } from 'vitest';
import { MemoryError } from '../../src/errors/index.js';
import { fitOf, neededProcesses, PLANNED_SEGMENT_BYTES } from '../../src/planning/fit.js';
import { processMemoryOf } from '../../src/planning/memory.js';
import { plannedNetwork } from '../../src/planning/network.js';
import { expectedRates } from '../../src/planning/rates.js';
import type { Size } from '../../src/planning/size.js';
import { bundled } from '../config/run-bundled.js';

const sparse = async (N: number, K: number) => {
  const network = plannedNetwork(await bundled('clopath-sparse', { N, K }));
  return { network, rates: expectedRates(network, 100) };
};

test('small networks have one virtual process per thread', async () => {
  const { network, rates } = await sparse(1000, 10);
  for (const threads of [1, 3, 8]) {
    expect(neededProcesses(network, rates, 100, threads)).toBe(threads);
  }
});

test('5 x 10^8 synapses have as many as have room for them, and no more', async () => {
  const { network, rates } = await sparse(1e6, 500);
  for (const threads of [1, 2, 3, 4]) {
    const processes = neededProcesses(network, rates, 100, threads);
    expect(processes % threads).toBe(0);
    const peak = (n: number) => processMemoryOf(network, rates, 100, n).segmentPeak;
    expect(peak(processes)).toBeLessThanOrEqual(PLANNED_SEGMENT_BYTES);
    if (processes > threads)
      expect(peak(processes - threads)).toBeGreaterThan(PLANNED_SEGMENT_BYTES);
  }
});

test('a stated number of virtual processes is taken, and refused if it cannot hold the network', async () => {
  const { network, rates } = await sparse(1e6, 500);
  const kernel = { ...network.experiment.kernel, total_num_virtual_procs: 2 };
  const stated = { ...network, experiment: { ...network.experiment, kernel } };
  const options = { availableBytes: 1e12, smallerOf: async () => ({ parameter: 'N', value: 7 }) };
  const { processes, misfit } = await fitOf(stated, () => rates, 100, 2, options);
  expect(processes).toBe(2);
  expect(misfit).toBeInstanceOf(MemoryError);
  expect(misfit!.message).toMatch(
    /on each of 2 virtual processes needs [\d.]+ [MGTP]B.*; without total.*; --set parameters\.N=7 would fit$/,
  );
});

test('what cannot fit is told with what is missing and what would fit', async () => {
  const { network, rates } = await sparse(10_000, 100);
  const fitOn = (threads: number, availableBytes: number, smallest?: Size) =>
    fitOf(network, () => rates, 100, threads, {
      availableBytes,
      smallerOf: async () => smallest,
    });
  const four = await fitOn(4, 1e12);
  expect(four.misfit).toBeUndefined();
  expect(four.instead).toEqual({});
  const two = (await fitOn(2, 1e12)).memory.totalBytes;
  // A tenth of what is available is kept free.
  const { misfit, instead } = await fitOn(4, (two + 1) / 0.9);
  expect(misfit!.neededBytes).toBe(four.memory.totalBytes);
  expect(misfit!.message).toMatch(/^'clopath-sparse' on 4 threads needs [\d.]+ [MGTP]B/);
  expect(misfit!.message).toMatch(
    /a tenth of that is kept free, so [\d.]+ [MGTP]B are missing; --threads 2 would fit; --no-memory-check of `run` and/,
  );
  expect(instead).toEqual({ threads: 2 });
  expect((await fitOn(4, 1e6)).misfit!.message).not.toContain('would fit');
  expect((await fitOn(4, four.memory.totalBytes / 0.95)).misfit).toBeDefined();
  const size = { parameter: 'N', value: 123 };
  const both = await fitOn(4, (two + 1) / 0.9, size);
  expect(both.misfit!.message).toContain('; --threads 2 or --set parameters.N=123 would fit;');
  expect(both.instead).toEqual({ threads: 2, size });
});
