/**
 * What holds for every neuron model in the registry, with parameters drawn from what it allows: the
 * same bits on any number of threads, in any slices, over any number of simulate calls.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { uniform } from '../../src/index.js';
import { nodeModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';
import { keptThreads } from '../simulation/kept-threads.js';
import { type Numbers, parametersOf, stateOf } from './arbitrary-neuron.js';

const kept = keptThreads();

const MODELS = [...nodeModels.values()].filter(
  (model): model is NeuronModel => model.kind === 'neuron',
);
const SEED = 20261124;
/** ms of each run. */
const DURATION = 25;

interface Network {
  readonly seed: number;
  /** A population with one set of values, and one in which every neuron has its own. */
  readonly alike: { readonly size: number; readonly values: Numbers };
  readonly own: readonly Numbers[];
  readonly relays: number;
  readonly rate: number;
  readonly indegree: number;
  readonly probability: number;
  readonly longestDelay: number;
  /** Where simulate calls end, in ms. */
  readonly cuts: readonly number[];
}

function networks(model: NeuronModel): fc.Arbitrary<Network> {
  const values = fc
    .tuple(parametersOf(model), stateOf(model))
    .map(([parameters, state]) => ({ ...parameters, ...state }))
    .map((all) => shown(model, all));
  return fc.record({
    seed: fc.nat(),
    alike: fc.record({ size: fc.integer({ min: 1, max: 20 }), values }),
    own: fc.array(values, { minLength: 2, maxLength: 15 }),
    relays: fc.integer({ min: 5, max: 20 }),
    rate: fc.integer({ min: 100, max: 300 }),
    indegree: fc.integer({ min: 2, max: 6 }),
    probability: fc.double({ min: 0.1, max: 0.4, noNaN: true }),
    longestDelay: fc.integer({ min: 6, max: 30 }).map((steps) => steps / 10),
    cuts: fc
      .uniqueArray(fc.integer({ min: 1, max: 10 * DURATION - 1 }), { maxLength: 3 })
      .map((steps) => steps.sort((a, b) => a - b).map((step) => step / 10)),
  });
}

/** Flags as users give them; the default where it is infinite, which cannot be drawn otherwise. */
function shown({ parameters }: NeuronModel, values: Numbers): Numbers {
  const pairs = Object.entries(values).map(([name, value]) => [
    name,
    parameters[name]?.flag ? value !== 0 : value,
  ]);
  return Object.fromEntries(pairs) as Numbers;
}

interface Way {
  readonly threads: number;
  readonly inParts: boolean;
  /** Slices of one step, though delays would allow longer ones. */
  readonly shortSlices: boolean;
}

const WAYS: readonly Way[] = [
  { threads: 2, inParts: true, shortSlices: true },
  { threads: 3, inParts: false, shortSlices: false },
  { threads: 4, inParts: true, shortSlices: false },
  { threads: 7, inParts: false, shortSlices: true },
];

async function observed(model: NeuronModel, network: Network, way: Way) {
  const sim = await kept.open({
    rng_seed: network.seed,
    local_num_threads: way.threads,
    ...(way.shortSlices && { min_delay: 0.1 }),
  });
  const { alike, own, longestDelay } = network;
  const columns = Object.keys(own[0]).map((name) => [name, own.map((one) => one[name])]);
  const neurons = sim
    .create(model.name, alike.size, alike.values)
    .concat(sim.create(model.name, own.length, Object.fromEntries(columns)));
  const relays = sim.create('parrot_neuron', network.relays);
  const noise = sim.create('poisson_generator', network.relays, { rate: network.rate });
  // In mV or pA; of models that do neither, whatever comes of it is the same everywhere.
  const unit = model.input === 'signed' ? 100 : 1;
  const delay = uniform(0.3, longestDelay);
  await sim.connect(noise, relays, 'one_to_one');
  await sim.connect(
    relays,
    neurons,
    { rule: 'fixed_indegree', indegree: network.indegree },
    { weight: uniform(-unit, 8 * unit), delay },
  );
  const sparse = { rule: 'pairwise_bernoulli', p: network.probability } as const;
  // Relays among themselves would send ever more spikes.
  if (model.input !== 'count') {
    await sim.connect(neurons, neurons, sparse, { weight: uniform(-2 * unit, 2 * unit), delay });
  }
  const plastic = { weight: uniform(unit, 3 * unit), Wmax: 5 * unit, delay: 0.7 };
  const kinds = ['stdp', ...(model.archive ? [model.archive] : [])];
  for (const kind of kinds) {
    const synapse = { synapse_model: `${kind}_synapse`, ...plastic };
    await sim.connect(relays, neurons, sparse, synapse);
  }
  if (model.takesCurrent) {
    const current = sim.create('dc_generator', 1, { amplitude: 400, start: 5, stop: 20 });
    await sim.connect(current, neurons, undefined, { weight: uniform(0, 2) });
  }
  const recorder = sim.create('spike_recorder');
  await sim.connect(neurons, recorder);
  const names = Object.keys(model.state).filter((name) => model.state[name].recordable);
  const meter = sim.create('multimeter', 1, { record_from: names, interval: 2 });
  await sim.connect(meter, neurons);
  const ends = [...(way.inParts ? network.cuts : []), DURATION];
  let now = 0;
  for (const end of ends) {
    await sim.simulate(Math.round(10 * (end - now)) / 10);
    now = end;
  }
  const spikes = await recorder.events();
  const traces = await meter.events();
  const digest = await sim.digest();
  kept.keep(sim);
  return { digest, spikes, traces };
}

describe.each(MODELS.map((model) => [model.name, model] as const))('%s', (_, model) => {
  test('gives the same bits in every way of running', { timeout: 120_000 }, async () => {
    let spikes = 0;
    await fc.assert(
      fc.asyncProperty(networks(model), async (network) => {
        const whole = { threads: 1, inParts: false, shortSlices: false };
        const expected = await observed(model, network, whole);
        spikes += expected.spikes.senders.length;
        for (const way of WAYS) {
          expect(await observed(model, network, way), JSON.stringify(way)).toEqual(expected);
        }
      }),
      { seed: SEED, numRuns: 2, endOnFailure: true },
    );
    expect(spikes).toBeGreaterThan(20);
  });
});
