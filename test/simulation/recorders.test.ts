/** What spike recorders, multimeters and weight recorders hold, and when. */
import { describe, expect, test } from 'vitest';
import { AEIF, opening } from './opening.js';

const open = opening();

/** A parrot that repeats, 1 ms later, spikes at every whole ms from 1 to 20. */
async function beating(threads = 2) {
  const simulation = open({ local_num_threads: threads });
  const spike_times = Array.from({ length: 20 }, (_, i) => i + 1);
  const generator = simulation.create('spike_generator', 1, { spike_times });
  const parrot = simulation.create('parrot_neuron');
  await simulation.connect(generator, parrot);
  return { simulation, generator, parrot };
}

describe('spike_recorder', () => {
  test('notes parrots and generators, each spike once per connection to it', async () => {
    const { simulation, generator, parrot } = await beating();
    const [a, b] = [simulation.create('spike_recorder'), simulation.create('spike_recorder')];
    await simulation.connect(parrot, a);
    await simulation.connect(generator, b);
    await simulation.connect(generator, b);
    await simulation.simulate(3);
    expect(await a.events()).toEqual({
      senders: Uint32Array.of(2, 2),
      times: Float64Array.of(2, 3),
    });
    expect(await b.events()).toEqual({
      senders: Uint32Array.of(1, 1, 1, 1, 1, 1),
      times: Float64Array.of(1, 1, 2, 2, 3, 3),
    });
    expect(await a.get('n_events')).toEqual(Float64Array.of(2));
  });

  test('multiplicities are so many events', async () => {
    const simulation = open();
    const generator = simulation.create('spike_generator', 1, {
      ...{ spike_times: [1, 2], spike_multiplicities: [3, 1], spike_weights: [2, 2] },
    });
    const parrot = simulation.create('parrot_neuron');
    const recorder = simulation.create('spike_recorder');
    await simulation.connect(generator, parrot);
    await simulation.connect(parrot, recorder);
    await simulation.simulate(5);
    expect((await recorder.events()).times).toEqual(Float64Array.of(2, 2, 2, 3));
    expect(await parrot.spikeCounts()).toEqual(Float64Array.of(4));
  });

  test('a multiplicity of 0 is no spike', async () => {
    const simulation = open({ local_num_threads: 2 });
    const generators = simulation.create('spike_generator', 9, {
      ...{ spike_times: [1], spike_multiplicities: [0] },
    });
    generators.at(4).set({ spike_times: [1, 2], spike_multiplicities: [3, 0] });
    const parrot = simulation.create('parrot_neuron');
    const recorder = simulation.create('spike_recorder');
    await simulation.connect(generators, parrot, 'all_to_all', { delay: 0.1 });
    await simulation.connect(parrot, recorder);
    await simulation.simulate(5);
    expect((await recorder.events()).times).toEqual(Float64Array.of(1.1, 1.1, 1.1));
  });

  test('times of spikes are counted from the origin, also if they are never reached', async () => {
    const simulation = open();
    const generator = simulation.create('spike_generator', 1, {
      ...{ spike_times: [1, 2, 5, 1e8], origin: 3.5, start: 1, stop: 4 },
    });
    const recorder = simulation.create('spike_recorder');
    await simulation.connect(generator, recorder);
    await simulation.simulate(5.5);
    generator.set({ stop: Number.POSITIVE_INFINITY, origin: 1e8 });
    await simulation.simulate(5);
    generator.set({ origin: 10.5 });
    await simulation.simulate(10);
    expect((await recorder.events()).times).toEqual(Float64Array.of(5.5, 11.5 + 1, 15.5));
  });

  test('a Poisson generator sends a recorder a train of its own', async () => {
    const simulation = open({ local_num_threads: 2 });
    const noise = simulation.create('poisson_generator', 2, { rate: 500 });
    const recorder = simulation.create('spike_recorder');
    await simulation.connect(noise, recorder);
    await simulation.simulate(1000);
    const { senders } = await recorder.events();
    // Poisson with mean 500 each: beyond 5 standard deviations with probability 6e-7.
    for (const id of [1, 2]) {
      const count = senders.filter((sender) => sender === id).length;
      expect(Math.abs(count - 500)).toBeLessThan(5 * Math.sqrt(500));
    }
  });

  test('n_events = 0 empties it; what comes after is noted', async () => {
    const { simulation, parrot } = await beating();
    const recorder = simulation.create('spike_recorder');
    await simulation.connect(parrot, recorder);
    await simulation.simulate(5);
    recorder.set({ n_events: 0 });
    expect(await recorder.get('n_events')).toEqual(Float64Array.of(0));
    expect((await recorder.events()).times).toHaveLength(0);
    await simulation.simulate(2);
    expect((await recorder.events()).times).toEqual(Float64Array.of(6, 7));
  });

  test('start is exclusive, stop inclusive, origin shifts both', async () => {
    const { simulation, parrot } = await beating();
    const recorders = simulation.create('spike_recorder', 2, { start: 3, stop: 6 });
    recorders.at(1).set({ origin: 10 });
    await simulation.connect(parrot, recorders);
    await simulation.simulate(20);
    expect((await recorders.at(0).events()).times).toEqual(Float64Array.of(4, 5, 6));
    expect((await recorders.at(1).events()).times).toEqual(Float64Array.of(14, 15, 16));
    recorders.set({ start: 0, stop: Number.POSITIVE_INFINITY, origin: 0, n_events: 0 });
    await simulation.simulate(1);
    expect((await recorders.events()).times).toEqual(Float64Array.of(21, 21));
  });

  test('connected one to one, each hears its own', async () => {
    const { simulation, parrot, generator } = await beating();
    const recorders = simulation.create('spike_recorder', 2);
    await simulation.connect(generator.concat(parrot), recorders, 'one_to_one');
    await simulation.simulate(2);
    expect((await recorders.at(0).events()).times).toEqual(Float64Array.of(1, 2));
    expect((await recorders.at(1).events()).times).toEqual(Float64Array.of(2));
    expect(await recorders.events()).toEqual({
      senders: Uint32Array.of(1, 1, 2),
      times: Float64Array.of(1, 2, 2),
    });
  });

  test('one made after a run hears what comes after', async () => {
    const { simulation, parrot } = await beating();
    await simulation.simulate(5);
    const recorder = simulation.create('spike_recorder');
    await simulation.connect(parrot, recorder);
    await simulation.simulate(2);
    expect((await recorder.events()).times).toEqual(Float64Array.of(6, 7));
  });
});

describe.each([1, 3])('multimeter, on %i threads', (threads) => {
  test('samples what it was told to, at its interval, up to the last step', async () => {
    const simulation = open({ local_num_threads: threads });
    const nodes = simulation.create(AEIF, 3, { V_m: [-70, -60, -65] });
    const meter = simulation.create('multimeter', 1, {
      ...{ record_from: ['V_m', 'u_bar_minus'], interval: 0.5 },
    });
    await simulation.connect(meter, nodes);
    await simulation.simulate(1.2);
    await simulation.simulate(0.8);
    const events = await meter.events();
    expect(Object.keys(events)).toEqual(['senders', 'times', 'V_m', 'u_bar_minus']);
    expect(Array.from(events.times)).toEqual([0.5, 1, 1.5, 2].flatMap((t) => [t, t, t]));
    expect(Array.from(events.senders)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
    const last = await nodes.get(['V_m', 'u_bar_minus']);
    expect((events.V_m as Float64Array).slice(-3)).toEqual(last.V_m);
    expect((events.u_bar_minus as Float64Array).slice(-3)).toEqual(last.u_bar_minus);
  });

  test('its interval, window and events can be set', async () => {
    const simulation = open({ local_num_threads: threads });
    const nodes = simulation.create(AEIF, 2);
    const meter = simulation.create('multimeter', 1, { record_from: ['w'] });
    await simulation.connect(meter, nodes.at(1));
    await simulation.simulate(2);
    expect(Array.from((await meter.events()).times)).toEqual([1, 2]);
    meter.set({ interval: 0.2, stop: 2.6, n_events: 0 });
    await simulation.simulate(2);
    expect(Array.from((await meter.events()).times)).toEqual([2.2, 2.4, 2.6]);
    expect(await meter.get(['interval', 'stop'])).toEqual({
      interval: Float64Array.of(0.2),
      stop: Float64Array.of(2.6),
    });
  });
});

test.each([1, 3])(
  'what a multimeter records can be set until it is connected, on %i threads',
  async (threads) => {
    const simulation = open({ local_num_threads: threads });
    const nodes = simulation.create(AEIF, 2);
    const meters = simulation.create('multimeter', 2);
    meters.set({ record_from: ['V_m'] });
    await simulation.simulate(1);
    for (const [i, record_from] of [['w'], ['z', 'w']].entries()) meters.at(i).set({ record_from });
    await simulation.connect(meters.at(1), nodes);
    expect(() => meters.at(1).set({ record_from: ['V_m'] })).toThrow(
      /before the multimeter is conn/,
    );
    expect(() => meters.set({ record_from: ['V_m'] })).toThrow(
      /before the multimeter is connected/,
    );
    meters.at(0).set({ record_from: ['V_m', 'w'] });
    meters.set({ interval: 0.5 });
    await simulation.connect(meters.at(0), nodes.at(0));
    await simulation.simulate(1);
    const [first, second] = [await meters.at(0).events(), await meters.at(1).events()];
    expect(Object.keys(first)).toEqual(['senders', 'times', 'V_m', 'w']);
    expect(Object.keys(second)).toEqual(['senders', 'times', 'z', 'w']);
    expect(Array.from(first.times)).toEqual([1.5, 2]);
    expect(Array.from(second.times)).toEqual([1.5, 1.5, 2, 2]);
    expect((first.V_m as Float64Array).at(-1)).toBe((await nodes.get('V_m'))[0]);
  },
);

test('multimeters of one kind can be read together, others not', async () => {
  const simulation = open();
  const nodes = simulation.create(AEIF, 2);
  const meters = simulation.create('multimeter', 2, { record_from: ['V_m'] });
  const other = simulation.create('multimeter', 1, { record_from: ['w'] });
  await simulation.connect(meters, nodes, 'one_to_one');
  await simulation.connect(other, nodes);
  await simulation.simulate(1);
  expect((await meters.events()).senders).toEqual(Uint32Array.of(1, 2));
  await expect(meters.concat(other).events()).rejects.toThrow(/same variables/);
});

test('what records nothing has no events', async () => {
  const simulation = open();
  const nodes = simulation.create(AEIF);
  const recorder = simulation.create('spike_recorder');
  const meter = simulation.create('multimeter', 1, { record_from: ['V_m'] });
  expect(await recorder.events()).toEqual({
    senders: new Uint32Array(0),
    times: new Float64Array(0),
  });
  expect((await meter.events()).V_m).toEqual(new Float64Array(0));
  await expect(recorder.get('events')).rejects.toThrow(
    /unknown key 'events'; use await .*events\(\)/,
  );
  await expect(nodes.events()).rejects.toThrow(/recorders of one kind/);
  await expect(recorder.concat(meter).events()).rejects.toThrow(/recorders of one kind/);
});

describe.each([1, 2])('weight_recorder, on %i threads', (threads) => {
  test('notes every transmission of the models that name it, in order', async () => {
    const simulation = open({ local_num_threads: threads });
    const nodes = simulation.create(AEIF, 2);
    const beat = simulation.create('spike_generator', 1, { spike_times: [1, 3] });
    const parrots = simulation.create('parrot_neuron', 2);
    const recorder = simulation.create('weight_recorder');
    simulation.copyModel('clopath_synapse', 'recorded', { weight_recorder: recorder, weight: 2 });
    expect(simulation.getDefaults('recorded').weight_recorder).toBe(recorder.first);
    const ofStatic = () =>
      simulation.copyModel('static_synapse', 'x', { weight_recorder: recorder });
    expect(ofStatic).toThrow(/a synapse that is not plastic/);
    await simulation.connect(beat, parrots);
    await simulation.connect(parrots, nodes, 'all_to_all', 'recorded');
    await simulation.connect(parrots, nodes, 'all_to_all', 'clopath_synapse');
    await simulation.simulate(4);
    const events = await recorder.events();
    expect(Array.from(events.times)).toEqual([2, 2, 2, 2, 4, 4, 4, 4]);
    expect(Array.from(events.senders)).toEqual([4, 4, 5, 5, 4, 4, 5, 5]);
    expect(Array.from(events.targets!)).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
    // The delayed u_bar_minus reads 0 mV at first, which depresses by A_LTD (0 - theta_minus).
    for (const weight of events.weights!.slice(0, 4))
      expect(weight).toBeCloseTo(2 - 14e-5 * 70.6, 14);
    const found = await simulation.getConnections({ synapse_model: 'recorded' });
    expect(events.weights!.slice(4)).toEqual(await found.get('weight'));
    recorder.set({ n_events: 0, stop: 4 });
    await simulation.simulate(20);
    expect(await recorder.get('n_events')).toEqual(Float64Array.of(0));
  });
});
