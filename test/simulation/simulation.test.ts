import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { SimulationStateError, ValueError } from '../../src/errors/index.js';
import { normal } from '../../src/random/index.js';
import { simulation as makeSimulation, Simulation } from '../../src/simulation/index.js';
import { AEIF, opening, smallNetwork } from './opening.js';

const open = opening();

describe('models', () => {
  test('are listed, copies included', () => {
    const simulation = open();
    simulation.copyModel(AEIF, 'pyramidal');
    simulation.copyModel('clopath_synapse', 'recurrent');
    expect(simulation.nodeModels).toEqual(
      expect.arrayContaining([AEIF, 'multimeter', 'pyramidal']),
    );
    expect(simulation.nodeModels).not.toContain('recurrent');
    expect(simulation.synapseModels).toEqual([
      ...['static_synapse', 'clopath_synapse', 'stdp_synapse', 'recurrent'],
    ]);
    expect(simulation.connectionRules).toContain('pairwise_bernoulli');
  });

  test('defaults of neurons are those of the documentation, flags as flags, state included', () => {
    const defaults = open().getDefaults(AEIF);
    expect(defaults).toMatchObject({ C_m: 281, A_LTD_const: true, V_m: -70.6, V_th: -50.4 });
    expect(defaults).not.toHaveProperty('clamp_steps');
  });

  test('a copy has values of its own', async () => {
    const simulation = open();
    simulation.copyModel(AEIF, 'leaky', { g_L: 20, V_m: -60 });
    simulation.setDefaults('leaky', { A_LTD_const: false });
    simulation.copyModel('leaky', 'leakier', { g_L: 10 });
    const values = async (model: string) =>
      simulation.create(model).get(['g_L', 'V_m', 'A_LTD_const']);
    const leaky = { g_L: Float64Array.of(20), V_m: Float64Array.of(-60), A_LTD_const: [false] };
    expect(await values('leaky')).toEqual(leaky);
    expect(await values('leakier')).toEqual({ ...leaky, g_L: Float64Array.of(10) });
    expect(simulation.getDefaults(AEIF)).toMatchObject({ g_L: 30, V_m: -70.6, A_LTD_const: true });
  });

  test('a bound that is infinite unless given can be taken back', async () => {
    const sim = open();
    const V_min = Number.NEGATIVE_INFINITY;
    const neurons = sim.create('iaf_psc_delta', 2, { V_min: -70, I_e: -1000 });
    await sim.simulate(10);
    expect(await neurons.get('V_m')).toEqual(Float64Array.of(-70, -70));
    await neurons.set({ V_min: [V_min, -71] });
    expect(await neurons.get('V_min')).toEqual(Float64Array.of(V_min, -71));
    await sim.simulate(50);
    const [free, bound] = await neurons.get('V_m');
    expect(free).toBeLessThan(-100);
    expect(bound).toBe(-71);
    sim.setDefaults('iaf_psc_delta', { V_min: -70 });
    sim.setDefaults('iaf_psc_delta', { V_min });
    expect(sim.getDefaults('iaf_psc_delta').V_min).toBe(V_min);
    expect(() => sim.create('iaf_psc_delta', 1, { V_min: -V_min })).toThrow(ValueError);
  });

  test('defaults count for nodes made later, not for those that exist', async () => {
    const simulation = open();
    const before = simulation.create(AEIF);
    simulation.setDefaults(AEIF, { I_e: 100 });
    expect(await before.get('I_e')).toEqual(Float64Array.of(0));
    expect(await simulation.create(AEIF).get('I_e')).toEqual(Float64Array.of(100));
    const given = simulation.create(AEIF, 1, { I_e: 7 });
    expect(await given.get('I_e')).toEqual(Float64Array.of(7));
  });

  test('devices have defaults and copies, too', async () => {
    const simulation = open();
    simulation.copyModel('spike_generator', 'cue', { spike_times: [1, 2], stop: 100 });
    const defaults = simulation.getDefaults('cue');
    expect(defaults).toMatchObject({ spike_times: [1, 2], stop: 100, start: 0 });
    (defaults.spike_times as number[]).push(3);
    expect(simulation.getDefaults('cue').spike_times).toEqual([1, 2]);
    expect(await simulation.create('cue').get('spike_times')).toEqual([[1, 2]]);
  });

  test('defaults of synapses count for connections made later', async () => {
    const simulation = open();
    const nodes = simulation.create(AEIF, 1);
    simulation.copyModel('clopath_synapse', 'strong', { weight: 5, Wmax: 30 });
    await simulation.connect(nodes, nodes, 'one_to_one', 'strong');
    simulation.setDefaults('strong', { delay: 2.5 });
    await simulation.connect(nodes, nodes, 'one_to_one', { synapse_model: 'strong', Wmax: 9 });
    const { weight, delay, Wmax, tau_x } = await (await simulation.getConnections()).get();
    expect(weight).toEqual(Float64Array.of(5, 5));
    expect(delay).toEqual(Float64Array.of(1, 2.5));
    expect(Wmax).toEqual(Float64Array.of(30, 9));
    expect(tau_x).toEqual(Float64Array.of(15, 15));
    expect(simulation.getDefaults('strong')).toEqual({
      ...{ weight: 5, delay: 2.5, tau_x: 15, Wmin: 0, Wmax: 30, weight_recorder: null },
    });
  });
});

describe('simulate', () => {
  test('advances by what it is asked for, in any number of calls', async () => {
    const simulation = open();
    const nodes = simulation.create(AEIF, 1, { I_e: 800 });
    expect(await simulation.simulate(0)).toEqual({ completed: true, time: 0 });
    expect(await simulation.simulate(0.3)).toEqual({ completed: true, time: 0.3 });
    expect(await simulation.simulate(99.7)).toEqual({ completed: true, time: 100 });
    const other = open();
    const same = other.create(AEIF, 1, { I_e: 800 });
    await other.simulate(100);
    expect((await same.spikeCounts())[0]).toBeGreaterThan(0);
    expect(await same.get('V_m')).toEqual(await nodes.get('V_m'));
    expect(await other.digest()).toBe(await simulation.digest());
  });

  test('time passes for a simulation without nodes, and for nodes made afterwards', async () => {
    const simulation = open({ local_num_threads: 2 });
    await simulation.simulate(10);
    const generator = simulation.create('spike_generator', 1, { spike_times: [5, 12] });
    const parrot = simulation.create('parrot_neuron');
    const recorder = simulation.create('spike_recorder');
    await simulation.connect(generator, parrot);
    await simulation.connect(parrot, recorder);
    expect(await simulation.simulate(10)).toEqual({ completed: true, time: 20 });
    expect((await recorder.events()).times).toEqual(Float64Array.of(13));
  });

  test('calls are carried out in order without awaiting each', async () => {
    const simulation = open();
    const nodes = simulation.create('parrot_neuron', 2);
    const generator = simulation.create('spike_generator', 1, { spike_times: [1] });
    const connected = simulation.connect(generator, nodes);
    const first = simulation.simulate(1);
    const early = nodes.spikeCounts();
    const second = simulation.simulate(1);
    const late = nodes.spikeCounts();
    expect([(await first).time, (await second).time]).toEqual([1, 2]);
    expect([await early, await late]).toEqual([Float64Array.of(0, 0), Float64Array.of(1, 1)]);
    await connected;
  });

  test('what works at once is refused while a call is under way', async () => {
    const simulation = open();
    const nodes = simulation.create(AEIF, 1);
    const run = simulation.simulate(1);
    expect(() => simulation.create(AEIF)).toThrow(SimulationStateError);
    expect(() => nodes.set({ I_e: 1 })).toThrow(/still under way/);
    expect(() => simulation.setDefaults(AEIF, {})).toThrow(SimulationStateError);
    expect(() => simulation.copyModel(AEIF, 'copy')).toThrow(SimulationStateError);
    await run;
    nodes.set({ I_e: 1 });
    expect(await nodes.get('I_e')).toEqual(Float64Array.of(1));
  });

  test.each([1, 64])('%i threads run', async (threads) => {
    const simulation = open({ local_num_threads: threads });
    await smallNetwork(simulation);
    await simulation.simulate(20);
    expect(await simulation.digest()).toBe(await twentyMilliseconds());
  });

  async function twentyMilliseconds(): Promise<string> {
    const simulation = open({ local_num_threads: 2 });
    await smallNetwork(simulation);
    await simulation.simulate(20);
    return simulation.digest();
  }

  test('two at once do not notice each other', async () => {
    const [a, b] = [open({ rng_seed: 1 }), open({ rng_seed: 2, local_num_threads: 2 })];
    await Promise.all([smallNetwork(a), smallNetwork(b)]);
    await Promise.all([a.simulate(100), b.simulate(100)]);
    for (const [simulation, rng_seed] of [
      [a, 1],
      [b, 2],
    ] as const) {
      const alone = open({ rng_seed });
      await smallNetwork(alone);
      await alone.simulate(100);
      expect(await alone.digest()).toBe(await simulation.digest());
    }
    expect(await a.digest()).not.toBe(await b.digest());
  });

  test('the main thread stays free while workers run', async () => {
    const simulation = open({ local_num_threads: 2 });
    simulation.create(AEIF, 200, { I_e: 900 });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const before = performance.now();
    await simulation.simulate(200);
    const elapsed = performance.now() - before;
    clearInterval(timer);
    // A tick per 5 ms if it is free; a busy main thread would show none.
    expect(ticks).toBeGreaterThan(elapsed / 25);
  });
});

describe('progress and stopping', () => {
  /** Long enough to be stopped in the middle, whatever the machine. */
  function long() {
    const simulation = open({ local_num_threads: 2 });
    const nodes = simulation.create('parrot_neuron', 2);
    return { simulation, nodes };
  }

  test('progress ascends and ends with the time reached', async () => {
    const { simulation } = long();
    const times: number[] = [];
    await simulation.simulate(20_000, { onProgress: (time) => times.push(time) });
    expect(times.at(-1)).toBe(20_000);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    await simulation.simulate(1, { onProgress: (time) => times.push(time) });
    expect(times.at(-1)).toBe(20_001);
  });

  test('a signal ends the run after the slice; it can then go on', async () => {
    const { simulation, nodes } = long();
    const connected = simulation.connect(nodes, nodes, 'one_to_one', { delay: 2 });
    await connected;
    const controller = new AbortController();
    const run = simulation.simulate(1e7, { signal: controller.signal });
    await sleep(30);
    controller.abort();
    const before = performance.now();
    const outcome = await run;
    expect(performance.now() - before).toBeLessThan(500);
    expect(outcome.completed).toBe(false);
    expect(outcome.time).toBeGreaterThan(0);
    expect(outcome.time % 2).toBe(0);
    expect((await simulation.kernelStatus()).biological_time).toBe(outcome.time);
    expect(await simulation.simulate(2)).toEqual({ completed: true, time: outcome.time + 2 });
  });

  test('an abort in the middle changes no result', async () => {
    const stopped = open({ local_num_threads: 2 });
    await smallNetwork(stopped);
    const controller = new AbortController();
    const onProgress = (time: number) => time > 0 && controller.abort();
    const { time } = await stopped.simulate(1e6, { signal: controller.signal, onProgress });
    const whole = open();
    await smallNetwork(whole);
    await whole.simulate(time);
    expect(await stopped.digest()).toBe(await whole.digest());
  });

  test('a signal aborted beforehand lets one slice pass', async () => {
    const { simulation } = long();
    const outcome = await simulation.simulate(10, { signal: AbortSignal.abort() });
    expect(outcome).toEqual({ completed: false, time: 0.1 });
  });

  test('a signal that comes late changes nothing, and is not listened to any more', async () => {
    const { simulation } = long();
    const controller = new AbortController();
    await simulation.simulate(1, { signal: controller.signal });
    controller.abort();
    expect(await simulation.simulate(1)).toEqual({ completed: true, time: 2 });
  });

  test('an error of onProgress ends the run with that error, not the simulation', async () => {
    const { simulation } = long();
    const onProgress = () => {
      throw new RangeError('of the user');
    };
    await expect(simulation.simulate(1e7, { onProgress })).rejects.toThrow('of the user');
    const { biological_time } = await simulation.kernelStatus();
    expect(biological_time).toBeLessThan(1e7);
    expect((await simulation.simulate(1)).completed).toBe(true);
  });
});

describe('close', () => {
  test('refuses what comes after it and ends what is under way', async () => {
    const simulation = open();
    const nodes = simulation.create(AEIF, 2);
    await simulation.kernelStatus();
    const run = simulation.simulate(1e7);
    const queued = nodes.get('V_m');
    await sleep(20);
    const ends = Promise.allSettled([run, queued]);
    await Promise.all([simulation.close(), simulation.close()]);
    for (const end of await ends) {
      expect(end).toMatchObject({ reason: { name: 'SimulationStateError' } });
    }
    const refused = { name: 'SimulationStateError', message: 'the simulation is closed' };
    expect(() => simulation.create(AEIF)).toThrow('the simulation is closed');
    expect(() => nodes.set({ I_e: 1 })).toThrow('the simulation is closed');
    await expect(simulation.simulate(1)).rejects.toMatchObject(refused);
    await expect(simulation.getConnections()).rejects.toMatchObject(refused);
    await expect(nodes.get('V_m')).rejects.toMatchObject(refused);
    await expect(simulation.digest()).rejects.toMatchObject(refused);
    expect(nodes.length).toBe(2);
  });
});

describe('digest', () => {
  const reference = digestAfter();

  async function digestAfter(change?: (of: Network) => unknown, seed = 1): Promise<string> {
    const simulation = new Simulation({ rng_seed: seed });
    const network = { simulation, ...(await smallNetwork(simulation)) };
    await simulation.simulate(30);
    await change?.(network);
    const digest = await simulation.digest();
    await simulation.close();
    return digest;
  }
  type Network = Awaited<ReturnType<typeof smallNetwork>> & { simulation: Simulation };

  test('is 64 hexadecimal digits and repeats', async () => {
    expect(await reference).toMatch(/^[0-9a-f]{64}$/);
    expect(await digestAfter()).toBe(await reference);
    expect(await digestAfter(({ simulation }) => simulation.digest())).toBe(await reference);
  });

  test.each<[string, (of: Network) => unknown]>([
    [
      'a weight',
      async ({ simulation }) => {
        const connections = await simulation.getConnections({ source: [1], target: [4] });
        await connections.set({ weight: 8.000000001 });
      },
    ],
    ['a state', ({ neurons }) => neurons.at(1).set({ w: 1e-9 })],
    [
      'another connection',
      ({ simulation, parrots, neurons }) => simulation.connect(parrots, neurons),
    ],
    ['another neuron', ({ simulation }) => simulation.create('parrot_neuron')],
    ['more time', ({ simulation }) => simulation.simulate(0.1)],
  ])('%s changes it', async (_name, change) => {
    expect(await digestAfter(change)).not.toBe(await reference);
  });

  test('so does a seed, and a spike', async () => {
    expect(await digestAfter(undefined, 2)).not.toBe(await reference);
    const withSpike = async (spike_times: number[]) => {
      const simulation = open();
      const parrot = simulation.create('parrot_neuron');
      await simulation.connect(simulation.create('spike_generator', 1, { spike_times }), parrot);
      await simulation.simulate(10);
      return simulation.digest();
    };
    const digests = [await withSpike([1]), await withSpike([2]), await withSpike([1, 2])];
    expect(new Set(digests).size).toBe(3);
  });

  test('recorders, names of models and device parameters without effect do not', async () => {
    const observed = await digestAfter(async ({ simulation, parrots, neurons, noise }) => {
      const recorder = simulation.create('spike_recorder');
      const meter = simulation.create('multimeter', 1, { record_from: ['V_m'] });
      await simulation.connect(parrots.concat(neurons), recorder);
      await simulation.connect(noise, recorder);
      await simulation.connect(meter, neurons);
      simulation.copyModel(AEIF, 'other');
    });
    expect(observed).toBe(await reference);
    const renamed = open();
    renamed.copyModel('parrot_neuron', 'relay');
    const [a, b] = [open(), renamed];
    a.create('parrot_neuron', 3);
    b.create('relay', 3);
    expect(await a.digest()).toBe(await b.digest());
  });

  test('recording while it happens does not, either', async () => {
    const recorded = open();
    const { parrots, neurons, noise } = await smallNetwork(recorded);
    const recorder = recorded.create('spike_recorder');
    await recorded.connect(parrots.concat(neurons), recorder);
    await recorded.connect(noise, recorder);
    const meter = recorded.create('multimeter', 1, { record_from: ['V_m', 'w'] });
    await recorded.connect(meter, neurons);
    await recorded.simulate(30);
    expect(await recorded.digest()).toBe(await reference);
  });
});

test('draws depend on the seed and the node, not on calls that failed before', async () => {
  const drawn = async (seed: number, before: (s: Simulation) => void) => {
    const simulation = makeSimulation({ rng_seed: seed });
    before(simulation);
    const values = await simulation.create(AEIF, 3, { V_m: normal(-70, 1) }).get('V_m');
    await simulation.close();
    return values;
  };
  const plain = await drawn(1, () => {});
  expect(new Set(plain as Float64Array).size).toBe(3);
  expect(await drawn(1, () => {})).toEqual(plain);
  expect(await drawn(2, () => {})).not.toEqual(plain);
  const afterFailures = await drawn(1, (simulation) => {
    expect(() => simulation.create(AEIF, 3, { V_m: normal(), C_m: normal(-9) })).toThrow();
    expect(() => simulation.create(AEIF, 2, { V_m: normal(), Vm: 3 })).toThrow();
  });
  expect(afterFailures).toEqual(plain);
});
