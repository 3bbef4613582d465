/**
 * stdp_synapse against the oracle, which walks through all pairs of spikes: random explicit networks
 * with long silences, several tau_plus on one neuron, weights at and above their bounds, both signs,
 * multiplicities on both sides, long slices.
 *
 * Tolerance: potentiation more than 48 tau_plus after a spike is dropped, less than exp(-48) of
 * it; besides, elementary functions differ in their last bits. Weights agree to 1e-11, absolutely
 * below 1 and relatively above. Spikes are identical.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { outcomeOf, resolveScenario } from '../experiment/from-scenario.js';
import { compareSpikes, compareWeights } from '../oracle/compare.js';
import { simulate } from '../oracle/simulate.js';
import { randomStdpScenario, type StdpStyle } from './random-stdp-scenario.js';

const TOLERANCE = 1e-11;

describe('random networks', () => {
  test.each<[string, StdpStyle]>([
    ['additive and multiplicative', { exponents: [0, 1], lambda: [0.01, 0.1], widened: 1 }],
    ['powers between', { exponents: [0.02, 0.4, 1, 2], lambda: [0.05, 0.2], widened: 1 }],
    [
      'weights that start above Wmax, large and negative steps',
      { exponents: [0, 1], lambda: [0.1, 1.5, -0.05], widened: 2 },
    ],
  ])('%s', { timeout: 60_000 }, async (_, style) => {
    let transmissions = 0;
    let changes = 0;
    await fc.assert(
      fc.asyncProperty(randomStdpScenario(style), async (scenario) => {
        const expected = simulate(scenario);
        const results = await runExperiment(resolveScenario(scenario), { threads: 1 });
        const actual = outcomeOf(results, scenario);
        compareSpikes(actual.spikes, expected.spikes);
        compareWeights(actual, expected, TOLERANCE);
        transmissions += expected.weight_events.step.length;
        changes += new Set(expected.weight_events.weight).size;
      }),
      // Shrinking takes minutes: set endOnFailure to false for a smaller example.
      { seed: 20071, numRuns: 15, endOnFailure: true },
    );
    expect(transmissions).toBeGreaterThan(1000);
    expect(changes).toBeGreaterThan(transmissions / 4);
  });
});
