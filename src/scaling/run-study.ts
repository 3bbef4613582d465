/** Measuring a study, point after point. */
import { availableParallelism, loadavg } from 'node:os';
import type { ResolvedExperiment } from '../experiment/schema.js';
import { disagreements, newDisagreement } from './digests.js';
import { describeMachine } from './machine.js';
import type { Job, JobProgress } from './measure.js';
import type { PointRunner } from './point-runner.js';
import type { StudyPlan } from './request.js';
import {
  type Check,
  type Disagreement,
  type Point,
  type PointPlan,
  type RunPlan,
  STUDY_VERSION,
  type Study,
} from './study.js';
import type { Timeline } from './timeline.js';
import { fitUsl } from './usl.js';

export interface StudyProgress extends JobProgress {
  /** What is under way: measuring a point, a run for its digest alone, or tracing for the timeline. */
  readonly task: Work['task'];
  /** Number of it among those of its kind, counting from 1, and how many these are. */
  readonly number: number;
  readonly count: number;
  /** Number of it among all, counting from 1, and how many these are. */
  readonly job: number;
  readonly jobs: number;
  readonly plan: RunPlan;
  /** What is left to do, in ms of wall time; undefined until it can be told. */
  readonly left?: number;
}

export interface StudyOptions {
  /** Aborting it ends the study; the points measured so far stay. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: StudyProgress) => void;
  /** A run came to another digest than one before it; told once per experiment and seed. */
  readonly onDisagreement?: (found: Disagreement) => void;
  readonly runner: PointRunner;
  /** Wall time in ms. */
  readonly clock?: () => number;
}

/**
 * Measures all points, checks digests and traces a timeline. What ends a study early, a signal or a
 * failing point, leaves it incomplete; the error of a point rejects only if there is no point before it.
 */
export async function runStudy(plan: StudyPlan, options: StudyOptions): Promise<Study> {
  const machine = await describeMachine();
  const course = new Course(plan, options);
  const ending = await endingOf(course, options.signal);
  const { request, base, seeds, sizeParameter } = plan;
  const { points, checks, timeline } = course;
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
    checks,
    disagreements: disagreements([...points, ...checks]),
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

/** What one process does. */
type Work = { readonly experiment: ResolvedExperiment } & (
  | { readonly task: 'point' | 'timeline'; readonly plan: PointPlan }
  | { readonly task: 'check'; readonly plan: Omit<Check, 'digest'> }
);

/** Everything, in order. */
function worksOf({ points, check, experiments, seeds, request }: StudyPlan): Work[] {
  const largest = request.threads.at(-1)!;
  const traced = points.find(({ threads, seed }) => threads === largest && seed === seeds[0])!;
  const on = (threads: number) => experiments.get(threads)!;
  const checked = seeds.flatMap((seed): Work[] => {
    if (check === undefined) return [];
    const { threads, size, experiment } = check;
    return [{ task: 'check', plan: { threads, seed, size }, experiment }];
  });
  return [
    ...points.map((plan): Work => ({ task: 'point', plan, experiment: on(plan.threads) })),
    ...checked,
    { task: 'timeline', plan: traced, experiment: on(largest) },
  ];
}

type JobOptions = Parameters<PointRunner['measure']>[1];

/** A study under way. */
class Course {
  readonly points: Point[] = [];
  readonly checks: Check[] = [];
  timeline: Timeline | undefined;
  /** Wall times in ms of the jobs that are done, by threads. */
  private readonly durations = new Map<number, number[]>();
  private readonly works: readonly Work[];
  private readonly runner: PointRunner;
  private readonly clock: () => number;

  constructor(
    private readonly plan: StudyPlan,
    private readonly options: StudyOptions,
  ) {
    this.works = worksOf(plan);
    this.runner = options.runner;
    this.clock = options.clock ?? (() => performance.now());
  }

  async run(): Promise<void> {
    for (const [index, work] of this.works.entries()) {
      if (work.task === 'timeline') {
        this.timeline = await this.carryOut(index, (job, how) => this.runner.trace(job, how));
        continue;
      }
      const load = loadavg()[0]!;
      const measured = await this.carryOut(index, (job, how) => this.runner.measure(job, how));
      if (work.task === 'check') {
        this.checks.push({ ...work.plan, digest: measured.digest });
      } else {
        const oversubscribed = work.plan.threads > availableParallelism();
        this.points.push({ ...work.plan, ...measured, oversubscribed, load });
      }
      const found = newDisagreement([...this.points, ...this.checks]);
      if (found !== undefined) this.options.onDisagreement?.(found);
    }
  }

  private async carryOut<T>(
    index: number,
    task: (job: Job, options: JobOptions) => Promise<T>,
  ): Promise<T> {
    const { warmUp, time } = this.plan.request;
    const { signal } = this.options;
    const { plan, experiment } = this.works[index]!;
    const began = this.clock();
    const onProgress = (progress: JobProgress) => this.tell(index, progress, this.clock() - began);
    onProgress({ phase: 'build', fraction: 0 });
    const { threads, seed } = plan;
    const { rehearsal, request } = this.plan;
    const job = {
      ...{ experiment, file: request.file, threads, seed, warmUp },
      ...(time === undefined ? {} : { time }),
      ...(rehearsal === undefined ? {} : { rehearsal }),
    };
    const outcome = await task(job, { onProgress, ...(signal === undefined ? {} : { signal }) });
    this.durationsOf(threads).push(this.clock() - began);
    return outcome;
  }

  private tell(index: number, progress: JobProgress, elapsed: number): void {
    const left = this.left(index, elapsed);
    const { task, plan } = this.works[index]!;
    const alike = this.works.filter((work) => work.task === task);
    this.options.onProgress?.({
      ...progress,
      task,
      plan,
      number: alike.indexOf(this.works[index]!) + 1,
      count: alike.length,
      job: index + 1,
      jobs: this.works.length,
      ...(left === undefined ? {} : { left }),
    });
  }

  /** From the jobs that are done; those of threads not seen yet count as the longest so far. */
  private left(index: number, elapsed: number): number | undefined {
    if (this.durations.size === 0) return undefined;
    const means = new Map([...this.durations].map(([threads, all]) => [threads, mean(all)]));
    const longest = Math.max(...means.values());
    const expected = (job: number) => means.get(this.works[job]!.plan.threads) ?? longest;
    let left = Math.max(0, expected(index) - elapsed);
    for (let job = index + 1; job < this.works.length; job++) left += expected(job);
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
