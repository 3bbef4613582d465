/** What happens when a neuron, a worker or a program fails. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import {
  NumericalInstabilityError,
  SimulationStateError,
  WorkerError,
} from '../../src/errors/index.js';
import { WorkerTeam } from '../../src/parallel/worker-team.js';
import { AEIF, opening, smallNetwork } from './opening.js';

const open = opening();

/** Neurons 1-4, of which all but the victims fire; spikes of weight -2000 reach `victims` 1 ms after 6 ms, that is in step 70. */
async function doomed(threads: number, victims: number[], processes = threads) {
  const simulation = open({
    local_num_threads: threads,
    total_num_virtual_procs: processes,
  });
  const I_e = [1, 2, 3, 4].map((id) => (victims.includes(id) ? 0 : 3000));
  const neurons = simulation.create(AEIF, 4, { I_e });
  const blow = simulation.create('spike_generator', 1, { spike_times: [6] });
  const ids = victims.map(() => blow.first);
  await simulation.connect(ids, victims, 'one_to_one', { weight: -2000 });
  const recorder = simulation.create('spike_recorder');
  await simulation.connect(neurons, recorder);
  const meter = simulation.create('multimeter', 1, { record_from: ['V_m'], interval: 0.1 });
  await simulation.connect(meter, neurons);
  return { simulation, neurons, recorder, meter };
}

describe('a neuron that becomes unstable', () => {
  test.each([1, 2, 3, 7])('%i threads: simulate rejects with its error', async (threads) => {
    const { simulation } = await doomed(threads, [3]);
    const before = performance.now();
    const error = (await simulation.simulate(10_000).catch((e: unknown) => e)) as Error;
    expect(performance.now() - before).toBeLessThan(1000);
    expect(error).toBeInstanceOf(NumericalInstabilityError);
    expect(error).toMatchObject({ model: AEIF, node: 3, step: 70, timeMs: 7 });
    expect((error as NumericalInstabilityError).values.V_m).toBeLessThan(-1000);
    expect(error.message).toMatch(
      /aeif_psc_delta_clopath \(node 3\).*at 7 ms \(step 70\): V_m = -/,
    );
  });

  test('an absurd current is caught in the first step', async () => {
    const simulation = open();
    simulation.create(AEIF, 2, { I_e: [0, -1e9] });
    await expect(simulation.simulate(1)).rejects.toMatchObject({ node: 2, step: 1 });
  });

  test.each([
    [1, 1],
    [1, 3],
    [2, 2],
    [2, 4],
    [3, 3],
  ])(
    '%i threads, %i virtual processes: of several the first by node is named',
    async (threads, processes) => {
      const { simulation } = await doomed(threads, [4, 3, 2], processes);
      await expect(simulation.simulate(100)).rejects.toMatchObject({ node: 2, step: 70 });
    },
  );

  test('within a slice, too, the first by step is named', async () => {
    for (const [threads, processes] of [
      [1, 1],
      [1, 2],
      [2, 2],
    ]) {
      const simulation = open({
        local_num_threads: threads!,
        total_num_virtual_procs: processes!,
      });
      simulation.create(AEIF, 2);
      const blows = simulation.create('spike_generator', 2, { spike_times: [[6.4], [6.2]] });
      await simulation.connect(blows, [1, 2], 'one_to_one', { weight: -3000, delay: 5 });
      await expect(simulation.simulate(100)).rejects.toMatchObject({ node: 2, step: 112 });
    }
  });

  test('what was recorded before stays readable, the same on any number of threads', async () => {
    const [alone, ...others] = await Promise.all(
      [1, 2, 3].map(async (threads, i) => {
        const { simulation, recorder, meter, neurons } = await doomed(
          threads,
          [3],
          threads * (i + 1),
        );
        await simulation.simulate(5);
        await expect(simulation.simulate(10)).rejects.toBeInstanceOf(NumericalInstabilityError);
        return {
          spikes: await recorder.events(),
          traces: await meter.events(),
          counts: [await recorder.get('n_events'), await meter.get('n_events')],
          parameter: await neurons.get('I_e'),
          connections: (await simulation.getConnections()).length,
          time: (await simulation.kernelStatus()).biological_time,
        };
      }),
    );
    // One Simulate call ends at 5 ms, slices are 1 ms, and step 70 is the last of a slice.
    expect(alone.time).toBe(6);
    expect(alone.traces.times).toHaveLength(4 * 60);
    expect(alone.traces.times.at(-1)).toBe(6);
    expect(alone.spikes.times.length).toBeGreaterThan(0);
    expect(alone.counts).toEqual([
      Float64Array.of(alone.spikes.times.length),
      Float64Array.of(240),
    ]);
    expect(alone.connections).toBe(1);
    for (const other of others) expect(other).toEqual(alone);
  });

  test('ends the simulation: no change and no result any more, and the reason is named', async () => {
    const { simulation, neurons } = await doomed(2, [1]);
    const failed = await simulation.simulate(10).catch((e: unknown) => e);
    const refused = { name: 'SimulationStateError', cause: failed };
    expect(() => simulation.create('parrot_neuron')).toThrow(/has failed: .*step 70/);
    expect(() => neurons.set({ I_e: 0 })).toThrow(SimulationStateError);
    expect(() => simulation.setDefaults(AEIF, { I_e: 0 })).toThrow(SimulationStateError);
    expect(() => simulation.copyModel(AEIF, 'other')).toThrow(SimulationStateError);
    await expect(simulation.simulate(1)).rejects.toMatchObject(refused);
    await expect(simulation.connect(neurons, neurons)).rejects.toMatchObject(refused);
    const connections = await simulation.getConnections();
    await expect(connections.set({ weight: 1 })).rejects.toMatchObject(refused);
    await expect(simulation.digest()).rejects.toMatchObject(refused);
  });
});

/** A simulation and its worker threads, which no user can reach. */
function openWithThreads(count: number) {
  const team = new WorkerTeam(count, { processes: count, resolution: 0.1, seed: 1 });
  const { pool } = team as unknown as { pool: { threads: Worker[] } };
  return { simulation: open({ local_num_threads: count }, team), threads: pool.threads };
}

describe('a worker thread that ends', () => {
  test.each([1, 3])('%i threads: simulate rejects within a second', async (count) => {
    const { simulation, threads } = openWithThreads(count);
    const nodes = simulation.create('parrot_neuron', 5);
    await simulation.kernelStatus();
    const run = simulation.simulate(1e7);
    setTimeout(() => void threads[0].terminate(), 30);
    const before = performance.now();
    await expect(run).rejects.toBeInstanceOf(WorkerError);
    expect(performance.now() - before).toBeLessThan(1000);
    // Nothing can be read, since its nodes are gone; nothing hangs either.
    await expect(nodes.spikeCounts()).rejects.toBeInstanceOf(WorkerError);
    expect(() => nodes.set({})).toThrow(SimulationStateError);
    await simulation.close();
  });

  test('while idle is told by the next call', async () => {
    const { simulation, threads } = openWithThreads(2);
    const nodes = simulation.create(AEIF, 5);
    await simulation.kernelStatus();
    await threads[1].terminate();
    await expect(simulation.simulate(1)).rejects.toThrow('worker 1: the thread ended');
    expect(() => nodes.set({ I_e: 0 })).toThrow(/the thread ended/);
  });
});

test('other simulations of the process go on, and new ones can start', async () => {
  const healthy = open({ local_num_threads: 2 });
  const { neurons } = await smallNetwork(healthy);
  const run = healthy.simulate(50);
  const { simulation } = await doomed(2, [2]);
  await expect(simulation.simulate(100)).rejects.toBeInstanceOf(NumericalInstabilityError);
  expect(await run).toEqual({ completed: true, time: 50 });
  const fresh = open({ local_num_threads: 3 });
  await smallNetwork(fresh);
  await fresh.simulate(50);
  expect(await fresh.digest()).toBe(await healthy.digest());
  expect((await neurons.spikeCounts()).length).toBe(2);
});

describe('a program that never calls close', () => {
  const library = new URL('../../dist/src/index.js', import.meta.url).href;

  async function program(body: string): Promise<string> {
    const source = `import { simulation } from ${JSON.stringify(library)};\n${body}`;
    const args = ['--input-type=module', '-e', source];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 10_000 });
    return stdout.trim();
  }

  test('exits when its work is done', async () => {
    const body = `const s = simulation({ local_num_threads: 2 });
      const n = s.create('${AEIF}', 3);
      await s.simulate(5);
      console.log((await n.get('V_m')).length);`;
    expect(await program(body)).toBe('3');
  });

  test('exits if it only made nodes', async () => {
    expect(await program(`simulation().create('parrot_neuron', 3); console.log('made');`)).toBe(
      'made',
    );
  });

  test('exits after a failed run', async () => {
    const body = `const s = simulation({ local_num_threads: 2 });
      s.create('${AEIF}', 3, { I_e: -1e9 });
      console.log(await s.simulate(5).catch((error) => error.name));`;
    expect(await program(body)).toBe('NumericalInstabilityError');
  });

  test('an error that nobody handles ends it, with the error', async () => {
    const body = `const s = simulation({ local_num_threads: 2 });
      s.create('${AEIF}', 3, { I_e: -1e9 });
      await s.simulate(5);`;
    await expect(program(body)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('numerical instability at 0.1 ms (step 1)'),
    });
  });
});
