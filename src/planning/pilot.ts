/**
 * A short run of a smaller version, to learn rates that the experiment does not state.
 *
 * Smaller is: the experiment as it is, for less time, if that is a matter of a second or two; else with
 * its `size_parameter` halved until it is. Without one there is no smaller version, and the run is made
 * so short that it is affordable; what is not affordable at all is not run, and rates are assumed.
 * The run is made twice as long as what is asked of its second half: what the first half brings is its
 * own (networks often begin with a volley), the second stands for the rest of the run.
 */
import { runExperiment } from '../experiment/run-experiment.js';
import type { ResolvedExperiment } from '../experiment/schema.js';
import { typicalCosts } from './costs.js';
import { type PlannedNetwork, plannedNetwork } from './network.js';
import { expectedRates } from './rates.js';
import { plannedTime } from './time.js';

/** The experiment with other values: `name=value`, as `--set` takes them. */
export type Variation = (overrides: readonly string[]) => Promise<ResolvedExperiment>;

export interface Pilot {
  /** Spikes/s of a neuron, mean over the run that is planned, by population. */
  readonly rates: ReadonlyMap<string, number>;
  readonly simulatedMs: number;
  /** Value of the size parameter, if it was made smaller. */
  readonly size: { readonly parameter: string; readonly value: number } | undefined;
}

/** Time that a pilot may take by typical costs, in s. */
const BUDGET = 1.5;
/** Biological time that a pilot would simulate, and the least that tells a rate, in ms. */
const WANTED_MS = 1000;
const LEAST_MS = 50;

/** Rates found by a pilot run of `timeMs` at most; undefined if none is affordable. */
export async function pilotRun(
  experiment: ResolvedExperiment,
  timeMs: number,
  variation: Variation,
): Promise<Pilot | undefined> {
  const parameter = experiment.size_parameter;
  let value = parameter === undefined ? 0 : experiment.parameters[parameter]!;
  let version = experiment;
  let size: Pilot['size'];
  for (;;) {
    const ms = affordableMs(plannedNetwork(version), timeMs);
    if (ms >= Math.min(WANTED_MS, timeMs) || (ms >= LEAST_MS && parameter === undefined)) {
      return { ...(await rates(version, ms, timeMs)), size };
    }
    if (parameter === undefined || value <= 1) return undefined;
    value = Math.floor(value / 2);
    version = await variation([`parameters.${parameter}=${value}`]);
    size = { parameter, value };
  }
}

/** Biological time that fits the budget, on the grid, an even number of steps; 0 if building does not. */
function affordableMs(network: PlannedNetwork, timeMs: number): number {
  const { resolution } = network.experiment.kernel;
  const workplace = { threads: 1, processes: 1, cores: 1 };
  const time = (ms: number) =>
    plannedTime(network, expectedRates(network, ms), ms, workplace, typicalCosts(1));
  const longest = Math.min(WANTED_MS, timeMs);
  const { build, simulate } = time(longest);
  const share = Math.max(0, BUDGET - build) / simulate;
  const pairs = Math.floor((Math.min(1, share) * longest) / (2 * resolution));
  return Number((2 * pairs * resolution).toFixed(9));
}

async function rates(experiment: ResolvedExperiment, ms: number, timeMs: number) {
  const half = Number((ms / 2).toFixed(9));
  const first = await spikeCounts(experiment, half);
  const whole = await spikeCounts(experiment, ms);
  const found = new Map<string, number>();
  for (const [name, { count, size }] of whole) {
    const later = (count - first.get(name)!.count) / (ms - half);
    const expected = count + later * (timeMs - ms);
    found.set(name, (1000 * expected) / (size * timeMs));
  }
  return { rates: found, simulatedMs: ms };
}

async function spikeCounts(experiment: ResolvedExperiment, timeMs: number) {
  const { populations } = await runExperiment(experiment, { threads: 1, timeMs });
  const spiking = populations.filter((population) => population.spiking);
  return new Map(spiking.map(({ name, spikeCount, size }) => [name, { count: spikeCount, size }]));
}
