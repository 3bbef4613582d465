/** Virtual processes: no result depends on their number, nor on who hosts them. */
import { describe, expect, test } from 'vitest';
import { GroupFootprints } from '../../src/engine/group-footprint.js';
import { MemoryError } from '../../src/errors/index.js';
import { MAX_SEGMENT_BYTES } from '../../src/memory/segment.js';
import { NodeModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';
import { MemoryBudget } from '../../src/simulation/memory.js';
import { processNumbers } from '../../src/simulation/process-numbers.js';
import { opening, smallNetwork } from './opening.js';

const open = opening();

async function outcome(threads: number, processes: number) {
  const simulation = open({ local_num_threads: threads, total_num_virtual_procs: processes });
  const { parrots, neurons } = await smallNetwork(simulation);
  const recorder = simulation.create('spike_recorder');
  await simulation.connect(parrots.concat(neurons), recorder);
  const meter = simulation.create('multimeter', 1, { record_from: ['V_m', 'u_bar_bar'] });
  await simulation.connect(meter, neurons);
  await simulation.simulate(30);
  neurons.set({ V_m: Array.from({ length: neurons.length }, (_, i) => -70 + i) });
  await simulation.simulate(30);
  const connections = await simulation.getConnections();
  return {
    digest: await simulation.digest(),
    spikes: await recorder.events(),
    traces: await meter.events(),
    weights: await connections.get('weight'),
    states: await neurons.get(['V_m', 'w']),
    counts: await parrots.spikeCounts(),
  };
}

test('results are the same for any number of threads and virtual processes', {
  timeout: 60_000,
}, async () => {
  const alone = await outcome(1, 1);
  expect(alone.spikes.times.length).toBeGreaterThan(50);
  for (const [threads, processes] of [
    [1, 3],
    [2, 4],
    [3, 6],
    [4, 4],
    [7, 7],
  ] as const) {
    expect(await outcome(threads, processes)).toEqual(alone);
  }
});

describe('their number', () => {
  test('is that of the threads unless given', () => {
    expect(processNumbers({})).toEqual({ threads: 1, processes: 1 });
    expect(processNumbers({ local_num_threads: 3 })).toEqual({ threads: 3, processes: 3 });
    const given = { local_num_threads: 2, total_num_virtual_procs: 6 };
    expect(processNumbers(given)).toEqual({ threads: 2, processes: 6 });
  });

  test.each([
    [4, 6, 8],
    [4, 5, 4],
    [4, 1, 4],
    [7, 1000, 511],
    [1, 2.4, 2],
    [3, Number.NaN, 3],
  ])('on %i threads is not %d, but %i', (threads, given, nearest) => {
    const wrong = { local_num_threads: threads, total_num_virtual_procs: given };
    expect(() => processNumbers(wrong)).toThrow(
      `total_num_virtual_procs is ${given}; expected a multiple of local_num_threads, which is ${threads}, up to 512; the nearest is ${nearest}`,
    );
    expect(processNumbers({ ...wrong, total_num_virtual_procs: nearest }).processes).toBe(nearest);
  });
});

describe('what does not fit into the memories of those there are', () => {
  const remedyOf = (call: () => void): string | undefined => {
    try {
      call();
    } catch (error) {
      expect(error).toBeInstanceOf(MemoryError);
      return (error as MemoryError).remedy;
    }
    throw new Error('it fits');
  };
  const plenty = () => Number.MAX_VALUE;
  const model = new NodeModels().get('aeif_psc_delta_clopath') as NeuronModel;
  const shape = { model, differing: [], lineSteps: 0 };
  const budgetOf = (threads: number, processes: number) =>
    new MemoryBudget(threads, processes, 0.1, plenty);
  /** Neurons that take this share of one memory. */
  const neurons = (share: number) => {
    const footprints = new GroupFootprints(0.1);
    const perNeuron = footprints.bytes(shape, 2e6) - footprints.bytes(shape, 1e6);
    return Math.floor((share * MAX_SEGMENT_BYTES) / (perNeuron / 1e6));
  };

  test('would fit into as many as the error names', () => {
    const one = budgetOf(1, 1);
    one.addNeurons(neurons(0.5), shape);
    // Half of one memory is taken; three quarters more need two.
    const more = () => one.checkNeurons(neurons(0.75), shape, 0);
    expect(remedyOf(more)).toBe('total_num_virtual_procs of 2 would make it fit');
    expect(more).toThrow(
      /on each of 1 virtual processes, needs .* [MG]B of memory, .* are available; /,
    );
    const two = budgetOf(1, 2);
    two.addNeurons(neurons(0.5), shape);
    two.checkNeurons(neurons(1.49), shape, 0);
    expect(() => two.checkNeurons(neurons(1.6), shape, 0)).toThrow(MemoryError);
  });

  test('or into a multiple of the threads', () => {
    const budget = budgetOf(2, 2);
    budget.addNeurons(neurons(1.9), shape);
    expect(remedyOf(() => budget.checkNeurons(neurons(1), shape, 0))).toBe(
      'total_num_virtual_procs of 4 would make it fit',
    );
  });

  test('or into none', () => {
    const budget = budgetOf(64, 512);
    budget.addNeurons(neurons(511), shape);
    expect(remedyOf(() => budget.checkNeurons(neurons(2), shape, 0))).toBeUndefined();
  });
});
