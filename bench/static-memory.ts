import assert from 'node:assert/strict';
import { simulation } from '../src/index.js';
import { benchmark } from './benchmark.js';
import { growthBy, memoryFigures, perItem } from './memory.js';
import {
  connectStatic,
  createStaticNodes,
  type StaticPlan,
  staticConnections,
} from './networks/static-network.js';

const SEED = 1;

export const staticMemory = benchmark({
  name: 'static-memory',
  question: 'What does a static synapse take in memory, everything counted, among 20 million?',
  seed: SEED,
  figures: memoryFigures({ most: 13 }, '39'),
  plans: {
    full: { sources: 20_000, targets: 20_000, indegree: 1000, rate: 40 },
    short: { sources: 2000, targets: 2000, indegree: 100, rate: 40 },
  },
  async measure(plan: StaticPlan, outside) {
    const sim = simulation({ rng_seed: SEED });
    const network = await createStaticNodes(sim, plan);
    const growth = await growthBy(sim, outside, () => connectStatic(sim, network, plan));
    const { num_connections } = await sim.kernelStatus();
    assert.equal(num_connections, staticConnections(plan));
    assert.ok(growth.inside >= 12 * plan.targets * plan.indegree, 'less than the numbers it holds');
    await sim.close();
    return perItem(growth, plan.targets * plan.indegree);
  },
});
