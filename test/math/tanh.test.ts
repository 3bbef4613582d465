import { expect, test } from 'vitest';
import { tanh } from '../../src/math/index.js';
import { errorInUlp, exactExpm1 } from './exact.js';
import { around, negated, Points } from './points.js';

/** (e^2x - 1) / (e^2x + 1) in integers, with 1200 bits behind the point. */
function exactTanh(x: number) {
  const { value, scale } = exactExpm1(2 * x);
  const two = 2n << BigInt(scale);
  const SHIFT = 1200n;
  return { value: (value << SHIFT) / (value + two), scale: Number(SHIFT) };
}

const points = new Points(31);
const positive = [
  ...points.uniform(3000, 0, 1),
  ...points.uniform(3000, 0, 20),
  ...points.uniform(1000, 0, 1e-3),
  ...points.patterns(1000, 1e-300, 1),
  ...[Math.LN2 / 4, (3 * Math.LN2) / 4, 0.5, 19, 22].flatMap((x) => around(x, 50)),
];

test('within 2 ulp', () => {
  const x = [...positive, ...negated(positive)];
  const worst = Math.max(...x.map((value) => errorInUlp(tanh(value), exactTanh(value))));
  expect(worst).toBeLessThan(2);
  expect(worst).toBeGreaterThan(0.5);
});

test('special values', () => {
  const given = [0, -0, 5e-324, -5e-324, 1e-300, 23, -23, Infinity, -Infinity, NaN];
  const expected = [0, -0, 5e-324, -5e-324, 1e-300, 1, -1, 1, -1, NaN];
  expect(given.map(tanh)).toEqual(expected);
});
