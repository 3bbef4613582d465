import { describe, expect, it } from 'vitest';
import { expm1 } from '../../src/math/expm1.js';
import { exactExpm1 } from './exact.js';
import { around, checksumOf, descents, each, negated, Points, worst } from './points.js';

const MAX_FINITE = 709.782712893384;
const SEAMS = Array.from({ length: 1080 }, (_, i) => (i - 56.5) * Math.LN2);

describe('expm1', () => {
  it('is within 0.87 ulp of the exact value', () => {
    const points = new Points(11);
    const small = [...points.patterns(500, 0, 1e-15), ...points.patterns(1500, 1e-17, 1)];
    const args = [
      ...small,
      ...negated(small),
      ...points.uniform(10000, -0.35, 0.42),
      ...points.uniform(6000, -5, 5),
      ...points.uniform(1000, -40, -30),
      ...points.uniform(1000, 30, 42),
      ...points.uniform(2000, -40, MAX_FINITE),
      ...SEAMS.filter((x) => x < MAX_FINITE).flatMap((x) => around(x, 1)),
      ...around(MAX_FINITE, 20).filter((x) => x <= MAX_FINITE),
    ];
    expect(worst(expm1, exactExpm1, each(args)).error).toBeLessThan(0.87);
  });

  it('rounds to a neighbour of an exact value next to a midpoint or a double', () => {
    // e^x - 1 = x + x^2/2: for x = n 2^-p, x^2/2 beside x is about 2^-p.
    const args: number[] = [];
    for (let x = 2 ** -20; x > 2 ** -60; x /= 2) args.push(x, -x, 3 * x, -3 * x, 5 * x, -5 * x);
    expect(worst(expm1, exactExpm1, each(args)).error).toBeLessThan(0.51);
  });

  it.each([
    [NaN, NaN],
    [Infinity, Infinity],
    [-Infinity, -1],
    [0, 0],
    [-0, -0],
    [5e-324, 5e-324],
    [-5e-324, -5e-324],
    [2.2250738585072014e-308, 2.2250738585072014e-308],
    [-1e-200, -1e-200],
    [-40, -1],
    [-1e308, -1],
    [MAX_FINITE, 1.7976931348622732e308],
    [709.7827128933841, Infinity],
    [1e308, Infinity],
  ])('expm1(%d) = %d', (x, expected) => {
    expect(expm1(x)).toBe(expected);
  });

  it('does not fall between neighbouring doubles', () => {
    const points = new Points(12);
    const args = [
      ...points.uniform(20000, -40, 40),
      ...points.uniform(20000, -0.7, 0.7),
      ...points.uniform(5000, -40, MAX_FINITE),
      ...SEAMS.flatMap((x) => around(x, 4)),
    ];
    expect(descents(expm1, args)).toEqual([]);
  });

  it('keeps its bits', () => {
    const points = new Points(13);
    const small = points.patterns(20000, 1e-18, 1);
    const args = [
      ...small,
      ...negated(small),
      ...points.uniform(40000, -42, 42),
      ...points.uniform(20000, -42, 710),
    ];
    expect(checksumOf(expm1, args)).toBe('e1e85fd5');
  });
});
