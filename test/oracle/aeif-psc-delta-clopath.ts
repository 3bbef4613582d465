/**
 * Adaptive exponential integrate-and-fire neuron (Brette and Gerstner 2005) with the depolarising
 * spike after-potential, adaptive threshold and voltage traces of Clopath et al. 2010.
 * Units: ms, mV, pA, nS, pF.
 */
import { ClopathArchive, PLASTICITY_DEFAULTS } from './clopath-archive.js';
import type { Arrivals, SpikingNode } from './node.js';
import { readFrom, withDefaults } from './node.js';
import { integrateStep } from './rkf45.js';
import type { Parameters } from './scenario.js';
import { SpikeArchive } from './stdp-synapse.js';

const MODEL = 'aeif_psc_delta_clopath';

const DEFAULTS = {
  V_peak: 33,
  V_reset: -60,
  t_ref: 0,
  g_L: 30,
  C_m: 281,
  E_L: -70.6,
  Delta_T: 2,
  tau_w: 144,
  tau_z: 40,
  tau_V_th: 50,
  V_th_max: 30.4,
  V_th_rest: -50.4,
  tau_u_bar_plus: 7,
  tau_u_bar_minus: 10,
  tau_u_bar_bar: 500,
  a: 4,
  b: 80.5,
  I_sp: 400,
  I_e: 0,
  gsl_error_tol: 1e-6,
  t_clamp: 2,
  V_clamp: 33,
  tau_minus: 20,
  ...PLASTICITY_DEFAULTS,
  // Initial state: it does not follow E_L or V_th_rest when those are set.
  V_m: -70.6,
  w: 0,
  u_bar_plus: -70.6,
  u_bar_minus: -70.6,
  u_bar_bar: -70.6,
};

/** Positions in the state vector. */
const [V_M, W, Z, V_TH, U_PLUS, U_MINUS, U_BAR] = [0, 1, 2, 3, 4, 5, 6] as const;

export function createAeifPscDeltaClopath(given: Parameters, h: number): SpikingNode {
  const p = withDefaults(MODEL, DEFAULTS, given);
  const y = [p.V_m, p.w, 0, -50.4, p.u_bar_plus, p.u_bar_minus, p.u_bar_bar];
  const tolerance = { epsAbs: p.gsl_error_tol, epsRel: p.gsl_error_tol, aY: 0, aDydt: 1 };
  const clopathArchive = new ClopathArchive(p, h);
  const spikeArchive = new SpikeArchive(p.tau_minus, h);
  let clamp = 0;
  let refractory = 0;
  let stimulus = 0;
  let suggested = h;

  function derivatives(s: readonly number[]): number[] {
    const clamped = clamp > 0;
    const held = clamped || refractory > 0;
    const V = clamped ? p.V_clamp : refractory > 0 ? p.V_reset : Math.min(s[V_M]!, p.V_peak);
    const upstroke = p.Delta_T === 0 ? 0 : p.g_L * p.Delta_T * Math.exp((V - s[V_TH]!) / p.Delta_T);
    const current = -p.g_L * (V - p.E_L) + upstroke - s[W]! + s[Z]! + p.I_e + stimulus;
    return [
      held ? 0 : current / p.C_m,
      clamped ? 0 : (p.a * (V - p.E_L) - s[W]!) / p.tau_w,
      -s[Z]! / p.tau_z,
      -(s[V_TH]! - p.V_th_rest) / p.tau_V_th,
      (V - s[U_PLUS]!) / p.tau_u_bar_plus,
      (V - s[U_MINUS]!) / p.tau_u_bar_minus,
      (s[U_MINUS]! - s[U_BAR]!) / p.tau_u_bar_bar,
    ];
  }

  /** Input, threshold and reset, in this order; returns whether the neuron spiked. */
  function afterSubStep(input: number): boolean {
    if (clamp === 0 && refractory === 0) y[V_M]! += input;
    const threshold = p.Delta_T === 0 ? y[V_TH]! : p.V_peak;
    const spiked = y[V_M]! >= threshold && clamp === 0;
    if (spiked) {
      y[V_M] = p.V_clamp;
      y[W]! += p.b;
      y[Z] = p.I_sp;
      y[V_TH] = p.V_th_max;
      clamp = p.t_clamp === 0 ? 0 : Math.round(p.t_clamp / h) + 1;
    } else if (clamp === 1) {
      y[V_M] = p.V_reset;
      clamp = 0;
      refractory = p.t_ref === 0 ? 0 : Math.round(p.t_ref / h) + 1;
    }
    if (refractory > 0) y[V_M] = p.V_reset;
    return spiked;
  }

  function advance(step: number, arrivals: Readonly<Arrivals>): number {
    let spikes = 0;
    suggested = integrateStep(y, h, suggested, derivatives, tolerance, (index) => {
      if (afterSubStep(index === 0 ? arrivals.weight : 0)) spikes++;
      if (y[V_M]! < -1000 || Math.abs(y[W]!) > 1e6) {
        throw new Error(`oracle: ${MODEL} unstable in step ${step}: V_m ${y[V_M]}, w ${y[W]}`);
      }
    });
    clopathArchive.record(step, {
      V_m: y[V_M]!,
      u_bar_plus: y[U_PLUS]!,
      u_bar_minus: y[U_MINUS]!,
      u_bar_bar: y[U_BAR]!,
    });
    if (clamp > 0) clamp--;
    if (refractory > 0) refractory--;
    stimulus = arrivals.current;
    return spikes;
  }

  function read(variable: string): number {
    const recordables = {
      V_m: y[V_M]!,
      w: y[W]!,
      z: y[Z]!,
      V_th: y[V_TH]!,
      u_bar_plus: y[U_PLUS]!,
      u_bar_minus: y[U_MINUS]!,
      u_bar_bar: y[U_BAR]!,
    };
    return readFrom(MODEL, recordables, variable);
  }

  return { advance, read, clopathArchive, spikeArchive };
}
