import assert from 'node:assert/strict';
import { simulation, uniform } from '../src/index.js';
import { benchmark } from './benchmark.js';
import { phasesOf } from './phases.js';

interface Plan {
  readonly neurons: number;
  /** Left out of the account, while neurons settle and code is compiled. */
  readonly warmUpMs: number;
  readonly ms: number;
}

const SEED = 1;
/** pA; the first leaves neurons of the default parameters silent, the second makes them fire at 6 spikes/s. */
const SILENT = 500;
const FIRING = 800;

async function nsPerNeuronStep(plan: Plan, current: number) {
  const sim = simulation({ rng_seed: SEED });
  sim.create('aeif_psc_delta_clopath', plan.neurons, {
    I_e: current,
    V_m: uniform(-70, -55),
    w: uniform(0, 200),
  });
  await sim.simulate(plan.warmUpMs);
  const { simulate, steps, spikes } = await phasesOf(sim, () => sim.simulate(plan.ms));
  await sim.close();
  assert.equal(steps, plan.ms * 10);
  return { ns: simulate / (plan.neurons * steps), rate: spikes / (plan.neurons * plan.ms * 1e-3) };
}

export const neuronStep = benchmark({
  name: 'neuron-step',
  question:
    'What does a step of 0.1 ms cost per aeif_psc_delta_clopath neuron, all of `simulate` counted, in a population of 1 300?',
  seed: SEED,
  figures: {
    'at 6 spikes/s': { unit: 'ns', target: { most: 25 }, nest: '574' },
    silent: { unit: 'ns' },
  },
  plans: {
    full: { neurons: 1300, warmUpMs: 300, ms: 1000 },
    short: { neurons: 130, warmUpMs: 300, ms: 500 },
  },
  async measure(plan: Plan) {
    const silent = await nsPerNeuronStep(plan, SILENT);
    assert.equal(silent.rate, 0);
    const firing = await nsPerNeuronStep(plan, FIRING);
    assert.ok(firing.rate > 5 && firing.rate < 8, `${firing.rate} spikes/s`);
    return { 'at 6 spikes/s': firing.ns, silent: silent.ns };
  },
});
