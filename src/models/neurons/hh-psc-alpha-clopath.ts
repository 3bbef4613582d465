/**
 * hh_psc_alpha_clopath: Hodgkin-Huxley neuron with alpha-shaped synaptic currents and the filtered
 * voltages of the Clopath rule.
 *
 * A. L. Hodgkin, A. F. Huxley, J. Physiol. 117 (1952) 500-544 (V_m and the gates, with voltages
 * shifted so that rest is at -65 mV); C. Clopath, L. Buesing, E. Vasilaki, W. Gerstner, Nature
 * Neuroscience 13 (2010) 344-352, Methods (u_bar_plus, u_bar_minus, u_bar_bar).
 * Names, defaults and the detection of spikes are those of NEST's model of the same name.
 */

import { settled } from '../../kernel/settled.js';
import { exp } from '../../math/index.js';
import { type AdaptiveDynamics, adaptiveNeuron } from '../adaptive-neuron.js';
import { type DerivedSpec, type NeuronModel, NOT_NEGATIVE, POSITIVE } from '../spec.js';
import { clopathChecks, clopathParameters } from './clopath-parameters.js';

/** Membrane potential in mV at whose equilibrium the gates start. */
const V_START = -65;

/**
 * Rates of the gates at V_START in 1/ms: those of the equations below as Hodgkin and Huxley write them.
 * What the equations themselves give differs in the last bit of Act_n, and every result would with it.
 */
const m = {
  opening: (0.1 * (V_START + 40)) / (1 - exp(-(V_START + 40) / 10)),
  closing: 4 * exp(-(V_START + 65) / 18),
};
const h = {
  opening: 0.07 * exp(-(V_START + 65) / 20),
  closing: 1 / (1 + exp(-(V_START + 35) / 10)),
};
const n = {
  opening: (0.01 * (V_START + 55)) / (1 - exp(-(V_START + 55) / 10)),
  closing: 0.125 * exp(-(V_START + 65) / 80),
};
const equilibrium = ({ opening, closing }: typeof m): number => opening / (opening + closing);

const definitions = {
  alpha_n: '0.1 * linoid((V_m + 55) / 10)',
  beta_n: '0.125 * exp(-(V_m + 65) / 80)',
  alpha_m: 'linoid((V_m + 40) / 10)',
  beta_m: '4 * exp(-(V_m + 65) / 18)',
  alpha_h: '0.07 * exp(-(V_m + 65) / 20)',
  beta_h: '1 / (1 + exp(-(V_m + 35) / 10))',
  I_Na: 'g_Na * Act_m * Act_m * Act_m * Inact_h * (V_m - E_Na)',
  I_K: 'g_K * Act_n * Act_n * Act_n * Act_n * (V_m - E_K)',
  I_L: 'g_L * (V_m - E_L)',
} as const;

const equations = {
  V_m: '(-(I_Na + I_K + I_L) + I_stim + I_e + I_syn_ex + I_syn_in) / C_m',
  Act_m: 'alpha_m * (1 - Act_m) - beta_m * Act_m',
  Inact_h: 'alpha_h * (1 - Inact_h) - beta_h * Inact_h',
  Act_n: 'alpha_n * (1 - Act_n) - beta_n * Act_n',
  dI_ex: '-dI_ex / tau_syn_ex',
  I_syn_ex: 'dI_ex - I_syn_ex / tau_syn_ex',
  dI_in: '-dI_in / tau_syn_in',
  I_syn_in: 'dI_in - I_syn_in / tau_syn_in',
  u_bar_plus: '(V_m - u_bar_plus) / tau_u_bar_plus',
  u_bar_minus: '(V_m - u_bar_minus) / tau_u_bar_minus',
  u_bar_bar: '(u_bar_minus - u_bar_bar) / tau_u_bar_bar',
} as const;

export const hhPscAlphaClopath: NeuronModel = {
  kind: 'neuron',
  name: 'hh_psc_alpha_clopath',
  doc: 'Hodgkin-Huxley neuron with alpha-shaped synaptic currents and Clopath plasticity',
  about: `A neuron with the channels of Hodgkin and Huxley (J. Physiol. 117 (1952) 500-544), voltages
    shifted so that rest is at -65 mV, alpha-shaped synaptic currents, and the filtered voltages of
    Clopath et al. (Nature Neuroscience 13 (2010) 344-352). Rates are in 1/ms; linoid(x) =
    x / (1 - exp(-x)) continues those of m and n through V_m = -40 and -55 mV, where the fractions are
    0 / 0. The gates start at their equilibrium for -65 mV, whatever V_m is set to. The equations are
    integrated adaptively, with D_i = 1e-3.`,
  definitions,
  equations,
  step: [
    `At the end of the step, dI_ex grows by e / \`tau_syn_ex\` times the sum of the arriving weights
     > 0, dI_in by e / \`tau_syn_in\` times that of the others: a weight is the peak of the current that
     it causes.`,
    'The archive is written.',
    `If refractory, one step less is left of it. Otherwise V_m >= 0 mV and below its value at the
     beginning of the step means a spike, and no other is looked for in the next round(t_ref / h)
     steps. A spike changes no other variable.`,
    'I_stim becomes the sum of the currents that arrived in this step.',
  ],
  parameters: {
    t_ref: {
      default: 2,
      unit: 'ms',
      doc: 'time after a spike in which no other is detected (rounded to the grid)',
    },
    g_Na: { default: 12000, unit: 'nS', doc: 'peak conductance of sodium' },
    g_K: { default: 3600, unit: 'nS', doc: 'peak conductance of potassium' },
    g_L: { default: 30, unit: 'nS', doc: 'leak conductance' },
    C_m: { default: 100, unit: 'pF', doc: 'membrane capacitance' },
    E_Na: { default: 50, unit: 'mV', doc: 'reversal potential of sodium' },
    E_K: { default: -77, unit: 'mV', doc: 'reversal potential of potassium' },
    E_L: { default: -54.402, unit: 'mV', doc: 'leak reversal potential' },
    tau_syn_ex: { default: 0.2, unit: 'ms', doc: 'rise time of excitatory currents' },
    tau_syn_in: { default: 2, unit: 'ms', doc: 'rise time of inhibitory currents' },
    I_e: { default: 0, unit: 'pA', doc: 'constant input current' },
    tau_u_bar_plus: { default: 114, unit: 'ms', doc: 'time constant of u_bar_plus' },
    tau_u_bar_minus: { default: 10, unit: 'ms', doc: 'time constant of u_bar_minus' },
    tau_u_bar_bar: { default: 500, unit: 'ms', doc: 'time constant of u_bar_bar' },
    ...clopathParameters,
  },
  state: {
    V_m: {
      default: V_START,
      unit: 'mV',
      doc: 'membrane potential',
      settable: true,
      recordable: true,
    },
    Act_m: {
      default: equilibrium(m),
      unit: '',
      doc: 'activation of sodium',
      settable: true,
      recordable: true,
    },
    Inact_h: {
      default: equilibrium(h),
      unit: '',
      doc: 'inactivation of sodium',
      settable: true,
      recordable: true,
    },
    Act_n: {
      default: equilibrium(n),
      unit: '',
      doc: 'activation of potassium',
      settable: true,
      recordable: true,
    },
    dI_ex: { default: 0, unit: 'pA/ms', doc: 'drive of the excitatory current' },
    I_syn_ex: { default: 0, unit: 'pA', doc: 'excitatory synaptic current', recordable: true },
    dI_in: { default: 0, unit: 'pA/ms', doc: 'drive of the inhibitory current' },
    I_syn_in: { default: 0, unit: 'pA', doc: 'inhibitory synaptic current', recordable: true },
    u_bar_plus: {
      default: 0,
      unit: 'mV',
      doc: 'low-pass filtered V_m',
      settable: true,
      recordable: true,
    },
    u_bar_minus: {
      default: 0,
      unit: 'mV',
      doc: 'low-pass filtered V_m',
      settable: true,
      recordable: true,
    },
    u_bar_bar: {
      default: 0,
      unit: 'mV',
      doc: 'low-pass filtered u_bar_minus',
      settable: true,
      recordable: true,
    },
    I_stim: { default: 0, unit: 'pA', doc: 'current from devices, acting in the next step' },
    refractory_steps: { default: 0, unit: 'steps', doc: 'steps until a spike can be detected' },
    // 0 stands for "not yet suggested": the first sub-step tries the whole grid step.
    suggested_substep: { default: 0, unit: 'ms', doc: 'sub-step that the error control suggests' },
  },
  checks: [
    POSITIVE('C_m'),
    NOT_NEGATIVE('t_ref'),
    POSITIVE('tau_syn_ex'),
    POSITIVE('tau_syn_in'),
    POSITIVE('tau_u_bar_plus'),
    POSITIVE('tau_u_bar_minus'),
    POSITIVE('tau_u_bar_bar'),
    NOT_NEGATIVE('g_Na'),
    NOT_NEGATIVE('g_K'),
    NOT_NEGATIVE('g_L'),
    NOT_NEGATIVE('Act_m'),
    NOT_NEGATIVE('Inact_h'),
    NOT_NEGATIVE('Act_n'),
    ...clopathChecks,
  ],
  input: 'signed',
  weightUnit: 'pA',
  takesCurrent: true,
  archive: 'clopath',
  kernel: (group) => adaptiveNeuron(dynamics)(group),
};

/** What a weight of 1 pA adds to dI, so that the current peaks at 1 pA after tau. */
const impulse = (tau: string): DerivedSpec => ({ from: [tau], value: (v) => Math.E / v[tau] });

const dynamics: AdaptiveDynamics = {
  definitions,
  derivatives: equations,
  suggestion: 'suggested_substep',
  errorControl: { absolute: 1e-3, relative: 0 },
  // No finite potential is refused.
  bounds: { V_m: [-Number.MAX_VALUE, Number.MAX_VALUE] },
  derived: {
    impulse_ex: impulse('tau_syn_ex'),
    impulse_in: impulse('tau_syn_in'),
    refractory_duration: { from: ['t_ref'], value: (v, step) => Math.round(v.t_ref / step) },
  },
  branches: false,
  afterStep({ k, state: s, parameters: p, input, inhibitoryInput, before, spikes }) {
    for (const current of [s.dI_ex, s.I_syn_ex, s.dI_in, s.I_syn_in]) {
      k.set(current, settled(current));
    }
    k.set(s.dI_ex, s.dI_ex.add(input.mul(p.impulse_ex)));
    k.set(s.dI_in, s.dI_in.add(inhibitoryInput.mul(p.impulse_in)));
    const descends = s.V_m.ge(0).and(s.V_m.lt(before('V_m')));
    k.set(spikes, s.refractory_steps.eq(0).and(descends).select(1, 0));
    const countdown = s.refractory_steps.sub(1).max(0);
    k.set(s.refractory_steps, spikes.gt(0).select(p.refractory_duration, countdown));
  },
};
