/** Neuron models as users might define them. */
import type { NeuronDefinition } from '../../src/models/defined/definition.js';
import { nodeModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';

/** The equations of iaf_psc_exp. */
export const leaky: NeuronDefinition = {
  name: 'leaky',
  doc: 'Leaky integrate-and-fire neuron with exponential synaptic currents',
  parameters: {
    tau_m: { default: 10, unit: 'ms', doc: 'membrane time constant', check: 'tau_m > 0' },
    C_m: { default: 250, unit: 'pF', check: 'C_m > 0' },
    t_ref: { default: 2, unit: 'ms' },
    E_L: { default: -70, unit: 'mV' },
    I_e: { default: 0, unit: 'pA' },
    V_th: { default: -55, unit: 'mV' },
    V_reset: { default: -70, unit: 'mV', check: ['V_reset < V_th'] },
    tau_syn_ex: { default: 2, unit: 'ms', check: 'tau_syn_ex > 0' },
    tau_syn_in: { default: 2, unit: 'ms', check: 'tau_syn_in > 0' },
  },
  state: {
    V_m: { default: -70, unit: 'mV', doc: 'membrane potential' },
    I_syn_ex: { default: 0, unit: 'pA', settable: false },
    I_syn_in: { default: 0, unit: 'pA', settable: false },
  },
  definitions: { I: 'I_e + I_stim + I_syn_ex + I_syn_in' },
  equations: {
    V_m: '-(V_m - E_L) / tau_m + I / C_m',
    I_syn_ex: '-I_syn_ex / tau_syn_ex',
    I_syn_in: '-I_syn_in / tau_syn_in',
  },
  input: { positive: 'I_syn_ex', negative: 'I_syn_in' },
  threshold: 'V_m >= V_th',
  reset: { V_m: 'V_reset' },
  refractory: { duration: 't_ref', clamp: { V_m: 'V_reset' } },
};

/** E. M. Izhikevich, IEEE Trans. Neural Networks 14 (2003) 1569-1572. */
export const izhikevich: NeuronDefinition = {
  name: 'izhikevich',
  parameters: {
    a: { default: 0.02, check: 'a > 0' },
    b: { default: 0.2 },
    c: { default: -65, unit: 'mV' },
    d: { default: 8 },
    V_th: { default: 30, unit: 'mV' },
    I_e: { default: 0 },
  },
  state: { V_m: { default: -65, unit: 'mV' }, U_m: { default: -13 } },
  equations: {
    V_m: '0.04 * V_m * V_m + 5 * V_m + 140 - U_m + I_stim + I_e',
    U_m: 'a * (b * V_m - U_m)',
  },
  input: { to: 'V_m' },
  threshold: 'V_m >= V_th',
  reset: { V_m: 'c', U_m: 'U_m + d' },
};

/** R. FitzHugh, Biophys. J. 1 (1961) 445-466; J. Nagumo et al., Proc. IRE 50 (1962) 2061-2070. */
export const fitzHughNagumo: NeuronDefinition = {
  name: 'fitzhugh_nagumo',
  parameters: {
    a: { default: 0.7 },
    b: { default: 0.8 },
    tau: { default: 12.5, unit: 'ms', check: 'tau > 0' },
  },
  state: { v: { default: -1.2 }, w: { default: -0.6 } },
  equations: { v: 'v - v * v * v / 3 - w + I_stim', w: '(v + a - b * w) / tau' },
};

const hh = nodeModels.get('hh_psc_alpha_clopath') as NeuronModel;
const { parameters, state } = nodeModels.get('aeif_psc_delta_clopath') as NeuronModel;
const PLASTICITY = /^(A_L|theta_|u_ref|delay_u|tau_minus)/;
const COUNTERS = ['clamp_steps', 'refractory_steps', 'suggested_substep', 'I_stim'];

/** aeif_psc_delta_clopath, as far as it is not about plasticity. */
export const adaptiveExponential: NeuronDefinition = {
  name: 'adaptive_exponential',
  parameters: Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => !PLASTICITY.test(name))
      .map(([name, { unit, doc, default: value }]) => [name, { default: value, unit, doc }]),
  ),
  state: Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => !COUNTERS.includes(name))
      .map(([name, { unit, doc, default: value }]) => [name, { default: value, unit, doc }]),
  ),
  definitions: {
    V: `clamp_steps > 0 || refractory_steps > 0
        ? (clamp_steps > 0 ? V_clamp : V_reset) : min(V_m, V_peak)`,
    upstroke: 'Delta_T == 0 ? 0 : g_L * Delta_T / C_m * exp((V - V_th) / Delta_T)',
  },
  equations: {
    V_m: '(-g_L * (V - E_L) - w + z + (I_e + I_stim)) / C_m + upstroke',
    w: 'clamp_steps > 0 ? 0 : (a * (V - E_L) - w) / tau_w',
    z: '-z / tau_z',
    V_th: '-(V_th - V_th_rest) / tau_V_th',
    u_bar_plus: '(V - u_bar_plus) / tau_u_bar_plus',
    u_bar_minus: '(V - u_bar_minus) / tau_u_bar_minus',
    u_bar_bar: '(u_bar_minus - u_bar_bar) / tau_u_bar_bar',
  },
  input: { to: 'V_m', after: 'first sub-step' },
  threshold: 'V_m >= (Delta_T == 0 ? V_th : V_peak)',
  reset: { V_m: 'V_clamp', w: 'w + b', z: 'I_sp', V_th: 'V_th_max' },
  refractory: [
    {
      counter: 'clamp_steps',
      duration: 't_clamp',
      clamp: { V_m: 'V_clamp' },
      then: { V_m: 'V_reset' },
    },
    { counter: 'refractory_steps', duration: 't_ref', clamp: { V_m: 'V_reset' } },
  ],
  tolerance: 'gsl_error_tol',
  bounds: { V_m: { min: -1e3 }, w: { min: -1e6, max: 1e6 } },
};

/** hh_psc_alpha_clopath, as far as it is not about plasticity. */
export const hodgkinHuxley: NeuronDefinition = {
  name: 'hodgkin_huxley',
  parameters: Object.fromEntries(
    Object.entries(hh.parameters)
      .filter(([name]) => !PLASTICITY.test(name))
      .map(([name, { unit, doc, default: value }]) => [name, { default: value, unit, doc }]),
  ),
  state: Object.fromEntries(
    Object.entries(hh.state)
      .filter(([name]) => !COUNTERS.includes(name))
      .map(([name, { unit, doc, default: value }]) => [name, { default: value, unit, doc }]),
  ),
  definitions: {
    ...hh.definitions,
    // Weights are peaks of the currents: what arrives is scaled where it acts.
    ...{ I_ex: 'exp(1) / tau_syn_ex * I_syn_ex', I_in: 'exp(1) / tau_syn_in * I_syn_in' },
  },
  equations: {
    ...hh.equations,
    V_m: '(-(I_Na + I_K + I_L) + I_stim + I_e + I_ex + I_in) / C_m',
  },
  input: { positive: 'dI_ex', negative: 'dI_in' },
  threshold: 'V_m >= 0 && V_m < before(V_m)',
  refractory: { duration: 't_ref' },
  tolerance: 1e-9,
};
