/** Models that users define, in simulations: used by their names like the built-in ones. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  BadParametersError,
  defineNeuron,
  type Simulation,
  SimulationStateError,
  simulation,
  UnknownKeyError,
  UnknownNameError,
  UnknownQuantityError,
  uniform,
  ValueError,
} from '../../src/index.js';
import { adaptiveExponential, izhikevich, leaky } from '../models/definitions.js';
import { keptThreads } from './kept-threads.js';

const kept = keptThreads();
const open: Simulation[] = [];

function made(options = {}): Simulation {
  const sim = simulation(options);
  open.push(sim);
  return sim;
}

afterEach(() => Promise.all(open.splice(0).map((sim) => sim.close())));

describe('a defined model', () => {
  test('has defaults, copies, checks and recordables', async () => {
    const sim = made();
    sim.defineNeuron(leaky);
    expect(sim.nodeModels).toContain('leaky');
    expect(sim.getDefaults('leaky')).toMatchObject({ tau_m: 10, V_m: -70, I_syn_ex: 0 });
    sim.setDefaults('leaky', { I_e: 400 });
    sim.copyModel('leaky', 'slow', { tau_m: 30 });
    expect(() => sim.setDefaults('slow', { tau_m: 0 })).toThrow(BadParametersError);
    expect(() => sim.create('slow', 1, { V_reset: -50 })).toThrow('V_reset < V_th');
    expect(() => sim.create('slow', 1, { I_syn_ex: 1 })).toThrow(UnknownKeyError);
    expect(() => sim.create('slow', 1, { tau: 1 })).toThrow("did you mean 'tau_m'");
    const slow = sim.create('slow', 3, { V_m: [-71, -70, -69] });
    const meter = sim.create('multimeter', 1, { record_from: ['V_m', 'I_syn_ex'] });
    await sim.connect(meter, slow);
    await sim.simulate(2);
    const { V_m, times } = await meter.events();
    expect(times).toEqual(Float64Array.of(1, 1, 1, 2, 2, 2));
    expect((V_m as Float64Array)[0]).toBeCloseTo(-22 - 49 * Math.exp(-1 / 30), 10);
    const other = sim.create('multimeter', 1, { record_from: ['refractory_steps'] });
    await expect(sim.connect(other, slow)).rejects.toThrow(UnknownNameError);
  });

  test('is known to the simulation alone that defined it, and once', async () => {
    const [one, other] = [made(), made()];
    one.defineNeuron(leaky);
    expect(() => other.create('leaky')).toThrow(UnknownNameError);
    other.defineNeuron({ ...leaky, equations: { V_m: '1' } });
    const neurons = [one, other].map((sim) => sim.create('leaky'));
    await Promise.all([one, other].map((sim) => sim.simulate(5)));
    expect(await neurons[0]!.get('V_m')).toEqual(Float64Array.of(-70));
    expect((await neurons[1]!.get('V_m'))[0]).toBeCloseTo(-65, 10);
    expect(() => one.defineNeuron(leaky)).toThrow(ValueError);
    one.copyModel('leaky', 'copy');
    for (const name of ['copy', 'parrot_neuron', 'clopath_synapse']) {
      expect(() => one.defineNeuron({ ...leaky, name }), name).toThrow(ValueError);
    }
  });

  test.each(['draws', 'static', 'clopath', 'delay', 'Poisson', 'constructor'])(
    'may have the name %s, as kernels of the engine have',
    async (name) => {
      const [one, other] = [made(), made()];
      one.defineNeuron(leaky);
      other.defineNeuron({ ...leaky, name });
      const found = [];
      for (const [sim, model] of [
        [one, 'leaky'],
        [other, name],
      ] as const) {
        const neurons = sim.create(model, 3, { I_e: 500 });
        const rule = { rule: 'fixed_indegree', indegree: 2 };
        await sim.connect(neurons, neurons, rule, { weight: uniform(1, 2) });
        await sim.simulate(30);
        found.push(await neurons.get('V_m'));
      }
      expect(found[1]).toEqual(found[0]);
    },
  );

  test('leaves a simulation as it was if it cannot be', async () => {
    const sim = made();
    const wrong = { ...leaky, threshold: 'V >= V_th' };
    expect(() => sim.defineNeuron(wrong)).toThrow(UnknownQuantityError);
    sim.defineNeuron(leaky);
    const running = sim.simulate(1);
    expect(() => sim.defineNeuron(izhikevich)).toThrow(SimulationStateError);
    await running;
  });

  test('stays as it was when it was given', async () => {
    const sim = made();
    const definition = { ...leaky, equations: { ...leaky.equations } };
    sim.defineNeuron(definition);
    definition.equations.V_m = 'nonsense';
    const neuron = sim.create('leaky', 1, { V_m: -60 });
    await sim.simulate(10);
    expect((await neuron.get('V_m'))[0]).toBeCloseTo(-70 + 10 / Math.E, 10);
  });

  test('is refused with a typed error, whatever it is', () => {
    const sim = made();
    for (const wrong of [undefined, null, 3, [], () => leaky, { ...leaky, doc: () => '' }]) {
      expect(() => sim.defineNeuron(wrong as never)).toThrow(ValueError);
    }
  });

  test('takes currents if it speaks of them', async () => {
    const sim = made();
    sim.defineNeuron(leaky);
    sim.defineNeuron(
      defineNeuron({
        name: 'deaf',
        parameters: {},
        state: { x: { default: 1 } },
        equations: { x: '-x' },
      }),
    );
    const generator = sim.create('dc_generator', 1, { amplitude: 100 });
    await sim.connect(generator, sim.create('leaky'));
    await expect(sim.connect(generator, sim.create('deaf'))).rejects.toThrow('current');
  });
});

test.each([[leaky], [izhikevich], [adaptiveExponential]])(
  '$name: the digest of a network does not depend on threads',
  async (definition) => {
    const run = async (threads: number, parts: readonly number[]) => {
      const sim = await kept.open({ local_num_threads: threads, rng_seed: 5 });
      sim.defineNeuron(definition);
      const drive = definition.name === 'izhikevich' ? uniform(2, 12) : uniform(200, 900);
      const alike = sim.create(definition.name, 20, { I_e: 8, V_m: uniform(-70, -60) });
      const unlike = sim.create(definition.name, 17, { I_e: drive });
      // Fewer than there are workers.
      const few = sim.create(definition.name, 2, { I_e: drive });
      const noise = sim.create('poisson_generator', 1, { rate: 2000 });
      const weight = definition.name === 'leaky' ? uniform(-100, 300) : uniform(-1, 4);
      for (const group of [alike, unlike, few]) {
        await sim.connect(noise, group, 'all_to_all', { weight: 1 });
        await sim.connect(group, alike, { rule: 'fixed_indegree', indegree: 5 }, { weight });
        await sim.connect(unlike, group, { rule: 'pairwise_bernoulli', p: 0.3 }, { weight });
      }
      const plastic = { synapse_model: 'stdp_synapse', weight: 2 };
      await sim.connect(unlike, few, 'all_to_all', plastic);
      for (const ms of parts) await sim.simulate(ms);
      const counts = await unlike.spikeCounts();
      const digest = await sim.digest();
      kept.keep(sim);
      return { digest, spikes: counts.reduce((a, b) => a + b) };
    };
    const one = await run(1, [150]);
    expect(one.spikes).toBeGreaterThan(17);
    for (const threads of [2, 3, 4, 7]) {
      const { digest } = await run(threads, threads === 3 ? [0.1, 70, 79.9] : [150]);
      expect(digest, `${threads} threads`).toBe(one.digest);
    }
  },
);
