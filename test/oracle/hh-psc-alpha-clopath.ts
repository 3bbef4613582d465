/**
 * Hodgkin-Huxley neuron with alpha-shaped synaptic currents and the voltage traces of Clopath et
 * al. 2010. Units: ms, mV, pA, nS, pF.
 */
import { ClopathArchive, PLASTICITY_DEFAULTS } from './clopath-archive.js';
import type { Arrivals, SpikingNode } from './node.js';
import { readFrom, withDefaults } from './node.js';
import { integrateStep } from './rkf45.js';
import type { Parameters } from './scenario.js';
import { SpikeArchive } from './stdp-synapse.js';

const MODEL = 'hh_psc_alpha_clopath';
const REST = -65;

/** x / (1 - exp(-x)), continued through its removable singularity at 0. */
function relativeToExp(x: number): number {
  return x === 0 ? 1 : x / -Math.expm1(-x);
}

/** Opening and closing rates of the gates, in 1/ms, for a membrane potential in mV. */
function gateRates(V: number) {
  return {
    // 0.01 (V + 55) / (1 - exp(-(V + 55) / 10))
    alpha_n: 0.1 * relativeToExp((V + 55) / 10),
    beta_n: 0.125 * Math.exp(-(V + 65) / 80),
    // 0.1 (V + 40) / (1 - exp(-(V + 40) / 10))
    alpha_m: relativeToExp((V + 40) / 10),
    beta_m: 4 * Math.exp(-(V + 65) / 18),
    alpha_h: 0.07 * Math.exp(-(V + 65) / 20),
    beta_h: 1 / (1 + Math.exp(-(V + 35) / 10)),
  };
}

const atRest = gateRates(REST);

const DEFAULTS = {
  t_ref: 2,
  g_Na: 12000,
  g_K: 3600,
  g_L: 30,
  C_m: 100,
  E_Na: 50,
  E_K: -77,
  E_L: -54.402,
  tau_syn_ex: 0.2,
  tau_syn_in: 2,
  I_e: 0,
  tau_u_bar_plus: 114,
  tau_u_bar_minus: 10,
  tau_u_bar_bar: 500,
  tau_minus: 20,
  ...PLASTICITY_DEFAULTS,
  // Initial state: the gates do not follow V_m when that is set.
  V_m: REST,
  Act_m: atRest.alpha_m / (atRest.alpha_m + atRest.beta_m),
  Inact_h: atRest.alpha_h / (atRest.alpha_h + atRest.beta_h),
  Act_n: atRest.alpha_n / (atRest.alpha_n + atRest.beta_n),
  u_bar_plus: 0,
  u_bar_minus: 0,
  u_bar_bar: 0,
};

/** Positions in the state vector. */
const [V_M, M, H, N, DI_EX, I_EX, DI_IN, I_IN, U_PLUS, U_MINUS, U_BAR] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
] as const;

const TOLERANCE = { epsAbs: 1e-3, epsRel: 0, aY: 0, aDydt: 0 };

export function createHhPscAlphaClopath(given: Parameters, h: number): SpikingNode {
  const p = withDefaults(MODEL, DEFAULTS, given);
  const u_bars = [p.u_bar_plus, p.u_bar_minus, p.u_bar_bar];
  const y = [p.V_m, p.Act_m, p.Inact_h, p.Act_n, 0, 0, 0, 0, ...u_bars];
  const clopathArchive = new ClopathArchive(p, h);
  const spikeArchive = new SpikeArchive(p.tau_minus, h);
  let refractory = 0;
  let stimulus = 0;
  let suggested = h;

  function derivatives(s: readonly number[]): number[] {
    const V = s[V_M]!;
    const [m, hGate, n] = [s[M]!, s[H]!, s[N]!];
    const rate = gateRates(V);
    const I_Na = p.g_Na * m ** 3 * hGate * (V - p.E_Na);
    const I_K = p.g_K * n ** 4 * (V - p.E_K);
    const I_L = p.g_L * (V - p.E_L);
    return [
      (-(I_Na + I_K + I_L) + stimulus + p.I_e + s[I_EX]! + s[I_IN]!) / p.C_m,
      rate.alpha_m * (1 - m) - rate.beta_m * m,
      rate.alpha_h * (1 - hGate) - rate.beta_h * hGate,
      rate.alpha_n * (1 - n) - rate.beta_n * n,
      -s[DI_EX]! / p.tau_syn_ex,
      s[DI_EX]! - s[I_EX]! / p.tau_syn_ex,
      -s[DI_IN]! / p.tau_syn_in,
      s[DI_IN]! - s[I_IN]! / p.tau_syn_in,
      (V - s[U_PLUS]!) / p.tau_u_bar_plus,
      (V - s[U_MINUS]!) / p.tau_u_bar_minus,
      (s[U_MINUS]! - s[U_BAR]!) / p.tau_u_bar_bar,
    ];
  }

  function advance(step: number, arrivals: Readonly<Arrivals>): number {
    const before = y[V_M]!;
    suggested = integrateStep(y, h, suggested, derivatives, TOLERANCE, () => {});
    y[DI_EX]! += (Math.E / p.tau_syn_ex) * arrivals.excitatory;
    y[DI_IN]! += (Math.E / p.tau_syn_in) * arrivals.inhibitory;
    clopathArchive.record(step, {
      V_m: y[V_M]!,
      u_bar_plus: y[U_PLUS]!,
      u_bar_minus: y[U_MINUS]!,
      u_bar_bar: y[U_BAR]!,
    });
    stimulus = arrivals.current;
    if (refractory > 0) {
      refractory--;
      return 0;
    }
    if (y[V_M]! >= 0 && y[V_M]! < before) {
      refractory = Math.round(p.t_ref / h);
      return 1;
    }
    return 0;
  }

  function read(variable: string): number {
    const recordables = {
      V_m: y[V_M]!,
      Act_m: y[M]!,
      Inact_h: y[H]!,
      Act_n: y[N]!,
      I_syn_ex: y[I_EX]!,
      I_syn_in: y[I_IN]!,
      u_bar_plus: y[U_PLUS]!,
      u_bar_minus: y[U_MINUS]!,
      u_bar_bar: y[U_BAR]!,
    };
    return readFrom(MODEL, recordables, variable);
  }

  return { advance, read, clopathArchive, spikeArchive };
}
