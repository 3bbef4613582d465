import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createControlWords, WORD } from '../src/parallel/control-words.js';
import type { BarrierTask, BarrierTimes } from './barrier-thread.js';
import { benchmark } from './benchmark.js';

interface Plan {
  readonly crossings: number;
  readonly crowdedCrossings: number;
}

/** us per crossing, beyond the work done between crossings by the thread that needs longest for it. */
async function crossingTime(threads: number, crossings: number, work: number): Promise<number> {
  const words = createControlWords();
  const slots = new SharedArrayBuffer(8 * threads);
  const file = new URL('./barrier-thread.js', import.meta.url);
  const times = await Promise.all(
    Array.from({ length: threads }, async (_, rank) => {
      const task: BarrierTask = { rank, threads, crossings, work, control: words.buffer, slots };
      const [answer] = await once(new Worker(file, { workerData: task }), 'message');
      return answer as BarrierTimes;
    }),
  );
  for (const { wrong } of times) assert.equal(wrong, 0);
  assert.ok((words[WORD.crossings] ?? 0) > crossings);
  assert.deepEqual([words[WORD.arrived], words[WORD.sleepers]], [0, 0]);
  const longest = (key: 'crossing' | 'working') => Math.max(...times.map((t) => t[key]));
  return (1000 * (longest('crossing') - longest('working'))) / crossings;
}

export const barrier = benchmark({
  name: 'barrier',
  question:
    'What does it cost that the threads meet once a slice, also if they outnumber the cores?',
  // Nothing is drawn.
  seed: 0,
  figures: {
    '2 threads, 20 us of work between': { unit: 'us', target: { most: 3 } },
    '2 threads, no work between': { unit: 'us' },
    '8 threads, no work between': { unit: 'us', target: { most: 150 } },
    '8 threads, 20 us of work between': { unit: 'us', target: { most: 150 } },
  },
  plans: {
    full: { crossings: 50_000, crowdedCrossings: 4000 },
    short: { crossings: 5000, crowdedCrossings: 500 },
  },
  async measure({ crossings, crowdedCrossings }: Plan) {
    return {
      '2 threads, 20 us of work between': await crossingTime(2, crossings, 20),
      '2 threads, no work between': await crossingTime(2, crossings, 0),
      '8 threads, no work between': await crossingTime(8, crowdedCrossings, 0),
      '8 threads, 20 us of work between': await crossingTime(8, crowdedCrossings, 20),
    };
  },
});
