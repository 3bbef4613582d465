/** Every reference network can be written as an experiment file. */
import { describe, expect, test } from 'vitest';
import {
  loadReference,
  loadSeedReplay,
  referenceNames,
  seedReplayScenario,
} from '../oracle/fixtures.js';
import type { Scenario } from '../oracle/scenario.js';
import { resolveScenario } from './from-scenario.js';

const scenarios: [string, () => Scenario][] = [
  ...referenceNames().map((name): [string, () => Scenario] => [
    name,
    () => loadReference(name).scenario,
  ]),
  ['seed-network-replay', () => seedReplayScenario(loadSeedReplay())],
];

describe('a scenario is an experiment file', () => {
  test.each(scenarios)('%s', (_, load) => {
    const scenario = load();
    const { populations, connections, protocol } = resolveScenario(scenario);

    const nodes = Object.values(populations).flatMap(({ model, size }) => Array(size).fill(model));
    const ids = scenario.nodes.map(({ model }) => model);
    expect(nodes.slice(0, ids.length)).toEqual(ids);
    const lists = connections.flatMap(({ pairs, syn_spec }) =>
      (pairs?.source ?? []).map((source, i) => ({
        source: source + 1,
        target: pairs!.target[i]! + 1,
        model: syn_spec.synapse_model,
        weight: (syn_spec.weight as number[])[i],
        delay: (syn_spec.delay as number[])[i],
      })),
    );
    expect(lists).toEqual(scenario.connections);
    const duration = protocol.reduce((sum, { simulate }) => sum + simulate, 0);
    expect(duration).toBeCloseTo(scenario.simulate, 9);
    expect(protocol.length).toBe(scenario.simulate_parts?.length ?? 1);
    expect('multimeter' in populations).toBe(scenario.record !== undefined);
  });
});
