/**
 * What the leaky integrate-and-fire neurons have in common: the membrane, its threshold and the
 * refractory period (S. Rotter, M. Diesmann, Biol. Cybern. 81 (1999) 381-402). Potentials are
 * absolute: E_L shifts none of the others.
 */

import type { F64, Mask } from '../../kernel/ir.js';
import { exp } from '../../math/index.js';
import type { ExactScope, ExactStep } from '../exact-neuron.js';
import { constantCurrentPropagator, currentPropagator } from '../propagators.js';
import {
  type Check,
  type DerivedSpec,
  NOT_NEGATIVE,
  POSITIVE,
  type QuantitySpec,
  type StateSpec,
} from '../spec.js';

export const membraneParameters = {
  tau_m: { default: 10, unit: 'ms', doc: 'membrane time constant' },
  C_m: { default: 250, unit: 'pF', doc: 'membrane capacitance' },
  t_ref: { default: 2, unit: 'ms', doc: 'refractory period (rounded to the grid)' },
  E_L: { default: -70, unit: 'mV', doc: 'leak reversal potential' },
  I_e: { default: 0, unit: 'pA', doc: 'constant input current' },
  V_th: { default: -55, unit: 'mV', doc: 'threshold' },
  V_reset: { default: -70, unit: 'mV', doc: 'V_m after a spike' },
} satisfies Record<string, QuantitySpec>;

export const lowerBound = {
  V_min: {
    default: Number.NEGATIVE_INFINITY,
    unit: 'mV',
    doc: 'lower bound of V_m, none unless given',
  },
} satisfies Record<string, QuantitySpec>;

export const synapticParameters = {
  tau_syn_ex: { default: 2, unit: 'ms', doc: 'time constant of the excitatory current' },
  tau_syn_in: { default: 2, unit: 'ms', doc: 'time constant of the inhibitory current' },
} satisfies Record<string, QuantitySpec>;

export const membraneState = {
  V_m: { default: -70, unit: 'mV', doc: 'membrane potential', settable: true, recordable: true },
  I_stim: { default: 0, unit: 'pA', doc: 'current from devices, acting in the next step' },
  refractory_steps: { default: 0, unit: 'steps', doc: 'what is left of the refractory period' },
} satisfies Record<string, StateSpec>;

export const synapticState = {
  I_syn_ex: { default: 0, unit: 'pA', doc: 'excitatory synaptic current', recordable: true },
  I_syn_in: { default: 0, unit: 'pA', doc: 'inhibitory synaptic current', recordable: true },
} satisfies Record<string, StateSpec>;

/** Derivative of V_m under currents. */
export const membraneEquation = (...currents: string[]): string =>
  `-(V_m - E_L) / tau_m + (${['I_e', 'I_stim', ...currents].join(' + ')}) / C_m`;

export const ABOUT = `A leaky integrate-and-fire neuron, integrated exactly (Rotter and Diesmann, Biol.
  Cybern. 81 (1999) 381-402). Potentials are absolute: \`E_L\` shifts none of the others.`;

export const REGULAR = `The solution is regular where \`tau_syn_ex\` or \`tau_syn_in\` equals \`tau_m\`, and
  computed to 14 digits beside it.`;

/** What happens in a step once V_m is there, but for synaptic currents. */
export const FIRES = `V_m >= \`V_th\` means a spike, V_m = \`V_reset\`, and the neuron is refractory for
  round(t_ref / h) steps.`;
export const TAKES_CURRENT = 'I_stim becomes the sum of the currents that arrived in this step.';
export const REFRACTORY = `If refractory, V_m stands still and one step less is left of it; otherwise it
  takes its value at the end of the step, with all variables at their old values on the right`;

export const membraneChecks: readonly Check[] = [
  {
    requires: 'V_reset < V_th',
    names: ['V_reset', 'V_th'],
    holds: (v) => v.V_reset < v.V_th,
  },
  POSITIVE('C_m'),
  POSITIVE('tau_m'),
  NOT_NEGATIVE('t_ref'),
];

export const synapticChecks: readonly Check[] = [POSITIVE('tau_syn_ex'), POSITIVE('tau_syn_in')];

export const membraneDerived = {
  /** What is left of V_m - E_L after a step. */
  membrane_decay: { from: ['tau_m'], value: (v, h) => exp(-h / v.tau_m) },
  V_per_constant: {
    from: ['tau_m', 'C_m'],
    value: (v, h) => constantCurrentPropagator(v.tau_m, v.C_m, h),
  },
  refractory_duration: { from: ['t_ref'], value: (v, h) => Math.round(v.t_ref / h) },
} satisfies Record<string, DerivedSpec>;

/** What is left of a synaptic current after a step. */
export const decay = (tau: string): DerivedSpec => ({
  from: [tau],
  value: (v, h) => exp(-h / v[tau]),
});

/** V per pA of a synaptic current at the beginning of the step. */
export const perCurrent = (tau: string): DerivedSpec => ({
  from: ['tau_m', 'C_m', tau],
  value: (v, h) => currentPropagator(v.tau_m, v.C_m, v[tau], h).current,
});

/** V per pA/ms of its drive. */
export const perDrive = (tau: string): DerivedSpec => ({
  from: ['tau_m', 'C_m', tau],
  value: (v, h) => currentPropagator(v.tau_m, v.C_m, v[tau], h).drive,
});

export const membraneReads = [
  'E_L',
  'I_e',
  'V_th',
  'V_reset',
  'membrane_decay',
  'V_per_constant',
  'refractory_duration',
] as const;

type MembraneScope = ExactScope<(typeof membraneReads)[number]>;

export function isFree({ state }: MembraneScope): Mask {
  return state.refractory_steps.eq(0);
}

/** V_m after a step without synaptic input: the solution of C_m V' = -C_m (V - E_L) / tau_m + I. */
export function relaxed({ state, parameters: p }: MembraneScope): F64 {
  const constant = p.I_e.add(state.I_stim).mul(p.V_per_constant);
  return state.V_m.sub(p.E_L).mul(p.membrane_decay).add(constant).add(p.E_L);
}

/**
 * Threshold, reset and refractory period.
 *
 * @param V what V_m comes to unless the neuron is refractory
 */
export function fire(scope: MembraneScope, V: F64): ExactStep {
  const { k, state, parameters: p } = scope;
  const reached = k.let(isFree(scope).select(V, state.V_m));
  const fired = reached.ge(p.V_th);
  const countdown = state.refractory_steps.sub(1).max(0);
  return {
    state: {
      V_m: fired.select(p.V_reset, reached),
      refractory_steps: fired.select(p.refractory_duration, countdown),
    },
    fired,
  };
}
