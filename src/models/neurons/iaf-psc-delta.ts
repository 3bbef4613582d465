/**
 * iaf_psc_delta: leaky integrate-and-fire neuron whose input makes V_m jump, integrated exactly
 * (S. Rotter, M. Diesmann, Biol. Cybern. 81 (1999) 381-402). Names and defaults are those of NEST's
 * model of the same name.
 */
import { exp } from '../../kernel/elementary.js';
import { type ExactDynamics, exactNeuron } from '../exact-neuron.js';
import type { NeuronModel } from '../spec.js';
import {
  ABOUT,
  FIRES,
  fire,
  isFree,
  lowerBound,
  membraneChecks,
  membraneDerived,
  membraneEquation,
  membraneParameters,
  membraneReads,
  membraneState,
  REFRACTORY,
  relaxed,
  TAKES_CURRENT,
} from './iaf-membrane.js';

export const iafPscDelta: NeuronModel = {
  kind: 'neuron',
  name: 'iaf_psc_delta',
  doc: 'Leaky integrate-and-fire neuron with delta-shaped input',
  about: ABOUT,
  equations: { V_m: membraneEquation() },
  step: [
    `${REFRACTORY}, and what arrived is added to it; it is raised to \`V_min\` if below. What arrives
     while refractory is lost or, with \`refractory_input\`, kept, each weight times exp(-k h / tau_m)
     with k the steps that were left, and added in the first step after.`,
    FIRES,
    TAKES_CURRENT,
  ],
  parameters: {
    ...membraneParameters,
    ...lowerBound,
    refractory_input: {
      default: 0,
      unit: '',
      doc: 'input of the refractory period acts, decayed, at its end; otherwise it is lost',
      flag: true,
    },
  },
  state: {
    ...membraneState,
    kept_input: { default: 0, unit: 'mV', doc: 'input of the refractory period' },
  },
  checks: membraneChecks,
  input: 'sum',
  weightUnit: 'mV',
  takesCurrent: true,
  kernel: (group) => exactNeuron(dynamics)(group),
};

const reads = [...membraneReads, 'V_min', 'refractory_input', 'decay_rate'] as const;

const dynamics: ExactDynamics<(typeof reads)[number]> = {
  derived: {
    ...membraneDerived,
    /** Exponent of the decay per step. */
    decay_rate: { from: ['tau_m'], value: (v, h) => -h / v.tau_m },
  },
  reads,
  step(scope) {
    const { k, state: s, parameters: p, input } = scope;
    const V = relaxed(scope).add(input).add(s.kept_input).max(p.V_min);

    const keeps = p.refractory_input.gt(0).and(s.refractory_steps.gt(0));
    const kept_input = k.variable(s.kept_input);
    k.ifAny(keeps.or(s.kept_input.eq(0).not()), () => {
      const decayed = input.mul(exp(k, s.refractory_steps.mul(p.decay_rate)));
      const sum = k.let(keeps.select(s.kept_input.add(decayed), s.kept_input));
      k.set(kept_input, isFree(scope).select(0, sum));
    });

    const { state, fired } = fire(scope, V);
    return { state: { ...state, kept_input }, fired };
  },
};
