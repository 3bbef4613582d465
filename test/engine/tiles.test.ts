/** Tiles of neurons that go through the steps of a slice together: no result depends on their size. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunPlan } from '../../src/engine/engine.js';
import { TILE_NODES } from '../../src/engine/node-group.js';
import { EngineReader } from '../../src/engine/reader.js';
import { NumericalInstabilityError } from '../../src/errors/index.js';
import { definedNeuron } from '../../src/models/defined/defined-neuron.js';
import { nodeModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';
import { izhikevich } from '../models/definitions.js';
import { AEIF, advance, connectCall, makeEngine, neurons, neuronsOf } from './in-process.js';

const ALWAYS = { after: 0, until: 2 ** 31 };
const SEED = 20261130;
const STEPS = 60;
/** Populations in the order of their ids, each this large, and the models of the others. */
const RELAYS = 9;
const NEURONS = 13;
const MODELS = [
  ...[AEIF, AEIF, 'hh_psc_alpha_clopath', 'iaf_psc_exp', 'iaf_psc_delta'].map(
    (name) => nodeModels.get(name) as NeuronModel,
  ),
  definedNeuron(izhikevich),
];
const FIRST_NEURON = RELAYS + 1;
const POISSON = FIRST_NEURON + MODELS.length * NEURONS;
const CURRENT = POISSON + 1;
const RECORDER = POISSON + 2;
const METER = POISSON + 3;

interface Network {
  readonly indegree: number;
  readonly delay: number;
  readonly meanPerStep: number;
  readonly weight: number;
  readonly synapses: 'clopath_synapse' | 'stdp_synapse' | 'static_synapse';
  /** Steps at which the current changes, and steps between samples of voltages, and when these are taken. */
  readonly changes: readonly number[];
  readonly interval: number | undefined;
  readonly active: { readonly after: number; readonly until: number };
  /** Lengths of runs. */
  readonly runs: readonly number[];
}

const networks: fc.Arbitrary<Network> = fc.record({
  indegree: fc.integer({ min: 1, max: 6 }),
  delay: fc.integer({ min: 2, max: 16 }),
  meanPerStep: fc.double({ min: 0.01, max: 0.4, noNaN: true }),
  weight: fc.double({ min: 1, max: 40, noNaN: true }),
  synapses: fc.constantFrom('clopath_synapse', 'stdp_synapse', 'static_synapse'),
  changes: fc
    .uniqueArray(fc.integer({ min: 1, max: STEPS }), { minLength: 1, maxLength: 4 })
    .map((steps) => steps.sort((a, b) => a - b)),
  interval: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  active: fc.record({
    after: fc.integer({ min: 0, max: 20 }),
    until: fc.integer({ min: 20, max: STEPS }),
  }),
  runs: fc.constantFrom([STEPS], [17, STEPS - 17], [1, 40, STEPS - 41]),
});

function build(network: Network, tileNodes: number) {
  const engine = makeEngine({ seed: SEED, tileNodes });
  engine.defineNeuron(izhikevich);
  engine.createNeurons(neurons('parrot_neuron', 1, RELAYS));
  MODELS.forEach((model, i) => {
    const own = (of: (j: number) => number) =>
      Float64Array.from({ length: NEURONS }, (_, j) => of(j));
    const given = {
      ...(i > 0 && { I_e: own((j) => 20 * j) }),
      // Delay lines that are gathered, and entries that are kept one by one.
      ...(i === 1 && { delay_u_bars: own((j) => (j + 1) / 10), A_LTP: own((j) => 1e-3 * (j - 3)) }),
    };
    engine.createNeurons(neuronsOf(model, FIRST_NEURON + i * NEURONS, NEURONS, given));
  });
  const { meanPerStep, changes, interval: intervalSteps = 1 } = network;
  engine.createDevices(POISSON, [{ model: 'poisson_generator', meanPerStep, active: ALWAYS }]);
  engine.createDevices(CURRENT, [
    {
      ...{ model: 'step_current_generator', first: 1, end: 2 ** 31 },
      steps: Int32Array.from(changes),
      amplitudes: Float64Array.from(changes, (step) => 7 * step),
    },
  ]);
  engine.createDevices(RECORDER, [{ model: 'spike_recorder', active: ALWAYS }]);
  engine.createDevices(METER, [
    { model: 'multimeter', active: network.active, intervalSteps, variables: ['V_m'] },
  ]);
  connect(engine, network);
  return engine;
}

function connect(engine: ReturnType<typeof makeEngine>, network: Network): void {
  const { indegree, delay, weight, synapses, interval } = network;
  const relays = [{ first: 1, count: RELAYS }];
  const all = [{ first: FIRST_NEURON, count: MODELS.length * NEURONS }];
  // Clopath synapses end on two of the models only.
  const plastic = [{ first: FIRST_NEURON, count: 3 * NEURONS }];
  const some = { allow_autapses: true, allow_multapses: true } as const;
  const toAll = { rule: 'all_to_all', ...some } as const;
  const drawn = { rule: 'fixed_indegree', indegree, ...some } as const;
  const device = (first: number) => [{ first, count: 1 }];
  // Epochs of 16 steps.
  const parameters = synapses === 'clopath_synapse' ? { tau_x: 0.2 } : {};
  const calls = [
    { rule: toAll, sources: device(POISSON), targets: relays, delay },
    { rule: drawn, sources: relays, targets: all, weight, delay },
    {
      rule: drawn,
      sources: all,
      targets: plastic,
      model: synapses,
      weight: 0.4,
      delay,
      parameters,
    },
    { rule: toAll, sources: device(CURRENT), targets: all, delay },
  ];
  calls.forEach((given, call) => {
    engine.stageConnections(connectCall({ ...given, call }));
    engine.commitConnections();
  });
  engine.recordSpikes(RECORDER, [...relays, ...all], calls.length);
  if (interval !== undefined) engine.recordTraces(METER, all);
}

function outcome(network: Network, tileNodes: number, sliceSteps: number) {
  const engine = build(network, tileNodes);
  const { delay } = network;
  const plan: RunPlan = {
    ...{ nodes: METER, sliceSteps, maxDelaySteps: delay, plasticDelaySteps: delay },
  };
  for (const steps of network.runs) advance(engine, steps, plan);
  const reader = new EngineReader(engine);
  return {
    accumulators: reader.accumulators(),
    spikes: reader.readRecord(RECORDER),
    traces: reader.readRecord(METER),
    counts: reader.spikeCounts(),
  };
}

test('results are the same for tiles of any size, in slices of any length', () => {
  /** Of neurons. */
  let spikes = 0;
  fc.assert(
    fc.property(networks, (network) => {
      const whole = outcome(network, TILE_NODES, 1);
      spikes += whole.counts.subarray(RELAYS).reduce((sum, count) => sum + count, 0);
      for (const [tileNodes, sliceSteps] of [
        [2, network.delay],
        [4, Math.ceil(network.delay / 2)],
        [TILE_NODES, network.delay],
      ] as const) {
        expect(outcome(network, tileNodes, sliceSteps)).toEqual(whole);
      }
    }),
    { seed: SEED, numRuns: 25 },
  );
  expect(spikes).toBeGreaterThan(500);
});

test('a group is cut into tiles that are alike, and begin at even indices', () => {
  const tiles = (size: number, model = AEIF) => {
    const engine = makeEngine({ tileNodes: 6 });
    engine.createNeurons(neurons(model, 1, size));
    return engine.groups[0]!.tiles.map(({ from, size }) => [from, size]);
  };
  expect(tiles(6)).toEqual([[0, 6]]);
  expect(tiles(7)).toEqual([
    [0, 4],
    [4, 3],
  ]);
  expect(tiles(13)).toEqual([
    [0, 6],
    [6, 6],
    [12, 1],
  ]);
  for (const [size, most] of [
    [3, 1],
    [10, 3],
    [12_289, 5],
  ] as const) {
    const engine = makeEngine({ tileNodes: most });
    engine.createNeurons(neurons('iaf_psc_delta', 1, size));
    const { tiles } = engine.groups[0]!;
    tiles.forEach((tile, i) => {
      const end = i + 1 < tiles.length ? tiles[i + 1]!.from : size;
      expect(tile).toEqual({ number: i, from: tile.from, size: end - tile.from });
      expect(tile.size).toBeGreaterThan(0);
      expect(tile.size).toBeLessThanOrEqual(Math.max(2, most));
    });
  }
  // Who only counts spikes is visited where spikes arrive.
  expect(tiles(13, 'parrot_neuron')).toEqual([[0, 13]]);
});

describe('of several neurons that fail in a slice', () => {
  /** Currents that end the run, by neuron; the larger, the sooner. */
  const failing = (currents: Readonly<Record<number, number>>, tileNodes: number) => {
    const engine = makeEngine({ tileNodes });
    const I_e = Float64Array.from({ length: 12 }, (_, i) => currents[i] ?? 0);
    engine.createNeurons(neurons(AEIF, 1, 12, { I_e }));
    const plan = { nodes: 12, sliceSteps: 20, maxDelaySteps: 20, plasticDelaySteps: 1 };
    try {
      advance(engine, 20, plan);
    } catch (error) {
      expect(error).toBeInstanceOf(NumericalInstabilityError);
      const { step, node } = error as NumericalInstabilityError;
      return { step, node };
    }
    return undefined;
  };

  test.each([
    ['the later one in an earlier tile', { 1: -3e5, 10: -1e8 }, 11],
    ['the later one in a later tile', { 1: -1e8, 10: -3e5 }, 2],
    ['both in one step', { 3: -1e8, 10: -1e8 }, 4],
  ])('the first is told: %s', (_, currents, node) => {
    const whole = failing(currents, 12);
    expect(whole).toMatchObject({ node });
    for (const tileNodes of [2, 4, 6]) expect(failing(currents, tileNodes)).toEqual(whole);
  });
});
