/** Rates that are scheduled beside the same rates set when their time has come. */
import { describe, expect, test } from 'vitest';
import { MemoryError, type NodeCollection, type Simulation } from '../../src/index.js';
import { MemoryBudget } from '../../src/simulation/memory.js';
import { Points } from '../math/points.js';
import { keptThreads } from './kept-threads.js';

const kept = keptThreads();

const GENERATORS = 9;
const DURATION = 80;
/** In ms; neither multiples of the delay nor of each other. */
const TIMES = [0, 7.3, 7.4, 31.9, 55];

interface Variant {
  readonly threads: number;
  readonly processes?: number;
  readonly minDelay?: number;
  /** Ends of the calls of `simulate`, in ms. */
  readonly ends?: readonly number[];
}

/** Rates in spikes/s, some above 0.1 spikes a step, where counts are drawn instead of waits. */
function ratesFor(points: Points): Float64Array[] {
  return TIMES.map(() => Float64Array.from(points.uniform(GENERATORS, 0, 1), (u) => 3000 * u ** 3));
}

interface Network {
  readonly simulation: Simulation;
  readonly generators: NodeCollection;
  readonly neurons: NodeCollection;
}

async function build({ threads, processes, minDelay }: Variant): Promise<Network> {
  const simulation = await kept.open({
    rng_seed: 11,
    local_num_threads: threads,
    ...(processes && { total_num_virtual_procs: processes }),
    ...(minDelay && { min_delay: minDelay }),
  });
  const generators = simulation.create('poisson_generator', GENERATORS, { stop: 70 });
  generators.slice(0, 3).set({ start: 20 });
  const neurons = simulation.create('iaf_psc_delta', 20, { tau_m: 30 });
  await simulation.connect(generators, neurons, 'all_to_all', { weight: 1, delay: 1.5 });
  return { simulation, generators, neurons };
}

async function digestOf({ simulation, generators }: Network, ends: readonly number[]) {
  let time = 0;
  for (const end of ends) {
    await simulation.simulate(end - time);
    time = end;
  }
  const { local_spike_counter } = await simulation.kernelStatus();
  const rates = (await generators.get('rate')) as Float64Array;
  const digest = await simulation.digest();
  kept.keep(simulation);
  return { digest, spikes: local_spike_counter, rates: [...rates] };
}

async function whenTimeHasCome(rates: readonly Float64Array[]) {
  const network = await build({ threads: 1 });
  for (const [i, time] of TIMES.entries()) {
    network.generators.set({ rate: rates[i]! });
    await network.simulation.simulate((TIMES[i + 1] ?? DURATION) - time);
  }
  return digestOf(network, []);
}

async function scheduled(rates: readonly Float64Array[], variant: Variant) {
  const network = await build(variant);
  network.generators.scheduleRates(TIMES, rates);
  return digestOf(network, variant.ends ?? [DURATION]);
}

describe('rates that are scheduled', () => {
  const rates = ratesFor(new Points(5));

  test.each<Variant>([
    { threads: 1 },
    { threads: 2 },
    { threads: 3, minDelay: 0.4 },
    { threads: 4, processes: 8 },
    { threads: 7, minDelay: 0.1 },
    { threads: 2, ends: [0.1, 7.3, 20, 31.8, 60, 80] },
  ])('come to the same bits as rates that are set: %j', async (variant) => {
    const expected = await whenTimeHasCome(rates);
    expect(expected.spikes).toBeGreaterThan(50);
    expect(await scheduled(rates, variant)).toEqual(expected);
  });

  test('a part of them, in several calls, whatever their order', async () => {
    const expected = await whenTimeHasCome(rates);
    const network = await build({ threads: 2 });
    const { generators } = network;
    for (const [from, to] of [
      [4, 9],
      [0, 4],
    ] as const) {
      const mine = rates.map((all) => all.slice(from, to));
      generators.slice(from, to).scheduleRates(TIMES.slice(2), mine.slice(2));
      generators.slice(from, to).scheduleRates(TIMES.slice(0, 2), mine.slice(0, 2));
    }
    expect(await digestOf(network, [DURATION])).toEqual(expected);
  });

  test('give way to one that is set, until the next time', async () => {
    const run = async (schedule: boolean) => {
      const network = await build({ threads: 2 });
      const { generators, simulation } = network;
      generators.set({ rate: 500 });
      if (schedule) generators.scheduleRates([10, 40], [2000, 800]);
      await simulation.simulate(10);
      if (!schedule) generators.set({ rate: 2000 });
      await simulation.simulate(5);
      expect(((await generators.get('rate')) as Float64Array)[0]).toBe(2000);
      generators.set({ rate: 100 });
      await simulation.simulate(25);
      expect(((await generators.get('rate')) as Float64Array)[0]).toBe(schedule ? 800 : 100);
      if (!schedule) generators.set({ rate: 800 });
      return digestOf(network, [40]);
    };
    expect(await run(true)).toEqual(await run(false));
  });

  test('are there at their time, before what is set and connected then', async () => {
    const run = async (schedule: boolean) => {
      const network = await build({ threads: 2 });
      const { generators, simulation } = network;
      const set = (rate: number) => generators.set({ rate });
      if (schedule) generators.scheduleRates([0, 10, 20], [300, 2000, 900]);
      else set(300);
      set(200);
      await simulation.simulate(10);
      if (!schedule) set(2000);
      set(100);
      await simulation.simulate(10);
      if (!schedule) set(900);
      const more = simulation.create('iaf_psc_delta', 5, { tau_m: 30 });
      await simulation.connect(generators, more, 'all_to_all', { weight: 2, delay: 1.5 });
      return digestOf(network, [40]);
    };
    const expected = await run(false);
    expect(expected.spikes).toBeGreaterThan(20);
    expect(await run(true)).toEqual(expected);
  });

  test('stand when other parameters are set', async () => {
    const network = await build({ threads: 1 });
    network.generators.scheduleRates([5], [700]);
    await network.simulation.simulate(6);
    network.generators.set({ stop: 50 });
    expect((await digestOf(network, [])).rates).toEqual(Array(GENERATORS).fill(700));
  });
});

describe('mistakes change nothing', () => {
  test.each<[string, (network: Network) => void, string]>([
    ['other nodes', ({ neurons }) => neurons.scheduleRates([12], [5e3]), 'poisson_generator'],
    [
      'a time off the grid',
      ({ generators }) => generators.scheduleRates([11, 12.05], [5e3, 6e3]),
      '12.05',
    ],
    [
      'a time before the present one',
      ({ generators }) => generators.scheduleRates([9.9], [5e3]),
      'at least 10 ms',
    ],
    [
      'times out of order',
      ({ generators }) => generators.scheduleRates([12, 11], [5e3, 6e3]),
      'times[1]',
    ],
    [
      'a number for times',
      ({ generators }) => generators.scheduleRates(12 as never, [5e3]),
      'a list of times',
    ],
    [
      'a number for rates',
      ({ generators }) => generators.scheduleRates([12], 5e3 as never),
      'a list of rates',
    ],
    [
      'fewer rates than times',
      ({ generators }) => generators.scheduleRates([12, 13], [5e3]),
      '2 times',
    ],
    ['too few values', ({ generators }) => generators.scheduleRates([12], [[5e3, 6e3]]), '9'],
    [
      'a distribution',
      ({ generators }) => generators.scheduleRates([12], [{ mean: 5e3 } as never]),
      'a number, or one for each node',
    ],
    [
      'a negative rate',
      ({ generators }) => generators.scheduleRates([12, 13], [5e3, -1]),
      'rates[1] is -1; expected a rate from 0',
    ],
    [
      'a negative rate among others',
      ({ generators }) => generators.scheduleRates([12, 13], [5e3, [1, 2, 3, -4, 5, 6, 7, 8, 9]]),
      'rates[1][3] is -4; expected a rate from 0',
    ],
    [
      'what is no number',
      ({ generators }) => generators.scheduleRates([12], [[1, 2, 3, 4, Number.NaN, 6, 7, 8, 9]]),
      'rates[0][4] is NaN; expected a finite number',
    ],
  ])('%s', async (_, mistake, said) => {
    const network = await build({ threads: 1 });
    await network.simulation.simulate(10);
    expect(() => mistake(network)).toThrow(said);
    const undisturbed = await build({ threads: 1 });
    await undisturbed.simulation.simulate(10);
    const expected = await digestOf(undisturbed, [20]);
    expect(expected.spikes).toBe(0);
    expect(await digestOf(network, [20])).toEqual(expected);
  });
});

test('more rates than fit into memory are refused', () => {
  // Of 8 bytes, here and on both virtual processes, and as many on their way.
  const budget = new MemoryBudget(1, 2, 0.1, () => 48e6);
  budget.checkRates(1e6);
  expect(() => budget.checkRates(1e6 + 1)).toThrow(MemoryError);
  expect(() => budget.checkRates(1e6 + 1)).toThrow('scheduling 1000001 rates');
});
