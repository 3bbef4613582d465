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
/** Six rates of channels, in each of the six stages of a sub-step; a grid step takes one or more. */
const HH_EXPONENTIALS = 36;
/** One in each stage, and one at the end. */
const AEIF_EXPONENTIALS = 7;

const HH = 'hh_psc_alpha_clopath';
/** With time constants of their own, neurons take the same kind of path as those above. */
const AEIF = 'aeif_psc_delta_clopath';

async function nsPerNeuronStep({ neurons, warmUpMs, ms }: Plan, model: string, current: number) {
  const sim = simulation({ rng_seed: SEED });
  sim.create(model, neurons, {
    I_e: current,
    V_m: uniform(-70, -60),
    ...(model === AEIF && { tau_w: uniform(140, 150) }),
  });
  await sim.simulate(warmUpMs);
  const { simulate, steps, spikes } = await phasesOf(sim, () => sim.simulate(ms));
  await sim.close();
  assert.equal(steps, ms * 10);
  return { ns: simulate / (neurons * steps), rate: spikes / (neurons * ms * 1e-3) };
}

export const hhStep = benchmark({
  name: 'hh-step',
  question:
    'What does a step of 0.1 ms cost per hh_psc_alpha_clopath neuron, and per exponential beside aeif_psc_delta_clopath?',
  seed: SEED,
  figures: {
    silent: { unit: 'ns' },
    'silent, per exponential': { unit: 'ns' },
    'the same over that of aeif': { unit: 'times', target: { most: 1 } },
    'at 70 spikes/s': { unit: 'ns' },
  },
  plans: {
    full: { neurons: 500, warmUpMs: 200, ms: 500 },
    short: { neurons: 50, warmUpMs: 100, ms: 200 },
  },
  async measure(plan: Plan) {
    const silent = await nsPerNeuronStep(plan, HH, 0);
    assert.equal(silent.rate, 0);
    const aeif = await nsPerNeuronStep(plan, AEIF, 500);
    assert.equal(aeif.rate, 0);
    const firing = await nsPerNeuronStep(plan, HH, 1000);
    assert.ok(firing.rate > 50 && firing.rate < 90, `${firing.rate} spikes/s`);
    return {
      silent: silent.ns,
      'silent, per exponential': silent.ns / HH_EXPONENTIALS,
      'the same over that of aeif': silent.ns / HH_EXPONENTIALS / (aeif.ns / AEIF_EXPONENTIALS),
      'at 70 spikes/s': firing.ns,
    };
  },
});
