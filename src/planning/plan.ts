/** A plan of a run: what it consists of, and what it takes in memory and in time. */

import { plannedIntervals } from '../experiment/protocol.js';
import type { ResolvedExperiment } from '../experiment/schema.js';
import { calibrate } from './calibrate.js';
import { type Fit, fitOf } from './fit.js';
import { type PlannedNetwork, plannedNetwork } from './network.js';
import { type Pilot, pilotRun, type Variation } from './pilot.js';
import { expectedRates, type Rates, unknownRates } from './rates.js';
import { worthwhileThreads } from './threads.js';
import { type Activity, plannedActivity, plannedTime, type TimePlan } from './time.js';

export interface PlanOptions {
  /** Default: as many as pay on so many cores. */
  readonly threads?: number | undefined;
  readonly cores: number;
  /** Plan for the protocol up to this time in ms. */
  readonly timeMs?: number | undefined;
}

export interface Plan {
  readonly network: PlannedNetwork;
  readonly rates: Rates;
  readonly pilot: Pilot | undefined;
  readonly timeMs: number;
  readonly fit: Fit;
  readonly activity: Activity;
  readonly time: TimePlan;
  /** What measuring this machine took, in s. */
  readonly calibrationSeconds: number;
}

/**
 * Plans a run, and measures for it what this machine can do: some seconds.
 * @throws ExperimentError for mistakes in the file, ValueError and OffGridError for the time
 */
export async function plan(
  experiment: ResolvedExperiment,
  { threads: asked, cores, timeMs: until }: PlanOptions,
  variation: Variation,
): Promise<Plan> {
  const network = plannedNetwork(experiment);
  const timeMs = plannedMs(experiment, until);
  const threads = asked ?? worthwhileThreads(network, cores);
  const unsure = unknownRates(expectedRates(network, timeMs)).length > 0;
  const pilot = unsure ? await pilotRun(experiment, timeMs, variation) : undefined;
  const rates = expectedRates(network, timeMs, pilot?.rates);
  const began = performance.now();
  const costs = await calibrate(network, threads, cores);
  const calibrationSeconds = (performance.now() - began) / 1000;
  const fitting = fitOf(network, rates, timeMs, threads);
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
  };
}

/** Whether a run fits and how, without measuring anything: rates that nobody states are assumed. */
export function planFit(network: PlannedNetwork, { threads, cores, timeMs }: PlanOptions): Fit {
  const ms = plannedMs(network.experiment, timeMs);
  return fitOf(
    network,
    expectedRates(network, ms),
    ms,
    threads ?? worthwhileThreads(network, cores),
  );
}

/** Biological time of a run, in ms. */
function plannedMs(experiment: ResolvedExperiment, until: number | undefined): number {
  return plannedIntervals(experiment, until).at(-1)?.end ?? 0;
}
