import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OffGridError, UnknownNameError, ValueError } from '../../src/errors/index.js';
import { planStudy, type StudyRequest } from '../../src/scaling/request.js';
import { minimal } from '../experiment/minimal.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isospike-scaling-'));
  const protocol = [{ simulate: 20 }];
  await put('net.json', { ...minimal, protocol });
  await put('sized.json', { ...minimal, protocol, size_parameter: 'S' });
});
afterAll(() => rm(folder, { recursive: true }));

function put(name: string, content: object): Promise<void> {
  return writeFile(join(folder, name), JSON.stringify(content));
}

function request(changes: Partial<StudyRequest> = {}, name = 'net.json'): StudyRequest {
  return {
    file: join(folder, name),
    overrides: [],
    threads: [1, 2, 4],
    repeats: 2,
    seeds: 2,
    warmUp: 5,
    command: '',
    ...changes,
  };
}

describe('the points of a study', () => {
  test('come repeat by repeat, seed by seed, all numbers of threads', async () => {
    const { points, seeds } = await planStudy(request());
    expect(seeds).toEqual([1, 2]);
    expect(points.map(({ repeat, seed, threads }) => [repeat, seed, threads])).toEqual([
      ...[1, 2, 4].map((threads) => [1, 1, threads]),
      ...[1, 2, 4].map((threads) => [1, 2, threads]),
      ...[1, 2, 4].map((threads) => [2, 1, threads]),
      ...[1, 2, 4].map((threads) => [2, 2, threads]),
    ]);
    expect(points.some((point) => 'size' in point)).toBe(false);
  });

  test('have seeds that follow the file’s, which may be a word', async () => {
    const number = await planStudy(request({ overrides: ['kernel.rng_seed=8'], seeds: 3 }));
    expect(number.seeds).toEqual([8, 9, 10]);
    const word = await planStudy(request({ overrides: ['kernel.rng_seed="w"'], seeds: 3 }));
    expect(word.seeds).toEqual(['w', 'w-2', 'w-3']);
  });
});

describe('weak scaling', () => {
  test('multiplies the parameter by the number of threads', async () => {
    const plan = await planStudy(request({ weak: 'S', overrides: ['S=3'], seeds: 1, repeats: 1 }));
    expect(plan.sizeParameter).toBe('S');
    expect(plan.points.map(({ threads, size }) => [threads, size])).toEqual([
      [1, 3],
      [2, 6],
      [4, 12],
    ]);
    const sizes = [...plan.experiments.values()].map(({ populations }) => populations.relays!.size);
    expect(sizes).toEqual([6, 12, 24]);
    expect(plan.base.populations.relays!.size).toBe(6);
  });

  test('takes the file’s size parameter where none is named', async () => {
    expect((await planStudy(request({ weak: true }, 'sized.json'))).sizeParameter).toBe('S');
    await expect(planStudy(request({ weak: true }))).rejects.toThrow(ValueError);
    await expect(planStudy(request({ weak: true }))).rejects.toThrow(/one of S.*"size_parameter"/);
  });

  test('of a parameter that is not there says which are', async () => {
    const planned = planStudy(request({ weak: 's' }));
    await expect(planned).rejects.toThrow(UnknownNameError);
    await expect(planned).rejects.toThrow("did you mean 'S'?");
  });
});

test('threads share the virtual processes evenly', async () => {
  const overrides = ['kernel.total_num_virtual_procs=8'];
  await expect(planStudy(request({ overrides }))).resolves.toBeDefined();
  await expect(planStudy(request({ overrides, threads: [2, 3] }))).rejects.toThrow(
    '--threads is 3; expected a divisor of total_num_virtual_procs, which is 8',
  );
});

describe('times', () => {
  test('leave something to measure', async () => {
    await expect(planStudy(request({ warmUp: 20 }))).rejects.toThrow(
      'warm-up is 20; expected less than the 20 ms of a point',
    );
    await expect(planStudy(request({ warmUp: 5, time: 5 }))).rejects.toThrow(ValueError);
    await expect(planStudy(request({ warmUp: 0, time: 5 }))).resolves.toBeDefined();
  });

  test('lie on the grid', async () => {
    await expect(planStudy(request({ warmUp: 5.05 }))).rejects.toThrow(OffGridError);
    await expect(planStudy(request({ time: 7.77 }))).rejects.toThrow(OffGridError);
  });
});
