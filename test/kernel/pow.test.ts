/** Powers inside kernels: the bits of math/pow.ts in every way a kernel is run. */
import { expect, test } from 'vitest';
import { pow } from '../../src/math/index.js';
import { around, negated, Points } from '../math/points.js';
import { exactly, inEveryWay } from './workbench.js';

type Pair = readonly [x: number, y: number];

const points = new Points(52);
const both = (values: readonly number[]): number[] => [...values, ...negated(values)];
const product = (xs: readonly number[], ys: readonly number[]): Pair[] =>
  xs.flatMap((x) => ys.map((y) => [x, y] as const));

const SPECIAL = [
  ...both([0, 1, Infinity, 5e-324, 2 ** -1022, Number.MAX_VALUE, 0.5, 2, 3]),
  ...[NaN, ...around(1, 3), ...around(-1, 3)],
];
/** Whole, odd, halves, where all are whole or even, and where only one result is left. */
const EXPONENTS = [
  ...both([1.5, 2.5, 4, 5, 17, 1 / 3, 1e-300, 2 ** -65, 2 ** 65]),
  ...[2 ** 51, 2 ** 52, 2 ** 53, 2 ** 54].flatMap((y) => both(around(y, 4))),
  ...[2 ** 51 + 0.5, 2 ** 51 + 1.5].flatMap((y) => both([y])),
  ...[2 ** -65, 2 ** 65].flatMap((y) => around(y, 2)),
];

const PAIRS: [string, Pair[]][] = [
  ['special values with special values', product(SPECIAL, SPECIAL)],
  ['special values with whole numbers and halves', product(SPECIAL, EXPONENTS)],
  ['negative numbers with whole ones', product(negated(points.uniform(40, 0, 9)), EXPONENTS)],
  [
    'results of all magnitudes',
    points.patterns(20_001, 5e-324, Number.MAX_VALUE).map((x, i) => {
      const size = [745.2, 710, 30, 1][i % 4]!;
      return [x, points.uniform(1, -size, size)[0]! / Math.log(x)] as const;
    }),
  ],
  [
    'results at the limits',
    points.uniform(3000, 0.01, 3).map((x, i) => {
      const [low, high] = [
        [-746.1, -745],
        [-709, -708],
        [709.7, 710.1],
      ][i % 3] as [number, number];
      return [x, points.uniform(1, low, high)[0]! / Math.log(x)] as const;
    }),
  ],
  ['bases near 1', product(around(1, 100), [1e15, -1e15, 1e12 + 0.5, 2 ** 53, 2 ** 60])],
  ['random bit patterns', points.anyBits(10_001).map((x) => [x, points.anyBits(1)[0]!] as const)],
];

test.each(PAIRS)('pow of %s', (_, pairs) => {
  expect(exactly(inEveryWay(pairs, (k, x, y) => k.call('pow', x, y)))).toEqual(
    exactly(pairs.map(([x, y]) => pow(x, y))),
  );
});
