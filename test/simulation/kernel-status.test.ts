import { expect, test } from 'vitest';
import { AEIF, opening, smallNetwork } from './opening.js';

const open = opening();

test('of a new simulation', async () => {
  expect(await open().kernelStatus()).toMatchObject({
    resolution: 0.1,
    rng_seed: 1,
    local_num_threads: 1,
    total_num_virtual_procs: 1,
    min_delay: 0.1,
    max_delay: 0.1,
    biological_time: 0,
    network_size: 0,
    num_connections: 0,
    local_spike_counter: 0,
    synaptic_event_counter: 0,
    time_simulate: 0,
    time_construction_connect: 0,
  });
});

test.each([
  [1, 1],
  [1, 4],
  [3, 3],
  [3, 6],
])('of a network that ran on %i threads, %i virtual processes', async (threads, processes) => {
  const options = {
    resolution: 0.05,
    rng_seed: 'seven',
    local_num_threads: threads,
    total_num_virtual_procs: processes,
  };
  const simulation = open(options);
  const { parrots, neurons } = await smallNetwork(simulation);
  const recorder = simulation.create('spike_recorder');
  await simulation.connect(parrots.concat(neurons), recorder);
  // Nothing is transmitted to recorders.
  const noise = simulation.create('poisson_generator', 2, { rate: 1e4 });
  await simulation.connect(noise, simulation.create('spike_recorder'));
  await simulation.simulate(50);
  await simulation.simulate(0.35);
  const status = await simulation.kernelStatus();
  expect(status).toMatchObject({
    ...options,
    min_delay: 1,
    max_delay: 1.5,
    biological_time: 50.35,
    network_size: 11,
    num_connections: 2 + 1 + 6 + 2,
    local_spike_counter: ((await recorder.get('n_events')) as Float64Array)[0],
  });
  expect(status.local_spike_counter).toBeGreaterThan(50);
  expect(status.synaptic_event_counter).toBeGreaterThan(2 * status.local_spike_counter);
  expect(status.network_memory).toBeGreaterThan(1000);
  expect((await simulation.kernelStatus()).network_memory).toBe(status.network_memory);
  const { time_simulate, time_update, time_gather_spike_data, time_deliver_spike_data } = status;
  for (const time of [time_update, time_gather_spike_data, time_deliver_spike_data]) {
    expect(time).toBeGreaterThan(0);
    expect(time).toBeLessThanOrEqual(time_simulate);
  }
  expect(status.time_construction_connect).toBeGreaterThan(0);
  expect(status.thread_times).toHaveLength(threads);
});

test('each thread tells how its time divides into phases', async () => {
  const simulation = open({ local_num_threads: 2 });
  const neurons = simulation.create(AEIF, 40);
  await simulation.connect(neurons, neurons, 'all_to_all', { weight: 0.1, delay: 1 });
  const before = (await simulation.kernelStatus()).thread_times;
  for (const { build, ...phases } of before) {
    expect(build).toBeGreaterThan(0);
    expect(new Set(Object.values(phases))).toEqual(new Set([0]));
  }
  await simulation.simulate(200);
  for (const { record } of (await simulation.kernelStatus()).thread_times) expect(record).toBe(0);
  const meter = simulation.create('multimeter', 1, { record_from: ['V_m'], interval: 0.1 });
  await simulation.connect(meter, neurons);
  await simulation.simulate(200);
  const { thread_times, time_simulate } = await simulation.kernelStatus();
  for (const { build: _, ...phases } of thread_times) {
    for (const time of Object.values(phases)) expect(time).toBeGreaterThan(0);
    const sum = Object.values(phases).reduce((total, time) => total + time, 0);
    expect(sum).toBeLessThan(time_simulate);
  }
});

test('the phases of each slice are traced once that is asked for, thread by thread', async () => {
  const simulation = open({ local_num_threads: 2 });
  const neurons = simulation.create(AEIF, 10);
  await simulation.connect(neurons, neurons, 'all_to_all', { weight: 0.1, delay: 0.5 });
  await simulation.simulate(5);
  expect((await simulation.tracePhases()).map((trace) => trace.length)).toEqual([0, 0]);
  const [first] = (await simulation.kernelStatus()).thread_times;
  await simulation.simulate(20);
  await simulation.simulate(30);
  const traces = await simulation.tracePhases();
  expect(traces.map((trace) => trace.length)).toEqual([100 * 6, 100 * 6]);
  const [then] = (await simulation.kernelStatus()).thread_times;
  const update = traces[0]!.filter((_, i) => i % 6 === 1).reduce((sum, ms) => sum + ms, 0);
  // The times of runs hold what lies between slices, too.
  expect(update / 1000).toBeLessThanOrEqual(then!.update - first!.update);
  expect(update / 1000).toBeGreaterThan(0.5 * (then!.update - first!.update));
});

test('threads tell the beginnings of slices on one clock: none begins before all have begun the one before', async () => {
  const simulation = open({ local_num_threads: 3 });
  const neurons = simulation.create(AEIF, 30);
  await simulation.connect(neurons, neurons, 'all_to_all', { weight: 0.1, delay: 0.5 });
  await simulation.tracePhases();
  await simulation.simulate(100);
  const traces = await simulation.tracePhases();
  const slices = 200;
  const began = (trace: Float64Array, slice: number) => trace[6 * slice]!;
  for (let slice = 0; slice + 1 < slices; slice++) {
    const latest = Math.max(...traces.map((trace) => began(trace, slice)));
    const next = traces.map((trace) => began(trace, slice + 1));
    // The constants between clocks are known to some microseconds.
    expect(Math.min(...next)).toBeGreaterThan(latest - 0.02);
  }
});

test('delays are those of the connections that exist; a slice can be asked for', async () => {
  const simulation = open({ min_delay: 0.5 });
  const nodes = simulation.create(AEIF, 2);
  expect(await simulation.kernelStatus()).toMatchObject({ min_delay: 0.5, max_delay: 0.1 });
  await simulation.connect(nodes, nodes, 'all_to_all', {
    delay: [
      [0.7, 2],
      [0.5, 3],
    ],
  });
  expect(await simulation.kernelStatus()).toMatchObject({ min_delay: 0.5, max_delay: 3 });
  await expect(simulation.connect(nodes, nodes, 'all_to_all', { delay: 0.4 })).rejects.toThrow(
    /0.4 ms, shorter than the min_delay of 0.5 ms/,
  );
  expect(await simulation.kernelStatus()).toMatchObject({ num_connections: 4, max_delay: 3 });
});
