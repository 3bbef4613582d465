import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { SimulationStateError, WorkerError } from '../../src/errors/index.js';
import { createSpikeRings } from '../../src/parallel/shared-spike-exchange.js';
import { WorkerTeam } from '../../src/parallel/worker-team.js';

const teams: WorkerTeam[] = [];

function team(threads: number, processes = threads): WorkerTeam {
  const made = new WorkerTeam(threads, { processes, resolution: 0.1, seed: 1 });
  teams.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(teams.splice(0).map((each) => each.close()));
});

/** The pool's threads, which no user can reach. */
function threadsOf(of: WorkerTeam): Worker[] {
  return (of as unknown as { pool: { threads: Worker[] } }).pool.threads;
}

function createParrots(of: WorkerTeam, n: number): void {
  const nodes = {
    model: 'parrot_neuron',
    firstId: 1,
    size: n,
    parameters: { tau_minus: 20 },
    state: {},
  };
  for (const rank of of.ranks()) of.post(rank, 'createNeurons', nodes);
}

function simulate(of: WorkerTeam, steps: number, nodes = 4): Promise<number[]> {
  const plan = { nodes, sliceSteps: 1, maxDelaySteps: 1, plasticDelaySteps: 1 };
  return of.allWorkers('simulate', steps, plan, createSpikeRings(of.processes, nodes));
}

describe('commands', () => {
  test.each([1, 2, 4])('every rank answers for its part, on %i threads', async (threads) => {
    const four = team(threads, 4);
    createParrots(four, 6);
    const counts = await four.all('spikeCounts');
    expect(counts.map((column) => column.length)).toEqual([2, 2, 1, 1]);
    expect(new Set(threadsOf(four).map(({ threadId }) => threadId)).size).toBe(threads);
  });

  test('to workers are answered by each once, whatever it hosts', async () => {
    const two = team(2, 6);
    createParrots(two, 6);
    expect(await simulate(two, 5, 6)).toEqual([5, 5]);
    expect(await two.allWorkers('workerStatus')).toHaveLength(2);
  });

  test('are carried out in order', async () => {
    const two = team(2);
    const first = two.all('spikeCounts');
    createParrots(two, 2);
    const second = two.all('spikeCounts');
    expect((await first).map((c) => c.length)).toEqual([0, 0]);
    expect((await second).map((c) => c.length)).toEqual([1, 1]);
  });

  test('an error of one worker rejects the call and leaves the team of use', async () => {
    const two = team(2);
    await expect(two.all('recordLength', 99)).rejects.toThrow(/undefined/);
    expect(two.failure).toBeUndefined();
    expect(await two.all('spikeCounts')).toHaveLength(2);
  });

  test('a value that cannot be sent rejects', async () => {
    const one = team(1);
    const uncloneable = (() => 1) as unknown as number;
    await expect(one.call(0, 'recordLength', uncloneable)).rejects.toThrow(/could not be cloned/);
    expect(await one.all('spikeCounts')).toHaveLength(1);
  });

  test('a change that one worker cannot make ends the team', async () => {
    const two = team(2);
    const change = two.change<unknown>((rank) =>
      rank === 0 ? two.call(0, 'status') : two.call(1, 'recordLength', 99),
    );
    await expect(change).rejects.toMatchObject({ name: 'WorkerError', worker: 1 });
    expect(two.failure?.cause).toBeInstanceOf(Error);
    await expect(two.all('status')).rejects.toBe(two.failure);
  });

  test('so does a command that was checked beforehand and fails all the same', async () => {
    const two = team(2);
    two.post(1, 'clearRecord', 99);
    await expect(two.all('status')).rejects.toMatchObject({ name: 'WorkerError', worker: 1 });
  });
});

describe('a thread that ends', () => {
  test.each([1, 3])('rejects the run of %i workers within a second', async (size) => {
    const some = team(size);
    createParrots(some, 4);
    await some.all('status');
    const run = simulate(some, 2 ** 29);
    const last = size - 1;
    setTimeout(() => void threadsOf(some)[last].terminate(), 50);
    const before = performance.now();
    const error = await run.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WorkerError);
    expect(performance.now() - before).toBeLessThan(1000);
    expect((error as WorkerError).message).toBe(`worker ${last}: the thread ended`);
    expect(some.failure).toBe(error);
  });

  test('is noticed when idle, and no thread is left', async () => {
    const two = team(2);
    await two.all('status');
    await threadsOf(two)[0].terminate();
    await expect.poll(() => two.failure, { timeout: 1000 }).toMatchObject({ worker: 0 });
    await expect.poll(() => threadsOf(two).length, { timeout: 1000 }).toBe(0);
  });

  test('does not disturb another team', async () => {
    const [dying, living] = [team(2), team(2)];
    createParrots(living, 4);
    const run = simulate(living, 20_000);
    await dying.all('status');
    await threadsOf(dying)[1].terminate();
    await expect(dying.all('status')).rejects.toThrow();
    expect(await run).toEqual([20_000, 20_000]);
  });

  test('by an uncaught error is reported with that error', async () => {
    const two = team(2);
    await two.all('status');
    // What the pool tells of an uncaught error in a thread, which no command can be made to throw.
    const thread = threadsOf(two)[1];
    const ended = thread.terminate();
    thread.emit('error', new RangeError('out of something'));
    await ended;
    await expect
      .poll(() => two.failure, { timeout: 1000 })
      .toMatchObject({
        worker: 1,
        message: 'worker 1: out of something',
        cause: { name: 'RangeError' },
      });
  });
});

describe('closing', () => {
  test('rejects what is pending, at once, and can be repeated', async () => {
    const two = team(2);
    createParrots(two, 4);
    const run = simulate(two, 2 ** 29);
    run.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = performance.now();
    await Promise.all([two.close(), two.close()]);
    expect(performance.now() - before).toBeLessThan(1000);
    await expect(run).rejects.toBeInstanceOf(SimulationStateError);
    await expect(two.all('status')).rejects.toBeInstanceOf(SimulationStateError);
    expect(threadsOf(two)).toHaveLength(0);
    expect(two.failure).toBeUndefined();
  });

  test('a team that was never used', async () => {
    const made = team(3);
    await made.close();
    expect(threadsOf(made)).toHaveLength(0);
  });
});

test('answers do not get slower with the number that is outstanding', async () => {
  const one = team(1);
  await one.all('status');
  const timeOf = async (n: number): Promise<number> => {
    const before = performance.now();
    await Promise.all(Array.from({ length: n }, () => one.call(0, 'spikeCounts')));
    return (performance.now() - before) / n;
  };
  await timeOf(2000);
  const few = await timeOf(500);
  const many = await timeOf(20_000);
  expect(many / few).toBeLessThan(10);
});
