/**
 * The engine against the oracle, which walks the equations entry by entry over the whole archive:
 * random explicit networks with long silences, several tau_x on one neuron, weights at and above
 * their bounds, negative bounds and amplitudes, multiplicities, and long slices.
 *
 * Tolerance: prefix sums with one base for at most 8 tau_x keep 12 digits of an increment, and what
 * comes more than 48 tau_x after a spike is dropped, less than exp(-40) of it: weights agree
 * to 1e-11, absolutely below 1 and relatively above. Spikes are identical.
 *
 * That is of the plasticity. The neurons' own sub-steps near a spike depend on roundings, and in a few
 * networks so do weights: there the oracle itself, begun with voltages that are 1e-13 of theirs higher or
 * lower, tells how much.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { outcomeOf, resolveScenario } from '../experiment/from-scenario.js';
import { compareSpikes, compareWeights } from '../oracle/compare.js';
import type { Outcome, Parameters, Scenario } from '../oracle/scenario.js';
import { simulate } from '../oracle/simulate.js';
import { randomScenario, type ScenarioStyle } from './random-scenario.js';

const TOLERANCE = 1e-11;
/** However sensitive a network is. */
const LARGEST_TOLERANCE = 2e-11;

/** Runs a scenario on the engine; throws at the first difference. Returns the transmissions. */
async function agree(scenario: Scenario): Promise<number> {
  const expected = simulate(scenario);
  const results = await runExperiment(resolveScenario(scenario), { threads: 1 });
  const actual = outcomeOf(results, scenario);
  compareSpikes(actual.spikes, expected.spikes);
  const found = compareWeights(actual, expected, Number.POSITIVE_INFINITY);
  const tolerance =
    found > TOLERANCE
      ? Math.min(4 * sensitivity(scenario, expected), LARGEST_TOLERANCE)
      : TOLERANCE;
  compareWeights(actual, expected, tolerance);
  return expected.weight_events.step.length;
}

/** How far the oracle's weights are from these for voltages that begin 1e-13 of theirs higher or lower. */
function sensitivity(scenario: Scenario, expected: Outcome): number {
  const deviations = [1, -1].map((sign) => {
    const nodes = scenario.nodes.map((node) => {
      const V_m = node.params?.V_m;
      if (typeof V_m !== 'number') return node;
      return { ...node, params: { ...node.params, V_m: V_m * (1 + sign * 1e-13) } };
    });
    return compareWeights(simulate({ ...scenario, nodes }), expected, Number.POSITIVE_INFINITY);
  });
  return Math.max(...deviations);
}

describe('random networks', () => {
  test.each<[string, ScenarioStyle]>([
    ['weights within their bounds', { A_LTP: [8e-5, 3e-4], widened: 1 }],
    ['weights that start beyond their bounds', { A_LTP: [8e-5, 3e-4, 0], widened: 2 }],
    ['negative and mixed A_LTP', { A_LTP: [8e-5, 2e-4, -1e-4, -3e-4], widened: 1 }],
    ['everything at once', { A_LTP: [2e-4, -1e-4, 0], widened: 2 }],
  ])('%s', { timeout: 60_000 }, async (_, style) => {
    let transmissions = 0;
    await fc.assert(
      fc.asyncProperty(randomScenario(style), async (scenario) => {
        transmissions += await agree(scenario);
      }),
      // Shrinking takes minutes: set endOnFailure to false for a smaller example.
      { seed: 20211, numRuns: 20, endOnFailure: true },
    );
    expect(transmissions).toBeGreaterThan(1000);
  });
});

/** One neuron, one relay that spikes at given times, one plastic synapse. Times in ms. */
function oneSynapse(one: {
  neuron?: Parameters;
  current?: Parameters;
  spikes: readonly number[];
  synapse: Parameters;
  weight: number;
  delay?: number;
}): Scenario {
  const delay = one.delay ?? 0.1;
  return {
    name: 'one-synapse',
    resolution: 0.1,
    nodes: [
      { id: 1, model: 'aeif_psc_delta_clopath', params: one.neuron ?? {} },
      { id: 2, model: 'parrot_neuron' },
      { id: 3, model: 'spike_generator', params: { spike_times: one.spikes } },
      { id: 4, model: 'dc_generator', params: { amplitude: 1500, ...one.current } },
    ],
    connections: [
      { source: 3, target: 2, model: 'static_synapse', weight: 1, delay: 0.1 },
      { source: 2, target: 1, model: 'recorded', weight: one.weight, delay },
      { source: 4, target: 1, model: 'static_synapse', weight: 1, delay: 0.1 },
    ],
    synapse_models: {
      recorded: { base: 'clopath_synapse', params: one.synapse, weight_recorder: true },
    },
    simulate: 120,
  };
}

describe('one synapse', () => {
  test.each<[string, Scenario]>([
    [
      'a weight above Wmax is capped by potentiation before the first presynaptic spike',
      oneSynapse({ spikes: [40], synapse: { Wmax: 12 }, weight: 20 }),
    ],
    [
      'a weight above Wmax is capped by potentiation of amplitude 0',
      oneSynapse({
        neuron: { A_LTP: 0 },
        current: { start: 10 },
        spikes: [2, 60],
        synapse: { Wmax: 12 },
        weight: 20,
      }),
    ],
    [
      'a weight above Wmax is capped by potentiation more than 48 tau_x after the spike',
      oneSynapse({
        current: { start: 65 },
        spikes: [2, 110],
        synapse: { tau_x: 1, Wmax: 12 },
        weight: 20,
      }),
    ],
    [
      'a weight above Wmax stays without potentiation',
      oneSynapse({
        current: { start: 115 },
        spikes: [2, 60, 110],
        synapse: { Wmax: 12 },
        weight: 20,
      }),
    ],
    // Epochs of 80 steps; what is archived in the 60 steps before one begins is still to be used.
    [
      'negative A_LTP: a first spike soon after an epoch began',
      oneSynapse({
        neuron: { A_LTP: -1e-3, theta_plus: -70 },
        spikes: [16.4, 18.4, 19.4],
        synapse: { tau_x: 1 },
        weight: 20,
        delay: 6,
      }),
    ],
    [
      'negative A_LTP: a spike soon after an epoch began and after a long silence',
      oneSynapse({
        neuron: { A_LTP: -1e-3, theta_plus: -70 },
        spikes: [2, 80.4, 82.4, 83.4],
        synapse: { tau_x: 1 },
        weight: 20,
        delay: 6,
      }),
    ],
  ])('%s', async (_, scenario) => {
    expect(await agree(scenario)).toBeGreaterThan(0);
  });
});
