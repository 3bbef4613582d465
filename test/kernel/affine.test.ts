import fc from 'fast-check';
import { expect, test } from 'vitest';
import { affineForm, EXPONENTIAL, plus, type Row, substitute } from '../../src/kernel/affine.js';
import { parseEquation } from '../../src/kernel/equation.js';
import { evaluate } from './interpret.js';

const seed = 20261124;
const numbers = fc.double({ min: -5, max: 5, noNaN: true });

function form(
  text: string,
  values: Record<string, number> = {},
  names: Record<string, string> = {},
) {
  const definitions = Object.entries(names).map(([n, t]) => [n, parseEquation(t)] as const);
  return affineForm(parseEquation(text), new Map(Object.entries(values)), new Map(definitions));
}

function sumOf(row: Row, values: Readonly<Record<string, number>>): number {
  return [...row].reduce((sum, [name, c]) => sum + c * (name === '1' ? 1 : values[name]), 0);
}

/** Affine in x and y whatever the numbers a, b and k are. */
const AFFINE = [
  'x',
  'a * x - b * y + 3',
  '-(x - y) * a / (b * b + 1)',
  '(a + 1) * (x + (2 - y) * b)',
  'a < b ? x : y + a',
  'a < b && b <= 1 || k == 2 ? a * x : -y / 4',
  'min(x + a, k)',
  'z - x',
  'a * exp((x - z) / (b * b + 1)) - y',
];

test.each(AFFINE)('%s is a row of coefficients', (text) => {
  const definitions = { z: '2 * y + a' };
  fc.assert(
    fc.property(
      numbers,
      numbers,
      numbers,
      fc.integer({ min: 1, max: 2 }),
      numbers,
      (a, b, x, k, y) => {
        const values = { a, b, k: 1e3 * k };
        const { row, argument } = form(text, values, definitions);
        const z = evaluate(parseEquation(definitions.z), { y, a });
        const exponential = argument === undefined ? 0 : Math.exp(sumOf(argument, { x, y }));
        const sum = sumOf(row, { x, y, [EXPONENTIAL]: exponential });
        const value = evaluate(parseEquation(text), { ...values, x, y, z });
        expect(Math.abs(sum - value)).toBeLessThanOrEqual(1e-13 * Math.max(100, Math.abs(value)));
      },
    ),
    { seed, numRuns: 100 },
  );
});

test('of a minimum, the first is taken: the other is for whoever uses the result', () => {
  expect(form('min(x, 1)').row).toEqual(new Map([['x', 1]]));
});

test.each([
  ['x * y', 'not affine'],
  ['1 / x', 'not affine'],
  ['x < 1 ? x : y', 'not affine'],
  ['exp(x) * exp(y)', 'more than one exponential'],
  ['x * exp(y)', 'not affine'],
])('%s is not affine', (text, reason) => expect(() => form(text)).toThrow(reason));

test('rows add up and are put into each other', () => {
  const row = plus(
    new Map([['x', 2]]),
    new Map([
      ['x', 1],
      ['1', 5],
    ]),
    -3,
  );
  expect(row).toEqual(
    new Map([
      ['x', -1],
      ['1', -15],
    ]),
  );
  const put = substitute(row, (name) =>
    name === '1'
      ? new Map([['1', 1]])
      : new Map([
          ['y', 4],
          ['1', 1],
        ]),
  );
  expect(put).toEqual(
    new Map([
      ['y', -4],
      ['1', -16],
    ]),
  );
});
