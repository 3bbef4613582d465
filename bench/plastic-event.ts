import assert from 'node:assert/strict';
import { simulation } from '../src/index.js';
import { type AnyBenchmark, benchmark, type Figure } from './benchmark.js';
import { buildPlasticStress, highestWeight, type StressPlan } from './networks/plastic-stress.js';
import { phasesOf } from './phases.js';

interface Plan extends StressPlan {
  readonly warmUpMs: number;
  readonly ms: number;
}

const SEED = 1;

const figures = {
  delivery: { unit: 'ns', target: { most: 12 }, nest: '9 200 to 11 300' },
  'all of simulate': { unit: 'ns' },
} satisfies Record<string, Figure>;

const SHORT: Plan = { inputs: 200, neurons: 20, rate: 20, warmUpMs: 200, ms: 1000 };

export const plasticEvent: AnyBenchmark = benchmark({
  name: 'plastic-event',
  question:
    'What does one presynaptic spike cost at one Clopath synapse, with 2 000 plastic inputs per neuron firing at 20 spikes/s and targets at 10?',
  seed: SEED,
  figures,
  plans: {
    full: { inputs: 2000, neurons: 100, rate: 20, warmUpMs: 500, ms: 2000 },
    short: SHORT,
  },
  measure,
});

export const plasticEventWide: AnyBenchmark = benchmark({
  name: 'plastic-event-wide',
  question: 'What does it cost with 1 000 such targets?',
  seed: SEED,
  figures,
  plans: {
    full: { inputs: 2000, neurons: 1000, rate: 20, warmUpMs: 500, ms: 1000 },
    short: SHORT,
  },
  measure,
});

async function measure(plan: Plan) {
  const { inputs, neurons, rate, ms } = plan;
  const sim = simulation({ rng_seed: SEED });
  const network = await buildPlasticStress(sim, plan);
  const between = { source: network.inputs, target: network.neurons };
  const before = await (await sim.getConnections(between)).get('weight');
  await sim.simulate(plan.warmUpMs);
  const { deliver, simulate, events, spikes } = await phasesOf(sim, () => sim.simulate(ms));

  // A spike reaches all neurons; those of the inputs are a Poisson number.
  const expected = inputs * rate * ms * 1e-3;
  const perSpike = 1 + neurons;
  assert.ok(Math.abs(events / perSpike - expected) < 5 * Math.sqrt(expected), `${events} events`);
  const fired = (spikes - events / perSpike) / (neurons * ms * 1e-3);
  assert.ok(fired > 7 && fired < 13, `targets fire at ${fired} spikes/s`);
  const weights = await (await sim.getConnections(between)).get('weight');
  assert.equal(weights.length, inputs * neurons);
  const changed = weights.filter((weight, i) => weight !== before[i]).length;
  assert.ok(changed > 0.9 * weights.length, `${changed} weights have changed`);
  assert.ok(weights.every((weight) => weight >= 0 && weight <= highestWeight(plan)));
  await sim.close();
  return { delivery: deliver / events, 'all of simulate': simulate / events };
}
