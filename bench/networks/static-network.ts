/** Relays, each with a Poisson train, onto neurons that stay below threshold: delivery and no more. */
import type { NodeCollection, Simulation } from '../../src/index.js';

export interface StaticPlan {
  readonly sources: number;
  readonly targets: number;
  readonly indegree: number;
  /** Of each source, in spikes/s. */
  readonly rate: number;
  /** Model of the targets, if it is not aeif_psc_delta_clopath. */
  readonly model?: string;
}

export interface StaticNetwork {
  readonly sources: NodeCollection;
  readonly targets: NodeCollection;
}

const DELAY_MS = 1.5;
/** In mV, or pA: 40 000 such inputs a second raise the voltage by less than a mV. */
const WEIGHT = 0.001;

export async function createStaticNodes(
  sim: Simulation,
  { sources, targets, rate, model = 'aeif_psc_delta_clopath' }: StaticPlan,
): Promise<StaticNetwork> {
  const network = {
    sources: sim.create('parrot_neuron', sources),
    targets: sim.create(model, targets),
  };
  const generator = sim.create('poisson_generator', 1, { rate });
  await sim.connect(generator, network.sources, 'all_to_all', { delay: 0.1 });
  return network;
}

export function connectStatic(
  sim: Simulation,
  { sources, targets }: StaticNetwork,
  { indegree }: StaticPlan,
): Promise<void> {
  const syn = { weight: WEIGHT, delay: DELAY_MS };
  return sim.connect(sources, targets, { rule: 'fixed_indegree', indegree }, syn);
}

/** The generator's connections to the sources included. */
export function staticConnections({ sources, targets, indegree }: StaticPlan): number {
  return sources + targets * indegree;
}
