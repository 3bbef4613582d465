/** A plan of a run: what it consists of, and what it takes in memory and in time. */

import { plannedIntervals } from '../experiment/protocol.js';
import type { ResolvedExperiment } from '../experiment/schema.js';
import { processNumbers } from '../simulation/process-numbers.js';
import { calibrate } from './calibrate.js';
import { type Fit, fitOf } from './fit.js';
import { type PlannedNetwork, plannedNetwork } from './network.js';
import { type Pilot, pilotRun } from './pilot.js';
import { expectedRates, type Rates, unknownRates } from './rates.js';
import { largestFittingSize, type Variation } from './size.js';
import { worthwhileThreads } from './threads.js';
import { type Activity, plannedActivity, plannedTime, type TimePlan } from './time.js';

export interface PlanOptions {
  /** Default: as many as pay on so many cores. */
  readonly threads?: number | undefined;
  readonly cores: number;
  /** Plan for the protocol up to this time in ms. */
  readonly timeMs?: number | undefined;
  /** Name of the file, for errors. */
  readonly file?: string | undefined;
  /** Called when checks are over, and what takes seconds begins. */
  readonly onMeasuring?: (() => void) | undefined;
}

export interface Plan {
  readonly network: PlannedNetwork;
  readonly rates: Rates;
  readonly pilot: Pilot | undefined;
  readonly timeMs: number;
  readonly fit: Fit;
  readonly activity: Activity;
  readonly time: TimePlan;
  /** What measuring this machine took, in s, and whether there was time to measure all that counts. */
  readonly calibrationSeconds: number;
  readonly costsMeasured: boolean;
}

/**
 * Plans a run, and measures for it what this machine can do: some seconds.
 * @throws what a pilot run throws, ValueError and OffGridError for the time, ValueError for threads to which the virtual processes cannot be dealt
 */
export async function plan(
  experiment: ResolvedExperiment,
  options: PlanOptions,
  variation: Variation,
): Promise<Plan> {
  const { cores, file } = options;
  const network = plannedNetwork(experiment);
  const timeMs = plannedMs(experiment, options);
  const threads = plannedThreads(network, options);
  options.onMeasuring?.();
  const unsure = unknownRates(expectedRates(network, timeMs)).length > 0;
  const pilot = unsure ? await pilotRun(experiment, timeMs, variation, file) : undefined;
  const ratesOf = (some: PlannedNetwork) => expectedRates(some, timeMs, pilot?.rates);
  const rates = ratesOf(network);
  const began = performance.now();
  const costs = await calibrate(network, threads, cores);
  const calibrationSeconds = (performance.now() - began) / 1000;
  const fitting = await fitOf(network, ratesOf, timeMs, threads, {
    smallerOf: (fits) => largestFittingSize(experiment, variation, fits),
  });
  const workplace = { threads, processes: fitting.processes, cores };
  return {
    network,
    rates,
    pilot,
    timeMs,
    fit: fitting,
    activity: plannedActivity(network, rates),
    time: plannedTime(network, rates, timeMs, workplace, costs),
    calibrationSeconds,
    costsMeasured: costs.measured,
  };
}

/**
 * Whether a run fits and how, without measuring anything: rates that nobody states are assumed.
 * @throws as `plan`
 */
export async function planFit(
  network: PlannedNetwork,
  options: PlanOptions,
  variation?: Variation,
): Promise<Fit> {
  const { experiment } = network;
  const timeMs = plannedMs(experiment, options);
  const threads = plannedThreads(network, options);
  return fitOf(network, (some) => expectedRates(some, timeMs), timeMs, threads, {
    ...(variation && {
      smallerOf: (fits) => largestFittingSize(experiment, variation, fits),
    }),
  });
}

function plannedThreads(network: PlannedNetwork, { threads, cores }: PlanOptions): number {
  const { total_num_virtual_procs: processes } = network.experiment.kernel;
  return processNumbers({
    local_num_threads: threads ?? worthwhileThreads(network, cores),
    ...(processes !== undefined && { total_num_virtual_procs: processes }),
  }).threads;
}

/** Biological time of a run, in ms. */
function plannedMs(experiment: ResolvedExperiment, { timeMs }: PlanOptions): number {
  return plannedIntervals(experiment, timeMs).at(-1)?.end ?? 0;
}
