import { describe, expect, it } from 'vitest';
import { log1p } from '../../src/math/log1p.js';
import { exactLog1p, step } from './exact.js';
import { around, checksumOf, descents, each, negated, Points, worst } from './points.js';

const MAX = Number.MAX_VALUE;
const ABOVE_MINUS_1 = -1 + Number.EPSILON / 2;

/** Where the power of two that is taken off 1 + x changes. */
function seams(): number[] {
  const result: number[] = [];
  for (let u = 1.353515625; u < Infinity; u *= 2) result.push(u - 1);
  for (let u = 1.353515625 / 2; u > Number.EPSILON; u /= 2) result.push(u - 1);
  return result;
}

describe('log1p', () => {
  it('is within 0.82 ulp of the exact value', () => {
    const points = new Points(31);
    const small = [...points.patterns(500, 0, 1e-15), ...points.patterns(1500, 1e-17, 0.99)];
    const args = [
      ...small,
      ...negated(small),
      ...points.uniform(10000, -0.5, 0.5),
      ...points.uniform(5000, -1, 3),
      ...points.patterns(2000, 1, MAX),
      ...points.patterns(1000, 1e15, 1e17),
      ...points.patterns(1000, 1e-300, 1e-10).map((x) => -1 + x + Number.EPSILON),
      ...seams().flatMap((x) => [step(x, -1), x, step(x, 1)]),
      ...around(ABOVE_MINUS_1, 20).filter((x) => x > -1),
    ];
    expect(worst(log1p, exactLog1p, each(args)).error).toBeLessThan(0.82);
  });

  it('rounds to a neighbour of an exact value next to a midpoint or a double', () => {
    // ln(1+x) = x - x^2/2: for x = n 2^-p, x^2/2 beside x is about 2^-p.
    const args: number[] = [];
    for (let x = 2 ** -20; x > 2 ** -60; x /= 2) args.push(x, -x, 3 * x, -3 * x, 5 * x, -5 * x);
    expect(worst(log1p, exactLog1p, each(args)).error).toBeLessThan(0.57);
  });

  it.each([
    [NaN, NaN],
    [-Infinity, NaN],
    [-2, NaN],
    [step(-1, -1), NaN],
    [-1, -Infinity],
    [Infinity, Infinity],
    [0, 0],
    [-0, -0],
    [5e-324, 5e-324],
    [-5e-324, -5e-324],
    [-1e-200, -1e-200],
    [1, Math.LN2],
    [9, Math.LN10],
    [ABOVE_MINUS_1, -36.7368005696771],
    [MAX, 709.782712893384],
  ])('log1p(%d) = %d', (x, expected) => {
    expect(log1p(x)).toBe(expected);
  });

  it('does not fall between neighbouring doubles', () => {
    const points = new Points(32);
    const args = [
      ...points.uniform(20000, -0.999, 2),
      ...points.patterns(20000, 5e-324, MAX),
      ...seams().flatMap((x) => around(x, 4).filter((y) => y >= -1)),
    ];
    expect(descents(log1p, args)).toEqual([]);
  });

  it('keeps its bits', () => {
    const points = new Points(33);
    const small = points.patterns(20000, 1e-18, 1);
    const args = [
      ...small,
      ...negated(small),
      ...points.uniform(40000, -1, 4),
      ...points.patterns(20000, 1e-3, MAX),
    ];
    expect(checksumOf(log1p, args)).toBe('76d2badb');
  });
});
