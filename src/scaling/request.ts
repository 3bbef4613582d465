/** What a study is asked for, and the points that follow. */
import { UnknownNameError, ValueError } from '../errors/index.js';
import { loadExperiment } from '../experiment/load.js';
import { plannedIntervals } from '../experiment/protocol.js';
import type { ResolvedExperiment } from '../experiment/schema.js';
import { cutAt } from '../experiment/timeline.js';
import type { PointPlan } from './study.js';

export interface StudyRequest {
  readonly file: string;
  /** `path=value`, as for a run. */
  readonly overrides: readonly string[];
  /** Ascending. */
  readonly threads: readonly number[];
  readonly repeats: number;
  /** Number of seeds: the experiment's own and those that follow it. */
  readonly seeds: number;
  /** Weak scaling: the parameter that grows with the threads, or true for the file's own. */
  readonly weak?: string | true;
  /** Biological time to discard, in ms. */
  readonly warmUp: number;
  /** End of each point in biological time, in ms, instead of the protocol's. */
  readonly time?: number;
  /** The command that asks for it. */
  readonly command: string;
}

/** A study ready to be measured. */
export interface StudyPlan {
  readonly request: StudyRequest;
  readonly sizeParameter?: string;
  readonly seeds: readonly (number | string)[];
  /** One thread's share in weak scaling, otherwise what all run. */
  readonly base: ResolvedExperiment;
  readonly experiments: ReadonlyMap<number, ResolvedExperiment>;
  /** In the order of measuring: a drift of the machine's speed meets all numbers of threads alike. */
  readonly points: readonly PointPlan[];
}

/**
 * Reads the experiment and checks the request against it.
 * @throws what loadExperiment throws; ValueError, OffGridError, UnknownNameError
 */
export async function planStudy(request: StudyRequest): Promise<StudyPlan> {
  const { file, overrides, threads, repeats } = request;
  const base = await loadExperiment(file, overrides);
  checkTimes(base, request);
  checkThreads(base, threads);
  const sizeParameter = sizeParameterOf(base, request.weak);
  const share = sizeParameter === undefined ? undefined : base.parameters[sizeParameter]!;
  const experiments = new Map<number, ResolvedExperiment>();
  for (const count of threads) {
    const grown =
      share === undefined
        ? base
        : await loadExperiment(file, [
            ...overrides,
            `parameters.${sizeParameter}=${share * count}`,
          ]);
    experiments.set(count, grown);
  }
  const seeds = seedsFrom(base.kernel.rng_seed, request.seeds);
  const points: PointPlan[] = [];
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for (const seed of seeds) {
      for (const count of threads) {
        const size = share === undefined ? {} : { size: share * count };
        points.push({ threads: count, seed, repeat, ...size });
      }
    }
  }
  const weak = sizeParameter === undefined ? {} : { sizeParameter };
  return { request, ...weak, seeds, base, experiments, points };
}

/** There must be something left to measure. */
function checkTimes(experiment: ResolvedExperiment, { warmUp, time }: StudyRequest): void {
  const intervals = plannedIntervals(experiment, time);
  const end = intervals.at(-1)!.end;
  if (warmUp >= end) {
    const expected = `less than the ${end} ms of a point`;
    throw new ValueError('warm-up', warmUp, expected);
  }
  if (warmUp > 0) cutAt(intervals, warmUp, experiment.kernel.resolution);
}

/** Virtual processes, where the file numbers them, are shared evenly among the threads. */
function checkThreads({ kernel }: ResolvedExperiment, threads: readonly number[]): void {
  const { total_num_virtual_procs: processes } = kernel;
  const odd = threads.find((count) => processes !== undefined && processes % count !== 0);
  if (odd === undefined) return;
  const expected = `a divisor of total_num_virtual_procs, which is ${processes}`;
  throw new ValueError('--threads', odd, expected);
}

function sizeParameterOf(
  { parameters, size_parameter }: ResolvedExperiment,
  weak: StudyRequest['weak'],
): string | undefined {
  if (weak === undefined) return undefined;
  const known = Object.keys(parameters);
  if (weak !== true) {
    if (!known.includes(weak)) throw new UnknownNameError('parameter', weak, known);
    return weak;
  }
  if (size_parameter !== undefined) return size_parameter;
  const expected = `the name of a parameter that grows with the threads (one of ${known.join(', ') || 'none'}), as the file has no "size_parameter"`;
  throw new ValueError('--weak', 'without a name', expected);
}

/** The seed and those that follow: 5, 6, 7; word, word-2, word-3. */
function seedsFrom(first: number | string, count: number): (number | string)[] {
  return Array.from({ length: count }, (_, i) => {
    if (typeof first === 'number') return first + i;
    return i === 0 ? first : `${first}-${i + 1}`;
  });
}
