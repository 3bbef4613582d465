import assert from 'node:assert/strict';
import { simulation } from '../src/index.js';
import { benchmark } from './benchmark.js';
import { growthBy, memoryFigures, perItem } from './memory.js';

interface Plan {
  readonly neurons: number;
}

const SEED = 1;

export const neuronMemory = benchmark({
  name: 'neuron-memory',
  question: 'What does an aeif_psc_delta_clopath neuron without connections take in memory?',
  seed: SEED,
  figures: memoryFigures(),
  plans: { full: { neurons: 1_000_000 }, short: { neurons: 20_000 } },
  async measure({ neurons }: Plan, outside) {
    const sim = simulation({ rng_seed: SEED });
    sim.create('aeif_psc_delta_clopath', 1);
    const growth = await growthBy(sim, outside, async () => {
      sim.create('aeif_psc_delta_clopath', neurons);
      // Memory counts once it has been written to, delay lines among it.
      await sim.simulate(6);
    });
    const { network_size, local_spike_counter } = await sim.kernelStatus();
    assert.equal(network_size, neurons + 1);
    assert.equal(local_spike_counter, 0);
    await sim.close();
    return perItem(growth, neurons);
  },
});
