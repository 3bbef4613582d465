/** Reads the reference results from `test/fixtures/reference`. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Parameters, Reference, Scenario, Spikes, WeightEvents } from './scenario.js';

const FOLDER = new URL('../fixtures/reference/', import.meta.url);

/** The names of all scenario files, sorted. */
export function referenceNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json') && !file.startsWith('seed-network-'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

export function loadReference(name: string): Reference {
  return readJson(`${name}.json`) as Reference;
}

interface Projection {
  readonly source: readonly number[];
  readonly target: readonly number[];
  readonly weight: readonly number[];
}

/** One run of the seed experiment with every draw written down; steps of 0.1 ms. */
export interface SeedReplay {
  /** Duration, in ms. */
  readonly T: number;
  readonly params: Parameters;
  readonly pre: {
    readonly V_m: readonly number[];
    readonly input_exc: Projection;
    readonly input_inh: Projection;
    readonly exc_exc: Projection;
    readonly exc_inh: Projection;
    readonly inh_exc: Projection;
  };
  readonly post: {
    readonly spikes: Spikes;
    readonly input_spikes: Spikes;
    readonly weight_recorder: WeightEvents;
    readonly input_exc_weight: readonly number[];
    readonly exc_exc_weight: readonly number[];
    readonly V_m: readonly number[];
    readonly u_bar_plus: readonly number[];
    readonly u_bar_bar: readonly number[];
  };
}

export function loadSeedReplay(): SeedReplay {
  return readJson('seed-network-replay.json') as SeedReplay;
}

/** One row for each of 40 runs of the seed experiment with different seeds. */
export interface SeedStatistics {
  readonly rows: readonly Readonly<
    Record<
      | 'seed'
      | 'exc_spikes'
      | 'inh_spikes'
      | 'input_spikes'
      | 'weight_events'
      | 'exc_exc_mean'
      | 'exc_exc_sd'
      | 'exc_exc_max'
      | 'input_exc_mean'
      | 'input_exc_sd',
      number
    >
  >[];
}

export function loadSeedStatistics(): SeedStatistics {
  return readJson('seed-network-statistics.json') as SeedStatistics;
}

const NEURONS = 13;
const INPUTS = 500;
const RESOLUTION = 0.1;

/**
 * The replay as a scenario: nodes 1-13 neurons, 14-513 relays, 514-1013 spike generators, one for
 * each relay. Connections stand in the order input_exc, exc_exc (the plastic ones, so that
 * `final_weights` lists these two in the order of `pre`), input_inh, exc_inh, inh_exc, generators.
 * The final states are recorded as a trace with the single step T.
 */
export function seedReplayScenario({ T, params, pre, post }: SeedReplay): Scenario {
  const model = 'aeif_psc_delta_clopath';
  const neurons = pre.V_m.map((V_m, i) => ({ id: i + 1, model, params: { ...params, V_m } }));
  const relays = range(INPUTS).map((i) => ({ id: NEURONS + 1 + i, model: 'parrot_neuron' }));
  const firstGenerator = NEURONS + INPUTS + 1;
  const generators = range(INPUTS).map((i) => ({
    id: firstGenerator + i,
    model: 'spike_generator',
    params: generatorTrain(post.input_spikes, NEURONS + 1 + i),
  }));
  return {
    name: 'seed-network-replay',
    resolution: RESOLUTION,
    nodes: [...neurons, ...relays, ...generators],
    connections: [
      ...connect(pre.input_exc, 'clopath_input_to_exc'),
      ...connect(pre.exc_exc, 'clopath_exc_to_exc'),
      ...connect(pre.input_inh, 'static_synapse'),
      ...connect(pre.exc_inh, 'static_synapse'),
      ...connect(pre.inh_exc, 'static_synapse'),
      ...connect(
        {
          source: range(INPUTS).map((i) => firstGenerator + i),
          target: range(INPUTS).map((i) => NEURONS + 1 + i),
          weight: range(INPUTS).map(() => 1),
        },
        'static_synapse',
      ),
    ],
    synapse_models: {
      clopath_input_to_exc: { base: 'clopath_synapse', params: { Wmax: 3 } },
      clopath_exc_to_exc: {
        base: 'clopath_synapse',
        params: { Wmax: 0.75 },
        weight_recorder: true,
      },
    },
    simulate: T,
    record: {
      interval: T,
      from: ['V_m', 'u_bar_plus', 'u_bar_bar'],
      nodes: range(NEURONS).map((i) => i + 1),
    },
  };
}

/** What a relay emitted, moved one delay ahead: a generator that makes it emit that. */
function generatorTrain(emitted: Spikes, relay: number): Parameters {
  const multiplicities = new Map<number, number>();
  emitted.step.forEach((step, i) => {
    if (emitted.sender[i] !== relay) return;
    multiplicities.set(step - 1, (multiplicities.get(step - 1) ?? 0) + 1);
  });
  return {
    spike_times: [...multiplicities.keys()].map((step) => step * RESOLUTION),
    spike_multiplicities: [...multiplicities.values()],
  };
}

function connect({ source, target, weight }: Projection, model: string) {
  return source.map((s, i) => ({
    source: s,
    target: target[i]!,
    model,
    weight: weight[i]!,
    delay: RESOLUTION,
  }));
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
}
