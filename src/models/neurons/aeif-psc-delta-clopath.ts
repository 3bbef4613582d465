/**
 * aeif_psc_delta_clopath: adaptive exponential integrate-and-fire neuron with delta-shaped input,
 * a moving threshold, a depolarizing spike after-current and the filtered voltages of the
 * Clopath rule.
 *
 * R. Brette, W. Gerstner, J. Neurophysiol. 94 (2005) 3637-3642 (V_m, w);
 * C. Clopath, L. Buesing, E. Vasilaki, W. Gerstner, Nature Neuroscience 13 (2010) 344-352, Methods
 * (z, V_th, the voltage clamp during a spike, u_bar_plus, u_bar_minus, u_bar_bar).
 * Names, defaults and the clamp are those of NEST's model of the same name.
 */
import { settled } from '../../kernel/settled.js';
import { type AdaptiveDynamics, adaptiveNeuron } from '../adaptive-neuron.js';
import { type DerivedSpec, type NeuronModel, NOT_NEGATIVE, POSITIVE } from '../spec.js';
import { clopathChecks, clopathParameters } from './clopath-parameters.js';

const LN_MAX_EXPONENTIAL = 658.6; // ln(1.8e308 / 1e20), rounded down

const definitions = {
  V: `clamp_steps > 0 || refractory_steps > 0
      ? (clamp_steps > 0 ? V_clamp : V_reset) : min(V_m, V_peak)`,
  upstroke: 'Delta_T == 0 ? 0 : g_L * Delta_T / C_m * exp((V - V_th) / Delta_T)',
} as const;

const equations = {
  V_m: `clamp_steps > 0 || refractory_steps > 0 ? 0
        : (-g_L * (V - E_L) - w + z + (I_e + I_stim)) / C_m + upstroke`,
  w: 'clamp_steps > 0 ? 0 : (a * (V - E_L) - w) / tau_w',
  z: '-z / tau_z',
  V_th: '-(V_th - V_th_rest) / tau_V_th',
  u_bar_plus: '(V - u_bar_plus) / tau_u_bar_plus',
  u_bar_minus: '(V - u_bar_minus) / tau_u_bar_minus',
  u_bar_bar: '(u_bar_minus - u_bar_bar) / tau_u_bar_bar',
} as const;

export const aeifPscDeltaClopath: NeuronModel = {
  kind: 'neuron',
  name: 'aeif_psc_delta_clopath',
  doc: 'Adaptive exponential integrate-and-fire neuron with delta-shaped input and Clopath plasticity',
  about: `An adaptive exponential integrate-and-fire neuron (Brette and Gerstner, J. Neurophysiol. 94
    (2005) 3637-3642) with the spike after-current, the moving threshold and the voltage clamp of
    Clopath, Büsing, Vasilaki and Gerstner (Nature Neuroscience 13 (2010) 344-352). With \`Delta_T\` = 0
    there is no exponential term, and the threshold is V_th instead of \`V_peak\`. The equations are
    integrated adaptively; component i may err by D_i = tol (1 + |s y'_i|) in a sub-step of length s,
    with tol = \`gsl_error_tol\`.`,
  definitions,
  equations,
  step: [
    `After the first accepted sub-step, what arrived is added to V_m; during the clamp and the
     refractory period it is lost.`,
    `After every accepted sub-step: V_m at or above the threshold and no clamp means a spike. V_m =
     \`V_clamp\`, w grows by \`b\`, z = \`I_sp\`, V_th = \`V_th_max\`, and the clamp lasts
     round(t_clamp / h) + 1 steps, this one included (none if \`t_clamp\` is 0; then the neuron can fire
     again in the same step). Otherwise, in the clamp's last step, V_m = \`V_reset\`, and the refractory
     period lasts round(t_ref / h) + 1 steps likewise. While refractory, V_m = \`V_reset\`.`,
    `At the end of the step the archive is written, clamp and refractory period count down, and I_stim
     becomes the sum of the currents that arrived in this step. V_m below -1000 mV or |w| above 10^6 pA
     ends the run with an error that names node, step and values.`,
  ],
  parameters: {
    V_peak: { default: 33, unit: 'mV', doc: 'spike detection threshold' },
    V_reset: { default: -60, unit: 'mV', doc: 'V_m after a spike' },
    t_ref: {
      default: 0,
      unit: 'ms',
      doc: 'refractory period after the clamp (rounded to the grid)',
    },
    g_L: { default: 30, unit: 'nS', doc: 'leak conductance' },
    C_m: { default: 281, unit: 'pF', doc: 'membrane capacitance' },
    E_L: { default: -70.6, unit: 'mV', doc: 'leak reversal potential' },
    Delta_T: { default: 2, unit: 'mV', doc: 'slope factor of the exponential' },
    tau_w: { default: 144, unit: 'ms', doc: 'time constant of w' },
    tau_z: { default: 40, unit: 'ms', doc: 'time constant of z' },
    tau_V_th: { default: 50, unit: 'ms', doc: 'time constant of V_th' },
    V_th_max: { default: 30.4, unit: 'mV', doc: 'V_th right after a spike' },
    V_th_rest: { default: -50.4, unit: 'mV', doc: 'V_th at rest' },
    tau_u_bar_plus: { default: 7, unit: 'ms', doc: 'time constant of u_bar_plus' },
    tau_u_bar_minus: { default: 10, unit: 'ms', doc: 'time constant of u_bar_minus' },
    tau_u_bar_bar: { default: 500, unit: 'ms', doc: 'time constant of u_bar_bar' },
    a: { default: 4, unit: 'nS', doc: 'subthreshold adaptation' },
    b: { default: 80.5, unit: 'pA', doc: 'spike-triggered adaptation' },
    I_sp: { default: 400, unit: 'pA', doc: 'spike after-current' },
    I_e: { default: 0, unit: 'pA', doc: 'constant input current' },
    gsl_error_tol: { default: 1e-6, unit: '', doc: 'tolerance of the step-size control' },
    t_clamp: { default: 2, unit: 'ms', doc: 'duration of the clamp (rounded to the grid)' },
    V_clamp: { default: 33, unit: 'mV', doc: 'V_m during the clamp' },
    ...clopathParameters,
  },
  state: {
    V_m: {
      default: -70.6,
      unit: 'mV',
      doc: 'membrane potential',
      settable: true,
      recordable: true,
    },
    w: { default: 0, unit: 'pA', doc: 'adaptation current', settable: true, recordable: true },
    z: { default: 0, unit: 'pA', doc: 'spike after-current', recordable: true },
    V_th: { default: -50.4, unit: 'mV', doc: 'adaptive threshold', recordable: true },
    u_bar_plus: {
      default: -70.6,
      unit: 'mV',
      doc: 'low-pass filtered V_m',
      settable: true,
      recordable: true,
    },
    u_bar_minus: {
      default: -70.6,
      unit: 'mV',
      doc: 'low-pass filtered V_m',
      settable: true,
      recordable: true,
    },
    u_bar_bar: {
      default: -70.6,
      unit: 'mV',
      doc: 'low-pass filtered u_bar_minus',
      settable: true,
      recordable: true,
    },
    I_stim: { default: 0, unit: 'pA', doc: 'current from devices, acting in the next step' },
    clamp_steps: { default: 0, unit: 'steps', doc: 'what is left of the clamp' },
    refractory_steps: { default: 0, unit: 'steps', doc: 'what is left of the refractory period' },
    // 0 stands for "not yet suggested": the first sub-step tries the whole grid step.
    suggested_substep: { default: 0, unit: 'ms', doc: 'sub-step that the error control suggests' },
  },
  checks: [
    {
      requires: 'V_reset < V_peak',
      names: ['V_reset', 'V_peak'],
      holds: (v) => v.V_reset < v.V_peak,
    },
    NOT_NEGATIVE('Delta_T'),
    {
      requires: '(V_peak - V_th_rest) / Delta_T small enough for the exponential not to overflow',
      names: ['V_peak', 'V_th_rest', 'Delta_T'],
      holds: (v) => v.Delta_T === 0 || (v.V_peak - v.V_th_rest) / v.Delta_T < LN_MAX_EXPONENTIAL,
    },
    {
      requires: 'V_th_max >= V_th_rest',
      names: ['V_th_max', 'V_th_rest'],
      holds: (v) => v.V_th_max >= v.V_th_rest,
    },
    {
      requires: 'V_peak >= V_th_rest',
      names: ['V_peak', 'V_th_rest'],
      holds: (v) => v.V_peak >= v.V_th_rest,
    },
    POSITIVE('C_m'),
    NOT_NEGATIVE('t_ref'),
    NOT_NEGATIVE('t_clamp'),
    POSITIVE('tau_w'),
    POSITIVE('tau_z'),
    POSITIVE('tau_V_th'),
    POSITIVE('tau_u_bar_plus'),
    POSITIVE('tau_u_bar_minus'),
    POSITIVE('tau_u_bar_bar'),
    POSITIVE('gsl_error_tol'),
    ...clopathChecks,
  ],
  input: 'sum',
  weightUnit: 'mV',
  takesCurrent: true,
  archive: 'clopath',
  kernel: (group) => adaptiveNeuron(dynamics)(group),
};

/** Steps that a duration rounds to, one more than it lasts because the present step counts too. */
const countdown = (parameter: string): DerivedSpec => ({
  from: [parameter],
  value: (v, h) => (v[parameter] > 0 ? Math.round(v[parameter] / h) + 1 : 0),
});

const dynamics: AdaptiveDynamics = {
  definitions,
  derivatives: equations,
  suggestion: 'suggested_substep',
  errorControl: { absolute: 'gsl_error_tol', relative: 'gsl_error_tol' },
  bounds: { V_m: [-1e3, Number.POSITIVE_INFINITY], w: [-1e6, 1e6] },
  derived: { clamp_duration: countdown('t_clamp'), refractory_duration: countdown('t_ref') },
  afterSubstep({ k, state: s, parameters: p, input, first, spikes }) {
    const free = s.clamp_steps.eq(0).and(s.refractory_steps.eq(0));
    k.if(first.and(free), () => k.set(s.V_m, s.V_m.add(input)));

    const threshold = p.Delta_T.eq(0).select(s.V_th, p.V_peak);
    k.if(
      s.V_m.ge(threshold).and(s.clamp_steps.eq(0)),
      () => {
        k.set(spikes, spikes.add(1));
        k.set(s.V_m, p.V_clamp);
        k.set(s.w, s.w.add(p.b));
        k.set(s.z, p.I_sp);
        k.set(s.V_th, p.V_th_max);
        k.set(s.clamp_steps, p.clamp_duration);
      },
      () =>
        k.if(s.clamp_steps.eq(1), () => {
          k.set(s.V_m, p.V_reset);
          k.set(s.clamp_steps, 0);
          k.set(s.refractory_steps, p.refractory_duration);
        }),
    );
    k.if(s.refractory_steps.gt(0), () => k.set(s.V_m, p.V_reset));
  },
  afterStep({ k, state: s }) {
    k.set(s.clamp_steps, s.clamp_steps.sub(1).max(0));
    k.set(s.refractory_steps, s.refractory_steps.sub(1).max(0));
    k.set(s.z, settled(s.z));
  },
  branches: true,
  fast: {
    driver: 'V_m',
    ceiling: 'V_peak',
    ceilingIf: { names: ['Delta_T'], holds: (v) => v.Delta_T > 0 },
    // By the clamp.
    heldFor: { names: ['t_clamp'], steps: (v, h) => Math.round(v.t_clamp / h) },
    receives: { V_m: 'input' },
    calm: 'clamp_steps == 0 && refractory_steps == 0',
    applies: (v) => v.Delta_T > 0,
  },
};
