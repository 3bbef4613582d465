/** Where an experiment is to run: on how many threads and virtual processes, and whether it fits there. */
import type { MemoryError } from '../errors/index.js';
import type { ResolvedExperiment } from '../experiment/schema.js';
import { plannedNetwork } from './network.js';
import { type PlanOptions, planFit } from './plan.js';
import type { Variation } from './size.js';

export interface Workplace {
  readonly threads: number;
  /** The experiment, with as many virtual processes as it needs if it does not state them. */
  readonly experiment: ResolvedExperiment;
  /** Why it cannot fit into memory, if it cannot. */
  readonly misfit: MemoryError | undefined;
}

/**
 * @param variation for offering a size that would fit; without, none is
 * @throws ValueError if the virtual processes cannot be dealt to so many threads
 */
export async function workplaceOf(
  experiment: ResolvedExperiment,
  options: PlanOptions,
  variation?: Variation,
): Promise<Workplace> {
  const network = plannedNetwork(experiment);
  const { threads, processes, misfit } = await planFit(network, options, variation);
  if (processes === threads) return { threads, experiment, misfit };
  const kernel = { ...experiment.kernel, total_num_virtual_procs: processes };
  return { threads, experiment: { ...experiment, kernel }, misfit };
}
