/**
 * Leaky integrate-and-fire neurons with delta-, exponential and alpha-shaped synapses, integrated
 * exactly on the grid (Rotter and Diesmann 1999). Units: ms, mV, pA, pF.
 */
import type { Arrivals, SpikingNode } from './node.js';
import { readFrom, withDefaults } from './node.js';
import type { Parameters } from './scenario.js';
import { SpikeArchive } from './stdp-synapse.js';

const MEMBRANE_DEFAULTS = {
  tau_m: 10,
  C_m: 250,
  t_ref: 2,
  E_L: -70,
  I_e: 0,
  V_th: -55,
  V_reset: -70,
  tau_minus: 20,
  V_m: -70,
};
const DELTA_DEFAULTS = { ...MEMBRANE_DEFAULTS, V_min: -Infinity, refractory_input: false };
const EXP_DEFAULTS = { ...MEMBRANE_DEFAULTS, tau_syn_ex: 2, tau_syn_in: 2 };
const ALPHA_DEFAULTS = { ...EXP_DEFAULTS, V_min: -Infinity };

type Membrane = typeof MEMBRANE_DEFAULTS;

/** The exact solution of C_m V' = -C_m (V - E_L) / tau_m + I over h, for constant I. */
function membraneAfter(p: Membrane, h: number, V: number, I: number): number {
  const decay = Math.exp(-h / p.tau_m);
  return p.E_L + (V - p.E_L) * decay - (p.tau_m / p.C_m) * Math.expm1(-h / p.tau_m) * I;
}

/** What a synaptic current and its slope, as they are now, add to V over the next h. */
interface Propagator {
  readonly fromCurrent: number;
  readonly fromSlope: number;
}

/**
 * The current is I exp(-t/tau) + dI t exp(-t/tau). With x = h (1/tau_m - 1/tau) it adds to V
 *   exp(-h/tau_m) / C_m (I h int_0^1 e^(x u) du + dI h^2 int_0^1 u e^(x u) du).
 */
function propagator(p: Membrane, h: number, tau: number): Propagator {
  const x = h / p.tau_m - h / tau;
  const scale = Math.exp(-h / p.tau_m) / p.C_m;
  return {
    fromCurrent: scale * h * exponentialMoment(x, 0),
    fromSlope: scale * h * h * exponentialMoment(x, 1),
  };
}

/** int_0^1 u^n e^(x u) du by its power series, which is regular at x = 0; for |x| up to a few. */
function exponentialMoment(x: number, n: number): number {
  let sum = 0;
  let power = 1;
  for (let k = 0; k < 100; k++) {
    sum += power / (k + n + 1);
    power *= x / (k + 1);
  }
  return sum;
}

export function createIafPscDelta(given: Parameters, h: number): SpikingNode {
  const p = withDefaults('iaf_psc_delta', DELTA_DEFAULTS, given);
  const spikeArchive = new SpikeArchive(p.tau_minus, h);
  let V = p.V_m;
  let refractory = 0;
  let stimulus = 0;
  /** Input that arrived during the refractory time, with refractory_input. */
  let kept = 0;

  function advance(_step: number, arrivals: Readonly<Arrivals>): number {
    if (refractory === 0) {
      V = membraneAfter(p, h, V, p.I_e + stimulus) + arrivals.weight + kept;
      V = Math.max(V, p.V_min);
      kept = 0;
    } else {
      if (p.refractory_input) kept += arrivals.weight * Math.exp((-refractory * h) / p.tau_m);
      refractory--;
    }
    const spiked = V >= p.V_th;
    if (spiked) {
      V = p.V_reset;
      refractory = Math.round(p.t_ref / h);
    }
    stimulus = arrivals.current;
    return spiked ? 1 : 0;
  }

  return {
    advance,
    read: (variable) => readFrom('iaf_psc_delta', { V_m: V }, variable),
    spikeArchive,
  };
}

export function createIafPscExp(given: Parameters, h: number): SpikingNode {
  const p = withDefaults('iaf_psc_exp', EXP_DEFAULTS, given);
  return currentBased('iaf_psc_exp', { ...p, V_min: -Infinity }, h, (tau) => {
    let I = 0;
    return {
      current: () => I,
      slope: () => 0,
      advance: (weight) => {
        I = I * Math.exp(-h / tau) + weight;
      },
    };
  });
}

export function createIafPscAlpha(given: Parameters, h: number): SpikingNode {
  const p = withDefaults('iaf_psc_alpha', ALPHA_DEFAULTS, given);
  return currentBased('iaf_psc_alpha', p, h, (tau) => {
    let I = 0;
    let dI = 0;
    return {
      current: () => I,
      slope: () => dI,
      advance: (weight) => {
        const decay = Math.exp(-h / tau);
        I = (I + dI * h) * decay;
        dI = dI * decay + (weight * Math.E) / tau;
      },
    };
  });
}

/** A synaptic current: its value and slope now, and its step by h with the arriving weight. */
interface SynapticCurrent {
  current(): number;
  slope(): number;
  advance(weight: number): void;
}

function currentBased(
  model: string,
  p: typeof ALPHA_DEFAULTS,
  h: number,
  createCurrent: (tau: number) => SynapticCurrent,
): SpikingNode {
  const spikeArchive = new SpikeArchive(p.tau_minus, h);
  const excitatory = createCurrent(p.tau_syn_ex);
  const inhibitory = createCurrent(p.tau_syn_in);
  let V = p.V_m;
  let refractory = 0;
  let stimulus = 0;

  const fromExcitatory = propagator(p, h, p.tau_syn_ex);
  const fromInhibitory = propagator(p, h, p.tau_syn_in);
  const share = ({ fromCurrent, fromSlope }: Propagator, synaptic: SynapticCurrent) =>
    fromCurrent * synaptic.current() + fromSlope * synaptic.slope();

  function advance(_step: number, arrivals: Readonly<Arrivals>): number {
    if (refractory === 0) {
      V =
        membraneAfter(p, h, V, p.I_e + stimulus) +
        share(fromExcitatory, excitatory) +
        share(fromInhibitory, inhibitory);
      V = Math.max(V, p.V_min);
    } else {
      refractory--;
    }
    excitatory.advance(arrivals.excitatory);
    inhibitory.advance(arrivals.inhibitory);
    const spiked = V >= p.V_th;
    if (spiked) {
      V = p.V_reset;
      refractory = Math.round(p.t_ref / h);
    }
    stimulus = arrivals.current;
    return spiked ? 1 : 0;
  }

  function read(variable: string): number {
    const recordables = {
      V_m: V,
      I_syn_ex: excitatory.current(),
      I_syn_in: inhibitory.current(),
    };
    return readFrom(model, recordables, variable);
  }

  return { advance, read, spikeArchive };
}
