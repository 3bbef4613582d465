import assert from 'node:assert/strict';
import { simulation } from '../src/index.js';
import { benchmark } from './benchmark.js';
import { INPUTS, inputRates } from './networks/clopath-network.js';
import { phasesOf } from './phases.js';

interface Plan {
  readonly ms: number;
}

const SEED = 1;
const WARM_UP_MS = 1000;
const FEW = 5;
/** Multiple of the seed's rates: enough spikes for their cost to stand out. */
const BUSY = 10;

/** ns per step, and what happened, with relays on generators whose rates are `factor` times the seed's. */
async function relays(count: number, factor: number, ms: number) {
  const sim = simulation({ rng_seed: SEED });
  const inputs = sim.create('parrot_neuron', count);
  const rate = inputRates(0)
    .slice(0, count)
    .map((r) => r * factor);
  const generators = sim.create('poisson_generator', count, { rate });
  await sim.connect(generators, inputs, 'one_to_one', { delay: 0.1 });
  await sim.simulate(WARM_UP_MS);
  const { simulate, steps, events, spikes } = await phasesOf(sim, () => sim.simulate(ms));
  await sim.close();
  const expected = rate.reduce((sum, r) => sum + r, 0) * ms * 1e-3;
  assert.ok(Math.abs(spikes - expected) <= 5 * Math.sqrt(expected), `${spikes} spikes`);
  // Several spikes of a step are one event.
  assert.ok(events <= spikes + count && events >= 0.9 * spikes, `${events} events`);
  return { nsPerStep: simulate / steps, spikesPerStep: spikes / steps };
}

export const poissonInput = benchmark({
  name: 'poisson-input',
  question:
    'What does Poisson input to 500 relays cost: per spike, not per step, with the rates of the seed experiment?',
  seed: SEED,
  figures: {
    'per spike': { unit: 'ns' },
    'per silent generator and step': { unit: 'ns', target: { most: 0.2 } },
    'per generator and step, at the rates of the seed': { unit: 'ns', nest: 'about 20' },
  },
  plans: { full: { ms: 20_000 }, short: { ms: 3000 } },
  async measure({ ms }: Plan) {
    const few = await relays(FEW, 0, ms);
    const silent = await relays(INPUTS, 0, ms);
    const seed = await relays(INPUTS, 1, ms);
    const busy = await relays(INPUTS, BUSY, ms);
    return {
      'per spike': (busy.nsPerStep - silent.nsPerStep) / busy.spikesPerStep,
      'per silent generator and step': (silent.nsPerStep - few.nsPerStep) / (INPUTS - FEW),
      'per generator and step, at the rates of the seed': seed.nsPerStep / INPUTS,
    };
  },
});
