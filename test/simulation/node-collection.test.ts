import { describe, expect, test } from 'vitest';
import { ValueError } from '../../src/errors/index.js';
import { exponential, normal, uniform } from '../../src/random/index.js';
import { AEIF, opening } from './opening.js';

const open = opening();

function twelve(threads = 1) {
  const simulation = open({ local_num_threads: threads });
  simulation.create('parrot_neuron', 2);
  return { simulation, nodes: simulation.create(AEIF, 10) };
}

describe('which nodes', () => {
  test('ids count from 1, over all creates', () => {
    const { simulation, nodes } = twelve();
    expect([nodes.first, nodes.length]).toEqual([3, 10]);
    expect(Array.from(nodes.ids)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(simulation.create('multimeter').first).toBe(13);
    expect(nodes.model).toBe(AEIF);
  });

  test('at takes indices from both ends', () => {
    const { nodes } = twelve();
    expect([nodes.at(0), nodes.at(9), nodes.at(-1), nodes.at(-10)].map((n) => n.first)).toEqual([
      3, 12, 12, 3,
    ]);
    for (const index of [10, -11, 0.5, Number.NaN]) {
      expect(() => nodes.at(index)).toThrow(ValueError);
    }
  });

  test('slices are half-open and may count from the end', () => {
    const { nodes } = twelve();
    expect(Array.from(nodes.slice(2, 5).ids)).toEqual([5, 6, 7]);
    expect(Array.from(nodes.slice(-2).ids)).toEqual([11, 12]);
    expect(Array.from(nodes.slice(8, 100).ids)).toEqual([11, 12]);
    expect(nodes.slice().length).toBe(10);
    for (const [from, to] of [
      [5, 5],
      [7, 2],
      [10, 12],
      [0.5, 2],
      [Number.NaN, 3],
    ] as const) {
      expect(() => nodes.slice(from, to)).toThrow(ValueError);
    }
  });

  test('concat keeps the order given, and slices reach across it', () => {
    const { simulation, nodes } = twelve();
    const more = simulation.create('parrot_neuron', 3);
    const mixed = more.concat(nodes.slice(0, 2), nodes.at(5));
    expect(Array.from(mixed.ids)).toEqual([13, 14, 15, 3, 4, 8]);
    expect(Array.from(mixed.slice(2, 5).ids)).toEqual([15, 3, 4]);
    expect(mixed.at(-1).first).toBe(8);
    expect(mixed.model).toBe(`parrot_neuron, ${AEIF}`);
    expect(() => nodes.slice(0, 3).concat(nodes.slice(2))).toThrow(/node 5/);
  });

  test('iterating gives each node', () => {
    const { nodes } = twelve();
    expect([...nodes.slice(0, 3)].map((node) => [node.length, node.first])).toEqual([
      [1, 3],
      [1, 4],
      [1, 5],
    ]);
  });
});

describe.each([1, 3])('values, on %i threads', (threads) => {
  test('one for all, one each, on slices', async () => {
    const { nodes } = twelve(threads);
    nodes.set({ C_m: 200, V_m: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], A_LTD_const: false });
    nodes.slice(2, 4).set({ C_m: [210, 220], V_m: -1, A_LTD_const: [true, false] });
    nodes.at(-1).set({ C_m: 300, w: 5 });
    expect(await nodes.get(['C_m', 'V_m', 'w', 'A_LTD_const'])).toEqual({
      C_m: Float64Array.of(200, 200, 210, 220, 200, 200, 200, 200, 200, 300),
      V_m: Float64Array.of(0, 1, -1, -1, 4, 5, 6, 7, 8, 9),
      w: Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 5),
      A_LTD_const: [false, false, true, false, false, false, false, false, false, false],
    });
    expect(await nodes.slice(1, 4).get('V_m')).toEqual(Float64Array.of(1, -1, -1));
    expect(await nodes.at(3).get('C_m')).toEqual(Float64Array.of(220));
    expect(await nodes.at(0).concat(nodes.at(9), nodes.at(1)).get('V_m')).toEqual(
      Float64Array.of(0, 9, 1),
    );
  });

  test('given at creation they are those that are read', async () => {
    const { simulation } = twelve(threads);
    const V_m = Float32Array.of(-60, -61, -62, -63, -64);
    const nodes = simulation.create(AEIF, 5, { V_m, I_e: 3 });
    expect(await nodes.get('V_m')).toEqual(Float64Array.from(V_m));
    expect(await nodes.get('V_th')).toEqual(new Float64Array(5).fill(-50.4));
    V_m[0] = 0;
    expect(await nodes.at(0).get('V_m')).toEqual(Float64Array.of(-60));
  });

  test('a list for nodes of several creates is dealt out in order', async () => {
    const { simulation, nodes } = twelve(threads);
    const more = simulation.create(AEIF, 2);
    const all = more.concat(nodes.slice(4, 7));
    all.set({ I_e: [1, 2, 3, 4, 5], V_m: [-1, -2, -3, -4, -5] });
    expect(await more.get('I_e')).toEqual(Float64Array.of(1, 2));
    expect(await nodes.get('V_m')).toEqual(
      Float64Array.of(-70.6, -70.6, -70.6, -70.6, -3, -4, -5, -70.6, -70.6, -70.6),
    );
    expect(await all.get('I_e')).toEqual(Float64Array.of(1, 2, 3, 4, 5));
  });

  test('all parts of one create get theirs, also what changes delay lines', async () => {
    const { simulation, nodes } = twelve(threads);
    const parts = nodes.slice(0, 2).concat(nodes.slice(5, 7), nodes.at(9));
    parts.set({ tau_w: 20, I_e: [1, 2, 3, 4, 5], delay_u_bars: 7, V_m: [-1, -2, -3, -4, -5] });
    const expected = (rest: number, own: readonly number[]) => {
      const all = new Float64Array(10).fill(rest);
      [0, 1, 5, 6, 9].forEach((i, k) => {
        all[i] = own[k]!;
      });
      return all;
    };
    expect(await nodes.get(['tau_w', 'I_e', 'delay_u_bars', 'V_m'])).toEqual({
      tau_w: expected(144, [20, 20, 20, 20, 20]),
      I_e: expected(0, [1, 2, 3, 4, 5]),
      delay_u_bars: expected(5, [7, 7, 7, 7, 7]),
      V_m: expected(-70.6, [-1, -2, -3, -4, -5]),
    });
    const before = await nodes.get('I_e');
    expect(() => parts.set({ C_m: [1, 2, 3, 4, -1], I_e: 9 })).toThrow(/C_m > 0/);
    expect(await nodes.get('I_e')).toEqual(before);
    await simulation.simulate(1);
  });

  test('distributions draw for each node, the same on any number of threads', async () => {
    const { nodes } = twelve(threads);
    nodes.set({ V_m: normal(-65, 5), C_m: uniform(200, 300), tau_w: exponential(9).add(1) });
    const drawn = await nodes.get(['V_m', 'C_m', 'tau_w']);
    for (const column of Object.values(drawn))
      expect(new Set(column as Float64Array).size).toBe(10);
    const other = twelve(2).nodes;
    other.set({ V_m: normal(-65, 5), C_m: uniform(200, 300), tau_w: exponential(9).add(1) });
    expect(await other.get(['V_m', 'C_m', 'tau_w'])).toEqual(drawn);
    other.set({ V_m: normal(-65, 5) });
    expect(await other.get('V_m')).not.toEqual(drawn.V_m);
  });

  test('parameters set between runs take effect on the nodes concerned', async () => {
    const { simulation, nodes } = twelve(threads);
    await simulation.simulate(5);
    nodes.slice(4, 6).set({ I_e: 2000 });
    await simulation.simulate(30);
    const counts = await nodes.spikeCounts();
    expect(Array.from(counts, (count) => count > 0)).toEqual(
      Array.from(counts, (_, i) => i === 4 || i === 5),
    );
  });
});

describe('devices', () => {
  test('lists are for all or one each; scalars as for neurons', async () => {
    const simulation = open();
    const four = simulation.create('spike_generator', 2);
    const all = four.concat(simulation.create('spike_generator', 2));
    all.set({ spike_times: [1, 2, 3, 4], start: [0, 0.5, 1, 1.5] });
    expect(await all.get('spike_times')).toEqual(Array(4).fill([1, 2, 3, 4]));
    expect(await all.get('start')).toEqual(Float64Array.of(0, 0.5, 1, 1.5));
    all.set({ spike_times: [[1], [2], [], [4, 5]] });
    expect(await all.get('spike_times')).toEqual([[1], [2], [], [4, 5]]);
    all.set({ spike_times: [] });
    expect(await all.get('spike_times')).toEqual([[], [], [], []]);
    four.set({ spike_times: [7], spike_weights: [0.5] });
    expect(await all.get('spike_weights')).toEqual([[0.5], [0.5], [], []]);
  });

  test('rates can be drawn', async () => {
    const rates = await open()
      .create('poisson_generator', 5, { rate: uniform(10, 20) })
      .get('rate');
    expect(new Set(rates as Float64Array).size).toBe(5);
    for (const rate of rates as Float64Array) expect(rate).toBeGreaterThanOrEqual(10);
  });

  test('a rate set between runs counts from then on', async () => {
    const simulation = open();
    const generator = simulation.create('poisson_generator', 1, { rate: 0 });
    const parrots = simulation.create('parrot_neuron', 10);
    await simulation.connect(generator, parrots);
    await simulation.simulate(100);
    expect(await parrots.spikeCounts()).toEqual(new Float64Array(10));
    generator.set({ rate: 1000 });
    await simulation.simulate(101);
    const total = (await parrots.spikeCounts()).reduce((sum, n) => sum + n);
    // Poisson with mean 1000: beyond 5 standard deviations with probability 6e-7.
    expect(Math.abs(total - 1000)).toBeLessThan(5 * Math.sqrt(1000));
    generator.set({ rate: 0 });
    await simulation.simulate(1);
    const before = await parrots.spikeCounts();
    await simulation.simulate(100);
    expect(await parrots.spikeCounts()).toEqual(before);
  });
});
