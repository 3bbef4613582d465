import assert from 'node:assert/strict';
import { exp, simulation } from '../src/index.js';
import { benchmark } from './benchmark.js';
import {
  connectStatic,
  createStaticNodes,
  type StaticPlan,
  staticConnections,
} from './networks/static-network.js';
import { phasesOf } from './phases.js';

interface Plan extends StaticPlan {
  readonly warmUpMs: number;
  readonly ms: number;
}

const SEED = 1;

const FULL = { sources: 20_000, targets: 20_000, indegree: 1000, rate: 40, warmUpMs: 10, ms: 60 };
const SHORT = { sources: 2000, targets: 2000, indegree: 100, rate: 40, warmUpMs: 10, ms: 100 };

export const staticEvent = benchmark({
  name: 'static-event',
  question:
    'What does a static synaptic event cost: 20 000 relays at 40 spikes/s onto 20 000 neurons, in-degree 1 000, delay 1.5 ms?',
  seed: SEED,
  figures: { delivery: { unit: 'ns', target: { most: 6 }, nest: '38' } },
  plans: { full: FULL, short: SHORT },
  measure,
});

const model = 'iaf_psc_exp';

export const staticEventSigned = benchmark({
  name: 'static-event-signed',
  question: `What does it cost onto ${model}, which takes positive and other weights apart?`,
  seed: SEED,
  figures: { delivery: { unit: 'ns' } },
  plans: { full: { ...FULL, model }, short: { ...SHORT, model } },
  measure,
});

async function measure(plan: Plan) {
  const sim = simulation({ rng_seed: SEED });
  const network = await createStaticNodes(sim, plan);
  await connectStatic(sim, network, plan);
  await sim.simulate(plan.warmUpMs);
  const { deliver, events, spikes } = await phasesOf(sim, () => sim.simulate(plan.ms));

  const status = await sim.kernelStatus();
  assert.equal(status.num_connections, staticConnections(plan));
  const expected = plan.sources * plan.rate * plan.ms * 1e-3;
  assert.ok(Math.abs(spikes - expected) < 5 * Math.sqrt(expected), `${spikes} spikes`);
  // Several spikes of a relay in a step are one event; out-degrees vary about their mean.
  const perStep = plan.rate * 1e-4;
  const outdegree = (plan.targets * plan.indegree) / plan.sources;
  const mean = 1 + (outdegree * (1 - exp(-perStep))) / perStep;
  const perSpike = events / spikes;
  const sd = mean * Math.sqrt((1 / outdegree + perStep / 2) / spikes);
  assert.ok(Math.abs(perSpike - mean) < 5 * sd, `${perSpike} events per spike, not ${mean}`);
  const fired = await network.targets.spikeCounts();
  assert.ok(fired.every((count) => count === 0));
  await sim.close();
  return { delivery: deliver / events };
}
