import assert from 'node:assert/strict';
import { simulation } from '../src/index.js';
import { benchmark } from './benchmark.js';
import {
  connectFixed,
  connectPlastic,
  createClopathNodes,
  fixedConnections,
  INPUTS,
  plasticConnections,
} from './networks/clopath-network.js';

interface Plan {
  readonly scale: number;
}

const SEED = 1;

export const plasticBuild = benchmark({
  name: 'plastic-build',
  question:
    'How long does it take to make the 2.07 million connections of the large network, random weights among them?',
  seed: SEED,
  figures: {
    'all connect calls': { unit: 's', target: { most: 0.08 }, nest: '0.39' },
    'those of plastic synapses': { unit: 's' },
  },
  plans: { full: { scale: 100 }, short: { scale: 10 } },
  async measure({ scale }: Plan) {
    const sim = simulation({ rng_seed: SEED });
    const network = await createClopathNodes(sim, scale);
    // Answered once the worker has started, which is not part of the question.
    const before = await sim.kernelStatus();
    await connectPlastic(sim, network);
    const between = await sim.kernelStatus();
    await connectFixed(sim, network);
    const after = await sim.kernelStatus();

    assert.equal(between.num_connections, plasticConnections(scale) + INPUTS);
    assert.equal(after.num_connections, between.num_connections + fixedConnections(scale));
    const drawn = await (
      await sim.getConnections({ source: network.inputs.at(0), target: network.exc })
    ).get('weight');
    assert.equal(drawn.length, network.exc.length);
    assert.equal(new Set(drawn).size, drawn.length);
    assert.ok(drawn.every((weight) => weight >= 0.5 && weight < 2));
    await sim.close();
    const connect = 'time_construction_connect';
    return {
      'all connect calls': after[connect] - before[connect],
      'those of plastic synapses': between[connect] - before[connect],
    };
  },
});
