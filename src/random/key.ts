/** From the seed a user gives to the keys of the streams, one stream per purpose. */
import seedrandom from 'seedrandom';
import { ValueError } from '../errors/index.js';

/** The 64-bit key of a stream, as two unsigned 32-bit words. */
export interface Key {
  readonly k0: number;
  readonly k1: number;
}

/** An integer from 0 to 2^53 - 1 or a non-empty string; 1 and '1' are different seeds. */
export type Seed = number | string;

/** Throws ValueError unless the value is a seed. */
export function checkSeed(seed: unknown): asserts seed is Seed {
  if (typeof seed === 'string' && seed !== '') return;
  if (typeof seed === 'number' && Number.isSafeInteger(seed) && seed >= 0) return;
  throw new ValueError('seed', seed, 'an integer from 0 to 2^53 - 1 or a non-empty string');
}

/**
 * The key of the stream that serves one purpose. Streams of different purposes, or of different
 * seeds, are unrelated. Whoever draws from a stream decides what its counters mean, so a purpose
 * belongs to one such convention.
 */
export function streamKey(seed: Seed, purpose: string): Key {
  const generator = seedrandom(seedText(seed, purpose));
  return { k0: generator.int32() >>> 0, k1: generator.int32() >>> 0 };
}

/**
 * A generator of doubles in [0, 1) for the draws of an experiment's own protocol. It is consumed
 * call by call, so it must be used by the main thread only, in an order the experiment fixes.
 */
export function ownStream(seed: Seed, purpose: string): () => number {
  const generator = seedrandom(seedText(seed, purpose));
  return () => generator.double();
}

/**
 * What seedrandom is seeded with. Its ARC4 keeps only the low byte of each character and repeats
 * a short key, so that 'ab' and 'abab' would be one seed: hence ASCII alone, and JSON of an array,
 * which is never a repetition of another.
 */
function seedText(seed: Seed, purpose: string): string {
  checkSeed(seed);
  return JSON.stringify([seed, purpose]).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
