/** Random valid parameters and states of aeif_psc_delta_clopath. */
import { aeifPscDeltaClopath } from '../../src/models/neurons/aeif-psc-delta-clopath.js';
import type { Points } from '../math/points.js';

export type Numbers = Record<string, number>;

const pick = <T>(points: Points, values: readonly T[]): T => values[points.word() % values.length];

/** One number of the range, or of several. */
const between = (points: Points, low: number, high: number): number =>
  points.uniform(1, low, high)[0];

export function randomParameters(points: Points): Numbers {
  for (;;) {
    const V_th_rest = between(points, -56, -45);
    const drawn: Numbers = {
      V_th_rest,
      V_peak: between(points, 0, 40),
      V_reset: between(points, -75, -55),
      t_ref: pick(points, [0, 0, 1, 2.5]),
      g_L: between(points, 5, 60),
      C_m: between(points, 100, 400),
      E_L: between(points, -75, -65),
      Delta_T: pick(points, [0, 2, between(points, 0.5, 4)]),
      tau_w: between(points, 20, 300),
      tau_z: between(points, 5, 100),
      tau_V_th: between(points, 10, 100),
      V_th_max: V_th_rest + between(points, 0, 80),
      tau_u_bar_plus: between(points, 2, 20),
      tau_u_bar_minus: between(points, 2, 30),
      tau_u_bar_bar: between(points, 100, 1000),
      a: between(points, -2, 10),
      b: between(points, 0, 200),
      I_sp: between(points, 0, 600),
      I_e: between(points, -200, 600),
      gsl_error_tol: pick(points, [1e-6, 1e-6, 1e-8, 1e-4]),
      t_clamp: pick(points, [1, 2, 3.3]),
      V_clamp: between(points, 0, 40),
    };
    const specs = Object.entries(aeifPscDeltaClopath.parameters);
    const values = Object.fromEntries(specs.map(([n, s]) => [n, drawn[n] ?? s.default]));
    if (aeifPscDeltaClopath.checks.every((check) => check.holds(values))) return drawn;
  }
}

/** Calm, near threshold, in the upstroke, clamped, refractory, driven, or with small sub-steps. */
export function randomState(points: Points, p: Numbers, h: number): Numbers {
  const kind = points.word() % 8;
  const state: Numbers = {
    V_m: between(points, -90, p.V_th_rest),
    w: between(points, -100, 500),
    z: pick(points, [0, 1e-310, between(points, 0, 400)]),
    V_th: pick(points, [p.V_th_rest, between(points, p.V_th_rest, p.V_th_max)]),
    u_bar_plus: between(points, -80, -40),
    u_bar_minus: between(points, -80, -40),
    u_bar_bar: between(points, -80, -60),
    I_stim: pick(points, [0, between(points, -500, 500)]),
    clamp_steps: 0,
    refractory_steps: 0,
    suggested_substep: pick(points, [0, h, h]),
  };
  const V_th = state.V_th;
  if (kind === 1) state.V_m = V_th + between(points, -3, 3);
  if (kind === 2) state.V_m = Math.min(p.V_peak, V_th + between(points, 3, 20));
  if (kind === 3) Object.assign(state, { V_m: p.V_clamp, clamp_steps: 1 + (points.word() % 20) });
  if (kind === 4)
    Object.assign(state, { V_m: p.V_reset, refractory_steps: 1 + (points.word() % 9) });
  if (kind === 5) state.suggested_substep = between(points, h / 100, h);
  if (kind === 6) state.V_m = p.V_peak - between(points, -1, 1);
  // What is held is left with nothing suggested instead of the whole step.
  if (kind === 3 || kind === 4) state.suggested_substep = 0;
  return state;
}

/** Mostly nothing, sometimes a little, rarely enough for a spike. */
export function randomInput(points: Points): number {
  const kind = points.word() % 64;
  if (kind === 0) return between(points, 5, 40);
  return kind < 8 ? between(points, -3, 5) : 0;
}
