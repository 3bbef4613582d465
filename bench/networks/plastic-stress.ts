/** Many plastic inputs per neuron, as many spikes as in active cortex: plasticity and little else. */
import { type NodeCollection, type Simulation, uniform } from '../../src/index.js';

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

const DELAY_MS = 1;
/** Keeps neurons of the default parameters firing at about 10 spikes/s on these inputs. */
const CURRENT_PA = 1050;
/** mV; 40 000 inputs a second at the upper bound raise the voltage by 4 mV. */
export const HIGHEST_WEIGHT = 0.01;

export async function buildPlasticStress(
  sim: Simulation,
  { inputs: count, neurons: size, rate }: StressPlan,
): Promise<StressNetwork> {
  const network = {
    inputs: sim.create('parrot_neuron', count),
    neurons: sim.create('aeif_psc_delta_clopath', size, {
      I_e: CURRENT_PA,
      V_m: uniform(-70, -55),
      w: uniform(0, 200),
    }),
  };
  const generator = sim.create('poisson_generator', 1, { rate });
  await sim.connect(generator, network.inputs, 'all_to_all', { delay: 0.1 });
  await sim.connect(network.inputs, network.neurons, 'all_to_all', {
    synapse_model: 'clopath_synapse',
    weight: uniform(0, HIGHEST_WEIGHT),
    Wmax: HIGHEST_WEIGHT,
    delay: DELAY_MS,
  });
  return network;
}
