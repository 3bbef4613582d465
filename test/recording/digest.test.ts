import { describe, expect, it } from 'vitest';
import { IsospikeError, normal, simulation, uniform } from '../../src/index.js';
import { digestOf } from '../../src/recording/digest.js';

describe('digestOf', () => {
  /** Words of nodes 1 ... 7, dealt to some workers. */
  const dealt = (workers: number, change = 0): Uint32Array[] =>
    Array.from({ length: workers }, (_, rank) => {
      const words: number[] = [];
      for (let id = rank + 1; id <= 7; id += workers) words.push(id * 1000, id + change);
      return Uint32Array.from(words);
    });
  const neurons = [
    { first: 1, count: 3 },
    { first: 6, count: 2 },
  ];

  it('does not depend on who owns which node', () => {
    const digest = digestOf(dealt(1), neurons);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    for (const workers of [2, 3, 4, 9]) expect(digestOf(dealt(workers), neurons)).toBe(digest);
  });

  it('depends on each neuron and on their order, not on other nodes', () => {
    const digest = digestOf(dealt(1), neurons);
    const withNode = (id: number): string => {
      const [words] = dealt(1);
      words![2 * id - 1]! += 1;
      return digestOf([words!], neurons);
    };
    for (const id of [1, 3, 6, 7]) expect(withNode(id)).not.toBe(digest);
    for (const id of [4, 5]) expect(withNode(id)).toBe(digest);
    expect(digestOf(dealt(1), neurons.toReversed())).not.toBe(digest);
  });
});

describe('the digest of a simulation', () => {
  /** A plastic network of which much is drawn; recorders are made before anything is. */
  async function run({ recorded = false, refused = false, seed = 1 } = {}): Promise<string> {
    const sim = simulation({ rng_seed: seed, local_num_threads: 2 });
    const neurons = sim.create('aeif_psc_delta_clopath', 8);
    const generators = sim.create('poisson_generator', 8, { rate: uniform(300, 500) });
    if (recorded) {
      const spikes = sim.create('spike_recorder');
      const meter = sim.create('multimeter', 1, { record_from: ['V_m'], interval: 0.5 });
      await sim.connect(neurons, spikes);
      await sim.connect(generators, spikes);
      await sim.connect(meter, neurons);
    }
    if (refused) {
      const wrong = { V_m: normal(-60, 5), rate: 1 };
      expect(() => neurons.set(wrong)).toThrow(IsospikeError);
      const tooMany = { rule: 'fixed_indegree', indegree: 9, allow_multapses: false };
      await expect(sim.connect(generators, neurons, tooMany)).rejects.toThrow(IsospikeError);
    }
    neurons.set({ V_m: normal(-60, 5) });
    await sim.connect(generators, neurons, 'one_to_one', { weight: uniform(5, 15), delay: 0.5 });
    await sim.connect(
      neurons,
      neurons,
      { rule: 'pairwise_bernoulli', p: 0.5 },
      { synapse_model: 'clopath_synapse', weight: uniform(0.5, 2), delay: 1 },
    );
    await sim.simulate(100);
    const counts = await neurons.spikeCounts();
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10);
    const digest = await sim.digest();
    await sim.close();
    return digest;
  }

  it('is of what happens, whether or not it is recorded', async () => {
    const digest = await run();
    expect(await run({ recorded: true })).toBe(digest);
    expect(await run({ seed: 2 })).not.toBe(digest);
  });

  it('is the same after calls that were refused', async () => {
    expect(await run({ refused: true })).toBe(await run());
  });
});
