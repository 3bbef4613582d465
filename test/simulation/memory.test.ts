import { describe, expect, test } from 'vitest';
import { MemoryError } from '../../src/errors/index.js';
import { MemoryBudget } from '../../src/simulation/memory.js';
import { opening } from './opening.js';

const MB = 1e6;
const open = opening();

describe('the input ring', () => {
  function budget(processes = 1) {
    const machine = { free: 100 * MB };
    const memory = new MemoryBudget(1, processes, 0.1, () => machine.free);
    const take = (nodes: number, maxDelaySteps: number, planes: 1 | 2 = 1): void => {
      const ring = { nodes, maxDelaySteps, planes };
      memory.checkInputRing(ring);
      memory.addInputRing(ring);
    };
    return { machine, take };
  }

  test('is taken once, however often it is used', () => {
    const { machine, take } = budget();
    take(1e6, 10);
    machine.free -= 80 * MB;
    take(1e6, 10);
    take(1e6, 5);
  });

  test('exists twice while it grows', () => {
    const { machine, take } = budget(4);
    take(5e5, 10);
    machine.free -= 40 * MB;
    expect(() => take(1e6, 10)).toThrow(MemoryError);
    machine.free += 25 * MB;
    take(1e6, 10);
  });

  test('has two numbers per node if some input is signed', () => {
    const { take } = budget();
    expect(() => take(1e6, 10, 2)).toThrow(/needs 16\d MB of memory, 100 MB/);
  });

  test('is refused where lists of so many steps outgrow the heap', () => {
    const { machine, take } = budget();
    machine.free = 1e15;
    expect(() => take(1, 5e8)).toThrow(/a delay of 500000000 steps to 1 nodes needs 32.0 GB/);
  });

  test('leaves less of a segment', () => {
    const { machine, take } = budget();
    machine.free = 1e12;
    take(2 ** 20, 300);
    expect(() => take(2 ** 20, 301)).toThrow(/total_num_virtual_procs of 2/);
  });
});

test('a neuron with signed input makes all nodes have two', async () => {
  const simulation = open({ local_num_threads: 2 });
  const noise = simulation.create('poisson_generator', 1, { rate: 10 });
  const neurons = simulation.create('iaf_psc_exp', 2 ** 21);
  // 2 x 8 bytes x 300 steps x 2^21 nodes are 9.4 GiB, more than two virtual processes can hold.
  const connecting = simulation.connect(noise, neurons.slice(0, 1), 'all_to_all', { delay: 30 });
  await expect(connecting).rejects.toThrow(/a delay of 300 steps to 2097153 nodes/);
});
