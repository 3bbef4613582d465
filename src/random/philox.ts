/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3" (SC 2011): a keyed bijection of 128-bit counters whose outputs
 * pass as random. It has no state, so a draw costs the same wherever in a stream it lies.
 */

import { multiplyHigh } from '../math/index.js';

export const MULTIPLIER_0 = 0xd2511f53 | 0;
export const MULTIPLIER_1 = 0xcd9e8d57 | 0;
/** Weyl increments of the key: the golden ratio and sqrt(3) - 1, in units of 2^-32. */
export const WEYL_0 = 0x9e3779b9 | 0;
export const WEYL_1 = 0xbb67ae85 | 0;
export const ROUNDS = 10;

/**
 * One block: writes four random words to `out` for a key of two words and a counter of four.
 * Key and counter words are taken modulo 2^32, so larger indices must be split by the caller.
 */
export function philox4x32(
  key0: number,
  key1: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  out: Uint32Array,
): void {
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  let x0 = c0 | 0;
  let x1 = c1 | 0;
  let x2 = c2 | 0;
  let x3 = c3 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(x0, MULTIPLIER_0);
    const low0 = Math.imul(x0, MULTIPLIER_0);
    const high1 = multiplyHigh(x2, MULTIPLIER_1);
    const low1 = Math.imul(x2, MULTIPLIER_1);
    x0 = high1 ^ x1 ^ k0;
    x1 = low1;
    x2 = high0 ^ x3 ^ k1;
    x3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}
