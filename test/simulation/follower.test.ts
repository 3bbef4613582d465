import { describe, expect, test } from 'vitest';
import { ValueError } from '../../src/errors/index.js';
import type { Simulation } from '../../src/simulation/index.js';
import { opening } from './opening.js';

const open = opening();
const THREADS = [1, 2, 3, 4, 7];
const PIECES = [3, 0.1, 20, 7.4, 50];

/** 23 relays driven at 200 spikes/s, all of them recorded. */
async function network(simulation: Simulation) {
  const noise = simulation.create('poisson_generator', 23, { rate: 200 });
  const relays = simulation.create('parrot_neuron', 23);
  const recorder = simulation.create('spike_recorder');
  await simulation.connect(noise, relays, 'one_to_one', { delay: 1 });
  await simulation.connect(relays, recorder);
  return { relays, recorder };
}

/** `time sender` of each spike, sorted. */
function listed(times: ArrayLike<number>, senders: ArrayLike<number>): string[] {
  return Array.from(times, (time, i) => `${time} ${senders[i]}`).sort();
}

describe.each(THREADS)('on %i threads', (threads) => {
  test('the news of all pieces are what was recorded and counted', async () => {
    const simulation = open({ local_num_threads: threads });
    const { relays, recorder } = await network(simulation);
    const follower = simulation.follow({
      records: [{ recorder, nodes: relays, every: 1 }],
      mostSpikes: 10_000,
      populations: [relays, relays.slice(3, 9), relays.at(22).concat(relays.at(0))],
    });
    const [times, senders]: [number[], number[]] = [[], []];
    let reached = 0;
    for (const piece of PIECES) {
      const before = reached;
      reached = (await simulation.simulate(piece)).time;
      const news = await follower.news();
      expect(news.completeAfter).toBe(before);
      for (const time of news.times) expect(time > before && time <= reached).toBe(true);
      times.push(...news.times);
      senders.push(...news.senders);
      const counts = await relays.spikeCounts();
      const sum = (some: Float64Array) => some.reduce((total, count) => total + count, 0);
      expect(news.spikeCounts).toEqual([
        sum(counts),
        sum(counts.slice(3, 9)),
        counts[22]! + counts[0]!,
      ]);
    }
    const events = await recorder.events();
    expect(events.times.length).toBeGreaterThan(200);
    expect(listed(times, senders)).toEqual(listed(events.times, events.senders));
  });

  test('samples hold every n-th node', async () => {
    const simulation = open({ local_num_threads: threads });
    const { relays, recorder } = await network(simulation);
    const follower = simulation.follow({
      records: [{ recorder, nodes: relays.slice(2), every: 5 }],
      mostSpikes: 10_000,
      populations: [],
    });
    await simulation.simulate(100);
    const { senders } = await follower.news();
    const { first } = relays;
    expect([...new Set(senders)].sort((a, b) => a - b)).toEqual(
      [2, 7, 12, 17, 22].map((index) => first + index),
    );
  });

  test('where spikes are too many, the latest are there, all of them', async () => {
    const simulation = open({ local_num_threads: threads });
    const { relays, recorder } = await network(simulation);
    const follower = simulation.follow({
      records: [{ recorder, nodes: relays, every: 1 }],
      mostSpikes: 70,
      populations: [],
    });
    await simulation.simulate(100);
    const news = await follower.news();
    const { times, senders } = await recorder.events();
    expect(news.times.length).toBeLessThanOrEqual(7 * Math.ceil(70 / 7));
    expect(news.times.length).toBeGreaterThan(0);
    expect(news.completeAfter).toBeGreaterThan(0);
    const later = times.findIndex((time) => time > news.completeAfter);
    expect(listed(news.times, news.senders)).toEqual(
      listed(times.slice(later), senders.slice(later)),
    );
    // What was left out stays out.
    expect((await follower.news()).times).toHaveLength(0);
  });

  test('also where generators are recorded, whose spikes come after those of all relays in a slice', async () => {
    const simulation = open({ local_num_threads: threads });
    const { relays, recorder } = await network(simulation);
    const noise = simulation.create('poisson_generator', 10, { rate: 3000 });
    await simulation.connect(noise, recorder);
    const nodes = relays.concat(noise);
    const follower = simulation.follow({
      records: [{ recorder, nodes, every: 1 }],
      mostSpikes: 300,
      populations: [],
    });
    await simulation.simulate(100);
    const news = await follower.news();
    const { times, senders } = await recorder.events();
    const later = times.findIndex((time) => time > news.completeAfter);
    expect(news.times.length).toBeGreaterThan(0);
    expect(listed(news.times, news.senders)).toEqual(
      listed(times.slice(later), senders.slice(later)),
    );
  });
});

test('following changes nothing', async () => {
  const outcomes = await Promise.all(
    [true, false].map(async (followed) => {
      const simulation = open({ local_num_threads: 2 });
      const { relays, recorder } = await network(simulation);
      const records = [{ recorder, nodes: relays, every: 2 }];
      const follower = simulation.follow({ records, mostSpikes: 50, populations: [relays] });
      for (const piece of PIECES) {
        await simulation.simulate(piece);
        if (followed) await follower.news();
      }
      return { events: await recorder.events(), digest: await simulation.digest() };
    }),
  );
  expect(outcomes[0]).toEqual(outcomes[1]);
});

test('a record that was cleared begins anew', async () => {
  const simulation = open();
  const { relays, recorder } = await network(simulation);
  const records = [{ recorder, nodes: relays, every: 1 }];
  const follower = simulation.follow({ records, mostSpikes: 10_000, populations: [] });
  await simulation.simulate(10);
  const before = await follower.news();
  await simulation.simulate(20);
  recorder.set({ n_events: 0 });
  await simulation.simulate(100);
  const { times } = await recorder.events();
  expect(times.length).toBeGreaterThan(before.times.length);
  expect((await follower.news()).times).toHaveLength(times.length);
});

test.each([
  ['mostSpikes', { mostSpikes: 0 }, 'follow.mostSpikes is 0; expected a whole number from 1'],
  ['every', { every: 1.5 }, 'follow.records.every is 1.5; expected a whole number from 1'],
])(
  'a wrong %s is refused',
  async (_, { mostSpikes = 10, every = 1 }: Record<string, number>, text) => {
    const simulation = open();
    const { relays, recorder } = await network(simulation);
    const records = [{ recorder, nodes: relays, every }];
    const follow = () => simulation.follow({ records, mostSpikes, populations: [] });
    expect(follow).toThrow(ValueError);
    expect(follow).toThrow(text);
  },
);

test('only a spike_recorder is followed', async () => {
  const simulation = open();
  const { relays } = await network(simulation);
  const records = [{ recorder: relays.at(0), nodes: relays, every: 1 }];
  expect(() => simulation.follow({ records, mostSpikes: 1, populations: [] })).toThrow(
    "follow.records.recorder is 'parrot_neuron'; expected one spike_recorder",
  );
});

test('nodes of another simulation are not followed', async () => {
  const simulation = open();
  const { relays, recorder } = await network(simulation);
  const foreign = open().create('parrot_neuron');
  const record = { recorder, nodes: relays, every: 1 };
  const follow = (records: (typeof record)[], populations = [relays]) =>
    simulation.follow({ records, mostSpikes: 1, populations });
  expect(() => follow([record], [foreign])).toThrow(/follow\.populations is a NodeCollection/);
  expect(() => follow([{ ...record, nodes: foreign }])).toThrow(/follow\.records\.nodes is a Node/);
  expect(() => follow([{ ...record, recorder: foreign }])).toThrow(/follow\.records\.recorder is/);
});
