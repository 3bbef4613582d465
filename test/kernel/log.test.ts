/** Logarithms inside kernels: the bits of math/log.ts in every way a kernel is run. */
import { expect, test } from 'vitest';
import { log } from '../../src/math/index.js';
import { around, negated, Points } from '../math/points.js';
import { exactly, inEveryWay } from './workbench.js';

const points = new Points(51);
const ARGUMENTS: [string, readonly number[]][] = [
  [
    'special values',
    [0, -0, 1, -1, NaN, Infinity, -Infinity, Number.MAX_VALUE, 5e-324, -5e-324, -1e300],
  ],
  [
    'where the significand is cut',
    [-1074, -1023, -1022, -54, -1, 0, 1, 511, 1023].flatMap((n) => [
      ...around(0.6767578125 * 2 ** Math.max(n, -1073), 20),
      ...around(1.353515625 * 2 ** n, 20),
    ]),
  ],
  ['around powers of two', [2 ** -1022, 0.5, 1, 2, 2 ** 1023].flatMap((x) => around(x, 300))],
  ['all magnitudes', points.patterns(20_001, 5e-324, Number.MAX_VALUE)],
  ['denormal numbers', points.patterns(2001, 5e-324, 2 ** -1022)],
  ['negative numbers', negated(points.patterns(101, 5e-324, Number.MAX_VALUE))],
  ['random bit patterns', points.anyBits(5001)],
];

test.each(ARGUMENTS)('log of %s', (_, given) => {
  const pairs = given.map((x) => [x, 0] as const);
  expect(exactly(inEveryWay(pairs, (k, x) => k.call('log', x)))).toEqual(exactly(given.map(log)));
});
