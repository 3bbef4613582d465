/**
 * The engine against the oracle, which walks the equations entry by entry over the whole archive:
 * random explicit networks with long silences, several tau_x on one neuron, weights at and above
 * their bounds, negative bounds and amplitudes, multiplicities, and long slices.
 *
 * Tolerance: prefix sums with one base for at most 8 tau_x keep 12 digits of an increment, and what
 * comes more than 48 tau_x after a spike is dropped, less than exp(-40) of it: weights agree
 * to 1e-11, absolutely below 1 and relatively above. Spikes are identical.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { outcomeOf, resolveScenario } from '../experiment/from-scenario.js';
import { compareSpikes, compareWeights } from '../oracle/compare.js';
import { simulate } from '../oracle/simulate.js';
import { randomScenario, type ScenarioStyle } from './random-scenario.js';

const TOLERANCE = 1e-11;

test.each<[string, number, ScenarioStyle]>([
  ['weights within their bounds', 20, { A_LTP: [8e-5, 3e-4], overWmax: 1 }],
  ['weights that start above Wmax', 20, { A_LTP: [8e-5, 3e-4, 0], overWmax: 2 }],
  ['negative and mixed A_LTP', 20, { A_LTP: [8e-5, 2e-4, -1e-4, -3e-4], overWmax: 1 }],
  ['everything at once', 20, { A_LTP: [2e-4, -1e-4, 0], overWmax: 2 }],
])('%s', { timeout: 60_000 }, async (_, numRuns, style) => {
  let transmissions = 0;
  await fc.assert(
    fc.asyncProperty(randomScenario(style), async (scenario) => {
      const expected = simulate(scenario);
      const results = await runExperiment(resolveScenario(scenario), { threads: 1 });
      const actual = outcomeOf(results, scenario);
      compareSpikes(actual.spikes, expected.spikes);
      compareWeights(actual, expected, TOLERANCE);
      transmissions += expected.weight_events.step.length;
    }),
    // Shrinking takes minutes: set endOnFailure to false for a smaller example.
    { seed: 20211, numRuns, endOnFailure: true },
  );
  expect(transmissions).toBeGreaterThan(1000);
});
