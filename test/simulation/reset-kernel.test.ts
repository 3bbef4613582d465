/** `resetKernel`: a simulation on the threads of another, beside one on threads of its own. */
import { afterEach, describe, expect, test } from 'vitest';
import { type NeuronDefinition, Simulation, type SimulationOptions } from '../../src/index.js';

const opened: Simulation[] = [];

function open(options: SimulationOptions): Simulation {
  const simulation = new Simulation(options);
  opened.push(simulation);
  return simulation;
}

/** The same as `resetKernel`, for `afterEach`. */
async function reset(simulation: Simulation, options?: SimulationOptions): Promise<Simulation> {
  const next = await simulation.resetKernel(options);
  opened.push(next);
  return next;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((simulation) => simulation.close()));
});

/** A network with plastic and static synapses, generators and a recorder; it ends in its digest. */
async function lifeOf(simulation: Simulation, size: number, ms = 40) {
  const neurons = simulation.create('aeif_psc_delta_clopath', size, { I_e: 700 });
  const others = simulation.create('iaf_psc_alpha', size);
  const relays = simulation.create('parrot_neuron', size);
  const noise = simulation.create('poisson_generator', size, { rate: 800 });
  const recorder = simulation.create('spike_recorder');
  await simulation.connect(noise, relays, 'one_to_one');
  await simulation.connect(relays, neurons, 'all_to_all', {
    synapse_model: 'clopath_synapse',
    weight: 2,
    delay: 0.5,
  });
  await simulation.connect(
    neurons,
    others,
    { rule: 'fixed_indegree', indegree: 5 },
    { weight: 90, delay: 0.7 },
  );
  await simulation.connect(neurons, recorder);
  await simulation.simulate(ms);
  const { senders, times } = await recorder.events();
  return { digest: await simulation.digest(), senders: [...senders], times: [...times] };
}

describe('results are those of a new simulation', () => {
  test.each([1, 2, 3, 4, 7])('on %i threads', async (threads) => {
    const expected = await lifeOf(open({ rng_seed: 5 }), 12);
    expect(expected.senders.length).toBeGreaterThan(10);
    const options = { rng_seed: 5, local_num_threads: threads };
    let simulation = open(options);
    // Smaller, larger and equal ones before: in memory that was used, and beyond it.
    for (const size of [3, 30, 12]) {
      await lifeOf(simulation, size);
      simulation = await reset(simulation);
      expect(await lifeOf(simulation, 12), `after ${size}`).toEqual(expected);
      simulation = await reset(simulation);
    }
  });

  test('with other options', async () => {
    const other = {
      rng_seed: 'word',
      resolution: 0.25,
      total_num_virtual_procs: 6,
      min_delay: 0.25,
    };
    const simulation = open({ rng_seed: 5, local_num_threads: 2 });
    const first = simulation.create('iaf_psc_delta', 10, { I_e: 500 });
    await simulation.connect(first, first, 'all_to_all', { weight: 0.1, delay: 1 });
    await simulation.simulate(20);
    const run = async (one: Simulation) => {
      const neurons = one.create('iaf_psc_delta', 10, { I_e: 500 });
      await one.connect(neurons, neurons, 'all_to_all', { weight: 0.1, delay: 1 });
      await one.simulate(20);
      return one.digest();
    };
    const next = await reset(simulation, other);
    const status = await next.kernelStatus();
    expect(status).toMatchObject({ ...other, local_num_threads: 2, biological_time: 0 });
    expect(await run(next)).toBe(await run(open(other)));
    expect(await run(await reset(next, { rng_seed: 5 }))).toBe(
      await run(open({ resolution: 0.25, rng_seed: 5 })),
    );
  });

  test('and what an option that is undefined stands for is the one before', async () => {
    const simulation = open({ local_num_threads: 2, rng_seed: 7, resolution: 0.5 });
    const nothing = { local_num_threads: undefined, rng_seed: undefined, resolution: undefined };
    const next = await reset(simulation, nothing as unknown as SimulationOptions);
    const kernel = {
      local_num_threads: 2,
      total_num_virtual_procs: 2,
      rng_seed: 7,
      resolution: 0.5,
    };
    expect(await next.kernelStatus()).toMatchObject(kernel);
  });

  test('memory that only waits to be used again does not count', async () => {
    const simulation = open({ local_num_threads: 2 });
    const { network_memory: before } = await simulation.kernelStatus();
    await lifeOf(simulation, 200, 1);
    expect((await simulation.kernelStatus()).network_memory).toBeGreaterThan(10 * before);
    const next = await reset(simulation);
    expect((await next.kernelStatus()).network_memory).toBeLessThan(2 * before + 50_000);
  });

  test('where a model of one’s own has another meaning', async () => {
    const model = (rate: number): NeuronDefinition => ({
      name: 'mine',
      parameters: { k: { default: rate } },
      state: { x: { default: 1 }, y: { default: 0 } },
      equations: { x: `-k * x * x`, y: rate > 1 ? 'x - y' : 'x' },
    });
    const run = async (simulation: Simulation, rate: number) => {
      simulation.defineNeuron(model(rate));
      const neurons = simulation.create('mine', 3);
      await simulation.simulate(5);
      return [...((await neurons.get('y')) as Float64Array)];
    };
    const simulation = open({});
    await run(simulation, 0.5);
    const next = await reset(simulation);
    expect(next.nodeModels).not.toContain('mine');
    expect(await run(next, 2)).toEqual(await run(open({}), 2));
  });
});

describe('the simulation before', () => {
  test('ends: neither it nor what it made can be used', async () => {
    const simulation = open({});
    const neurons = simulation.create('iaf_psc_delta', 2);
    const under_way = simulation.simulate(5);
    const next = await reset(simulation);
    expect(await under_way).toEqual({ completed: true, time: 5 });
    const message = /the kernel was reset.* sim = await sim\.resetKernel\(\)/;
    expect(() => simulation.create('parrot_neuron')).toThrow(message);
    expect(() => neurons.set({ V_m: -60 })).toThrow(message);
    await expect(neurons.get('V_m')).rejects.toThrow(message);
    await expect(simulation.simulate(1)).rejects.toThrow(message);
    await expect(simulation.resetKernel()).rejects.toThrow(message);
    await expect(next.connect(neurons, neurons)).rejects.toThrow();
    await simulation.close();
    expect(await next.simulate(1)).toEqual({ completed: true, time: 1 });
  });

  test('may have failed', async () => {
    const simulation = open({ local_num_threads: 2 });
    simulation.create('aeif_psc_delta_clopath', 4, { I_e: -1e9 });
    await expect(simulation.simulate(5)).rejects.toThrow(/unstable|instability/i);
    const next = await reset(simulation);
    expect(await lifeOf(next, 6)).toEqual(await lifeOf(open({}), 6));
  });

  test('stays as it is if the new one cannot be', async () => {
    const simulation = open({ local_num_threads: 2 });
    simulation.create('iaf_psc_delta', 2);
    expect(() => simulation.resetKernel({ local_num_threads: 3 })).toThrow(
      /local_num_threads is 3; expected 2, as the threads stay/,
    );
    expect(() => simulation.resetKernel({ resolution: -1 })).toThrow(/resolution/);
    expect(() => simulation.resetKernel({ seed: 1 } as SimulationOptions)).toThrow(/rng_seed/);
    expect(await simulation.simulate(1)).toEqual({ completed: true, time: 1 });
  });

  test('must not have been closed', async () => {
    const simulation = open({});
    await simulation.close();
    await expect(simulation.resetKernel()).rejects.toThrow('the simulation is closed');
  });
});
