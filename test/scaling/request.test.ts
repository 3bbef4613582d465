import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  OffGridError,
  PointMemoryError,
  StudyRequestError,
  UnknownNameError,
  ValueError,
} from '../../src/errors/index.js';
import { workplaceOf } from '../../src/planning/workplace.js';
import { planStudy, type StudyRequest } from '../../src/scaling/request.js';
import { availableMemory } from '../../src/simulation/memory.js';
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
    memoryCheck: true,
    command: '',
    ...changes,
  };
}

describe('what each process runs first', () => {
  const LARGE = fileURLToPath(new URL('../../config/clopath-large.json', import.meta.url));
  const planned = async (overrides: readonly string[], time = 10_000) => {
    const { rehearsal } = await planStudy({ ...request(), file: LARGE, overrides, time });
    return rehearsal && { S: rehearsal.experiment.parameters.S, time: rehearsal.time };
  };

  test('is the experiment, if that does not take long', async () => {
    expect(await planned(['parameters.S=2'], 500)).toEqual({ S: 2, time: 500 });
    expect(await planned(['parameters.S=2'])).toEqual({ S: 2, time: 1500 });
  });

  test('else a smaller version of it', async () => {
    const { S, time } = (await planned(['parameters.S=300']))!;
    expect(S).toBeLessThan(150);
    expect(S).toBeGreaterThanOrEqual(5);
    expect(time).toBe(1500);
  });

  test('or nothing, where the file is wrong at smaller sizes', async () => {
    const rule = { rule: 'fixed_indegree', indegree: 1000, allow_multapses: false };
    await put('wrong-if-smaller.json', {
      ...minimal,
      size_parameter: 'N',
      parameters: { N: 6000 },
      synapse_models: {},
      populations: { cells: { model: 'iaf_psc_delta', size: 'N' } },
      connections: [{ source: 'cells', target: 'cells', conn_spec: rule }],
      protocol: [{ simulate: 2000 }],
    });
    const plan = await planStudy(request({}, 'wrong-if-smaller.json'));
    expect(plan.rehearsal).toBeUndefined();
  });

  test('or nothing, where there is no smaller version', async () => {
    const { size_parameter: _, ...unsized } = JSON.parse(await readFile(LARGE, 'utf8'));
    await put('unsized.json', unsized);
    const overrides = ['parameters.S=1500'];
    const plan = await planStudy({ ...request({}, 'unsized.json'), overrides, memoryCheck: false });
    expect(plan.rehearsal).toBeUndefined();
  });
});

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
    const nameless = planStudy(request({ weak: true }));
    await expect(nameless).rejects.toThrow(StudyRequestError);
    await expect(nameless).rejects.toThrow(
      '--weak needs the name of the parameter that grows with the threads, as the file has no "size_parameter": --weak S',
    );
  });

  test('checks the smallest network on another number of threads, the nearest', async () => {
    const check = async (threads: number[], overrides: string[] = []) =>
      (await planStudy(request({ weak: 'S', threads, overrides }))).check;
    expect(await check([1, 2, 4])).toMatchObject({ threads: 2, size: 2 });
    expect(await check([4, 8])).toMatchObject({ threads: 3, size: 8 });
    expect((await check([4, 8]))!.experiment.populations.relays!.size).toBe(16);
    // Threads share the virtual processes evenly.
    const processes = (count: number) => [`kernel.total_num_virtual_procs=${count}`];
    expect(await check([4, 8], processes(8))).toMatchObject({ threads: 2 });
    expect(await check([1, 7], processes(7))).toMatchObject({ threads: 7 });
    expect(await check([1], processes(1))).toBeUndefined();
    expect(await planStudy(request())).not.toHaveProperty('check');
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

describe('memory', () => {
  const sparse = (...overrides: string[]) =>
    request({ file: 'config/clopath-sparse.json', overrides, time: 10, seeds: 1, repeats: 1 });

  test('of points that need it is spread over virtual processes, as that of a run', async () => {
    const large = sparse('N=1000000', 'K=500');
    const plan = await planStudy({ ...large, threads: [1, 2, 8], memoryCheck: false });
    const { experiments } = plan;
    for (const [threads, experiment] of experiments) {
      const run = await workplaceOf(plan.base, { threads, cores: 8, timeMs: 10 });
      const processes = run.experiment.kernel.total_num_virtual_procs;
      expect(experiment.kernel.total_num_virtual_procs).toBe(processes);
      if (threads < 4) expect(processes).toBeGreaterThan(threads);
    }
    const small = await planStudy(sparse('N=1000', 'K=10'));
    for (const { kernel } of small.experiments.values()) {
      expect(kernel).not.toHaveProperty('total_num_virtual_procs');
    }
  });

  test('that does not suffice for a point refuses the study, with the points that fit', async () => {
    // A plastic synapse takes 20 bytes and a neuron has 1000 of them: one share takes a tenth of what
    // there is, 64 of them do not fit.
    const huge = { ...sparse('K=1000'), threads: [1, 64], weak: 'N' as const };
    const available = availableMemory();
    const share = Math.round(available / 20e3 / 10);
    const refused = planStudy({ ...huge, overrides: ['K=1000', `N=${share}`] });
    await expect(refused).rejects.toThrow(PointMemoryError);
    await expect(refused).rejects.toThrow(
      /^point on 64 threads, seed 1: '.*' on 64 threads needs [\d.]+ [MGTP]B.*; the points with --threads 1 would fit$/,
    );
    const none = planStudy({ ...sparse('K=1000', `N=${share * 64}`), threads: [2] });
    await expect(none).rejects.toThrow(/no point of the study would fit/);
  });
});

describe('times', () => {
  test('leave something to measure', async () => {
    await expect(planStudy(request({ warmUp: 20 }))).rejects.toThrow(
      '--warm-up is 20; expected less than the 20 ms of a point, or 0 for none',
    );
    await expect(planStudy(request({ warmUp: 5, time: 5 }))).rejects.toThrow(ValueError);
    await expect(planStudy(request({ warmUp: 0, time: 5 }))).resolves.toBeDefined();
  });

  test('lie on the grid', async () => {
    const off = planStudy(request({ warmUp: 5.05 }));
    await expect(off).rejects.toThrow(OffGridError);
    await expect(off).rejects.toThrow('--warm-up is 5.05 ms, not a multiple');
    await expect(planStudy(request({ time: 7.77 }))).rejects.toThrow(OffGridError);
  });
});
