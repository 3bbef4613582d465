/** Many plastic inputs per neuron, as many spikes as in active cortex: plasticity and little else. */
import type { NodeCollection, Simulation } from '../../src/index.js';
import { buildBundled } from './bundled.js';

export interface StressPlan {
  /** Plastic inputs of every neuron, each a relay with a Poisson train of its own. */
  readonly inputs: number;
  readonly neurons: number;
  /** Of each input, in spikes/s. */
  readonly rate: number;
}

export interface StressNetwork {
  readonly inputs: NodeCollection;
  readonly neurons: NodeCollection;
}

/** The network of config/plastic-drive.json, nothing recorded. */
export async function buildPlasticStress(
  sim: Simulation,
  { inputs: K, neurons: N, rate }: StressPlan,
): Promise<StressNetwork> {
  const of = await buildBundled(sim, 'plastic-drive', { K, N, rate, recorded: 0 });
  return { inputs: of('inputs'), neurons: of('neurons') };
}

/** Upper bound of the weights in mV. */
export function highestWeight({ inputs, rate }: StressPlan): number {
  return 400 / (inputs * rate);
}
