import { describe, expect, test } from 'vitest';
import { normal, uniform } from '../../src/random/index.js';
import { AEIF, opening, smallNetwork } from './opening.js';

const open = opening();

function neurons(n: number, threads = 1) {
  const simulation = open({ local_num_threads: threads });
  return { simulation, nodes: simulation.create(AEIF, n) };
}

describe.each([1, 3])('on %i threads', (threads) => {
  test('connections come by source, target and creation', async () => {
    const { simulation, nodes } = neurons(5, threads);
    const ids = (list: number[]) => list;
    // Multapses of one call that differ in delay, and two calls.
    await simulation.connect(ids([2, 1, 2, 2, 1]), ids([3, 5, 3, 1, 5]), 'one_to_one', {
      weight: [10, 11, 12, 13, 14],
      delay: [3, 0.5, 1, 1, 0.2],
    });
    await simulation.connect(nodes.slice(0, 2), nodes.at(2), 'all_to_all', {
      synapse_model: 'clopath_synapse',
      weight: [[20, 21]],
      Wmax: [[50, 60]],
    });
    const found = await simulation.getConnections();
    expect(Array.from(found.source)).toEqual([1, 1, 1, 2, 2, 2, 2]);
    expect(Array.from(found.target)).toEqual([3, 5, 5, 1, 3, 3, 3]);
    const { weight, delay, Wmax, synapse_model } = await found.get();
    expect(Array.from(weight)).toEqual([20, 11, 14, 13, 10, 12, 21]);
    expect(Array.from(delay)).toEqual([1, 0.5, 0.2, 1, 3, 1, 1]);
    expect(Array.from(Wmax as Float64Array)).toEqual([50, NaN, NaN, NaN, NaN, NaN, 60]);
    expect(synapse_model.filter((name) => name === 'clopath_synapse')).toHaveLength(2);
    expect(found.length).toBe(7);
  });

  test('filters by source, target and model, singly and together', async () => {
    const { simulation, nodes } = neurons(4, threads);
    simulation.copyModel('static_synapse', 'other');
    await simulation.connect(nodes, nodes);
    await simulation.connect(nodes, nodes, 'one_to_one', 'other');
    const count = async (...filter: Parameters<typeof simulation.getConnections>) =>
      (await simulation.getConnections(...filter)).length;
    expect(await count({})).toBe(20);
    expect(await count({ source: nodes.slice(1, 3) })).toBe(10);
    expect(await count({ target: [4] })).toBe(5);
    expect(await count({ synapse_model: 'other' })).toBe(4);
    expect(await count({ synapse_model: 'static_synapse', source: nodes.at(0) })).toBe(4);
    expect(await count({ source: [2], target: [2] })).toBe(2);
    expect(await count({ source: [2], target: [3], synapse_model: 'other' })).toBe(0);
    // By place, as in PyNEST.
    expect(await count()).toBe(20);
    expect(await count(nodes.slice(1, 3))).toBe(10);
    expect(await count(undefined, [4])).toBe(5);
    expect(await count([2], nodes.at(1), 'static_synapse')).toBe(1);
    expect(await count(null, null, 'other')).toBe(4);
    expect(await count({ synapse_model: 'clopath_synapse' })).toBe(0);
    expect(await count({ source: [] })).toBe(0);
  });

  test('connections of generators are found, those to recorders are not', async () => {
    const { simulation, nodes } = neurons(2, threads);
    const noise = simulation.create('poisson_generator');
    const current = simulation.create('dc_generator');
    const beat = simulation.create('spike_generator');
    const recorder = simulation.create('spike_recorder');
    const meter = simulation.create('multimeter', 1, { record_from: ['V_m'] });
    for (const device of [noise, current, beat]) {
      await simulation.connect(device, nodes, 'all_to_all', { weight: device.first });
    }
    await simulation.connect(nodes.concat(noise), recorder);
    await simulation.connect(meter, nodes);
    const found = await simulation.getConnections();
    expect(Array.from(found.source)).toEqual([3, 3, 4, 4, 5, 5]);
    expect(Array.from(found.target)).toEqual([1, 2, 1, 2, 1, 2]);
    expect(await found.get(['weight', 'target'])).toEqual({
      weight: Float64Array.of(3, 3, 4, 4, 5, 5),
      target: Uint32Array.of(1, 2, 1, 2, 1, 2),
    });
    await expect(found.get(['weight', 'wieght'])).rejects.toThrow("did you mean 'weight'?");
    await found.set({ weight: [1, 2, 3, 4, 5, 6] });
    expect(await found.get('weight')).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6));
  });

  test('weights are set one for all, one each, or drawn', async () => {
    const { simulation, nodes } = neurons(3, threads);
    await simulation.connect(nodes, nodes);
    const all = await simulation.getConnections();
    await all.set({ weight: 2 });
    expect(await all.get('weight')).toEqual(new Float64Array(9).fill(2));
    const some = await simulation.getConnections({ target: nodes.slice(1) });
    await some.set({ weight: [1, 2, 3, 4, 5, 6] });
    expect(await all.get('weight')).toEqual(Float64Array.of(2, 1, 2, 2, 3, 4, 2, 5, 6));
    await some.set({ weight: uniform(10, 20) });
    const drawn = (await some.get('weight')) as Float64Array;
    expect(new Set(drawn).size).toBe(6);
    for (const weight of drawn) expect(weight).toBeGreaterThanOrEqual(10);
    expect(drawn[0]).toBeCloseTo(DRAWN_FIRST.value ?? drawn[0], 15);
    DRAWN_FIRST.value = drawn[0];
    await some.set({ weight: uniform(10, 20) });
    expect(await some.get('weight')).not.toEqual(drawn);
  });

  test('parameters of plastic synapses are set per connection', async () => {
    const { simulation, nodes } = neurons(3, threads);
    await simulation.connect(nodes, nodes, 'all_to_all', { synapse_model: 'clopath_synapse' });
    const all = await simulation.getConnections();
    const before = await all.get();
    const Wmax = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((w) => 10 * w);
    const tau_x = [15, 16, 15, 16, 15, 16, 15, 16, 15];
    await all.set({ Wmax, tau_x, Wmin: 0.5 });
    const after = await all.get();
    expect(after).toEqual({
      ...before,
      Wmax: Float64Array.from(Wmax),
      tau_x: Float64Array.from(tau_x),
      Wmin: new Float64Array(9).fill(0.5),
    });
    // Back again: what was split apart still is the same connections.
    await all.set({ Wmax: 100, tau_x: 15, Wmin: 0 });
    expect(await all.get()).toEqual(before);
  });

  test('a new Wmax caps at the next presynaptic spike, for its connection only', async () => {
    const { simulation, nodes } = neurons(2, threads);
    nodes.set({ I_e: 1200 });
    const beat = simulation.create('spike_generator', 1, { spike_times: [1, 50, 99] });
    const parrot = simulation.create('parrot_neuron');
    await simulation.connect(beat, parrot);
    await simulation.connect(parrot, nodes, 'all_to_all', {
      synapse_model: 'clopath_synapse',
      weight: 20,
      Wmax: 100,
    });
    await simulation.simulate(10);
    const plastic = await simulation.getConnections({ synapse_model: 'clopath_synapse' });
    await plastic.set({ Wmax: [100, 5] });
    const before = (await plastic.get('weight')) as Float64Array;
    expect(before[1]).toBeGreaterThan(5);
    await simulation.simulate(60);
    const after = (await plastic.get('weight')) as Float64Array;
    expect(after[0]).toBeGreaterThan(5);
    expect(after[1]).toBeLessThanOrEqual(5);
  });

  test('a collection keeps to the connections it found', async () => {
    const { simulation, nodes } = neurons(2, threads);
    await simulation.connect(nodes, nodes);
    const old = await simulation.getConnections({ source: nodes.at(0) });
    await simulation.simulate(5);
    await simulation.connect(nodes, nodes, 'one_to_one', { weight: 7 });
    await old.set({ weight: 3 });
    expect(old.length).toBe(2);
    expect(await old.get('weight')).toEqual(Float64Array.of(3, 3));
    const all = await simulation.getConnections();
    expect(await all.get('weight')).toEqual(Float64Array.of(3, 7, 3, 1, 1, 7));
  });

  test('connections made after a run transmit from then on', async () => {
    const simulation = open({ local_num_threads: threads });
    const { parrots } = await smallNetwork(simulation);
    const late = simulation.create('parrot_neuron', 2);
    const recorder = simulation.create('spike_recorder');
    await simulation.connect(late, recorder);
    await simulation.simulate(15);
    await simulation.connect(parrots.at(2), late.at(0), 'one_to_one', { delay: 0.3 });
    await simulation.connect(parrots.at(2), late.at(1), 'one_to_one', { delay: 30 });
    await simulation.simulate(60);
    const { senders, times } = await recorder.events();
    // The parrot repeats the beats of 10 ms, which it sent before, of 20 and of 40 ms at 21 and 41.
    expect(Array.from(times)).toEqual([21.3, 41.3, 51, 71]);
    expect(Array.from(senders, (id) => id - late.first)).toEqual([0, 0, 1, 1]);
  });
});

const DRAWN_FIRST: { value?: number } = {};

test('delays that are drawn are rounded to the grid, at least one step', async () => {
  const { simulation, nodes } = neurons(10);
  await simulation.connect(nodes, nodes, 'all_to_all', { delay: normal(0.3, 1) });
  const delays = (await (await simulation.getConnections()).get('delay')) as Float64Array;
  for (const delay of delays) {
    expect(delay).toBeGreaterThanOrEqual(0.1);
    expect(Math.abs(delay * 10 - Math.round(delay * 10))).toBeLessThan(1e-9);
  }
  expect(new Set(delays).size).toBeGreaterThan(5);
});

test('columns can be asked for by name', async () => {
  const { simulation, nodes } = neurons(1);
  await simulation.connect(nodes, nodes, 'one_to_one', { synapse_model: 'clopath_synapse' });
  const found = await simulation.getConnections();
  expect(await found.get('tau_x')).toEqual(Float64Array.of(15));
  expect(await found.get('synapse_model')).toEqual(['clopath_synapse']);
  expect(await found.get('source')).toEqual(Uint32Array.of(1));
});

test('tau_x cannot change once time has passed', async () => {
  const { simulation, nodes } = neurons(2);
  await simulation.connect(nodes, nodes, 'one_to_one', { synapse_model: 'clopath_synapse' });
  const found = await simulation.getConnections();
  await found.set({ tau_x: 20 });
  await simulation.simulate(0.1);
  await expect(found.set({ tau_x: 30 })).rejects.toThrow(/once time has passed/);
  expect(await found.get('tau_x')).toEqual(Float64Array.of(20, 20));
  await found.set({ Wmax: 30 });
});

test('long explicit lists are connected without comparing each with each', async () => {
  const { simulation, nodes } = neurons(20_000);
  const { ids } = nodes;
  const before = performance.now();
  await simulation.connect(ids, ids.toReversed(), { rule: 'one_to_one', allow_autapses: false });
  expect(performance.now() - before).toBeLessThan(2000);
  expect((await simulation.kernelStatus()).num_connections).toBe(20_000);
});
