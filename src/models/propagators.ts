/**
 * Propagators of linear neurons: what a state contributes to the membrane potential one step later,
 * exactly (S. Rotter, M. Diesmann, Biol. Cybern. 81 (1999) 381-402).
 *
 * A synaptic current that is I exp(-t/tau) + dI t exp(-t/tau) drives C_m V' = -C_m V / tau_m + I(t).
 * With x = h / tau_m - h / tau, it adds after h
 *
 *     exp(-h/tau_m) h / C_m (I M0(x) + dI h M1(x)),  Mn(x) = integral of u^n e^(x u) over u in 0 ... 1,
 *
 * which is regular where tau = tau_m.
 */
import { exp, expm1 } from '../math/index.js';

/** Contributions to V in mV per pA of current, and per pA/ms of its drive. */
export interface CurrentPropagator {
  readonly current: number;
  readonly drive: number;
}

/** Below this magnitude of x, M1 is summed up: its closed form cancels. */
const SERIES_RANGE = 1;

/** For time constants and step in ms, C_m in pF; relative errors below 1e-14. */
export function currentPropagator(
  tau_m: number,
  C_m: number,
  tau: number,
  h: number,
): CurrentPropagator {
  const x = h / tau_m - h / tau;
  // Of e^(-h/tau_m) and e^(-h/tau) the larger: M0(x) = e^x M0(-x), M1(x) = e^x (M0(-x) - M1(-x)).
  const scale = (h / C_m) * exp(-h / Math.max(tau_m, tau));
  const negative = -Math.abs(x);
  const moment0 = firstMoment(negative);
  const moment1 = secondMoment(negative);
  return { current: scale * moment0, drive: scale * h * (x > 0 ? moment0 - moment1 : moment1) };
}

/** The integral of e^(x u). */
function firstMoment(x: number): number {
  return x === 0 ? 1 : expm1(x) / x;
}

/** The integral of u e^(x u), for x <= 0. */
function secondMoment(x: number): number {
  if (x < -SERIES_RANGE) return (x * exp(x) - expm1(x)) / (x * x);
  let sum = 0;
  let power = 1;
  for (let k = 0; k < 20; k++) {
    sum += power / (k + 2);
    power *= x / (k + 1);
  }
  return sum;
}

/** What a constant current adds to V over a step, in mV per pA. */
export function constantCurrentPropagator(tau_m: number, C_m: number, h: number): number {
  return (-tau_m / C_m) * expm1(-h / tau_m);
}
