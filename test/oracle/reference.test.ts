/** The oracle against the reference results: the statement of the models is the right one. */
import { describe, expect, test } from 'vitest';
import {
  compareSpikes,
  compareTraces,
  compareValues,
  compareWeightEvents,
  compareWeights,
  referenceTolerances,
} from './compare.js';
import { loadReference, loadSeedReplay, referenceNames, seedReplayScenario } from './fixtures.js';
import { simulate } from './simulate.js';

test('all scenario files are there', () => {
  expect(referenceNames()).toHaveLength(29);
});

describe('the oracle agrees with NEST', () => {
  test.each(referenceNames())('%s', (name) => {
    const { scenario, expected } = loadReference(name);
    const { trace, weight } = referenceTolerances(name);
    const outcome = simulate(scenario);
    compareSpikes(outcome.spikes, expected.spikes);
    compareWeights(outcome, expected, weight);
    const { spikes, traces = {} } = expected;
    compareTraces(outcome.traces, traces, spikes, scenario.resolution, trace);
  });

  test('seed-network-replay', { timeout: 60_000 }, () => {
    const replay = loadSeedReplay();
    const { pre, post } = replay;
    const outcome = simulate(seedReplayScenario(replay));

    const { sender, step } = outcome.spikes;
    const neuronal = sender.flatMap((id, i) => (id <= 13 ? [i] : []));
    const relayed = sender.flatMap((id, i) => (id > 13 ? [i] : []));
    const pick = (rows: number[]) => ({
      sender: rows.map((i) => sender[i]!),
      step: rows.map((i) => step[i]!),
    });
    compareSpikes(pick(neuronal), post.spikes);
    compareSpikes(pick(relayed), post.input_spikes);

    compareWeightEvents(outcome.weight_events, post.weight_recorder, 1e-10);
    const weights = outcome.final_weights.map(([, [weight]]) => weight!);
    const inputs = pre.input_exc.source.length;
    compareValues('input_exc', weights.slice(0, inputs), post.input_exc_weight, 1e-10);
    compareValues('exc_exc', weights.slice(inputs), post.exc_exc_weight, 1e-10);

    for (const variable of ['V_m', 'u_bar_plus', 'u_bar_bar'] as const) {
      const finalValues = post[variable].map((_, i) => outcome.traces[i + 1]![variable]![0]!);
      compareValues(variable, finalValues, post[variable], 1e-9);
    }
  });
});
