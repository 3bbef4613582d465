/**
 * What holds for every neuron model: the same bits on any number of threads, and a place in the
 * documentation.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { normal, simulation, uniform } from '../../src/index.js';
import { nodeModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';

const MODELS = [...nodeModels.values()].filter(
  (model): model is NeuronModel => model.kind === 'neuron' && Object.keys(model.state).length > 0,
);

/** A value for each neuron, around the default. */
function drawn({ parameters }: NeuronModel) {
  const numbers = Object.entries(parameters).filter(
    ([, spec]) => !spec.flag && Number.isFinite(spec.default),
  );
  return Object.fromEntries(
    numbers.map(([name, spec]) => [name, normal(spec.default, 0.01 * Math.abs(spec.default))]),
  );
}

/**
 * Two populations of a model, alike and not, with noise, a current, connections among them and, where
 * the model has an archive, plastic ones onto them.
 */
async function observed(model: NeuronModel, threads: number) {
  const sim = simulation({ rng_seed: 5, local_num_threads: threads });
  const unit = model.input === 'signed' ? 100 : 1;
  const start = model.state.V_m?.settable ? { V_m: normal(model.state.V_m.default, 1) } : {};
  const constant = (I_e: number) => ('I_e' in model.parameters ? { I_e } : {});
  const alike = sim.create(model.name, 13, { ...start, ...constant(300) });
  const own = sim.create(model.name, 18, { ...drawn(model), ...start });
  const noise = sim.create('poisson_generator', 20, { rate: 150 });
  const relays = sim.create('parrot_neuron', 20);
  const current = sim.create('dc_generator', 1, { amplitude: 250, start: 5, stop: 20 });
  const recorder = sim.create('spike_recorder');
  const meter = sim.create('multimeter', 1, {
    record_from: Object.keys(model.state).filter((name) => model.state[name].recordable),
    interval: 5,
  });
  const neurons = alike.concat(own);
  await sim.connect(noise, relays, { rule: 'one_to_one' });
  await sim.connect(
    relays,
    neurons,
    { rule: 'fixed_indegree', indegree: 5 },
    {
      weight: uniform(-unit, 6 * unit),
      delay: uniform(0.3, 2),
    },
  );
  await sim.connect(
    neurons,
    neurons,
    { rule: 'pairwise_bernoulli', p: 0.2 },
    {
      weight: uniform(-2 * unit, 2 * unit),
      delay: uniform(0.3, 1),
    },
  );
  if (model.archive !== undefined) {
    await sim.connect(
      relays,
      neurons,
      { rule: 'fixed_indegree', indegree: 4 },
      {
        synapse_model: `${model.archive}_synapse`,
        weight: uniform(unit, 3 * unit),
        Wmax: 5 * unit,
        delay: 0.7,
      },
    );
  }
  if (model.takesCurrent) {
    await sim.connect(current, neurons, undefined, { weight: uniform(0, 2) });
  }
  await sim.connect(neurons, recorder);
  await sim.connect(meter, neurons);
  await sim.simulate(60);
  await neurons.set(constant(200));
  await sim.simulate(20);
  const [digest, spikes, traces] = [
    await sim.digest(),
    await recorder.events(),
    await meter.events(),
  ];
  await sim.close();
  return { digest, spikes, traces };
}

describe.each(MODELS.map((model) => [model.name, model] as const))('%s', (name, model) => {
  test('gives the same bits on any number of threads', { timeout: 60_000 }, async () => {
    const expected = await observed(model, 1);
    expect(expected.spikes.senders.length).toBeGreaterThan(40);
    for (const threads of [2, 3, 4, 7]) {
      expect(await observed(model, threads), `${threads} threads`).toEqual(expected);
    }
  });

  test('has a section in docs/MODELS.md', () => {
    const text = readFileSync(new URL('../../docs/MODELS.md', import.meta.url), 'utf8');
    const titles = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(titles.some((title) => title.split(', ').includes(name))).toBe(true);
  });
});
