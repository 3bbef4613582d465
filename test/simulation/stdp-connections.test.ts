/** stdp_synapse as users see it: getting and setting, and what targets remember. */
import { describe, expect, test } from 'vitest';
import { BadParametersError } from '../../src/errors/index.js';
import { opening } from './opening.js';

const open = opening();

/** A relay that fires at the given times (ms, two steps late) onto one neuron that fires by itself. */
async function pair(times: readonly number[], synapse: object, neuron: object = {}) {
  const simulation = open({ local_num_threads: 1 });
  const beat = simulation.create('spike_generator', 1, { spike_times: [times] });
  const relay = simulation.create('parrot_neuron');
  const target = simulation.create('iaf_psc_delta', 1, { I_e: 500, ...neuron });
  await simulation.connect(beat, relay, 'one_to_one', { delay: 0.1 });
  const syn = { synapse_model: 'stdp_synapse', weight: 1, delay: 0.1, Wmax: 2, ...synapse };
  await simulation.connect(relay, target, 'one_to_one', syn);
  const found = await simulation.getConnections({ synapse_model: 'stdp_synapse' });
  return { simulation, relay, target, syn, found };
}

describe('connections', () => {
  test('every parameter can be read, and set at any time', async () => {
    const { simulation, found } = await pair([5], { lambda: 0.02 });
    const values = { tau_plus: 7, lambda: 0.5, alpha: 2, mu_plus: 0, mu_minus: 0.4, Wmax: 9 };
    expect(await found.get()).toMatchObject({ lambda: Float64Array.of(0.02) });
    await found.set({ Wmax: 3 });
    await simulation.simulate(20);
    await found.set({ ...values, weight: 4 });
    for (const [name, value] of Object.entries({ ...values, weight: 4 })) {
      expect(await found.get(name), name).toEqual(Float64Array.of(value));
    }
    await expect(found.set({ Wmax: -3 })).rejects.toBeInstanceOf(BadParametersError);
  });

  test('a weight that is set is what the next spike starts from', async () => {
    const { simulation, found } = await pair([5, 1500], { alpha: 0, lambda: 0.1 }, { I_e: 300 });
    // The source is silent for longer than the target remembers, which never fires.
    await simulation.simulate(1400);
    await found.set({ weight: 0.5 });
    await simulation.simulate(200);
    expect(await found.get('weight')).toEqual(Float64Array.of(0.5));
  });

  test('what a silent source has gained shows at its next spike, not before', async () => {
    const { simulation, found } = await pair([5, 1500], { alpha: 0, lambda: 0.1 });
    await simulation.simulate(1400);
    expect(await found.get('weight')).toEqual(Float64Array.of(1));
    await simulation.simulate(200);
    const [weight] = await found.get('weight');
    expect(weight).toBeGreaterThan(1.05);
  });
});

describe('the target', () => {
  test('remembers the spikes since it has plastic input, whatever else its population has', async () => {
    const weights: number[] = [];
    for (const others of [false, true]) {
      const simulation = open({ local_num_threads: 1 });
      const beat = simulation.create('spike_generator', 1, { spike_times: [60.1] });
      const relay = simulation.create('parrot_neuron');
      const targets = simulation.create('iaf_psc_delta', 2, { I_e: 500, tau_minus: 100 });
      await simulation.connect(beat, relay, 'one_to_one', { delay: 0.1 });
      const syn = { synapse_model: 'stdp_synapse', weight: 1, delay: 0.1, Wmax: 2 };
      if (others) await simulation.connect(relay, targets.at(0), 'all_to_all', syn);
      await simulation.simulate(59);
      await simulation.connect(relay, targets.at(1), 'all_to_all', syn);
      await simulation.simulate(3);
      const found = await simulation.getConnections({ source: relay, target: targets.at(1) });
      weights.push((await found.get('weight'))[0]!);
    }
    // Nothing was noted yet when the spike came.
    expect(weights).toEqual([1, 1]);
  });

  test('remembers them from a Clopath synapse on, too', async () => {
    const weights: number[] = [];
    for (const early of [false, true]) {
      const simulation = open({ local_num_threads: 1 });
      const beat = simulation.create('spike_generator', 1, { spike_times: [60] });
      const relay = simulation.create('parrot_neuron');
      const target = simulation.create('aeif_psc_delta_clopath', 1, { I_e: 2000 });
      await simulation.connect(beat, relay, 'one_to_one', { delay: 0.1 });
      const connect = (synapse_model: string) =>
        simulation.connect(relay, target, 'one_to_one', { synapse_model, delay: 0.1 });
      if (early) await connect('clopath_synapse');
      await simulation.simulate(60);
      await connect('stdp_synapse');
      await simulation.simulate(1);
      const found = await simulation.getConnections({ synapse_model: 'stdp_synapse' });
      weights.push((await found.get('weight'))[0]!);
    }
    const [late, early] = weights;
    expect(late).toBe(1);
    expect(early).toBeLessThan(1);
  });
});
