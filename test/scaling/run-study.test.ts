import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { LostPointError } from '../../src/errors/index.js';
import { disagreementText } from '../../src/scaling/digests.js';
import type { Job } from '../../src/scaling/measure.js';
import type { PointRunner } from '../../src/scaling/point-runner.js';
import type { StudyPlan } from '../../src/scaling/request.js';
import { runStudy, type StudyProgress } from '../../src/scaling/run-study.js';
import type { Measurement } from '../../src/scaling/study.js';
import { timelineOf } from '../../src/scaling/timeline.js';
import { resolved } from '../experiment/minimal.js';
import { measurement, traces } from './studies.js';

/** Two repeats on 1, 2 and 3 threads. */
function plan(
  threads: readonly number[] = [1, 2, 3],
  weak = false,
  seeds: readonly number[] = [1],
): StudyPlan {
  const base = resolved();
  const points = [1, 2].flatMap((repeat) =>
    seeds.flatMap((seed) =>
      threads.map((count) => ({
        threads: count,
        seed,
        repeat,
        ...(weak ? { size: 2 * count } : {}),
      })),
    ),
  );
  const request = { file: 'net.json', overrides: [], threads, repeats: 2, warmUp: 5 };
  const check = { threads: threads[0]! + 1, size: 2 * threads[0]!, experiment: base };
  return {
    request: { ...request, seeds: seeds.length, memoryCheck: true, command: 'the command' },
    ...(weak ? { sizeParameter: 'S', check } : {}),
    seeds,
    base,
    experiments: new Map(threads.map((count) => [count, base])),
    points,
  };
}

/** Measures nothing; `outcome` may change what it says of a job, or throw. */
function pretending(outcome: (job: Job, index: number) => Partial<Measurement> = () => ({})) {
  const jobs: Job[] = [];
  const runner: PointRunner = {
    async measure(job, { onProgress }) {
      jobs.push(job);
      onProgress?.({ phase: 'simulate', fraction: 0.5 });
      return measurement(job.threads, outcome(job, jobs.length));
    },
    async trace(job) {
      jobs.push(job);
      return timelineOf(traces(job.threads, 100), 5, 10);
    },
  };
  return { runner, jobs };
}

describe('a study', () => {
  test('measures every point, then traces the most threads', async () => {
    const { runner, jobs } = pretending();
    const study = await runStudy(plan(), { runner });
    expect(jobs.map(({ threads }) => threads)).toEqual([1, 2, 3, 1, 2, 3, 3]);
    expect(study.points.map(({ threads, repeat }) => [threads, repeat])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [1, 2],
      [2, 2],
      [3, 2],
    ]);
    expect(study).toMatchObject({ kind: 'strong', complete: true, disagreements: [] });
    expect(study).not.toHaveProperty('failure');
    expect(study.timeline).toMatchObject({ threads: 3, slices: 100 });
  });

  test('marks points with more threads than cores, and leaves them out of the fit', async () => {
    const cores = availableParallelism();
    const counts = [1, 2, 3, 4].map((n) => n * cores);
    const { runner } = pretending();
    const study = await runStudy(plan(counts), { runner });
    expect(study.points.map(({ oversubscribed }) => oversubscribed).slice(0, 4)).toEqual([
      false,
      true,
      true,
      true,
    ]);
    const reason = expect.stringMatching(`at least 4 .* there are ${cores}$`);
    expect(study.usl).toEqual({ fitted: false, reason });
  });

  test('of a growing network is not fitted', async () => {
    const study = await runStudy(plan([1, 2], true), { runner: pretending().runner });
    expect(study).toMatchObject({ kind: 'weak', sizeParameter: 'S', usl: { fitted: false } });
  });

  test('tells once when points disagree, and goes on', async () => {
    const { runner, jobs } = pretending(({ threads }, index) =>
      threads === 2 ? { digest: `${index}`.repeat(64) } : {},
    );
    const told: unknown[] = [];
    const study = await runStudy(plan(), { runner, onDisagreement: (found) => told.push(found) });
    expect(jobs).toHaveLength(7);
    expect(told).toHaveLength(1);
    expect(study.disagreements[0]!.digests.map(({ points }) => points.length)).toEqual([4, 1, 1]);
  });

  test('tells every seed that disagrees once, whichever comes first', async () => {
    // Of seed 2 the second point differs, of seed 1 the first of the second repeat, and later ones.
    const odd = new Map([
      [4, 'b'],
      [5, 'c'],
      [6, 'd'],
    ]);
    const { runner } = pretending((_, index) => {
      const letter = odd.get(index);
      return letter === undefined ? {} : { digest: letter.repeat(64) };
    });
    const told: (number | string)[] = [];
    const study = await runStudy(plan([1, 2], false, [1, 2]), {
      runner,
      onDisagreement: ({ seed }) => told.push(seed),
    });
    expect(told).toEqual([2, 1]);
    expect(study.disagreements.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(study.disagreements[0]!.digests).toHaveLength(3);
  });

  test('of growing networks runs the smallest on another number of threads for each seed', async () => {
    const { runner, jobs } = pretending(({ threads, seed }) =>
      threads === 3 && seed === 2 ? { digest: 'f'.repeat(64) } : {},
    );
    const told: unknown[] = [];
    const news: StudyProgress[] = [];
    const study = await runStudy(plan([2, 4], true, [1, 2]), {
      runner,
      onDisagreement: (found) => told.push(found),
      onProgress: (one) => news.push(one),
    });
    const order = jobs.map(({ threads, seed }) => [threads, seed]);
    expect(order.slice(8)).toEqual([
      [3, 1],
      [3, 2],
      [4, 1],
    ]);
    expect(study.points).toHaveLength(8);
    expect(study.checks.map(({ threads, seed, size }) => [threads, seed, size])).toEqual([
      [3, 1, 4],
      [3, 2, 4],
    ]);
    expect(told).toEqual(study.disagreements);
    expect(disagreementText(study.disagreements[0]!)).toBe(
      'seed 2, size 4: aaaaaaaaaaaa with threads 2 (repeat 1), 2 (repeat 2); ffffffffffff with threads 3 (check)',
    );
    const checks = news.filter(({ task, phase }) => task === 'check' && phase === 'build');
    expect(checks.map(({ number, count, job, jobs: all }) => [number, count, job, all])).toEqual([
      [1, 2, 9, 11],
      [2, 2, 10, 11],
    ]);
  });

  test('tells how far it is and what is left', async () => {
    let now = 0;
    const { runner } = pretending(() => {
      now += 1000;
      return {};
    });
    const news: StudyProgress[] = [];
    await runStudy(plan([1, 2]), { runner, clock: () => now, onProgress: (p) => news.push(p) });
    const begun = news.filter(({ phase }) => phase === 'build');
    expect(begun.map(({ job, jobs }) => [job, jobs])).toEqual([
      [1, 5],
      [2, 5],
      [3, 5],
      [4, 5],
      [5, 5],
    ]);
    expect(begun.map(({ left }) => left)).toEqual([undefined, 4000, 3000, 2000, 1000]);
  });
});

describe('a study that ends early', () => {
  test('by a signal keeps the points it has', async () => {
    const controller = new AbortController();
    const { runner, jobs } = pretending((_, index) => {
      if (index === 3) controller.abort();
      controller.signal.throwIfAborted();
      return {};
    });
    const study = await runStudy(plan(), { runner, signal: controller.signal });
    expect(jobs).toHaveLength(3);
    expect(study.points).toHaveLength(2);
    expect(study.complete).toBe(false);
    expect(study).not.toHaveProperty('failure');
    expect(study).not.toHaveProperty('timeline');
  });

  test('by a point that is lost keeps the points before it and says why', async () => {
    const { runner } = pretending((_, index) => {
      if (index === 5) throw new LostPointError(2, 'killed by SIGKILL');
      return {};
    });
    const study = await runStudy(plan(), { runner });
    expect(study.points).toHaveLength(4);
    expect(study).toMatchObject({
      complete: false,
      failure: 'the process of a point with 2 threads ended without a result (killed by SIGKILL)',
    });
  });

  test('at its first point fails', async () => {
    const { runner } = pretending(() => {
      throw new LostPointError(1, 'exit status 1');
    });
    await expect(runStudy(plan(), { runner })).rejects.toThrow(LostPointError);
  });
});
