import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { AbortedError, Barrier } from '../../src/parallel/barrier.js';
import { createControlWords, raiseAbort, WORD } from '../../src/parallel/control-words.js';
import { onThreads } from './threads.js';

const BARRIER = `
  const { Barrier } = await load('barrier.js');
  const { attachControlWords } = await load('control-words.js');
  const barrier = new Barrier(attachControlWords(data.control), count);`;

/**
 * Every thread writes its slot before each crossing, without atomics, and afterwards reads all
 * slots: each must show that crossing. Two slots a thread, by parity, as between two crossings one
 * may already have written for the next. Returns the number of slots that were wrong.
 */
const LOCKSTEP = `${BARRIER}
  const slots = new Int32Array(data.slots);
  let wrong = 0;
  for (let k = 1; k <= data.crossings; k++) {
    slots[2 * rank + (k & 1)] = k;
    barrier.arrive();
    barrier.meet();
    for (let r = 0; r < count; r++) if (slots[2 * r + (k & 1)] !== k) wrong++;
  }
  return wrong;`;

describe('crossings', () => {
  test.each([
    [2, 50_000],
    [3, 5_000],
    [8, 500],
    [16, 100],
  ])('%i threads cross %i times in step', async (threads, crossings) => {
    const words = createControlWords();
    const slots = new SharedArrayBuffer(8 * threads);
    const wrong = await onThreads(threads, { control: words.buffer, slots, crossings }, LOCKSTEP);
    expect(wrong).toEqual(Array(threads).fill(0));
    expect(words[WORD.crossings]).toBe(crossings);
    expect([words[WORD.arrived], words[WORD.sleepers]]).toEqual([0, 0]);
  });

  test('a thread that comes late finds the others asleep and wakes them', async () => {
    const control = createControlWords();
    const body = `${BARRIER}
      if (rank === 0) await new Promise((resolve) => setTimeout(resolve, 150));
      const before = performance.now();
      barrier.arrive();
      barrier.meet();
      return performance.now() - before;`;
    const [late, early] = (await onThreads(2, { control: control.buffer }, body)) as number[];
    expect(late).toBeLessThan(50);
    // Started before or after the other thread: what it waited for is most of the delay.
    expect(early).toBeGreaterThan(50);
  });

  test('the count of crossings may pass the largest 32-bit integer', async () => {
    const words = createControlWords();
    words[WORD.crossings] = 2 ** 31 - 3;
    const slots = new SharedArrayBuffer(16);
    const shared = { control: words.buffer, slots, crossings: 10 };
    expect(await onThreads(2, shared, LOCKSTEP)).toEqual([0, 0]);
    expect(words[WORD.crossings]).toBe(-(2 ** 31) + 7);
  });

  test('one worker alone waits for nobody', () => {
    const words = createControlWords();
    const before = [...words];
    const barrier = new Barrier(words, 1);
    for (let k = 0; k < 1000; k++) {
      expect(barrier.arrive()).toBe(true);
      barrier.meet();
    }
    // Nobody else would look at them.
    expect([...words]).toEqual(before);
  });
});

test('to meet others, a worker must have arrived, once', () => {
  const barrier = new Barrier(createControlWords(), 1);
  expect(() => barrier.meet()).toThrow('has not arrived');
  barrier.arrive();
  expect(() => barrier.arrive()).toThrow('arrives twice');
  barrier.meet();
  expect(() => barrier.meet()).toThrow('has not arrived');
});

describe('abort', () => {
  const UNTIL_ABORTED = `${BARRIER}
    try {
      for (let k = 0; k < data.crossings; k++) {
        barrier.arrive();
        barrier.meet();
      }
      if (rank === 0) return 'left';
      barrier.arrive();
      barrier.meet();
      return 'crossed';
    } catch (error) {
      return error.constructor.name + ' ' + Atomics.load(new Int32Array(data.control), ${WORD.crossings});
    }`;

  test.each([2, 5])('releases %i - 1 sleepers within a second', async (threads) => {
    const words = createControlWords();
    const ends = onThreads(threads, { control: words.buffer, crossings: 10 }, UNTIL_ABORTED);
    const asleep = () => Atomics.load(words, WORD.sleepers) === threads - 1;
    while (Atomics.load(words, WORD.crossings) < 10 || !asleep()) await sleep(5);
    const before = performance.now();
    raiseAbort(words);
    expect(await ends).toEqual(['left', ...Array(threads - 1).fill('AbortedError 10')]);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(words[WORD.sleepers]).toBe(0);
  });

  test('releases whoever comes afterwards', () => {
    const words = createControlWords();
    raiseAbort(words);
    const before = performance.now();
    const barrier = new Barrier(words, 2);
    expect(barrier.arrive()).toBe(false);
    expect(() => barrier.meet()).toThrow(AbortedError);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  test('a crossing that all have reached is completed by all, even if one fails right after', async () => {
    const body = `${BARRIER}
      const { raiseAbort } = await load('control-words.js');
      const words = attachControlWords(data.control);
      let completed = 0;
      try {
        for (;;) {
          barrier.arrive();
          barrier.meet();
          completed += 1;
          if (rank === 0 && completed === 20) {
            raiseAbort(words);
            return completed;
          }
        }
      } catch { return completed; }`;
    for (let round = 0; round < 5; round++) {
      const control = createControlWords().buffer;
      expect(await onThreads(4, { control }, body)).toEqual([20, 20, 20, 20]);
    }
  });
});
