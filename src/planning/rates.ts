/** Expected rates of populations, before anything is run. */
import type { ConnectCall } from '../connectivity/connect-call.js';
import { idsFrom } from '../connectivity/id-set.js';
import { gaussianRates } from '../experiment/stimulus.js';
import { type Interval, timeline } from '../experiment/timeline.js';
import { isDistribution, Sampler, streamKey } from '../random/index.js';
import type { PlannedNetwork, PlannedPopulation } from './network.js';

/** Rate of neurons that nobody knows anything about, in spikes/s. */
const ASSUMED_RATE = 10;
/** Relays pass on what relays pass on, this often at most. */
const LONGEST_CHAIN = 3;
const SAMPLES = 1000;

export type RateSource = 'stated' | 'given' | 'follows' | 'pilot' | 'assumed';

export interface ExpectedRate {
  /** Spikes/s of one node, mean over the run. */
  readonly perNode: number;
  /**
   * How it is known: stated in the experiment, given by a generator's parameters, following from what
   * relays get, found in a pilot run, or only assumed.
   */
  readonly from: RateSource;
}

export type Rates = ReadonlyMap<string, ExpectedRate>;

/** Rates of all populations in the first `timeMs` of the protocol, by name. */
export function expectedRates(
  network: PlannedNetwork,
  timeMs: number,
  pilot: ReadonlyMap<string, number> = new Map(),
): Rates {
  const { experiment, populations } = network;
  const rates = new Map<string, ExpectedRate>();
  const intervals = timeline(experiment, experiment.kernel.rng_seed);
  for (const population of populations) {
    const rate = ownRate(population, network, intervals, timeMs, pilot);
    if (rate !== undefined) rates.set(population.name, rate);
  }
  const relays = populations.filter(({ name }) => !rates.has(name));
  for (let i = 0; i < LONGEST_CHAIN; i++) {
    for (const relay of relays) {
      rates.set(relay.name, { perNode: incomingRate(relay, network, rates), from: 'follows' });
    }
  }
  return rates;
}

/** Of neurons whose rates nothing tells but a run. */
export function unknownRates(rates: Rates): string[] {
  return [...rates].filter(([, { from }]) => from === 'assumed').map(([name]) => name);
}

function ownRate(
  { name, model }: PlannedPopulation,
  { experiment }: PlannedNetwork,
  intervals: readonly Interval[],
  timeMs: number,
  pilot: ReadonlyMap<string, number>,
): ExpectedRate | undefined {
  const { expected_rate, params, size } = experiment.populations[name]!;
  if (expected_rate !== undefined) return { perNode: expected_rate, from: 'stated' };
  if (model.name === 'poisson_generator') {
    return { perNode: meanRate(name, params.rate ?? 0, size, intervals, timeMs), from: 'given' };
  }
  if (model.name === 'spike_generator') {
    const times = Array.isArray(params.spike_times) ? params.spike_times : [];
    const origin = Number(params.origin ?? 0);
    const count = times.filter((time) => Number(time) + origin <= timeMs).length;
    return { perNode: (1000 * count) / timeMs, from: 'given' };
  }
  if (model.kind !== 'neuron') return { perNode: 0, from: 'given' };
  const found = pilot.get(name);
  if (found !== undefined) return { perNode: found, from: 'pilot' };
  if (model.input === 'count') return undefined;
  return { perNode: ASSUMED_RATE, from: 'assumed' };
}

/** Mean over nodes and time of a generator's rate, which the protocol may set. */
function meanRate(
  population: string,
  initial: unknown,
  size: number,
  intervals: readonly Interval[],
  timeMs: number,
): number {
  const byCenter = new Map<number, number>();
  let rate = meanOf(initial);
  let spikes = 0;
  for (const { start, end, set, stimulus } of intervals) {
    if (start >= timeMs) break;
    const given = set[population]?.rate;
    if (given !== undefined) rate = meanOf(given);
    if (stimulus?.profile.population === population) {
      const { profile, center } = stimulus;
      rate = byCenter.get(center) ?? meanOf(gaussianRates(profile, size, center));
      byCenter.set(center, rate);
    }
    spikes += rate * (Math.min(end, timeMs) - start);
  }
  return spikes / timeMs;
}

function meanOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (isDistribution(value)) {
    const sampler = new Sampler(value, streamKey(0, 'expected rates'));
    let sum = 0;
    for (let i = 0; i < SAMPLES; i++) sum += sampler.sample(i, 0, 0);
    return sum / SAMPLES;
  }
  const list = value as ArrayLike<number>;
  let sum = 0;
  for (let i = 0; i < list.length; i++) sum += Number(list[i]);
  return list.length > 0 ? sum / list.length : 0;
}

/** What arrives at a node of a population, in spikes/s. */
function incomingRate({ block }: PlannedPopulation, network: PlannedNetwork, rates: Rates): number {
  let sum = 0;
  for (const { call, count } of network.connections) {
    const { ranges, length } = idsFrom(call.targets);
    const share = ranges.reduce((n, r) => n + shared(r, block), 0) / length;
    sum += share * count * sourceRate(call, network, rates);
  }
  return sum / block.count;
}

/** Mean rate of the sources of a call, in spikes/s. */
export function sourceRate(
  call: PlannedNetwork['connections'][number]['call'],
  { populations }: PlannedNetwork,
  rates: Rates,
): number {
  const { ranges, length } = idsFrom(call.sources);
  let sum = 0;
  for (const { name, block } of populations) {
    const own = ranges.reduce((n, range) => n + shared(range, block), 0);
    sum += own * (rates.get(name)?.perNode ?? 0);
  }
  return sum / length;
}

interface Range {
  readonly first: number;
  readonly count: number;
}

/** Number of ids that two ranges have in common. */
export function shared(a: Range, b: Range): number {
  const end = Math.min(a.first + a.count, b.first + b.count);
  return Math.max(0, end - Math.max(a.first, b.first));
}

/** The population of the first source of a call; the others are of its kind. */
export function firstSource(
  { sources }: ConnectCall,
  { populations }: PlannedNetwork,
): PlannedPopulation {
  const first = firstIdOf(sources);
  return populations.find(({ block }) => shared(block, { first, count: 1 }) > 0)!;
}

export function firstIdOf(ids: ConnectCall['sources']): number {
  return ids instanceof Uint32Array ? ids[0]! : ids[0]!.first;
}
