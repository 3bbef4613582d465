import { describe, expect, test } from 'vitest';
import type { Costs } from '../../src/planning/costs.js';
import { plannedNetwork } from '../../src/planning/network.js';
import { expectedRates } from '../../src/planning/rates.js';
import { plannedActivity, plannedTime, type Workplace } from '../../src/planning/time.js';
import { type Data, resolved } from '../experiment/minimal.js';

/** Costs that tell in a sum which of them are in it. */
const COSTS: Costs = {
  measured: true,
  slice: 1000,
  meeting: 10_000,
  neurons: new Map([['a', { step: 20, spike: 5000 }]]),
  anyNeuron: { step: 1, spike: 7 },
  archive: 3,
  relaySpike: 100,
  poissonSpike: 400,
  poissonCount: 60,
  poissonCountAlone: 80,
  rows: {
    relay: { row: 51, run: 11, list: 13 },
    static: { row: 100, run: 2, list: 4 },
    clopath: { row: 120, run: 7, list: 9 },
    stdp: { row: 130, run: 60, list: 70 },
  },
  record: 30,
  quickConnection: 25,
  drawnWeight: 15,
  connection: 300,
  startThreads: 0.1,
  startCode: 0.2,
};
const ALONE: Workplace = { threads: 1, processes: 1, cores: 1 };

/** Steps of 0.1 ms unless it says otherwise. */
const networkOf = (data: Data) =>
  plannedNetwork(resolved({ synapse_models: {}, protocol: [{ simulate: 2000 }], ...data }));

function timeOf(data: Data, workplace = ALONE, costs = COSTS) {
  const network = networkOf(data);
  return plannedTime(network, expectedRates(network, 2000), 2000, workplace, costs);
}

/** 100 neurons at 10 spikes/s, all to all, with a delay of 10 steps: 1000 slices and 10^4 steps a second. */
const RECURRENT = {
  populations: { a: { model: 'iaf_psc_delta', size: 100, expected_rate: 10 } },
  connections: [{ source: 'a', target: 'a', syn_spec: { delay: 1 } }],
};

describe('time of a recurrent network', () => {
  test('on one thread', () => {
    const update = 100 * (10_000 * 20 + 10 * 5000);
    const deliver = 10 * (100 * 100 + 10_000 * 2);
    const exchange = 1000 * 10_000;
    const loop = 10_000 * 1000;
    const time = timeOf(RECURRENT);
    expect(time.build).toBeCloseTo(0.1 + 10_000 * 25e-9, 12);
    expect(time.update).toBeCloseTo(2e-9 * (update + loop) + 0.2, 12);
    expect(time.deliver).toBeCloseTo(2e-9 * deliver, 12);
    expect(time.exchange).toBeCloseTo(2e-9 * exchange, 12);
    expect(time.simulate).toBeCloseTo(time.update + time.deliver + time.exchange, 12);
    expect(time.simulate).toBeCloseTo(2e-9 * 45.3e6 + 0.2, 12);
    expect(time.realTimeFactor).toBeCloseTo(time.simulate / 2, 12);
  });

  test('on two threads with two virtual processes each: spikes come unevenly, and rows twice', () => {
    const time = timeOf(RECURRENT, { threads: 2, processes: 4, cores: 2 });
    const update = (100 * (10_000 * 20 + 10 * 5000)) / 2;
    // Each process has a row of every source, with a quarter of its synapses.
    const deliver = 2 * 10 * (100 * 100 + 2500 * 2);
    // One spike in a slice, half a one on each thread; the larger of two normal deviates: 0.56.
    const uneven = 1000 * 0.56 * Math.sqrt(0.5) * 5000;
    expect(time.deliver).toBeCloseTo(2e-9 * deliver, 12);
    expect(time.exchange).toBeCloseTo(2e-9 * (1000 * 10_000 + uneven), 12);
    expect(time.update).toBeCloseTo(2e-9 * (update + 2 * 10_000 * 1000) + 0.2, 12);
    expect(time.build).toBeCloseTo(0.1 + 2 * 2500 * 25e-9, 12);
  });

  test('threads that share a core wait for each other', () => {
    const two = timeOf(RECURRENT, { threads: 2, processes: 2, cores: 2 });
    const crowded = timeOf(RECURRENT, { threads: 2, processes: 2, cores: 1 });
    expect(crowded.deliver).toBeCloseTo(2 * two.deliver, 12);
    expect(crowded.update - 0.2).toBeCloseTo(2 * (two.update - 0.2), 12);
    expect(crowded.build - 0.1).toBeCloseTo(2 * (two.build - 0.1), 12);
    expect(crowded.exchange).toBeCloseTo(two.exchange, 12);
  });
});

test('relays cost by the spike, neurons with a Clopath archive more a step; lists of targets more than runs', () => {
  const time = timeOf({
    populations: {
      beat: { model: 'spike_generator', params: { spike_times: [1, 2, 3, 4] } },
      relays: { model: 'parrot_neuron', size: 50 },
      plastic: { model: 'aeif_psc_delta_clopath', size: 40, expected_rate: 3 },
    },
    connections: [
      { source: 'beat', target: 'relays' },
      { source: 'relays', target: 'plastic', syn_spec: 'clopath_synapse' },
      {
        source: 'relays',
        target: 'plastic',
        conn_spec: { rule: 'fixed_indegree', indegree: 30 },
      },
    ],
  });
  // Two spikes a second.
  const update = 50 * 2 * 100 + 40 * (10_000 * (1 + 3) + 3 * 7);
  const rows = 50 * (1 - (1 - 1 / 50) ** (40 * 30));
  const deliver = 2 * (51 + 50 * 11) + 2 * (50 * 120 + 2000 * 7) + 2 * (rows * 100 + 1200 * 4);
  expect(time.update).toBeCloseTo(2e-9 * (update + 10_000 * 1000) + 0.2, 12);
  expect(time.deliver).toBeCloseTo(2e-9 * deliver, 12);
});

test('Poisson trains cost by the spike, frequent ones by the step; what is recorded costs more', () => {
  const trains = (rate: number) => ({
    populations: {
      noise: { model: 'poisson_generator', params: { rate } },
      a: { model: 'iaf_psc_delta', size: 20, expected_rate: 5 },
      spikes: { model: 'spike_recorder' },
    },
    connections: [
      { source: 'noise', target: 'a' },
      { source: 'a', target: 'spikes' },
    ],
  });
  const [rare, frequent] = [timeOf(trains(900)), timeOf(trains(1100))];
  expect(rare.deliver).toBeCloseTo(2e-9 * 20 * 900 * 400, 12);
  expect(frequent.deliver).toBeCloseTo(2e-9 * 20 * 10_000 * 60, 12);
  const update = 20 * (10_000 * 20 + 5 * 5000) + 20 * 5 * 30;
  expect(rare.update).toBeCloseTo(2e-9 * (update + 10_000 * 1000) + 0.2, 12);
});

test('connections that are collected and sorted, and stdp synapses whose weights are recorded', () => {
  const time = timeOf({
    populations: {
      a: { model: 'iaf_psc_delta', size: 30, expected_rate: 4 },
      weights: { model: 'weight_recorder' },
    },
    synapse_models: { noted: { base: 'stdp_synapse', weight_recorder: 'weights' } },
    connections: [{ source: 'a', target: 'a', conn_spec: 'one_to_one', syn_spec: 'noted' }],
  });
  expect(time.build).toBeCloseTo(0.1 + 30 * 300e-9, 12);
  expect(time.deliver).toBeCloseTo(2e-9 * 4 * 30 * (130 + 60 + 30), 12);
});

test('what happens in a second is told by kind; spikes of a Poisson train in one step are one', () => {
  const network = networkOf({
    populations: {
      noise: { model: 'poisson_generator', params: { rate: 5000 } },
      relays: { model: 'parrot_neuron', size: 50, expected_rate: 2 },
      a: { model: 'aeif_psc_delta_clopath', size: 40, expected_rate: 3 },
    },
    connections: [
      { source: 'noise', target: 'a' },
      { source: 'relays', target: 'a', syn_spec: 'clopath_synapse' },
      { source: 'a', target: 'a', conn_spec: { rule: 'fixed_outdegree', outdegree: 6 } },
    ],
  });
  const activity = plannedActivity(network, expectedRates(network, 2000));
  expect(activity.neuronSteps).toBe(40 * 10_000);
  expect(activity.spikes).toBe(50 * 2 + 40 * 3);
  expect(activity.plasticEvents).toBe(2000 * 2);
  expect(activity.staticEvents).toBe(240 * 3);
  expect(activity.generatorEvents).toBeCloseTo(40 * 10_000 * (1 - Math.exp(-0.5)), 6);
});
