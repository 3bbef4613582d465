import assert from 'node:assert/strict';
import { type Simulation, simulation, uniform } from '../src/index.js';
import { benchmark } from './benchmark.js';
import { growthBy, memoryFigures, perItem } from './memory.js';
import {
  type ClopathNetwork,
  connectFixed,
  connectPlastic,
  createClopathNodes,
  fixedConnections,
  INPUTS,
  plasticConnections,
} from './networks/clopath-network.js';

/** Neurons onto which the inputs have plastic synapses that are not measured: rows of some length. */
const REHEARSING = 64;

interface Plan {
  readonly scale: number;
}

const SEED = 1;
/** Spikes/s of each input, and for how long in ms: all fire, and make all neurons fire. */
const BUSY_RATE = 500;
const BUSY_MS = 50;

export const plasticMemory = benchmark({
  name: 'plastic-memory',
  question:
    'What does a Clopath synapse take in memory, archives and all, in the network of 1 300 neurons and 2.07 million connections?',
  seed: SEED,
  figures: memoryFigures({ most: 20 }, '101'),
  plans: { full: { scale: 100 }, short: { scale: 10 } },
  async measure({ scale }: Plan, outside) {
    const sim = simulation({ rng_seed: SEED });
    const network = await createClopathNodes(sim, scale);
    await connectFixed(sim, network);
    network.generators.set({ rate: BUSY_RATE });
    // So that code, and what neurons have of their own, is there before what is to be measured.
    await rehearse(sim, network);
    await sim.simulate(BUSY_MS);
    const growth = await growthBy(sim, outside, async () => {
      await connectPlastic(sim, network);
      // Memory that nothing was written to is not resident: every source must have fired.
      await sim.simulate(BUSY_MS);
    });
    const counts = await network.exc.concat(network.inputs).spikeCounts();
    assert.ok(counts.every((count) => count > 0));
    const { num_connections } = await sim.kernelStatus();
    const others = fixedConnections(scale) + INPUTS + INPUTS * REHEARSING;
    assert.equal(num_connections, plasticConnections(scale) + others);
    assert.ok(growth.inside >= 8 * plasticConnections(scale), 'less than the weights alone');
    await sim.close();
    return perItem(growth, plasticConnections(scale));
  },
});

async function rehearse(sim: Simulation, { inputs }: ClopathNetwork): Promise<void> {
  const neurons = sim.create('aeif_psc_delta_clopath', REHEARSING);
  const syn = { synapse_model: 'input_to_exc', weight: uniform(0.5, 2) };
  await sim.connect(inputs, neurons, 'all_to_all', syn);
}
