import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namesIn, parseCondition, parseEquation } from '../../src/kernel/equation.js';
import {
  BINARY,
  conditionTexts,
  equationTexts,
  evaluate,
  holds,
  NAMES,
  UNARY,
} from './interpret.js';

const seed = 20261124;
const numbers = fc.double({ min: -5, max: 5, noNaN: true });

/** The same text as JavaScript, whose precedence is that of equations. */
function inJavaScript(text: string): (x: number, y: number, V: number) => unknown {
  const body = `return ${text};`;
  const functions = [...UNARY, ...BINARY];
  const compiled = new Function(...functions, ...NAMES, body);
  return (...values) => compiled(...functions.map((name) => Math[name]), ...values);
}

test('equations mean what the same text means in JavaScript', () => {
  fc.assert(
    fc.property(equationTexts, numbers, numbers, numbers, (text, x, y, V) => {
      const value = evaluate(parseEquation(text), { x, y_1: y, V });
      expect(value).toBe(inJavaScript(text)(x, y, V));
    }),
    { seed, numRuns: 500 },
  );
});

test('conditions too', () => {
  fc.assert(
    fc.property(conditionTexts, numbers, numbers, numbers, (text, x, y, V) => {
      const value = holds(parseCondition(text), { x, y_1: y, V });
      expect(value).toBe(inJavaScript(text)(x, y, V));
    }),
    { seed, numRuns: 500 },
  );
});

describe('precedence', () => {
  test.each([
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['8 - 3 - 2', 3],
    ['8 / 4 / 2', 1],
    ['-2 * -3', 6],
    ['2 - -3', 5],
    ['1 < 2 ? 10 : 20', 10],
    ['1 > 2 ? 10 : 1 < 2 ? 30 : 20', 30],
    ['1 < 2 || 1 < 2 && 2 < 1 ? 10 : 20', 10],
    ['1 + 1 == 2 ? 3 + 4 : 0', 7],
    ['2 * (1 < 2 ? 3 : 4)', 6],
    ['(1 < 2) ? 10 : 20', 10],
    ['(1 < 2 || 1 < 2) && 2 < 1 ? 10 : 20', 20],
    ['((1 + 1) == 2 && (2 > 1)) ? (3) : 0', 3],
    ['.5 + 1E1', 10.5],
    ['min(3, 2) + exp(0)', 3],
    ['1.5e2 - 1e-1 - 2.', 147.9],
    ['  1+1  ', 2],
    ['linoid(0)', 1],
    ['2 ^ 3 ^ 2', 512],
    ['2 ** 3 ** 2', 512],
    ['-2 ^ 2', -4],
    ['(-2) ^ 2', 4],
    ['2 ^ -1', 0.5],
    ['2 * 3 ^ 2', 18],
    ['6 / 2 ^ 2', 1.5],
    ['+3 - +-2', 5],
    ['max(3, 2) - abs(-1) + sqrt(4) * log(1) + tanh(0)', 2],
    ['!(1 < 2) ? 10 : 20', 20],
    ['!(1 < 2) || 1 < 2 ? 10 : 20', 10],
    ['!!(1 < 2 && 1 > 2) ? 10 : 20', 20],
    ['1 != 2 ? 10 : 20', 10],
  ])('%s = %d', (text, value) => expect(evaluate(parseEquation(text), {})).toBe(value));
});

test('brackets in brackets take no longer than their number', () => {
  const depth = 200;
  const text = `${'('.repeat(depth)}x${')'.repeat(depth)}`;
  expect(parseEquation(text)).toEqual({ kind: 'name', name: 'x' });
});

test('a value before the step is a name of its own', () => {
  expect([...namesIn(parseCondition('V >= 0 && V < before(V)'))]).toEqual(['V', 'before(V)']);
  expect(() => parseEquation('before(V + 1)')).toThrow('before takes the name of a variable');
});

test('the names of an equation', () => {
  const text = 'a > 0 || b == c ? min(d, 1) : -exp((V - V_th) / Delta_T)';
  const names = [...namesIn(parseEquation(text))].sort();
  expect(names).toEqual(['Delta_T', 'V', 'V_th', 'a', 'b', 'c', 'd']);
});

test.each([
  ['', 'it ends too early'],
  ['1 +', 'it ends too early'],
  ['(1', "')' expected before 'the end'"],
  ['1)', "unexpected ')'"],
  ['2 x', "unexpected 'x'"],
  ['a < b', 'it is a condition where a value is due'],
  ['(a < b) + 1', 'it is a condition where a value is due'],
  ['exp(a < b)', 'it is a condition where a value is due'],
  ['a < b ? 1', "':' expected before 'the end'"],
  ['a < b && c ? 1 : 2', 'a comparison is missing'],
  ['a < b < c ? 1 : 2', 'it is a condition where a value is due'],
  ['(a < b) < c ? 1 : 2', 'it is a condition where a value is due'],
  ['sin(x)', "unknown function 'sin'"],
  ['exp(x, y)', 'exp takes 1, not 2'],
  ['min(x)', 'min takes 2, not 1'],
  ['linoid(x, y)', 'linoid takes 1, not 2'],
  ['log()', "unexpected ')'"],
  ['x ^', 'it ends too early'],
  ['!x ? 1 : 2', "a condition in brackets is due after '!'"],
  ['(a < b) ^ 2', 'it is a condition where a value is due'],
  ['toString(x)', "unknown function 'toString'"],
  ['a % b', "at '% b'"],
  ['a = b', "at '= b'"],
])('%j is no equation: %s', (text, reason) => {
  expect(() => parseEquation(text)).toThrow(SyntaxError);
  expect(() => parseEquation(text)).toThrow(`equation '${text}': ${reason}`);
});

test.each(['a', 'a + 1', ''])('%j is no condition', (text) => {
  expect(() => parseCondition(text)).toThrow(SyntaxError);
});
