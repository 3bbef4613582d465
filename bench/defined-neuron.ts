import assert from 'node:assert/strict';
import {
  defineNeuron,
  type NeuronDefinition,
  type Simulation,
  simulation,
  uniform,
} from '../src/index.js';
import { nodeModels } from '../src/models/registry.js';
import type { NeuronModel } from '../src/models/spec.js';
import { benchmark } from './benchmark.js';
import { phasesOf } from './phases.js';

interface Plan {
  readonly neurons: number;
  /** Left out of the account, while neurons settle and code is compiled. */
  readonly warmUpMs: number;
  readonly ms: number;
  /** The two models take turns this often; the least time of each counts. */
  readonly turns: number;
}

/** What a user would write to have a built-in model, without plasticity. */
function rewritten(model: NeuronModel, rest: Partial<NeuronDefinition>): NeuronDefinition {
  const PLASTICITY = /^(A_L|theta_|u_ref|delay_u|tau_minus)/;
  const parameters = Object.entries(model.parameters).filter(([name]) => !PLASTICITY.test(name));
  const INTERNAL = ['I_stim', 'clamp_steps', 'refractory_steps', 'suggested_substep'];
  const state = Object.entries(model.state).filter(([name]) => !INTERNAL.includes(name));
  const defaults = (entries: readonly (readonly [string, { default: number }])[]) =>
    Object.fromEntries(entries.map(([name, spec]) => [name, { default: spec.default }]));
  return defineNeuron({
    name: `own_${model.name}`,
    parameters: defaults(parameters),
    state: defaults(state),
    definitions: model.definitions ?? {},
    equations: model.equations,
    ...rest,
  });
}

const [aeif, iaf] = ['aeif_psc_delta_clopath', 'iaf_psc_exp'].map(
  (name) => nodeModels.get(name) as NeuronModel,
) as [NeuronModel, NeuronModel];

const ownAeif = rewritten(aeif, {
  input: { to: 'V_m', after: 'first sub-step' },
  threshold: 'V_m >= (Delta_T == 0 ? V_th : V_peak)',
  reset: { V_m: 'V_clamp', w: 'w + b', z: 'I_sp', V_th: 'V_th_max' },
  refractory: [
    {
      counter: 'clamp_steps',
      duration: 't_clamp',
      clamp: { V_m: 'V_clamp' },
      then: { V_m: 'V_reset' },
    },
    { counter: 'refractory_steps', duration: 't_ref', clamp: { V_m: 'V_reset' } },
  ],
  tolerance: 'gsl_error_tol',
  bounds: { V_m: { min: -1e3 }, w: { min: -1e6, max: 1e6 } },
});
const ownIaf = rewritten(iaf, {
  input: { positive: 'I_syn_ex', negative: 'I_syn_in' },
  threshold: 'V_m >= V_th',
  reset: { V_m: 'V_reset' },
  refractory: { duration: 't_ref', clamp: { V_m: 'V_reset' } },
});

const SEED = 1;
type Params = Parameters<Simulation['create']>[2];

/** ns per neuron-step, and spikes. */
async function measured(
  { neurons, warmUpMs, ms }: Plan,
  model: string | NeuronDefinition,
  params: Params,
) {
  const sim = simulation({ rng_seed: SEED });
  if (typeof model !== 'string') sim.defineNeuron(model);
  sim.create(typeof model === 'string' ? model : model.name, neurons, params);
  await sim.simulate(warmUpMs);
  const { simulate, steps, spikes } = await phasesOf(sim, () => sim.simulate(ms));
  await sim.close();
  return { ns: simulate / (neurons * steps), spikes };
}

/** Time of the user's model over that of the built-in one, which must fire the same spikes. */
async function ratio(plan: Plan, own: NeuronDefinition, model: string, params: Params) {
  let [ownNs, builtInNs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let turn = 0; turn < plan.turns; turn++) {
    const builtIn = await measured(plan, model, params);
    const users = await measured(plan, own, params);
    assert.ok(builtIn.spikes > 0);
    assert.equal(users.spikes, builtIn.spikes);
    builtInNs = Math.min(builtInNs, builtIn.ns);
    ownNs = Math.min(ownNs, users.ns);
  }
  return ownNs / builtInNs;
}

const drive = { V_m: uniform(-70, -60) };

export const definedNeuron = benchmark({
  name: 'defined-neuron',
  question:
    'How much longer does a step of a user-defined neuron take than that of the built-in one with the same equations?',
  seed: SEED,
  figures: {
    aeif: { unit: 'times', target: { most: 2 } },
    'aeif, parameters of its own each': { unit: 'times', target: { most: 2 } },
    iaf_psc_exp: { unit: 'times', target: { most: 2 } },
  },
  plans: {
    full: { neurons: 1300, warmUpMs: 300, ms: 500, turns: 3 },
    short: { neurons: 130, warmUpMs: 100, ms: 200, turns: 1 },
  },
  async measure(plan: Plan) {
    const each = { ...drive, I_e: uniform(700, 900) };
    return {
      aeif: await ratio(plan, ownAeif, aeif.name, { ...drive, I_e: 800 }),
      'aeif, parameters of its own each': await ratio(plan, ownAeif, aeif.name, each),
      // Quick, so for longer.
      iaf_psc_exp: await ratio({ ...plan, ms: 10 * plan.ms }, ownIaf, iaf.name, {
        ...drive,
        I_e: 400,
      }),
    };
  },
});
