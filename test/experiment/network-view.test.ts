import { describe, expect, test } from 'vitest';
import { loadExperiment } from '../../src/experiment/load.js';
import type { NetworkView } from '../../src/experiment/network-view.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import type { ResolvedExperiment } from '../../src/experiment/schema.js';
import { resolved } from './minimal.js';

/** Runs an experiment and looks at it in its last moment. */
async function atEnd<T>(
  experiment: ResolvedExperiment,
  look: (network: NetworkView) => Promise<T>,
  threads = 2,
) {
  const end = experiment.protocol.reduce((sum, { simulate, repeat }) => sum + simulate * repeat, 0);
  let [network, seen]: [NetworkView | undefined, T | undefined] = [undefined, undefined];
  let interrupt = () => {};
  const results = await runExperiment(experiment, {
    threads,
    watcher: {
      begin: (view, end) => {
        network = view;
        interrupt = end;
        interrupt();
      },
      look: async (timeMs) => {
        if (timeMs === end) seen = await look(network!);
        else interrupt();
      },
    },
  });
  return { results, network: network!, seen: seen! };
}

describe('of the seed experiment', () => {
  const experiment = loadExperiment('config/clopath-bidirectional.json', ['protocol.0.repeat=1']);

  test.each([1, 3])('weights and spikes are those of the results (%i threads)', async (threads) => {
    const { results, network, seen } = await atEnd(
      await experiment,
      async (view) => ({ weights: await view.weightMatrix(), news: await view.news() }),
      threads,
    );
    expect(network.populations.map(({ name, size }) => [name, size])).toEqual([
      ['exc', 10],
      ['inh', 3],
      ['input', 500],
    ]);
    expect(network.rows).toEqual([
      expect.objectContaining({ name: 'exc', first: 1, firstId: 1, size: 10, every: 1 }),
      expect.objectContaining({ name: 'inh', first: 1, firstId: 11, size: 3, every: 1 }),
      expect.objectContaining({ name: 'input', first: 1, firstId: 14, size: 500, every: 1 }),
    ]);
    const { spikes } = results;
    const listed = (times: Float64Array, senders: Uint32Array) =>
      Array.from(times, (time, i) => `${time} ${senders[i]}`).sort();
    expect(spikes.times.length).toBeGreaterThan(50);
    expect(listed(seen.news.times, seen.news.senders)).toEqual(
      listed(spikes.times, spikes.senders),
    );
    expect(seen.news.spikeCounts).toEqual(
      results.populations.filter(({ spiking }) => spiking).map(({ spikeCount }) => spikeCount),
    );

    expect(network.weights).toMatchObject({
      connection: 'exc-to-exc',
      source: 'exc',
      target: 'exc',
      allSources: 10,
      allTargets: 10,
    });
    const final = results.weights.find(({ connection }) => connection === 'exc-to-exc')!;
    const cells = new Float32Array(100).fill(Number.NaN);
    final.source.forEach((source, i) => {
      cells[(source - 1) * 10 + final.target[i]! - 1] = final.final[i]!;
    });
    expect(seen.weights).toEqual(cells);
  });
});

describe('of a large network', () => {
  const large = () =>
    resolved({
      parameters: {},
      populations: {
        noise: { model: 'poisson_generator', params: { rate: 50 } },
        relays: { model: 'parrot_neuron', size: 3000 },
        few: { model: 'parrot_neuron', size: 30 },
        exc: { model: 'aeif_psc_delta_clopath', size: 450 },
        spikes: { model: 'spike_recorder' },
      },
      synapse_models: {},
      connections: [
        { source: 'noise', target: ['relays', 'few'] },
        {
          source: [{ population: 'relays', from: 100 }, 'few'],
          target: 'exc',
          conn_spec: { rule: 'fixed_indegree', indegree: 100 },
          syn_spec: { synapse_model: 'clopath_synapse' },
        },
        { source: [{ population: 'relays', from: 1000 }, 'few'], target: 'spikes' },
      ],
      protocol: [{ simulate: 20 }],
    });

  test('there are samples', async () => {
    const { results, network, seen } = await atEnd(large(), async (view) => ({
      weights: await view.weightMatrix(),
      news: await view.news(),
    }));
    expect(network.rows).toMatchObject([
      { name: 'relays', first: 1001, firstId: 1002, size: 2000, every: 3 },
      { name: 'few', first: 1, firstId: 3002, size: 30, every: 2 },
    ]);
    expect(seen.news.senders.length).toBeGreaterThan(100);
    for (const sender of seen.news.senders) {
      expect(sender >= 3002 ? (sender - 3002) % 2 : (sender - 1002) % 3).toBe(0);
    }

    const { sources, targets, allSources, allTargets } = network.weights!;
    expect([allSources, allTargets]).toEqual([2930, 450]);
    expect([sources.length, targets.length]).toEqual([Math.ceil(2930 / 30), 90]);
    expect(sources.slice(0, 2)).toEqual([102, 132]);
    expect(targets.slice(0, 2)).toEqual([3032, 3037]);
    const [connection] = results.weights;
    const connected = new Set(
      Array.from(connection!.source, (source, i) => `${source} ${connection!.target[i]}`),
    );
    seen.weights.forEach((weight, cell) => {
      const source = sources[Math.floor(cell / targets.length)];
      const isConnected = connected.has(`${source} ${targets[cell % targets.length]}`);
      expect(Number.isNaN(weight)).toBe(!isConnected);
    });
  });
});

test('of a network without recorders and plasticity there is less', async () => {
  const experiment = resolved({
    connections: [{ source: 'relays', target: 'exc' }],
    synapse_models: {},
  });
  const { network, seen } = await atEnd(experiment, (view) => view.news());
  expect(network.rows).toEqual([]);
  expect(network.weights).toBeUndefined();
  expect(seen).toMatchObject({ spikeCounts: [0, 0], completeAfter: 0 });
  expect(seen.senders).toHaveLength(0);
});
