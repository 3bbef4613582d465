import assert from 'node:assert/strict';
import { simulation } from '../src/index.js';
import { benchmark } from './benchmark.js';
import { DELAY_MS, INPUTS, inputRates } from './networks/clopath-network.js';
import { phasesOf } from './phases.js';

interface Plan {
  readonly ms: number;
}

const SEED = 1;
const NEURONS = 13;
const WARM_UP_MS = 1000;

export const stepOverhead = benchmark({
  name: 'step-overhead',
  question:
    'What does a step of the seed experiment cost beside neurons and synapses: loop, exchange, recorders, generators?',
  seed: SEED,
  figures: { 'per step': { unit: 'ns', target: { most: 1000 } } },
  plans: { full: { ms: 20_000 }, short: { ms: 2000 } },
  async measure({ ms }: Plan) {
    const sim = simulation({ rng_seed: SEED });
    // Relays stand for the neurons: they cost nothing while nothing arrives.
    const neurons = sim.create('parrot_neuron', NEURONS);
    const inputs = sim.create('parrot_neuron', INPUTS);
    const generators = sim.create('poisson_generator', INPUTS, { rate: inputRates(0) });
    const recorder = sim.create('spike_recorder');
    await sim.connect(generators, inputs, 'one_to_one', { delay: DELAY_MS });
    await sim.connect(neurons, inputs, 'all_to_all', { delay: DELAY_MS });
    await sim.connect(inputs.concat(neurons), recorder);
    await sim.simulate(WARM_UP_MS);
    const { simulate, steps } = await phasesOf(sim, () => sim.simulate(ms));

    const recorded = await recorder.events();
    const counts = await inputs.spikeCounts();
    assert.equal(
      recorded.senders.length,
      counts.reduce((sum, count) => sum + count, 0),
    );
    const expected = inputRates(0).reduce((sum, r) => sum + r, 0) * (ms + WARM_UP_MS) * 1e-3;
    const { length } = recorded.senders;
    assert.ok(Math.abs(length - expected) < 5 * Math.sqrt(expected), `${length} spikes`);
    await sim.close();
    return { 'per step': simulate / steps };
  },
});
