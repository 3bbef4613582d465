import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { LostPointError } from '../../src/errors/index.js';
import type { Job } from '../../src/scaling/measure.js';
import type { PointRunner } from '../../src/scaling/point-runner.js';
import type { StudyPlan } from '../../src/scaling/request.js';
import { runStudy, type StudyProgress } from '../../src/scaling/run-study.js';
import type { Measurement } from '../../src/scaling/study.js';
import { timelineOf } from '../../src/scaling/timeline.js';
import { resolved } from '../experiment/minimal.js';
import { measurement, traces } from './studies.js';

/** Two repeats on 1, 2 and 3 threads. */
function plan(threads: readonly number[] = [1, 2, 3], weak = false): StudyPlan {
  const base = resolved();
  const points = [1, 2].flatMap((repeat) =>
    threads.map((count) => ({
      threads: count,
      seed: 1,
      repeat,
      ...(weak ? { size: 2 * count } : {}),
    })),
  );
  const request = { file: 'net.json', overrides: [], threads, repeats: 2, seeds: 1, warmUp: 5 };
  return {
    request: { ...request, command: 'the command' },
    ...(weak ? { sizeParameter: 'S' } : {}),
    seeds: [1],
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

  test('tells how far it is and what is left', async () => {
    let now = 0;
    const { runner } = pretending(() => {
      now += 1000;
      return {};
    });
    const news: StudyProgress[] = [];
    await runStudy(plan([1, 2]), { runner, clock: () => now, onProgress: (p) => news.push(p) });
    const begun = news.filter(({ phase }) => phase === 'build');
    expect(begun.map(({ point, points }) => [point, points])).toEqual([
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
