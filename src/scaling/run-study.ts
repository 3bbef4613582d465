/** Measuring a study, point after point. */
import { availableParallelism, loadavg } from 'node:os';
import { disagreements } from './digests.js';
import { describeMachine } from './machine.js';
import type { Job, JobProgress } from './measure.js';
import type { PointRunner } from './point-runner.js';
import type { StudyPlan } from './request.js';
import {
  type Disagreement,
  type Point,
  type PointPlan,
  STUDY_VERSION,
  type Study,
} from './study.js';
import type { Timeline } from './timeline.js';
import { fitUsl } from './usl.js';

export interface StudyProgress extends JobProgress {
  /** Number of the point under way, counting from 1, and of all; the last is the timeline's. */
  readonly point: number;
  readonly points: number;
  readonly plan: PointPlan;
  /** What is left to do, in ms of wall time; undefined until it can be told. */
  readonly left?: number;
}

export interface StudyOptions {
  /** Aborting it ends the study; the points measured so far stay. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: StudyProgress) => void;
  /** A point came to another digest than one before it. */
  readonly onDisagreement?: (found: Disagreement) => void;
  readonly runner: PointRunner;
  /** Wall time in ms. */
  readonly clock?: () => number;
}

/**
 * Measures all points and a timeline. What ends a study early, a signal or a failing point, leaves
 * it incomplete; the error of a point rejects only if there is no point before it.
 */
export async function runStudy(plan: StudyPlan, options: StudyOptions): Promise<Study> {
  const machine = await describeMachine();
  const course = new Course(plan, options);
  const ending = await endingOf(course, options.signal);
  const { request, base, seeds, sizeParameter } = plan;
  const { points, timeline } = course;
  return {
    version: STUDY_VERSION,
    name: base.name,
    description: base.description,
    kind: sizeParameter === undefined ? 'strong' : 'weak',
    ...(sizeParameter === undefined ? {} : { sizeParameter }),
    ...ending,
    threads: request.threads,
    repeats: request.repeats,
    seeds,
    warmUp: request.warmUp,
    command: request.command,
    machine,
    experiment: base,
    points,
    disagreements: disagreements(points),
    usl: scalabilityOf(sizeParameter === undefined, points),
    ...(timeline === undefined ? {} : { timeline }),
  };
}

async function endingOf(
  course: Course,
  signal: AbortSignal | undefined,
): Promise<Pick<Study, 'complete' | 'failure'>> {
  try {
    await course.run();
    return { complete: true };
  } catch (error) {
    if (signal?.aborted) return { complete: false };
    if (course.points.length === 0) throw error;
    return { complete: false, failure: (error as Error).message };
  }
}

function scalabilityOf(strong: boolean, points: readonly Point[]): Study['usl'] {
  if (!strong) {
    return {
      fitted: false,
      reason: 'the law speaks of one network on more threads, not of growing ones',
    };
  }
  return fitUsl(
    points
      .filter(({ oversubscribed }) => !oversubscribed)
      .map(({ threads, seed, modelTime, wall }) => ({
        threads,
        seed,
        value: modelTime / 1000 / wall.simulate,
      })),
  );
}

/** A study under way. */
class Course {
  readonly points: Point[] = [];
  timeline: Timeline | undefined;
  /** Wall times in ms of the jobs that are done, by threads. */
  private readonly durations = new Map<number, number[]>();
  private readonly jobs: readonly PointPlan[];
  private readonly runner: PointRunner;
  private readonly clock: () => number;

  constructor(
    private readonly plan: StudyPlan,
    private readonly options: StudyOptions,
  ) {
    const { points, request, seeds } = plan;
    const largest = request.threads.at(-1)!;
    const traced = points.find(({ threads, seed }) => threads === largest && seed === seeds[0])!;
    this.jobs = [...points, traced];
    this.runner = options.runner;
    this.clock = options.clock ?? (() => performance.now());
  }

  async run(): Promise<void> {
    const last = this.jobs.length - 1;
    for (let index = 0; index < last; index++) await this.measure(index);
    this.timeline = await this.carryOut(last, (job, options) => this.runner.trace(job, options));
  }

  private async measure(index: number): Promise<void> {
    const load = loadavg()[0]!;
    const measured = await this.carryOut(index, (job, options) =>
      this.runner.measure(job, options),
    );
    const plan = this.jobs[index]!;
    const oversubscribed = plan.threads > availableParallelism();
    const before = disagreements(this.points).length;
    this.points.push({ ...plan, ...measured, oversubscribed, load });
    const found = disagreements(this.points);
    if (found.length > before) this.options.onDisagreement?.(found.at(-1)!);
  }

  private async carryOut<T>(
    index: number,
    task: (job: Job, options: Parameters<PointRunner['measure']>[1]) => Promise<T>,
  ): Promise<T> {
    const { request, experiments } = this.plan;
    const { signal } = this.options;
    const plan = this.jobs[index]!;
    const began = this.clock();
    const onProgress = (progress: JobProgress) => this.tell(index, progress, this.clock() - began);
    onProgress({ phase: 'build', fraction: 0 });
    const job: Job = {
      experiment: experiments.get(plan.threads)!,
      threads: plan.threads,
      seed: plan.seed,
      warmUp: request.warmUp,
      ...(request.time === undefined ? {} : { time: request.time }),
    };
    const outcome = await task(job, { onProgress, ...(signal === undefined ? {} : { signal }) });
    this.durationsOf(plan.threads).push(this.clock() - began);
    return outcome;
  }

  private tell(index: number, progress: JobProgress, elapsed: number): void {
    const left = this.left(index, elapsed);
    this.options.onProgress?.({
      ...progress,
      point: index + 1,
      points: this.jobs.length,
      plan: this.jobs[index]!,
      ...(left === undefined ? {} : { left }),
    });
  }

  /** From the jobs that are done; those of threads not seen yet count as the longest so far. */
  private left(index: number, elapsed: number): number | undefined {
    if (this.durations.size === 0) return undefined;
    const means = new Map([...this.durations].map(([threads, all]) => [threads, mean(all)]));
    const longest = Math.max(...means.values());
    const expected = (job: number) => means.get(this.jobs[job]!.threads) ?? longest;
    let left = Math.max(0, expected(index) - elapsed);
    for (let job = index + 1; job < this.jobs.length; job++) left += expected(job);
    return left;
  }

  private durationsOf(threads: number): number[] {
    const known = this.durations.get(threads) ?? [];
    this.durations.set(threads, known);
    return known;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
