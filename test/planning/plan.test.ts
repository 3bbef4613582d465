import { describe, expect, test } from 'vitest';
import { ValueError } from '../../src/errors/index.js';
import { buildNetwork } from '../../src/experiment/build-network.js';
import { slicesOf } from '../../src/experiment/collections.js';
import {
  beginStretch,
  openSimulation,
  plannedIntervals,
  stretchesOf,
} from '../../src/experiment/protocol.js';
import type { ResolvedExperiment } from '../../src/experiment/schema.js';
import { plannedNetwork } from '../../src/planning/network.js';
import { pilotRun } from '../../src/planning/pilot.js';
import { plan, planFit } from '../../src/planning/plan.js';
import { expectedRates, unknownRates } from '../../src/planning/rates.js';
import { plannedActivity } from '../../src/planning/time.js';
import type { NodeCollection } from '../../src/simulation/index.js';
import { bundled } from '../config/run-bundled.js';
import { resolved } from '../experiment/minimal.js';

/** Sizes at which a test can build them, for how long they run in ms, and how right the plan must be. */
const BUNDLED = [
  ['clopath-bidirectional', {}, 500, { spikes: 1.05, events: 1.05 }],
  ['clopath-large', { S: 10 }, 500, { spikes: 1.25, events: 1.25 }],
  ['clopath-sparse', { N: 2000, K: 50 }, 500, { spikes: 1.1, events: 1.1 }],
  ['plastic-drive', { N: 20, K: 500 }, 1000, { spikes: 1.1, events: 1.1 }],
  ['brunel', { N: 1000 }, 100, { spikes: 1.5, events: 1.25 }],
  ['brunel-stdp', { N: 1000 }, 100, { spikes: 1.5, events: 1.25 }],
] as const;

async function built(experiment: ResolvedExperiment) {
  const simulation = openSimulation(experiment, 1);
  const { populations } = await buildNetwork(simulation, experiment);
  const nodesOf = (collection: ResolvedExperiment['connections'][number]['source']) =>
    slicesOf(collection, experiment.populations)
      .map(({ population, from, to }) => populations.get(population)!.slice(from, to))
      .reduce((all: NodeCollection, one) => all.concat(one));
  return { simulation, populations, nodesOf };
}

describe.each(BUNDLED)('%s with %o', (name, sizes, timeMs, within) => {
  test('the plan has the nodes and connections that a build has', async () => {
    const experiment = await bundled(name, sizes);
    const network = plannedNetwork(experiment);
    const { simulation, populations, nodesOf } = await built(experiment);
    try {
      for (const { name: population, block } of network.populations) {
        const nodes = populations.get(population)!;
        expect(nodes.ids[0]).toBe(block.first);
        expect(nodes.length).toBe(block.count);
      }
      const status = await simulation.kernelStatus();
      expect(status.network_size).toBe(network.nodes);
      const counts = network.connections.map(({ count }) => count);
      expect(status.num_connections).toBe(counts.reduce((a, b) => a + b, 0));
      for (const { entry, count, call, name: connection } of network.connections) {
        const { source, target, syn_spec } = experiment.connections[entry]!;
        const found = await simulation.getConnections({
          source: nodesOf(source),
          target: nodesOf(target),
          synapse_model: syn_spec.synapse_model,
        });
        expect(found.length, `${connection} by ${call.rule.rule}`).toBe(count);
      }
    } finally {
      await simulation.close();
    }
  });

  test('spikes and transmissions of a second are as many as expected', async () => {
    const variation = () => bundled(name, sizes);
    const experiment = await variation();
    const network = plannedNetwork(experiment);
    const unsure = unknownRates(expectedRates(network, timeMs)).length > 0;
    const pilot = unsure ? await pilotRun(experiment, timeMs, variation) : undefined;
    const rates = expectedRates(network, timeMs, pilot?.rates);
    const { spikes, ...of } = plannedActivity(network, rates);
    const events = of.staticEvents + of.plasticEvents + of.generatorEvents;
    const simulation = openSimulation(experiment, 1);
    try {
      const whole = await buildNetwork(simulation, experiment);
      for (const stretch of stretchesOf(whole, plannedIntervals(experiment, timeMs))) {
        beginStretch(whole, stretch);
        await simulation.simulate(Number((stretch.end - stretch.start).toFixed(9)));
      }
      const status = await simulation.kernelStatus();
      const factor = (expected: number, counted: number) =>
        Math.max(expected / counted, counted / expected);
      const perSecond = (count: number) => (1000 * count) / timeMs;
      expect(factor(spikes, perSecond(status.local_spike_counter))).toBeLessThan(within.spikes);
      expect(factor(events, perSecond(status.synaptic_event_counter))).toBeLessThan(within.events);
    } finally {
      await simulation.close();
    }
  });
});

test('virtual processes that cannot be dealt to the threads are refused as by a run', async () => {
  const experiment = resolved({ kernel: { total_num_virtual_procs: 4 } });
  const options = { threads: 3, cores: 4 };
  const never = () => Promise.reject(new Error('nothing is measured'));
  const refusals = await Promise.all(
    [
      plan(experiment, options, never),
      planFit(plannedNetwork(experiment), options, never),
      (async () => openSimulation(experiment, 3))(),
    ].map((refused) =>
      refused.then(
        () => undefined,
        (error: Error) => error,
      ),
    ),
  );
  for (const error of refusals) {
    expect(error).toBeInstanceOf(ValueError);
    expect(error!.message).toBe(refusals[2]!.message);
  }
  expect(refusals[0]!.message).toContain('a multiple of local_num_threads, which is 3');
});
