/**
 * iaf_psc_exp: leaky integrate-and-fire neuron with exponentially decaying synaptic currents,
 * integrated exactly (S. Rotter, M. Diesmann, Biol. Cybern. 81 (1999) 381-402). Names and defaults
 * are those of NEST's model of the same name.
 */

import { settled } from '../../kernel/settled.js';
import { type ExactDynamics, exactNeuron } from '../exact-neuron.js';
import type { NeuronModel } from '../spec.js';
import {
  ABOUT,
  decay,
  FIRES,
  fire,
  membraneChecks,
  membraneDerived,
  membraneEquation,
  membraneParameters,
  membraneReads,
  membraneState,
  perCurrent,
  REFRACTORY,
  REGULAR,
  relaxed,
  synapticChecks,
  synapticParameters,
  synapticState,
  TAKES_CURRENT,
} from './iaf-membrane.js';

export const iafPscExp: NeuronModel = {
  kind: 'neuron',
  name: 'iaf_psc_exp',
  doc: 'Leaky integrate-and-fire neuron with exponential synaptic currents',
  about: `${ABOUT} ${REGULAR}`,
  equations: {
    V_m: membraneEquation('I_syn_ex', 'I_syn_in'),
    I_syn_ex: '-I_syn_ex / tau_syn_ex',
    I_syn_in: '-I_syn_in / tau_syn_in',
  },
  step: [
    `${REFRACTORY}.`,
    `I_syn_ex and I_syn_in advance by the step, then grow by the sum of the arriving weights > 0 and by
     that of the others. So these act on V_m from the next step on.`,
    FIRES,
    TAKES_CURRENT,
  ],
  parameters: { ...membraneParameters, ...synapticParameters },
  state: { ...membraneState, ...synapticState },
  checks: [...membraneChecks, ...synapticChecks],
  input: 'signed',
  weightUnit: 'pA',
  takesCurrent: true,
  kernel: (group) => exactNeuron(dynamics)(group),
};

const reads = [...membraneReads, 'decay_ex', 'decay_in', 'V_per_ex', 'V_per_in'] as const;

const dynamics: ExactDynamics<(typeof reads)[number]> = {
  derived: {
    ...membraneDerived,
    decay_ex: decay('tau_syn_ex'),
    decay_in: decay('tau_syn_in'),
    V_per_ex: perCurrent('tau_syn_ex'),
    V_per_in: perCurrent('tau_syn_in'),
  },
  reads,
  step(scope) {
    const { k, state: s, parameters: p, input, inhibitoryInput } = scope;
    const synaptic = s.I_syn_ex.mul(p.V_per_ex).add(s.I_syn_in.mul(p.V_per_in));
    const { state, fired } = fire(scope, relaxed(scope).add(synaptic));
    const I_syn_ex = settled(k.let(s.I_syn_ex.mul(p.decay_ex).add(input)));
    const I_syn_in = settled(k.let(s.I_syn_in.mul(p.decay_in).add(inhibitoryInput)));
    return { state: { ...state, I_syn_ex, I_syn_in }, fired };
  },
};
