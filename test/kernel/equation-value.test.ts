import { expect, test } from 'vitest';
import { parseCondition, parseEquation } from '../../src/kernel/equation.js';
import { conditionHolds, equationValue } from '../../src/kernel/equation-value.js';

const values: Record<string, number> = { a: 2, b: -3, zero: 0 };
const look = (name: string) => values[name]!;

test.each([
  ['a + b * 2 - a / 4', -4.5],
  ['-(a - b)', -5],
  ['exp(zero)', 1],
  ['min(a, b)', -3],
  ['linoid(zero)', 1],
  ['a ^ b', 0.125],
  ['a ^ 10 - a ^ -2', 1023.75],
  ['b ** 3', -27],
  ['log(a) + sqrt(a) + abs(b) + max(a, b)', Math.log(2) + Math.SQRT2 + 5],
  ['tanh(b)', Math.tanh(-3)],
  ['!(a > b) ? 1 : 2', 2],
  ['a != b ? 1 : 2', 1],
  ['linoid(a)', 2 / (1 - Math.exp(-2))],
  ['a > b ? 1 : 2', 1],
  ['a < b || zero == 0 ? 1 : 2', 1],
  ['a >= 2 && b <= -4 ? 1 : 2', 2],
])('%s', (text, expected) => {
  expect(equationValue(parseEquation(text), look)).toBeCloseTo(expected, 14);
});

test.each([
  ['a > 2', false],
  ['a >= 2', true],
  ['b < a && a <= 2', true],
  ['b == a || b > a', false],
])('%s', (text, expected) => {
  expect(conditionHolds(parseCondition(text), look)).toBe(expected);
});
