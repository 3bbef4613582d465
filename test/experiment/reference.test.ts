/** The reference networks, run as experiment files, give what NEST gives. */
import { describe, expect, test } from 'vitest';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import {
  compareSpikes,
  compareTraces,
  compareValues,
  compareWeightEvents,
  compareWeights,
  referenceTolerances,
} from '../oracle/compare.js';
import {
  loadReference,
  loadSeedReplay,
  referenceNames,
  seedReplayScenario,
} from '../oracle/fixtures.js';
import type { Outcome, Scenario, Spikes } from '../oracle/scenario.js';
import { outcomeOf, resolveScenario } from './from-scenario.js';

function spikesOf({ sender, step }: Spikes, nodes: ReadonlySet<number>): Spikes {
  const rows = sender.flatMap((id, row) => (nodes.has(id) ? [row] : []));
  return { sender: rows.map((row) => sender[row]!), step: rows.map((row) => step[row]!) };
}

function idsFrom(first: number, last: number): Set<number> {
  return new Set(Array.from({ length: last - first + 1 }, (_, i) => first + i));
}

async function run(scenario: Scenario, threads: number): Promise<Outcome> {
  const results = await runExperiment(resolveScenario(scenario), { threads });
  expect(results.complete).toBe(true);
  return outcomeOf(results, scenario);
}

describe('the engine agrees with NEST', () => {
  test.each(referenceNames())('%s', async (name) => {
    const { scenario, expected } = loadReference(name);
    const { trace, weight } = referenceTolerances(name);
    const outcome = await run(scenario, 1);
    compareSpikes(outcome.spikes, expected.spikes);
    compareWeights(outcome, expected, weight);
    const { spikes, traces = {} } = expected;
    compareTraces(outcome.traces ?? {}, traces, spikes, scenario.resolution, trace);
  });

  test('seed-network-replay', { timeout: 120_000 }, async () => {
    const replay = loadSeedReplay();
    const { pre, post } = replay;
    const outcome = await run(seedReplayScenario(replay), 2);

    const neurons = pre.V_m.length;
    compareSpikes(spikesOf(outcome.spikes, idsFrom(1, neurons)), post.spikes);
    compareSpikes(spikesOf(outcome.spikes, idsFrom(neurons + 1, neurons + 500)), post.input_spikes);

    compareWeightEvents(outcome.weight_events!, post.weight_recorder, 1e-10);
    const weights = outcome.final_weights.map(([, [weight]]) => weight!);
    const inputs = pre.input_exc.source.length;
    compareValues('input_exc', weights.slice(0, inputs), post.input_exc_weight, 1e-10);
    compareValues('exc_exc', weights.slice(inputs), post.exc_exc_weight, 1e-10);

    for (const variable of ['V_m', 'u_bar_plus', 'u_bar_bar'] as const) {
      const finals = post[variable].map((_, i) => outcome.traces![i + 1]![variable]![0]!);
      compareValues(variable, finals, post[variable], 1e-9);
    }
  });
});
