/**
 * iaf_psc_alpha: leaky integrate-and-fire neuron with alpha-shaped synaptic currents, integrated
 * exactly (S. Rotter, M. Diesmann, Biol. Cybern. 81 (1999) 381-402). Names and defaults are those of
 * NEST's model of the same name.
 */

import { settled } from '../../kernel/settled.js';
import { exp } from '../../math/index.js';
import { type ExactDynamics, exactNeuron } from '../exact-neuron.js';
import type { DerivedSpec, NeuronModel } from '../spec.js';
import {
  ABOUT,
  decay,
  FIRES,
  fire,
  lowerBound,
  membraneChecks,
  membraneDerived,
  membraneEquation,
  membraneParameters,
  membraneReads,
  membraneState,
  perCurrent,
  perDrive,
  REFRACTORY,
  REGULAR,
  relaxed,
  synapticChecks,
  synapticParameters,
  synapticState,
  TAKES_CURRENT,
} from './iaf-membrane.js';

export const iafPscAlpha: NeuronModel = {
  kind: 'neuron',
  name: 'iaf_psc_alpha',
  doc: 'Leaky integrate-and-fire neuron with alpha-shaped synaptic currents',
  about: `${ABOUT} ${REGULAR}`,
  equations: {
    V_m: membraneEquation('I_syn_ex', 'I_syn_in'),
    dI_ex: '-dI_ex / tau_syn_ex',
    I_syn_ex: 'dI_ex - I_syn_ex / tau_syn_ex',
    dI_in: '-dI_in / tau_syn_in',
    I_syn_in: 'dI_in - I_syn_in / tau_syn_in',
  },
  step: [
    `${REFRACTORY}; it is raised to \`V_min\` if below.`,
    `The synaptic variables advance by the step, then dI_ex grows by e / \`tau_syn_ex\` times the sum of
     the arriving weights > 0, dI_in by e / \`tau_syn_in\` times that of the others: a weight is the
     peak of the current that it causes, and acts on V_m from the next step on.`,
    FIRES,
    TAKES_CURRENT,
  ],
  parameters: { ...membraneParameters, ...lowerBound, ...synapticParameters },
  state: {
    ...membraneState,
    ...synapticState,
    dI_ex: { default: 0, unit: 'pA/ms', doc: 'drive of the excitatory current' },
    dI_in: { default: 0, unit: 'pA/ms', doc: 'drive of the inhibitory current' },
  },
  checks: [...membraneChecks, ...synapticChecks],
  input: 'signed',
  weightUnit: 'pA',
  takesCurrent: true,
  kernel: (group) => exactNeuron(dynamics)(group),
};

/** What is left of the drive after a step has become current: the solution of I' = dI - I / tau. */
const currentPerDrive = (tau: string): DerivedSpec => ({
  from: [tau],
  value: (v, h) => h * exp(-h / v[tau]),
});

/** What a weight of 1 pA adds to the drive, so that the current peaks at 1 pA after tau. */
const impulse = (tau: string): DerivedSpec => ({ from: [tau], value: (v) => Math.E / v[tau] });

const reads = [
  ...membraneReads,
  'V_min',
  ...(['decay_ex', 'I_per_drive_ex', 'V_per_ex', 'V_per_drive_ex', 'impulse_ex'] as const),
  ...(['decay_in', 'I_per_drive_in', 'V_per_in', 'V_per_drive_in', 'impulse_in'] as const),
] as const;

const dynamics: ExactDynamics<(typeof reads)[number]> = {
  derived: {
    ...membraneDerived,
    decay_ex: decay('tau_syn_ex'),
    decay_in: decay('tau_syn_in'),
    I_per_drive_ex: currentPerDrive('tau_syn_ex'),
    I_per_drive_in: currentPerDrive('tau_syn_in'),
    V_per_ex: perCurrent('tau_syn_ex'),
    V_per_in: perCurrent('tau_syn_in'),
    V_per_drive_ex: perDrive('tau_syn_ex'),
    V_per_drive_in: perDrive('tau_syn_in'),
    impulse_ex: impulse('tau_syn_ex'),
    impulse_in: impulse('tau_syn_in'),
  },
  reads,
  step(scope) {
    const { k, state: s, parameters: p, input, inhibitoryInput } = scope;
    const excitatory = s.I_syn_ex.mul(p.V_per_ex).add(s.dI_ex.mul(p.V_per_drive_ex));
    const inhibitory = s.I_syn_in.mul(p.V_per_in).add(s.dI_in.mul(p.V_per_drive_in));
    const V = relaxed(scope).add(excitatory.add(inhibitory)).max(p.V_min);
    const { state, fired } = fire(scope, V);

    const next = {
      I_syn_ex: s.I_syn_ex.mul(p.decay_ex).add(s.dI_ex.mul(p.I_per_drive_ex)),
      I_syn_in: s.I_syn_in.mul(p.decay_in).add(s.dI_in.mul(p.I_per_drive_in)),
      dI_ex: s.dI_ex.mul(p.decay_ex).add(input.mul(p.impulse_ex)),
      dI_in: s.dI_in.mul(p.decay_in).add(inhibitoryInput.mul(p.impulse_in)),
    };
    const currents = Object.entries(next).map(([name, x]) => [name, settled(k.let(x))] as const);
    return { state: { ...state, ...Object.fromEntries(currents) }, fired };
  },
};
