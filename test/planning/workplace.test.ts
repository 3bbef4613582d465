import { expect, test } from 'vitest';
import { MemoryError } from '../../src/errors/index.js';
import { workplaceOf } from '../../src/planning/workplace.js';
import { bundled } from '../config/run-bundled.js';

const sparse = (N: number, K: number) => bundled('clopath-sparse', { N, K });
const options = { cores: 2, timeMs: 10 };

test('a small network runs on one virtual process per thread, as it is', async () => {
  const experiment = await sparse(1000, 10);
  const place = await workplaceOf(experiment, { ...options, threads: 3 });
  expect(place).toEqual({ threads: 3, experiment, misfit: undefined });
  expect(place.experiment).toBe(experiment);
});

test('a large one gets as many virtual processes as it needs', async () => {
  const { threads, experiment } = await workplaceOf(await sparse(1e6, 500), {
    ...options,
    threads: 2,
  });
  expect(threads).toBe(2);
  expect(experiment.kernel.total_num_virtual_procs).toBeGreaterThan(2);
});

test('what fits nowhere is told', async () => {
  const { misfit } = await workplaceOf(await sparse(1e9, 1000), { ...options, threads: 2 });
  expect(misfit).toBeInstanceOf(MemoryError);
});
