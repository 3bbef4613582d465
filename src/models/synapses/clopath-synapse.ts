/**
 * clopath_synapse: voltage-based plasticity (Clopath, Buesing, Vasilaki, Gerstner, Nature
 * Neuroscience 13 (2010) 344-352), updated at presynaptic spikes from the archive of the target
 * (Stapmanns et al., Frontiers in Neuroinformatics 15 (2021) 609147). The update itself is in
 * `engine/clopath-delivery.ts`, the archive in `engine/clopath-archive.ts`.
 */
import { POSITIVE, type SynapseModel } from '../spec.js';
import { sameSign } from './same-sign.js';

export const clopathSynapse: SynapseModel = {
  name: 'clopath_synapse',
  doc: 'Voltage-based spike-timing dependent plasticity after Clopath et al. (2010)',
  parameters: {
    tau_x: { default: 15, unit: 'ms', doc: 'time constant of the presynaptic trace' },
    Wmin: { default: 0, unit: 'as weight', doc: 'lower bound of the weight' },
    Wmax: { default: 100, unit: 'as weight', doc: 'upper bound of the weight' },
  },
  checks: [POSITIVE('tau_x'), sameSign('Wmin'), sameSign('Wmax')],
  archive: 'clopath',
};
