import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Draws,
  exponentialFromUniform,
  intBelow,
  normalFromUniform,
  uniformBetween,
  uniformFromWords,
} from '../../src/random/draws.js';
import { streamKey } from '../../src/random/key.js';
import { chiSquare, ksTestOneSample, normalCdf } from '../statistics.js';

/** Seeds are fixed; a right implementation had this chance to fail each statistical test. */
const ERROR_RATE = 1e-4;
const draws = new Draws(streamKey(20, 'test draws'));
const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });

function intBelowAt(n: number, c0: number, c1: number, c2: number, c3: number): number {
  draws.at(c0, c1, c2, c3);
  return intBelow(draws.words[0]!, draws.words[1]!, n);
}

function uniforms(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => draws.uniformAt(i, 1, 2, 3));
}

describe('uniform', () => {
  test('never reaches the ends', () => {
    expect(uniformFromWords(0, 0)).toBe(2 ** -53);
    expect(uniformFromWords(0xffffffff, 0xffffffff)).toBe(1 - 2 ** -53);
    fc.assert(
      fc.property(word, word, (high, low) => {
        const u = uniformFromWords(high, low);
        const mirrored = uniformFromWords(0xffffffff - high, 0xffffffff - low);
        return u > 0 && u < 1 && mirrored === 1 - u;
      }),
      { seed: 1 },
    );
  });

  test('is uniform', () => {
    expect(ksTestOneSample(uniforms(50_000), (x) => x).p).toBeGreaterThan(ERROR_RATE);
    const counts = new Float64Array(1000);
    for (const u of uniforms(50_000)) counts[Math.floor(u * 1000)]++;
    expect(
      chiSquare(
        counts,
        counts.map(() => 50),
      ).p,
    ).toBeGreaterThan(ERROR_RATE);
  });

  test('uses bits down to the last of 52', () => {
    const counts = new Float64Array(256);
    for (const u of uniforms(50_000)) counts[(u * 2 ** 52 - 0.5) % 256]++;
    expect(
      chiSquare(
        counts,
        counts.map(() => 50_000 / 256),
      ).p,
    ).toBeGreaterThan(ERROR_RATE);
  });
});

describe('uniformBetween', () => {
  test('stays within the bounds although the width rounds', () => {
    const [lowest, highest] = [2 ** -53, 1 - 2 ** -53];
    const bound = fc.oneof(
      fc.double({ min: -1e300, max: 1e300, noNaN: true }),
      fc.integer({ min: -1000, max: 1000 }).map((n) => n / 300),
    );
    const u = fc.double({ min: lowest, max: highest, noNaN: true });
    fc.assert(
      fc.property(bound, bound, fc.oneof(u, fc.constantFrom(lowest, highest)), (a, b, x) => {
        const value = uniformBetween(Math.min(a, b), Math.max(a, b), x);
        return value >= Math.min(a, b) && value <= Math.max(a, b);
      }),
      { seed: 6, numRuns: 5000 },
    );
  });

  test('scales', () => {
    expect(uniformBetween(-1, 3, 0.25)).toBe(0);
    expect(uniformBetween(0.5, 2, 0.5)).toBe(1.25);
  });
});

describe('keyed', () => {
  test('known draws', () => {
    const known = new Draws({ k0: 0xa4093822, k1: 0x299f31d0 });
    known.at(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344);
    expect([...known.words]).toEqual([0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]);
    const first = (0xd16cfe0994fdc * 2 + 1) / 2 ** 53;
    const second = (0x5001e42024126 * 2 + 1) / 2 ** 53;
    known.pairAt(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344);
    expect([known.first, known.second]).toEqual([first, second]);
    expect(known.uniformAt(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344)).toBe(first);
  });

  test('a draw does not depend on what was drawn before, or by whom', () => {
    const counter = fc.tuple(word, word, word, word);
    fc.assert(
      fc.property(fc.array(counter, { minLength: 2, maxLength: 20 }), (counters) => {
        const key = streamKey('order', 'test');
        const [forward, backward] = [new Draws(key), new Draws(key)];
        const there = counters.map((c) => forward.uniformAt(...c));
        const back = counters.toReversed().map((c) => backward.uniformAt(...c));
        expect(back.toReversed()).toEqual(there);
      }),
      { seed: 2, numRuns: 50 },
    );
  });

  test.each([0, 1, 2, 3])('neighbours in counter word %i are independent', (position) => {
    const step = [0, 0, 0, 0];
    step[position] = 1;
    const side = 16;
    const counts = new Float64Array(side * side);
    for (let i = 0; i < 30_000; i++) {
      const [c0, c1] = [i % 300, Math.floor(i / 300)];
      const here = draws.uniformAt(2 * c0, 2 * c1, 0, 0);
      const there = draws.uniformAt(2 * c0 + step[0], 2 * c1 + step[1], step[2], step[3]);
      counts[Math.floor(here * side) * side + Math.floor(there * side)]++;
    }
    const expected = counts.map(() => 30_000 / side ** 2);
    expect(chiSquare(counts, expected).p).toBeGreaterThan(ERROR_RATE);
  });

  test('the two of a pair, and the same counter under two keys, are independent', () => {
    const other = new Draws(streamKey(20, 'test draws, other purpose'));
    const side = 16;
    const [pairs, keys] = [new Float64Array(side * side), new Float64Array(side * side)];
    const cell = (x: number, y: number) => Math.floor(x * side) * side + Math.floor(y * side);
    for (let i = 0; i < 30_000; i++) {
      draws.pairAt(i, 0, 0, 0);
      pairs[cell(draws.first, draws.second)]++;
      keys[cell(draws.first, other.uniformAt(i, 0, 0, 0))]++;
    }
    const expected = pairs.map(() => 30_000 / side ** 2);
    expect(chiSquare(pairs, expected).p).toBeGreaterThan(ERROR_RATE);
    expect(chiSquare(keys, expected).p).toBeGreaterThan(ERROR_RATE);
  });
});

describe('intBelow', () => {
  test('is the upper part of the product', () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 1, max: 2 ** 32 - 1 }), (high, low, n) => {
        const bits = (BigInt(high) << 32n) | BigInt(low);
        return intBelow(high, low, n) === Number((bits * BigInt(n)) >> 64n);
      }),
      { seed: 3, numRuns: 1000, examples: [[0xffffffff, 0xffffffff, 0xffffffff]] },
    );
  });

  test.each([1, 2, 6, 10, 37])('is uniform below %i', (n) => {
    const counts = new Float64Array(n);
    for (let i = 0; i < 20_000; i++) counts[intBelowAt(n, i, n, 4, 5)]++;
    if (n === 1) expect(counts[0]).toBe(20_000);
    else
      expect(
        chiSquare(
          counts,
          counts.map(() => 20_000 / n),
        ).p,
      ).toBeGreaterThan(ERROR_RATE);
  });

  test('is uniform below 3 * 2^30, where taking remainders would not be', () => {
    const counts = new Float64Array(3);
    for (let i = 0; i < 30_000; i++) {
      counts[Math.floor(intBelowAt(3 * 2 ** 30, i, 0, 0, 9) / 2 ** 30)]++;
    }
    expect(chiSquare(counts, [10_000, 10_000, 10_000]).p).toBeGreaterThan(ERROR_RATE);
  });
});

/** Quantiles of the doubles given, computed with 60 digits. */
const QUANTILES = [
  [1.1102230246251565e-16, -8.209536151601387],
  [9.094947017729282e-13, -7.047700256664409],
  [1e-12, -7.034483825301132],
  [1.3887943864964021e-11, -6.657904643501103],
  [1e-9, -5.9978070150076865],
  [1e-6, -4.753424308822899],
  [0.001, -3.0902323061678136],
  [0.025, -1.9599639845400543],
  [0.0749999, -1.4395321773759007],
  [0.075, -1.439531470938456],
  [0.1, -1.2815515655446004],
  [0.25, -0.6744897501960817],
  [0.4, -0.2533471031357997],
  [0.4999999, -2.5066282747031063e-7],
  [0.5, 0],
  [0.5000001, 2.506628273311648e-7],
  [0.6, 0.2533471031357997],
  [0.9, 1.2815515655446006],
  [0.925, 1.4395314709384561],
  [0.9250001, 1.4395321773759004],
  [0.975, 1.9599639845400538],
  [0.999, 3.090232306167813],
  [0.999999, 4.753424308817088],
  [0.9999999999990905, 7.047700256664409],
  [0.9999999999999999, 8.209536151601387],
] as const;

describe('normal', () => {
  test.each(QUANTILES)('quantile at %d', (u, quantile) => {
    const error = Math.abs(normalFromUniform(u) - quantile);
    expect(error).toBeLessThanOrEqual(1e-15 * Math.abs(quantile));
  });

  test('is odd about 0.5 and increases, also where its three pieces meet', () => {
    for (let k = 1; k < 2000; k++) {
      const [u, next] = [k / 4096, (k + 1) / 4096];
      expect(normalFromUniform(1 - u)).toBe(-normalFromUniform(u));
      expect(normalFromUniform(u)).toBeLessThan(normalFromUniform(next));
    }
  });

  test('is normal', () => {
    const samples = uniforms(50_000).map(normalFromUniform);
    expect(ksTestOneSample(samples, normalCdf).p).toBeGreaterThan(ERROR_RATE);
  });

  test('has normal tails', () => {
    let beyond = 0;
    for (const u of uniforms(100_000)) if (Math.abs(normalFromUniform(u)) > 3) beyond++;
    const expected = 2 * normalCdf(-3) * 100_000;
    const counts = chiSquare([beyond, 100_000 - beyond], [expected, 100_000 - expected]);
    expect(counts.p).toBeGreaterThan(ERROR_RATE);
  });
});

test('exponential', () => {
  const samples = uniforms(50_000).map(exponentialFromUniform);
  expect(samples.every((x) => x > 0)).toBe(true);
  expect(ksTestOneSample(samples, (x) => 1 - Math.exp(-x)).p).toBeGreaterThan(ERROR_RATE);
  expect(Math.abs(exponentialFromUniform(0.25) - 2 * Math.LN2)).toBeLessThan(1e-15);
});
