import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyedPermutation } from '../../src/random/permutation.js';
import { chiSquare, ksTestOneSample } from '../statistics.js';

/** Keys are fixed; a right implementation had this chance to fail each statistical test. */
const ERROR_RATE = 1e-4;
const KEY = { k0: 12345, k1: 67890 };

function isBijection(permutation: KeyedPermutation): boolean {
  const seen = new Uint8Array(permutation.size);
  for (let i = 0; i < permutation.size; i++) {
    const image = permutation.at(i);
    if (!Number.isInteger(image) || seen[image] !== 0) return false;
    seen[image] = 1;
  }
  return true;
}

describe('is a bijection', () => {
  test('of every size up to 300', () => {
    for (let size = 1; size <= 300; size++) {
      expect(isBijection(new KeyedPermutation(KEY, size, size))).toBe(true);
    }
  });

  test.each([1009, 1023, 1024, 1025, 4096, 65_535, 65_536, 65_537, 99_991, 100_000, 316 * 317])(
    'of size %i',
    (size) => {
      expect(isBijection(new KeyedPermutation(KEY, 0, size))).toBe(true);
    },
  );

  test.each([
    2 ** 32 - 1,
    2 ** 32,
    2 ** 32 + 15,
    1e10,
    2 ** 40,
    94_906_265 ** 2,
    94_906_265 ** 2 + 1,
    2 ** 53 - 111,
    2 ** 53 - 1,
  ])('of size %i, as far as 60,000 elements show', (size) => {
    const permutation = new KeyedPermutation(KEY, 3, size);
    const images = new Set<number>();
    for (let i = 0; i < 30_000; i++)
      images.add(permutation.at(i)).add(permutation.at(size - 1 - i));
    expect(images.size).toBe(60_000);
    const inside = (image: number) => Number.isInteger(image) && image >= 0 && image < size;
    expect([...images].every(inside)).toBe(true);
  });

  test('of random sizes, at random elements, whatever was asked before', () => {
    const size = fc.integer({ min: 1, max: 2 ** 53 - 1 });
    const element = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(size, fc.array(element, { minLength: 2 }), (n, fractions) => {
        const elements = [...new Set(fractions.map((x) => Math.min(n - 1, Math.floor(x * n))))];
        const permutation = new KeyedPermutation(KEY, 4, n);
        const images = elements.map((i) => permutation.at(i));
        expect(new Set(images).size).toBe(elements.length);
        expect(images.every((image) => image >= 0 && image < n)).toBe(true);
        const again = new KeyedPermutation(KEY, 4, n);
        expect(
          elements
            .toReversed()
            .map((i) => again.at(i))
            .toReversed(),
        ).toEqual(images);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

describe('looks random', () => {
  /** p-value of "the first k images of permutations under many keys are uniform". */
  function firstImages(size: number, k: number, keys: number): number {
    const counts = new Map<number, number>();
    for (let k0 = 0; k0 < keys; k0++) {
      const permutation = new KeyedPermutation({ k0, k1: 0 }, 0, size);
      let cell = 0;
      for (let i = 0; i < k; i++) cell = cell * size + permutation.at(i);
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
    let cells = 1;
    for (let i = 0; i < k; i++) cells *= size - i;
    expect(counts.size).toBe(cells);
    return chiSquare([...counts.values()], new Array(cells).fill(keys / cells)).p;
  }

  test.each([
    [2, 1],
    [3, 2],
    [4, 3],
    [5, 4],
    [6, 4],
    [7, 3],
    [12, 2],
    [30, 2],
    [1000, 1],
    [1024, 1],
  ])('all orders of the first images: size %i, %i images', (size, k) => {
    expect(firstImages(size, k, 50_000)).toBeGreaterThan(ERROR_RATE);
  });

  test('the last two images of 40', () => {
    const counts = new Float64Array(40 * 40);
    for (let call = 0; call < 50_000; call++) {
      const permutation = new KeyedPermutation(KEY, call, 40);
      counts[permutation.at(38) * 40 + permutation.at(39)]++;
    }
    const distinct = counts.filter((_, cell) => cell % 41 !== 0);
    expect(
      chiSquare(
        distinct,
        distinct.map(() => 50_000 / 1560),
      ).p,
    ).toBeGreaterThan(ERROR_RATE);
  });

  test.each([10_007, 2 ** 40, 2 ** 53 - 1])('consecutive images of size %i', (size) => {
    const permutation = new KeyedPermutation(KEY, 8, size);
    const images = Array.from({ length: 10_007 }, (_, i) => permutation.at(i) / size);
    if (size > 10_007) expect(ksTestOneSample(images, (x) => x).p).toBeGreaterThan(ERROR_RATE);
    const side = 16;
    const counts = new Float64Array(side * side);
    for (let i = 0; i + 1 < images.length; i++) {
      counts[Math.floor(images[i] * side) * side + Math.floor(images[i + 1] * side)]++;
    }
    const expected = counts.map(() => (images.length - 1) / side ** 2);
    expect(chiSquare(counts, expected).p).toBeGreaterThan(ERROR_RATE);
  });

  test('as many fixed points as the Poisson distribution of mean 1 has', () => {
    const permutations = 2000;
    const counts = [0, 0, 0, 0, 0];
    for (let call = 0; call < permutations; call++) {
      const permutation = new KeyedPermutation(KEY, call, 500);
      let fixed = 0;
      for (let i = 0; i < 500; i++) if (permutation.at(i) === i) fixed++;
      counts[Math.min(4, fixed)]++;
    }
    const [p0, p2, p3] = [Math.exp(-1), Math.exp(-1) / 2, Math.exp(-1) / 6];
    const probabilities = [p0, p0, p2, p3, 1 - 2 * p0 - p2 - p3];
    const expected = probabilities.map((p) => p * permutations);
    expect(chiSquare(counts, expected).p).toBeGreaterThan(ERROR_RATE);
  });

  test('calls, sizes and keys give unrelated permutations', () => {
    const size = 1000;
    const permutations = [
      new KeyedPermutation(KEY, 0, size),
      new KeyedPermutation(KEY, 1, size),
      new KeyedPermutation(KEY, 0, size - 1),
      new KeyedPermutation({ ...KEY, k1: 0 }, 0, size),
    ];
    const images = permutations.map((p) => Array.from({ length: size - 1 }, (_, i) => p.at(i)));
    for (let a = 0; a < images.length; a++) {
      for (let b = 0; b < a; b++) {
        // About 1 is expected; more than 10 happen once in 10^7 comparisons.
        const agreeing = images[a].filter((image, i) => image === images[b][i]).length;
        expect(agreeing).toBeLessThanOrEqual(10);
      }
    }
  });
});

test.each([0, -1, 1.5, 2 ** 53, Number.NaN])('size %d is a defect of the caller', (size) => {
  expect(() => new KeyedPermutation(KEY, 0, size)).toThrow('internal error');
});
