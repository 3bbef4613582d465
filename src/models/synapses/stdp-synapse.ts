/**
 * stdp_synapse: spike-timing dependent plasticity with weight dependence by power laws (R. Gütig,
 * R. Aharonov, S. Rotter, H. Sompolinsky, J. Neurosci. 23 (2003) 3697-3714), every pair of spikes
 * counting. Exponents 0 give the additive rule (S. Song, K. D. Miller, L. F. Abbott, Nat. Neurosci.
 * 3 (2000) 919-926), exponents 1 the multiplicative one (J. Rubin, D. D. Lee, H. Sompolinsky, Phys.
 * Rev. Lett. 86 (2001) 364-367). Names and defaults are those of NEST's model of the same name. The
 * update itself is in `engine/stdp-delivery.ts`, the target's memory in `engine/spike-archive.ts`.
 */
import { type Check, NOT_NEGATIVE, POSITIVE, type SynapseModel } from '../spec.js';
import { sameSign } from './same-sign.js';

/** The weight enters as a share of Wmax. */
const nonzeroBound: Check = {
  requires: 'Wmax not 0',
  names: ['Wmax'],
  holds: (v) => v.Wmax !== 0,
};

/** A negative lambda can make the share negative, of which other powers are not defined. */
const definedPower: Check = {
  requires: 'lambda >= 0, or mu_minus 0 or 1',
  names: ['lambda', 'mu_minus'],
  holds: (v) => v.lambda >= 0 || v.mu_minus === 0 || v.mu_minus === 1,
};

export const stdpSynapse: SynapseModel = {
  name: 'stdp_synapse',
  doc: 'Spike-timing dependent plasticity with weight dependence by power laws',
  parameters: {
    tau_plus: { default: 20, unit: 'ms', doc: 'time constant of the presynaptic trace' },
    lambda: { default: 0.01, unit: '', doc: 'step size, as a share of Wmax' },
    alpha: { default: 1, unit: '', doc: 'strength of depression relative to potentiation' },
    mu_plus: { default: 1, unit: '', doc: 'exponent of the weight dependence of potentiation' },
    mu_minus: { default: 1, unit: '', doc: 'exponent of the weight dependence of depression' },
    Wmax: { default: 100, unit: 'as weight', doc: 'largest weight, or lowest if negative' },
  },
  checks: [
    POSITIVE('tau_plus'),
    NOT_NEGATIVE('mu_plus'),
    NOT_NEGATIVE('mu_minus'),
    definedPower,
    nonzeroBound,
    sameSign('Wmax'),
  ],
  archive: 'spikes',
};
