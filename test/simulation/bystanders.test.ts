/** Whether something is recorded, or a call was refused, changes nothing that happens. */
import { describe, expect, it } from 'vitest';
import { IsospikeError, normal, simulation, uniform } from '../../src/index.js';

describe('a simulation', () => {
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

  it('goes on as if it were not recorded', async () => {
    const digest = await run();
    expect(await run({ recorded: true })).toBe(digest);
    expect(await run({ seed: 2 })).not.toBe(digest);
  });

  it('goes on as if refused calls had not been made', async () => {
    expect(await run({ refused: true })).toBe(await run());
  });
});
