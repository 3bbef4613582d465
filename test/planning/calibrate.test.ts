import { beforeAll, describe, expect, test } from 'vitest';
import { calibrate } from '../../src/planning/calibrate.js';
import { type Costs, typicalCosts } from '../../src/planning/costs.js';
import { plannedNetwork } from '../../src/planning/network.js';
import { resolved } from '../experiment/minimal.js';

/** Some of all kinds of things that are measured. */
const VARIED = resolved({
  populations: {
    relays: { model: 'parrot_neuron', size: 30 },
    aeif: { model: 'aeif_psc_delta_clopath', size: 500 },
    hh: { model: 'hh_psc_alpha_clopath', size: 20 },
    same: { model: 'hh_psc_alpha_clopath', size: 10 },
  },
  synapse_models: {},
  connections: [{ source: 'relays', target: 'aeif', syn_spec: 'clopath_synapse' }],
});

describe('on two threads', () => {
  let costs: Costs;
  beforeAll(async () => {
    costs = await calibrate(plannedNetwork(VARIED), 2, 2, 100_000);
  }, 120_000);

  test('all costs are finite, and those of what is certain to take time are positive', () => {
    const { measured, neurons, anyNeuron, rows, ...single } = costs;
    expect(measured).toBe(true);
    const all: [string, number][] = Object.entries(single);
    for (const [name, each] of neurons) {
      all.push([`${name} step`, each.step], [`${name} spike`, each.spike]);
    }
    for (const [kind, each] of Object.entries(rows)) {
      for (const [name, ns] of Object.entries(each)) all.push([`${kind} ${name}`, ns as number]);
    }
    for (const [name, cost] of all) {
      expect(Number.isFinite(cost), `${name} is ${cost}`).toBe(true);
      expect(cost, name).toBeGreaterThanOrEqual(0);
    }
    const steps = ['aeif step', 'hh step'];
    const certain = [...steps, 'slice', 'quickConnection', 'connection', 'startThreads'];
    for (const [name, cost] of all) {
      if (certain.includes(name)) expect(cost, name).toBeGreaterThan(0);
    }
    expect(rows.clopath.run + rows.clopath.list).toBeGreaterThan(0);
    expect(anyNeuron).toBe(neurons.get('aeif'));
  });

  test('neurons are told apart by model, and measured once for each set of parameters', () => {
    const { neurons } = costs;
    expect([...neurons.keys()]).toEqual(['aeif', 'hh', 'same']);
    expect(neurons.get('same')).toBe(neurons.get('hh'));
    expect(neurons.get('hh')!.step).toBeGreaterThan(2 * neurons.get('aeif')!.step);
  });

  test('costs for which there is no time are typical ones', async () => {
    const hurried = await calibrate(plannedNetwork(VARIED), 2, 2, 0);
    const { anyNeuron, ...typical } = typicalCosts(2);
    const neurons = ['aeif', 'hh', 'same'].map((name) => [name, anyNeuron]);
    expect(hurried).toEqual({ ...typical, anyNeuron, neurons: new Map(neurons as []) });
  });
});

test('what a network has not got is not measured', async () => {
  const relays = resolved({
    populations: { relays: { model: 'parrot_neuron', size: 4 } },
    synapse_models: {},
    connections: [{ source: 'relays', target: 'relays' }],
  });
  const costs = await calibrate(plannedNetwork(relays), 1, 1, 100_000);
  const typical = typicalCosts(1);
  expect(costs.neurons.size).toBe(0);
  expect(costs.meeting).toBe(0);
  expect(costs.poissonSpike).toBe(typical.poissonSpike);
  expect(costs.rows.clopath).toEqual(typical.rows.clopath);
  expect(costs.rows.stdp).toEqual(typical.rows.stdp);
  expect(costs.rows.static).not.toEqual(typical.rows.static);
}, 60_000);

test('neurons are measured with parameters that are infinite', async () => {
  const leaky = resolved({
    populations: { a: { model: 'iaf_psc_delta', size: 20, params: { V_min: '-Infinity' } } },
    synapse_models: {},
    connections: [],
  });
  const { neurons } = await calibrate(plannedNetwork(leaky), 1, 1, 100_000);
  expect([...neurons.keys()]).toEqual(['a']);
}, 60_000);
