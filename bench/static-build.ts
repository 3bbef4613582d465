import assert from 'node:assert/strict';
import { simulation } from '../src/index.js';
import { benchmark } from './benchmark.js';
import {
  connectStatic,
  createStaticNodes,
  type StaticPlan,
  staticConnections,
} from './networks/static-network.js';

const SEED = 1;

export const staticBuild = benchmark({
  name: 'static-build',
  question: 'How long does it take to make 20 million static connections of fixed in-degree?',
  seed: SEED,
  figures: { 'connect call': { unit: 's', target: { most: 1 }, nest: '5.7' } },
  plans: {
    full: { sources: 20_000, targets: 20_000, indegree: 1000, rate: 40 },
    short: { sources: 2000, targets: 2000, indegree: 100, rate: 40 },
  },
  async measure(plan: StaticPlan) {
    const sim = simulation({ rng_seed: SEED });
    const network = await createStaticNodes(sim, plan);
    // Answered once the worker has started, which is not part of the question.
    const before = await sim.kernelStatus();
    await connectStatic(sim, network, plan);
    const after = await sim.kernelStatus();

    assert.equal(after.num_connections, staticConnections(plan));
    const one = await sim.getConnections({ target: network.targets.at(0) });
    assert.equal(one.source.length, plan.indegree);
    assert.ok(one.source.every((id, i) => id <= plan.sources && id >= (one.source[i - 1] ?? 1)));
    await sim.close();
    return { 'connect call': after.time_construction_connect - before.time_construction_connect };
  },
});
