/**
 * A short run of a smaller version, to learn rates that the experiment does not state.
 *
 * Smaller is: the experiment as it is, for less time, if that is a matter of a second or two; else with
 * its `size_parameter` halved until it is. Without one there is no smaller version, and the run is made
 * so short that it is affordable; what is not affordable at all is not run, and rates are assumed.
 * The run is made twice as long as what is asked of its second half: what the first half brings is its
 * own (networks often begin with a volley), the second stands for the rest of the run. Of an odd number
 * of steps, the second half has one more.
 */
import { runExperiment } from '../experiment/run-experiment.js';
import type { ResolvedExperiment } from '../experiment/schema.js';
import { TimeGrid } from '../units/index.js';
import { typicalCosts } from './costs.js';
import { networkUnlessWrong, type PlannedNetwork, plannedNetwork } from './network.js';
import { expectedRates } from './rates.js';
import { type Size, sizeOverride, type Variation } from './size.js';
import { plannedTime } from './time.js';

export interface Pilot {
  /** Spikes/s of a neuron, mean over the run that is planned, by population. */
  readonly rates: ReadonlyMap<string, number>;
  readonly simulatedMs: number;
  /** The size that was run, if it was made smaller. */
  readonly size: Size | undefined;
}

/** Time that a pilot may take by typical costs, in s. */
const PILOT_BUDGET = 1.5;
/** Biological time that a pilot would simulate, and the least that is of any use, in ms. */
const WANTED_MS = 1000;
const LEAST_MS = 50;

/** A version of an experiment that is run beforehand. */
export interface AffordableVersion {
  readonly experiment: ResolvedExperiment;
  /** How far it is run, from the beginning. */
  readonly steps: number;
  /** The size, if it was made smaller. */
  readonly size: Size | undefined;
}

/**
 * Rates found by a pilot run of `timeMs` at most; undefined if none is affordable.
 * @param file its name, for errors
 */
export async function pilotRun(
  experiment: ResolvedExperiment,
  timeMs: number,
  variation: Variation,
  file = experiment.name,
): Promise<Pilot | undefined> {
  const wanted = Math.min(timeMs, WANTED_MS);
  const version = await affordableVersion(experiment, wanted, PILOT_BUDGET, variation);
  if (version === undefined) return undefined;
  const grid = new TimeGrid(experiment.kernel.resolution);
  const { steps, size } = version;
  const found = await rates({ experiment: version.experiment, file }, grid, steps, timeMs);
  return { rates: found, simulatedMs: grid.ms(steps), size };
}

/**
 * The experiment, or a smaller version, that is built and run for `wantedMs` in `budget` seconds by typical
 * costs; less time, if there is no smaller version; undefined if nothing of it is affordable.
 */
export async function affordableVersion(
  experiment: ResolvedExperiment,
  wantedMs: number,
  budget: number,
  variation: Variation,
): Promise<AffordableVersion | undefined> {
  const grid = new TimeGrid(experiment.kernel.resolution);
  const wanted = Math.max(1, grid.nearestSteps('time', wantedMs));
  const parameter = experiment.size_parameter;
  let value = parameter === undefined ? 0 : experiment.parameters[parameter]!;
  let network = plannedNetwork(experiment);
  let size: Size | undefined;
  for (;;) {
    const steps = affordableSteps(network, wanted, budget);
    if (steps === wanted || (parameter === undefined && grid.ms(steps) >= LEAST_MS)) {
      return { experiment: network.experiment, steps, size };
    }
    if (parameter === undefined || value <= 1) return undefined;
    value = Math.floor(value / 2);
    const smaller = { parameter, value };
    // The file may be wrong at other sizes.
    const found = await networkUnlessWrong(() => variation([sizeOverride(smaller)]));
    if (found === undefined) return undefined;
    network = found;
    size = smaller;
  }
}

/** As many of the wanted steps as fit the budget; 0 if building does not. */
function affordableSteps(network: PlannedNetwork, wanted: number, budget: number): number {
  const ms = wanted * network.experiment.kernel.resolution;
  const workplace = { threads: 1, processes: 1, cores: 1 };
  const expected = expectedRates(network, ms);
  const { build, simulate } = plannedTime(network, expected, ms, workplace, typicalCosts(1));
  return Math.floor(wanted * Math.min(1, Math.max(0, budget - build) / simulate));
}

interface FromFile {
  readonly experiment: ResolvedExperiment;
  readonly file: string;
}

async function rates(
  source: FromFile,
  grid: TimeGrid,
  steps: number,
  timeMs: number,
): Promise<Map<string, number>> {
  const [half, ms] = [Math.floor(steps / 2), steps].map((n) => grid.ms(n)) as [number, number];
  const first = half > 0 ? await spikeCounts(source, half) : undefined;
  const whole = await spikeCounts(source, ms);
  const found = new Map<string, number>();
  for (const [name, { count, size }] of whole) {
    const later = (count - (first?.get(name)?.count ?? 0)) / (ms - half);
    const expected = count + later * (timeMs - ms);
    found.set(name, (1000 * expected) / (size * timeMs));
  }
  return found;
}

async function spikeCounts({ experiment, file }: FromFile, timeMs: number) {
  const { populations } = await runExperiment(experiment, { file, threads: 1, timeMs });
  const spiking = populations.filter((population) => population.spiking);
  return new Map(spiking.map(({ name, spikeCount, size }) => [name, { count: spikeCount, size }]));
}
