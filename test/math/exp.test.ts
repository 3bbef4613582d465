import { describe, expect, it } from 'vitest';
import { exp } from '../../src/math/exp.js';
import { exactExp } from './exact.js';
import { around, checksumOf, descents, each, negated, Points, worst } from './points.js';

const MAX_FINITE = 709.782712893384;
const MIN_NORMAL = -708.3964185322641;
const MIN_POSITIVE = -745.1332191019411;

/** Where the multiple of ln 2 that is taken off changes, and so do all the roundings. */
const SEAMS = Array.from({ length: 2000 }, (_, i) => (i - 1000.5) * Math.LN2).filter(
  (x) => x > MIN_NORMAL && x < MAX_FINITE,
);

describe('exp', () => {
  it('is within 0.65 ulp of the exact value where the result is normal', () => {
    const points = new Points(1);
    const small = points.patterns(2000, 0, 0.4);
    const args = [
      ...small,
      ...negated(small),
      ...points.uniform(10000, -0.7, 0.7),
      ...points.uniform(8000, -40, 10),
      ...points.uniform(8000, MIN_NORMAL, MAX_FINITE),
      ...SEAMS,
      ...around(MAX_FINITE, 20).filter((x) => x <= MAX_FINITE),
      ...around(MIN_NORMAL, 20).filter((x) => x >= MIN_NORMAL),
    ];
    expect(worst(exp, exactExp, each(args)).error).toBeLessThan(0.65);
  });

  it('is within 0.82 ulp where the result is denormal', () => {
    const points = new Points(2);
    const args = [
      ...points.uniform(4000, -746, MIN_NORMAL),
      ...points.uniform(4000, MIN_NORMAL - 0.7, MIN_NORMAL),
      ...around(MIN_NORMAL, 20),
      ...around(MIN_POSITIVE, 20),
    ];
    expect(worst(exp, exactExp, each(args)).error).toBeLessThan(0.82);
  });

  it('rounds to one of the neighbours of an exact value next to a midpoint', () => {
    // e^x = 1 + x + x^2/2: for an odd multiple of half an ulp, x^2/2 from the middle.
    const args = Array.from({ length: 500 }, (_, i) => (2 * i + 1) * 1.1102230246251565e-16);
    const halves = negated(args).map((x) => x / 2);
    expect(worst(exp, exactExp, each([...args, ...halves])).error).toBeLessThan(0.501);
  });

  it.each([
    [NaN, NaN],
    [Infinity, Infinity],
    [-Infinity, 0],
    [0, 1],
    [-0, 1],
    [5e-324, 1],
    [-5e-324, 1],
    [1e-17, 1],
    [1, Math.E],
    [MAX_FINITE, 1.7976931348622732e308],
    [709.7827128933841, Infinity],
    [1e308, Infinity],
    [MIN_POSITIVE, 5e-324],
    [-745.1332191019412, 0],
    [-1e308, 0],
  ])('exp(%d) = %d', (x, expected) => {
    expect(exp(x)).toBe(expected);
  });

  it('does not fall between neighbouring doubles', () => {
    const points = new Points(3);
    const args = [
      ...points.uniform(20000, -40, 40),
      ...points.uniform(20000, -0.7, 0.7),
      ...points.uniform(5000, -746, MAX_FINITE),
      ...SEAMS.flatMap((x) => around(x, 4)),
    ];
    expect(descents(exp, args)).toEqual([]);
  });

  it('keeps its bits', () => {
    const points = new Points(4);
    const args = [...points.uniform(60000, -40, 40), ...points.uniform(40000, -746, 710), ...SEAMS];
    expect(checksumOf(exp, args)).toBe('3fb9052f');
  });
});
