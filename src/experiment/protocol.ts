/** From a resolved experiment to a simulation and its intervals: what every way to run it begins with. */
import { Simulation } from '../simulation/index.js';
import type { Network } from './build-network.js';
import { PlacedErrors } from './placement.js';
import type { ResolvedExperiment } from './schema.js';
import { type GaussianRate, gaussianRates } from './stimulus.js';
import { cutAt, type Interval, timeline } from './timeline.js';
import { numbersOf } from './values.js';

export function withSeed(
  experiment: ResolvedExperiment,
  seed: number | string | undefined,
): ResolvedExperiment {
  if (seed === undefined) return experiment;
  return { ...experiment, kernel: { ...experiment.kernel, rng_seed: seed } };
}

/** An empty simulation with the experiment's kernel. Throws ValueError or OffGridError. */
export function openSimulation(experiment: ResolvedExperiment, threads: number): Simulation {
  const { resolution, rng_seed, min_delay, total_num_virtual_procs } = experiment.kernel;
  return new Simulation({
    resolution,
    rng_seed,
    local_num_threads: threads,
    ...(min_delay === undefined ? {} : { min_delay }),
    ...(total_num_virtual_procs === undefined ? {} : { total_num_virtual_procs }),
  });
}

/**
 * The intervals of the protocol up to `timeMs`.
 * @throws ValueError and OffGridError for `timeMs`
 */
export function plannedIntervals(
  experiment: ResolvedExperiment,
  timeMs: number | undefined,
): Interval[] {
  const { resolution, rng_seed } = experiment.kernel;
  const all = timeline(experiment, rng_seed);
  return timeMs === undefined ? all : cutAt(all, timeMs, resolution);
}

/** Intervals that one call of `simulate` goes through: after the first, they only bring other rates of generators. */
export interface Stretch {
  readonly first: Interval;
  readonly others: readonly Interval[];
  readonly start: number;
  readonly end: number;
}

/** How many rates are sent ahead at most: 1 MB for each virtual process. */
const MOST_RATES = 2 ** 17;
/** And how many intervals. */
const MOST_INTERVALS = 1000;

/** The intervals as stretches. */
export function stretchesOf({ populations }: Network, intervals: readonly Interval[]): Stretch[] {
  const stretches: { first: Interval; others: Interval[]; rates: number }[] = [];
  for (const interval of intervals) {
    const { stimulus, set } = interval;
    const nodes = stimulus && populations.get(stimulus.profile.population)!;
    const rates = nodes ? nodes.length : 0;
    const current = stretches.at(-1);
    // Other nodes may have a parameter of that name, which is set when its time has come.
    const canWait = nodes === undefined || nodes.model === 'poisson_generator';
    if (
      current &&
      Object.keys(set).length === 0 &&
      canWait &&
      current.rates + rates <= MOST_RATES &&
      current.others.length < MOST_INTERVALS
    ) {
      current.others.push(interval);
      current.rates += rates;
    } else {
      stretches.push({ first: interval, others: [], rates: 0 });
    }
  }
  return stretches.map(({ first, others }) => ({
    first,
    others,
    start: first.start,
    end: (others.at(-1) ?? first).end,
  }));
}

/** Sets what is set when a stretch begins, and schedules what changes within. Throws ExperimentError. */
export function beginStretch(network: Network, { first, others }: Stretch): void {
  beginInterval(network, first);
  const schedules = new Map<string, { times: number[]; rates: Float64Array[] }>();
  const ratesOf = knownRates(network);
  for (const { start, stimulus } of others) {
    if (stimulus === undefined) continue;
    const { population } = stimulus.profile;
    const schedule = schedules.get(population) ?? { times: [], rates: [] };
    schedules.set(population, schedule);
    schedule.times.push(start);
    schedule.rates.push(ratesOf(stimulus));
  }
  for (const [population, { times, rates }] of schedules) {
    network.populations.get(population)!.scheduleRates(times, rates);
  }
}

/** Sets what is set when an interval begins. Throws ExperimentError. */
function beginInterval(network: Network, { entry, set, stimulus }: Interval): void {
  const { file, populations } = network;
  const errors = new PlacedErrors();
  for (const [name, params] of Object.entries(set)) {
    const place = { path: `protocol.${entry}.set.${name}`, given: params };
    errors.try([place], () => populations.get(name)!.set(numbersOf(params)));
  }
  if (stimulus !== undefined) {
    const { population } = stimulus.profile;
    const place = { path: `protocol.${entry}.stimulus.population`, given: {} };
    const rate = ratesOf(network, stimulus);
    errors.try([place], () => populations.get(population)!.set({ rate }));
  }
  errors.throwIfAny(file);
}

type Stimulus = NonNullable<Interval['stimulus']>;

function ratesOf({ populations }: Network, { profile, center }: Stimulus): Float64Array {
  return gaussianRates(profile, populations.get(profile.population)!.length, center);
}

/** Computes the rates of stimuli; those of a centre that is drawn again are known. */
function knownRates(network: Network): (stimulus: Stimulus) => Float64Array {
  const known = new Map<GaussianRate, Map<number, Float64Array>>();
  return (stimulus) => {
    const { profile, center } = stimulus;
    const byCenter = known.get(profile) ?? new Map<number, Float64Array>();
    known.set(profile, byCenter);
    const rates = byCenter.get(center) ?? ratesOf(network, stimulus);
    byCenter.set(center, rates);
    return rates;
  };
}
