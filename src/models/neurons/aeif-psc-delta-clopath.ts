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
import { NumericalInstabilityError } from '../../errors/index.js';
import { exp } from '../../math/index.js';
import { Rkf45 } from '../rkf45.js';
import {
  type NeuronGroup,
  type NeuronKernel,
  type NeuronModel,
  NOT_NEGATIVE,
  POSITIVE,
} from '../spec.js';
import { clopathChecks, clopathParameters } from './clopath-parameters.js';

const LN_MAX_EXPONENTIAL = 658.6; // ln(1.8e308 / 1e20), rounded down

export const aeifPscDeltaClopath: NeuronModel = {
  kind: 'neuron',
  name: 'aeif_psc_delta_clopath',
  doc: 'Adaptive exponential integrate-and-fire neuron with delta-shaped input and Clopath plasticity',
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
  takesCurrent: true,
  archive: 'clopath',
  kernel: (group) => new AeifKernel(group),
};

/** Order of the integrated variables. */
const INTEGRATED = ['V_m', 'w', 'z', 'V_th', 'u_bar_plus', 'u_bar_minus', 'u_bar_bar'] as const;
const V_M = 0;
const W = 1;
const Z = 2;
const V_TH = 3;
const PLUS = 4;
const MINUS = 5;
const BAR = 6;

class AeifKernel implements NeuronKernel {
  private readonly columns: Float64Array[];
  private readonly I_stim: Float64Array;
  private readonly clampSteps: Float64Array;
  private readonly refractorySteps: Float64Array;
  private readonly suggestedSubstep: Float64Array;
  private readonly solver: Rkf45;

  // Parameters and jump state of the neuron at hand.
  private p: Record<keyof typeof aeifPscDeltaClopath.parameters, number> = {};
  private parameterColumns: [name: string, column: Float64Array][] = [];
  private heterogeneous: [name: string, column: Float64Array][] = [];
  private stimulus = 0;
  private clamp = 0;
  private refractory = 0;

  constructor(private readonly group: NeuronGroup) {
    this.columns = INTEGRATED.map((name) => group.state(name));
    this.I_stim = group.state('I_stim');
    this.clampSteps = group.state('clamp_steps');
    this.refractorySteps = group.state('refractory_steps');
    this.suggestedSubstep = group.state('suggested_substep');
    this.solver = new Rkf45(INTEGRATED.length, (y, dydt, at) => this.derivatives(y, dydt, at), {
      absolute: 0,
      relative: 0,
      weightY: 0,
      weightDydt: 1,
    });
    this.refresh();
  }

  refresh(): void {
    const { group } = this;
    this.parameterColumns = Object.keys(group.model.parameters).map((name) => [
      name,
      group.parameter(name),
    ]);
    this.heterogeneous = this.parameterColumns.filter(([, column]) => column.length > 1);
    this.p = Object.fromEntries(this.parameterColumns.map(([name, column]) => [name, column[0]]));
  }

  private derivatives(y: Float64Array, dydt: Float64Array, at: number): void {
    const { p } = this;
    const clamped = this.clamp > 0;
    const refractory = this.refractory > 0;
    const V = clamped ? p.V_clamp : refractory ? p.V_reset : Math.min(y[V_M], p.V_peak);
    if (clamped || refractory) {
      dydt[at + V_M] = 0;
    } else {
      const spike = p.Delta_T === 0 ? 0 : p.g_L * p.Delta_T * exp((V - y[V_TH]) / p.Delta_T);
      dydt[at + V_M] = (-p.g_L * (V - p.E_L) + spike - y[W] + y[Z] + p.I_e + this.stimulus) / p.C_m;
    }
    dydt[at + W] = clamped ? 0 : (p.a * (V - p.E_L) - y[W]) / p.tau_w;
    dydt[at + Z] = -y[Z] / p.tau_z;
    dydt[at + V_TH] = -(y[V_TH] - p.V_th_rest) / p.tau_V_th;
    dydt[at + PLUS] = (V - y[PLUS]) / p.tau_u_bar_plus;
    dydt[at + MINUS] = (V - y[MINUS]) / p.tau_u_bar_minus;
    dydt[at + BAR] = (y[MINUS] - y[BAR]) / p.tau_u_bar_bar;
  }

  update(step: number, input: Float64Array, inputAt: number): void {
    const { group, columns, solver } = this;
    for (let i = 0; i < group.size; i++) {
      if (this.heterogeneous.length > 0) this.loadParameters(i);
      for (let j = 0; j < columns.length; j++) solver.y[j] = columns[j][i];
      this.stimulus = this.I_stim[i];
      this.clamp = this.clampSteps[i];
      this.refractory = this.refractorySteps[i];
      solver.suggestion = this.suggestedSubstep[i] || group.resolution;

      const spikes = this.integrate(step, i, input[inputAt + i]);
      if (spikes > 0) group.emit(i, spikes);

      for (let j = 0; j < columns.length; j++) columns[j][i] = solver.y[j];
      this.clampSteps[i] = Math.max(0, this.clamp - 1);
      this.refractorySteps[i] = Math.max(0, this.refractory - 1);
      this.suggestedSubstep[i] = solver.suggestion;
    }
  }

  private loadParameters(i: number): void {
    for (const [name, column] of this.heterogeneous) this.p[name] = column[i];
  }

  /** One grid step of the neuron at hand; returns how many spikes it fired. */
  private integrate(step: number, i: number, input: number): number {
    const { p, group, solver } = this;
    const { y, control } = solver;
    control.absolute = p.gsl_error_tol;
    control.relative = p.gsl_error_tol;
    const threshold = p.Delta_T === 0 ? undefined : p.V_peak;
    let spikes = 0;
    let t = 0;
    let first = true;
    while (t < group.resolution) {
      t = solver.advance(t, group.resolution);
      if (first && this.clamp === 0 && this.refractory === 0) y[V_M] += input;
      first = false;
      if (!(y[V_M] >= -1e3 && Math.abs(y[W]) <= 1e6)) {
        throw new NumericalInstabilityError(group.model.name, group.nodeId(i), step, {
          V_m: y[V_M],
          w: y[W],
        });
      }
      if (y[V_M] >= (threshold ?? y[V_TH]) && this.clamp === 0) {
        spikes += 1;
        y[V_M] = p.V_clamp;
        y[W] += p.b;
        y[Z] = p.I_sp;
        y[V_TH] = p.V_th_max;
        this.clamp = p.t_clamp > 0 ? Math.round(p.t_clamp / group.resolution) + 1 : 0;
      } else if (this.clamp === 1) {
        y[V_M] = p.V_reset;
        this.clamp = 0;
        this.refractory = p.t_ref > 0 ? Math.round(p.t_ref / group.resolution) + 1 : 0;
      }
      if (this.refractory > 0) y[V_M] = p.V_reset;
    }
    return spikes;
  }
}
