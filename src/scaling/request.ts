/** What a study is asked for, and the points that follow. */
import {
  PointMemoryError,
  StudyRequestError,
  UnknownNameError,
  ValueError,
} from '../errors/index.js';
import { loadExperiment } from '../experiment/load.js';
import { plannedIntervals } from '../experiment/protocol.js';
import type { ResolvedExperiment } from '../experiment/schema.js';
import { affordableVersion } from '../planning/pilot.js';
import { workplaceOf } from '../planning/workplace.js';
import { MAX_THREADS } from '../simulation/process-numbers.js';
import { TimeGrid } from '../units/index.js';
import { type Rehearsal, withoutWeights } from './measure.js';
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
  /** Refuse points that the plan says cannot fit into memory. */
  readonly memoryCheck: boolean;
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
  /** What runs on so many threads, with the virtual processes that it needs there. */
  readonly experiments: ReadonlyMap<number, ResolvedExperiment>;
  /** What each process runs first, so that code is compiled by then; undefined if that takes too long. */
  readonly rehearsal?: Rehearsal;
  /** In the order of measuring: a drift of the machine's speed meets all numbers of threads alike. */
  readonly points: readonly PointPlan[];
  /** Undefined in strong scaling, and where virtual processes allow for no other number of threads. */
  readonly check?: CheckPlan;
}

/**
 * Points of weak scaling run each network on one number of threads. So the smallest of them is run on
 * another one, too, for each seed: that its digest is the same must not be taken on trust.
 */
export interface CheckPlan {
  readonly threads: number;
  readonly size: number;
  readonly experiment: ResolvedExperiment;
}

/**
 * Reads the experiment and checks the request against it.
 * @throws what loadExperiment throws; StudyRequestError, ValueError, OffGridError, UnknownNameError;
 *   PointMemoryError
 */
export async function planStudy(request: StudyRequest): Promise<StudyPlan> {
  const { file, overrides, threads } = request;
  const base = await loadExperiment(file, overrides);
  checkTimes(base, request);
  checkThreads(base, threads);
  const seeds = seedsFrom(base.kernel.rng_seed, request.seeds);
  const sizeParameter = sizeParameterOf(base, request.weak);
  const rehearsal = await rehearsalOf(base, request);
  const common = { request, seeds, base, ...(rehearsal && { rehearsal }) };
  if (sizeParameter === undefined) {
    const experiments = await fitted(
      new Map(threads.map((count) => [count, base])),
      request,
      seeds,
    );
    return { ...common, experiments, points: pointsOf(request, seeds, () => ({})) };
  }
  const share = base.parameters[sizeParameter]!;
  const grown = new Map<number, ResolvedExperiment>();
  for (const count of threads) {
    const larger = `parameters.${sizeParameter}=${share * count}`;
    grown.set(count, await loadExperiment(file, [...overrides, larger]));
  }
  const experiments = await fitted(grown, request, seeds);
  const points = pointsOf(request, seeds, (count) => ({ size: share * count }));
  const check = await checkOf(grown, share, request);
  return { ...common, sizeParameter, experiments, points, ...(check && { check }) };
}

/** Biological time that a rehearsal would simulate, in ms, and what it may take by typical costs, in s. */
const REHEARSED_MS = 1500;
const REHEARSAL_BUDGET = 0.4;

async function rehearsalOf(
  base: ResolvedExperiment,
  { file, overrides, time }: StudyRequest,
): Promise<Rehearsal | undefined> {
  const end = plannedIntervals(base, time).at(-1)!.end;
  const smaller = (more: readonly string[]) => loadExperiment(file, [...overrides, ...more]);
  const wanted = Math.min(end, REHEARSED_MS);
  const version = await affordableVersion(base, wanted, REHEARSAL_BUDGET, smaller);
  if (version === undefined) return undefined;
  const { experiment, steps } = version;
  return {
    experiment: withoutWeights(experiment),
    time: new TimeGrid(experiment.kernel.resolution).ms(steps),
  };
}

/** Repeat by repeat, seed by seed, all numbers of threads. */
function pointsOf(
  { threads, repeats }: StudyRequest,
  seeds: StudyPlan['seeds'],
  sizeOn: (threads: number) => Pick<PointPlan, 'size'>,
): PointPlan[] {
  const points: PointPlan[] = [];
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for (const seed of seeds) {
      for (const count of threads) {
        points.push({ threads: count, seed, repeat, ...sizeOn(count) });
      }
    }
  }
  return points;
}

/** The networks on their numbers of threads, as `run` would run them; all must fit before one runs. */
async function fitted(
  networks: ReadonlyMap<number, ResolvedExperiment>,
  { time, memoryCheck }: StudyRequest,
  seeds: StudyPlan['seeds'],
): Promise<ReadonlyMap<number, ResolvedExperiment>> {
  const places = await Promise.all(
    [...networks].map(([threads, network]) => placeOn(threads, network, time)),
  );
  const unfit = memoryCheck ? places.find(({ misfit }) => misfit !== undefined) : undefined;
  if (unfit !== undefined) {
    const fitting = places.filter(({ misfit }) => misfit === undefined);
    const counts = fitting.map(({ threads }) => threads);
    throw new PointMemoryError(unfit.threads, seeds[0]!, counts, unfit.misfit!);
  }
  return new Map(places.map(({ threads, experiment }) => [threads, experiment]));
}

function placeOn(threads: number, network: ResolvedExperiment, timeMs: number | undefined) {
  return workplaceOf(withoutWeights(network), { threads, timeMs, cores: threads });
}

/** The smallest network on fewer threads, if only by one, or else on more: the first that fit. */
async function checkOf(
  networks: ReadonlyMap<number, ResolvedExperiment>,
  share: number,
  { time, memoryCheck }: StudyRequest,
): Promise<CheckPlan | undefined> {
  const [fewest, smallest] = [...networks][0]!;
  const { total_num_virtual_procs: processes } = smallest.kernel;
  const possible = (count: number) => processes === undefined || processes % count === 0;
  const all = Array.from({ length: MAX_THREADS }, (_, i) => i + 1).filter(possible);
  const fewer = all.filter((count) => count < fewest).reverse();
  for (const threads of [...fewer, ...all.filter((count) => count > fewest)]) {
    const { misfit, experiment } = await placeOn(threads, smallest, time);
    if (misfit === undefined || !memoryCheck) return { threads, size: share * fewest, experiment };
  }
  return undefined;
}

/** There must be something left to measure. */
function checkTimes(experiment: ResolvedExperiment, { warmUp, time }: StudyRequest): void {
  const end = plannedIntervals(experiment, time).at(-1)!.end;
  if (warmUp >= end) {
    throw new ValueError('--warm-up', warmUp, `less than the ${end} ms of a point, or 0 for none`);
  }
  new TimeGrid(experiment.kernel.resolution).steps('--warm-up', warmUp);
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
  throw new StudyRequestError(known);
}

/** The seed and those that follow: 5, 6, 7; word, word-2, word-3. */
function seedsFrom(first: number | string, count: number): (number | string)[] {
  return Array.from({ length: count }, (_, i) => {
    if (typeof first === 'number') return first + i;
    return i === 0 ? first : `${first}-${i + 1}`;
  });
}
