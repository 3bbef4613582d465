/**
 * The words that the threads of one simulation share to run in step. Each word is written by those
 * named here only; a worker is a thread, worker 0 the one of the first virtual process.
 */
import { assert } from '../errors/index.js';

const MAGIC = 0x15051e;

export const WORD = {
  magic: 0,
  /** Workers that have arrived at the barrier; all workers. On a cache line of its own. */
  arrived: 16,
  /** Number of crossings so far; the last worker to arrive. */
  crossings: 32,
  /** Workers asleep at the barrier; all workers. */
  sleepers: 48,
  /** 1 once a worker has failed or the run is torn down; any thread. */
  abort: 64,
  /** 1 while someone wishes the run to stop; the main thread. */
  stopRequested: 80,
  /** Whether the slice after that of even (odd) parity is the last; worker 0. */
  stopEven: 81,
  stopOdd: 82,
  /** Last step of the last slice that all workers have computed; worker 0. */
  progress: 96,
} as const;

const WORDS = 112;

export function createControlWords(): Int32Array<SharedArrayBuffer> {
  const words = new Int32Array(new SharedArrayBuffer(WORDS * 4));
  words[WORD.magic] = MAGIC;
  return words;
}

export function attachControlWords(buffer: SharedArrayBuffer): Int32Array<SharedArrayBuffer> {
  const words = new Int32Array(buffer);
  assert(words.length === WORDS && words[WORD.magic] === MAGIC, 'these are not control words');
  return words;
}

/** For a new simulation on the same threads, none of which is at work. */
export function resetControlWords(words: Int32Array<SharedArrayBuffer>): void {
  words.fill(0);
  words[WORD.magic] = MAGIC;
}

/** Make every worker that waits for others, now or later, leave the barrier with an AbortedError. */
export function raiseAbort(words: Int32Array<SharedArrayBuffer>): void {
  Atomics.store(words, WORD.abort, 1);
  Atomics.notify(words, WORD.crossings);
}
