/**
 * What the elementary functions share: powers of two, the exponent of a double, and the logarithm
 * of two in two parts.
 *
 * The arithmetic of these files is +, -, *, / on doubles in round-to-nearest, which ECMAScript and
 * WebAssembly both specify to the last bit; so the order in which each expression is written is
 * the definition of its result, and no term may be moved, fused or simplified.
 */

/** ln 2 cut to 42 bits: its product with an integer of up to 11 bits is exact. */
export const LN2_HI = 0.6931471805598903;
/** ln 2 - LN2_HI, rounded to a double. */
export const LN2_LO = 5.497923018708371e-14;
/** 1 / ln 2: 1.4426950408889634. */
export const LOG2_E = Math.LOG2E;
/** 1.5 * 2^52: adding and then subtracting it rounds |x| < 2^51 to an integer, ties to even. */
export const ROUNDER = 6755399441055744;
/** Smallest positive normal double, 2^-1022. */
export const MIN_NORMAL = 2.2250738585072014e-308;
/** 2^54: makes every denormal normal, exactly. */
export const TWO_54 = 18014398509481984;
/** 2^-54: below it in magnitude, expm1(x) and log1p(x) round to x. */
export const TINY = 5.551115123125783e-17;

/** Least k that `scale` accepts; 1024 is the greatest. */
const MIN_SCALE = -1076;

// 2^k is COARSE[i] * FINE[j] with k + 1076 = 32 i + j. Two short tables are read faster than a
// double is assembled from integer words; filled by doubling, which is exact.
const COARSE = powersOfTwo(5e-324, 4294967296, 66);
const FINE = powersOfTwo(0.25, 2, 32);

function powersOfTwo(first: number, ratio: number, count: number): Float64Array {
  const powers = new Float64Array(count);
  let power = first;
  for (let i = 0; i < count; i++) {
    powers[i] = power;
    power *= ratio;
  }
  return powers;
}

/**
 * y * 2^k, rounded once, for 2^-900 <= |y| <= 2^900 and k an int32 in -1076..1024. The first product
 * is exact, so only the second can round (denormal result) or overflow. Multiplying by any two
 * powers of two with that property gives the same bits.
 */
export function scale(y: number, k: number): number {
  const shifted = k - MIN_SCALE;
  return y * FINE[shifted & 31] * COARSE[shifted >> 5];
}

/** x * 2^-k, exact, for a positive normal x and k = `exponentOf(x)`. */
export function significand(x: number, k: number): number {
  const shifted = -k - MIN_SCALE;
  // The other order from scale: the coarse factor first, so that a large x cannot overflow.
  return x * COARSE[shifted >> 5] * FINE[shifted & 31];
}

const scratch = new Float64Array(1);
const scratchWords = new Int32Array(scratch.buffer);
scratch[0] = 1;
/** Index of the word with sign and exponent: 1 on little-endian machines. */
const HIGH_WORD = scratchWords[0] === 0 ? 1 : 0;

/** High word of 0.6767578125, the least significand; the greatest is below 1.353515625. */
export const LEAST_SIGNIFICAND_HIGH = 0x3fe5a800;

/** The int32 k for which x * 2^-k lies in [0.6767578125, 1.353515625); x positive and normal. */
export function exponentOf(x: number): number {
  scratch[0] = x;
  return (scratchWords[HIGH_WORD] - LEAST_SIGNIFICAND_HIGH) >> 20;
}
