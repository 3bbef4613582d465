import { describe, expect, test } from 'vitest';
import { createControlWords, WORD } from '../../src/parallel/control-words.js';
import {
  createSpikeRings,
  SharedSpikeExchange,
  spikeRingBytes,
} from '../../src/parallel/shared-spike-exchange.js';
import { onThreads } from './threads.js';

/** Ends the slice that reached this step. */
function next(exchange: SharedSpikeExchange, reached: number): string {
  exchange.publish(reached);
  exchange.arrive();
  exchange.meet();
  return exchange.take();
}

function alone(capacity: number) {
  const control = createControlWords();
  const exchange = new SharedSpikeExchange(control, 0, 1, 1);
  exchange.attach(createSpikeRings(1, capacity));
  const spikes = () =>
    exchange.lists.map(({ words, at, count }) => Array.from(words.subarray(at, at + 3 * count)));
  return { control, exchange, spikes };
}

describe('one process', () => {
  test('takes what it pushed, slice by slice', () => {
    const { exchange, spikes } = alone(4);
    exchange.push(1, 7, 1);
    exchange.push(2, 9, 3);
    next(exchange, 2);
    expect(spikes()).toEqual([[1, 7, 1, 2, 9, 3]]);
    next(exchange, 4);
    expect(spikes()).toEqual([[]]);
    exchange.push(5, 1, 1);
    next(exchange, 6);
    expect(spikes()).toEqual([[5, 1, 1]]);
  });

  test('keeps the last slice readable while the next is pushed', () => {
    const { exchange, spikes } = alone(2);
    exchange.push(1, 7, 1);
    next(exchange, 1);
    exchange.push(2, 8, 1);
    exchange.push(2, 9, 1);
    expect(spikes()).toEqual([[1, 7, 1]]);
  });

  test('a full ring is a defect, not an overrun', () => {
    const { exchange } = alone(1);
    exchange.push(1, 1, 1);
    expect(() => exchange.push(1, 2, 1)).toThrow('2 spikes of process 0 in a slice, room for 1');
  });

  test('publishes progress and obeys a wish to stop', () => {
    const { control, exchange } = alone(1);
    expect(next(exchange, 15)).toBe('continue');
    expect(control[WORD.progress]).toBe(15);
    Atomics.store(control, WORD.stopRequested, 1);
    expect(next(exchange, 30)).toBe('stop');
    Atomics.store(control, WORD.stopRequested, 0);
    expect(next(exchange, 45)).toBe('continue');
  });

  test('starts anew with other rings', () => {
    const { exchange, spikes } = alone(1);
    exchange.push(1, 1, 1);
    exchange.attach(createSpikeRings(1, 3));
    exchange.push(1, 5, 1);
    next(exchange, 1);
    expect(spikes()).toEqual([[1, 5, 1]]);
  });
});

test('rings of other runs are refused', () => {
  const exchange = new SharedSpikeExchange(createControlWords(), 0, 2, 2);
  expect(() => exchange.attach(createSpikeRings(3, 1))).toThrow('not rings of this run');
  expect(() => exchange.attach(new SharedArrayBuffer(64))).toThrow('not rings of this run');
});

test('the bytes of rings are known beforehand', () => {
  expect(createSpikeRings(3, 100).byteLength).toBe(spikeRingBytes(3, 100));
});

/**
 * Process r pushes, in slice k, (k + r) mod 4 spikes whose words follow from k, r and their place.
 * Each thread has `data.each` processes. Returns how much of what they were handed was wrong, and
 * when they were told to stop.
 */
const MANY_SLICES = `
  const { SharedSpikeExchange } = await load('shared-spike-exchange.js');
  const { attachControlWords } = await load('control-words.js');
  const processes = count * data.each;
  const control = attachControlWords(data.control);
  const ranks = Array.from({ length: data.each }, (_, i) => rank + i * count);
  const exchanges = ranks.map((r) => new SharedSpikeExchange(control, r, processes, count));
  for (const exchange of exchanges) exchange.attach(data.rings);
  const stops = [];
  let wrong = 0;
  for (let k = 1; k <= data.slices; k++) {
    exchanges.forEach((exchange, i) => {
      const n = (k + ranks[i]) % 4;
      for (let j = 0; j < n; j++) exchange.push(k, 10 * ranks[i] + j, k % 3);
    });
    for (const exchange of exchanges) exchange.publish(k);
    exchanges[0].arrive();
    exchanges[0].meet();
    const outcomes = exchanges.map((exchange) => exchange.take());
    if (new Set(outcomes).size > 1) wrong++;
    if (outcomes[0] === 'stop') stops.push(k);
    for (const { lists } of exchanges) {
      for (let r = 0; r < processes; r++) {
        const { words, at, count: got } = lists[r];
        if (got !== (k + r) % 4) wrong++;
        for (let j = 0; j < got; j++) {
          if (words[at + 3 * j] !== k || words[at + 3 * j + 1] !== 10 * r + j || words[at + 3 * j + 2] !== k % 3) wrong++;
        }
      }
    }
  }
  return { wrong, stops: stops.join() };`;

test.each([
  [2, 1, 20_000],
  [2, 3, 10_000],
  [5, 1, 1_000],
])('%i workers with %i processes each hand over %i slices whole', async (workers, each, slices) => {
  const control = createControlWords();
  const rings = createSpikeRings(workers * each, 3);
  const data = { control: control.buffer, rings, slices, each };
  const outcomes = onThreads(workers, data, MANY_SLICES);
  // Wishes to stop come and go at times of their own: all must be told of the same slices.
  const wishes = setInterval(() => Atomics.xor(control, WORD.stopRequested, 1), 2);
  const all = (await outcomes) as { wrong: number; stops: string }[];
  clearInterval(wishes);
  expect(all.map(({ wrong }) => wrong)).toEqual(Array(workers).fill(0));
  expect(new Set(all.map(({ stops }) => stops)).size).toBe(1);
  expect(all[0].stops).not.toBe('');
  expect(control[WORD.progress]).toBe(slices);
});
