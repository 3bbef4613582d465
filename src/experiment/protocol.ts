/** From a resolved experiment to a simulation and its intervals: what every way to run it begins with. */
import { Simulation } from '../simulation/index.js';
import type { Network } from './build-network.js';
import { PlacedErrors } from './placement.js';
import type { ResolvedExperiment } from './schema.js';
import { gaussianRates } from './stimulus.js';
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
 * @throws ExperimentError for mistakes in the file, ValueError and OffGridError for `timeMs`
 */
export function plannedIntervals(
  experiment: ResolvedExperiment,
  timeMs: number | undefined,
): Interval[] {
  const { resolution, rng_seed } = experiment.kernel;
  const errors = new PlacedErrors(experiment.name);
  const places = [{ path: 'protocol', given: {} }] as const;
  const all = errors.try([...places], () => timeline(experiment, rng_seed)) ?? [];
  errors.throwIfAny();
  return timeMs === undefined ? all : cutAt(all, timeMs, resolution);
}

/** Sets what is set when an interval begins. Throws ExperimentError. */
export function beginInterval({ populations }: Network, { entry, set, stimulus }: Interval): void {
  const errors = new PlacedErrors('protocol');
  for (const [name, params] of Object.entries(set)) {
    const place = { path: `protocol.${entry}.set.${name}`, given: params };
    errors.try([place], () => populations.get(name)!.set(numbersOf(params)));
  }
  if (stimulus !== undefined) {
    const { profile, center } = stimulus;
    const nodes = populations.get(profile.population)!;
    nodes.set({ rate: gaussianRates(profile, nodes.length, center) });
  }
  errors.throwIfAny();
}
