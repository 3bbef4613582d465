/**
 * Keyed draws: each is a pure function of a stream's key and a counter of four words, so nothing
 * is consumed and no draw depends on which thread makes it, or when.
 */
import { log, multiplyHigh } from '../math/index.js';
import type { Key } from './key.js';
import { philox4x32 } from './philox.js';

/** Draws from one stream. Allocates nothing after construction. */
export class Draws {
  /** The four random words of the last block. */
  readonly words = new Uint32Array(4);
  /** The two uniforms of the last `pairAt`. */
  first = 0.5;
  second = 0.5;
  private readonly k0: number;
  private readonly k1: number;

  constructor(key: Key) {
    this.k0 = key.k0;
    this.k1 = key.k1;
  }

  /** Computes the block of a counter into `words`. */
  at(c0: number, c1: number, c2: number, c3: number): void {
    philox4x32(this.k0, this.k1, c0, c1, c2, c3, this.words);
  }

  /** A uniform in the open interval (0, 1): the first of the block's two. */
  uniformAt(c0: number, c1: number, c2: number, c3: number): number {
    const words = this.words;
    philox4x32(this.k0, this.k1, c0, c1, c2, c3, words);
    return uniformFromWords(words[0], words[1]);
  }

  /** Both uniforms of the block, into `first` and `second`. */
  pairAt(c0: number, c1: number, c2: number, c3: number): void {
    const words = this.words;
    philox4x32(this.k0, this.k1, c0, c1, c2, c3, words);
    this.first = uniformFromWords(words[0], words[1]);
    this.second = uniformFromWords(words[2], words[3]);
  }
}

/**
 * The midpoints of 2^52 equal cells of (0, 1). One bit more and the uppermost would round to 1;
 * so neither end is ever drawn, and the draws are symmetric about 0.5.
 */
export function uniformFromWords(high: number, low: number): number {
  return (high * 0x100000 + (low >>> 12) + 0.5) / 0x10000000000000;
}

/**
 * Between min and max, ends included, for a uniform u in (0, 1); increasing in u. It never comes
 * out above max: u <= 1 - 2^-53, so the product lies below the width by at least the amount by
 * which the width can have been rounded up.
 */
export function uniformBetween(min: number, max: number, u: number): number {
  return min + (max - min) * u;
}

/**
 * An integer from 0 to n - 1, for 1 <= n < 2^32: the upper part of the product of n and 64 random
 * bits. The probability of each differs from 1/n by less than n / 2^64 of it, hence less than
 * 2^-32: too little to be seen in fewer than 2^64 draws.
 */
export function intBelow(high: number, low: number, n: number): number {
  const fromLow = multiplyHigh(low, n) >>> 0;
  const fromHigh = Math.imul(high, n) >>> 0;
  const carry = fromLow + fromHigh >= 0x100000000 ? 1 : 0;
  return (multiplyHigh(high, n) >>> 0) + carry;
}

/** A unit exponential from a uniform in (0, 1), by inversion. */
export function exponentialFromUniform(u: number): number {
  return -log(u);
}

/**
 * A standard normal from a uniform in (0, 1), by inversion: Wichura, "Algorithm AS 241: the
 * percentage points of the normal distribution", Applied Statistics 37 (1988) 477-484, routine
 * PPND16, accurate to about 1 part in 10^16 apart from rounding. Increasing in u, odd about 0.5.
 */
export function normalFromUniform(u: number): number {
  const q = u - 0.5;
  if (q >= -0.425 && q <= 0.425) return q * centralRatio(0.180625 - q * q);
  const r = Math.sqrt(-log(q < 0 ? u : 1 - u));
  const x = r <= 5 ? middleRatio(r - 1.6) : tailRatio(r - 5);
  return q < 0 ? -x : x;
}

/** |u - 0.5| <= 0.425, r = 0.425^2 - (u - 0.5)^2: the quantile over u - 0.5. */
function centralRatio(r: number): number {
  let numerator = 2509.0809287301227 * r + 33430.57558358813;
  numerator = numerator * r + 67265.7709270087;
  numerator = numerator * r + 45921.95393154987;
  numerator = numerator * r + 13731.69376550946;
  numerator = numerator * r + 1971.5909503065513;
  numerator = numerator * r + 133.14166789178438;
  numerator = numerator * r + 3.3871328727963665;
  let denominator = 5226.495278852854 * r + 28729.085735721943;
  denominator = denominator * r + 39307.89580009271;
  denominator = denominator * r + 21213.794301586597;
  denominator = denominator * r + 5394.196021424751;
  denominator = denominator * r + 687.1870074920579;
  denominator = denominator * r + 42.31333070160091;
  denominator = denominator * r + 1;
  return numerator / denominator;
}

/** r = sqrt(-log(tail probability)) - 1.6. */
function middleRatio(r: number): number {
  let numerator = 0.0007745450142783414 * r + 0.022723844989269184;
  numerator = numerator * r + 0.2417807251774506;
  numerator = numerator * r + 1.2704582524523684;
  numerator = numerator * r + 3.6478483247632045;
  numerator = numerator * r + 5.769497221460691;
  numerator = numerator * r + 4.630337846156546;
  numerator = numerator * r + 1.4234371107496835;
  let denominator = 1.0507500716444169e-9 * r + 0.0005475938084995345;
  denominator = denominator * r + 0.015198666563616457;
  denominator = denominator * r + 0.14810397642748008;
  denominator = denominator * r + 0.6897673349851;
  denominator = denominator * r + 1.6763848301838038;
  denominator = denominator * r + 2.053191626637759;
  denominator = denominator * r + 1;
  return numerator / denominator;
}

/** r = sqrt(-log(tail probability)) - 5. */
function tailRatio(r: number): number {
  let numerator = 2.0103343992922881e-7 * r + 2.7115555687434876e-5;
  numerator = numerator * r + 0.0012426609473880784;
  numerator = numerator * r + 0.026532189526576124;
  numerator = numerator * r + 0.29656057182850487;
  numerator = numerator * r + 1.7848265399172913;
  numerator = numerator * r + 5.463784911164114;
  numerator = numerator * r + 6.657904643501103;
  let denominator = 2.0442631033899397e-15 * r + 1.421511758316446e-7;
  denominator = denominator * r + 1.8463183175100548e-5;
  denominator = denominator * r + 0.0007868691311456133;
  denominator = denominator * r + 0.014875361290850615;
  denominator = denominator * r + 0.1369298809227358;
  denominator = denominator * r + 0.599832206555888;
  denominator = denominator * r + 1;
  return numerator / denominator;
}
