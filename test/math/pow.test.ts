import { describe, expect, it } from 'vitest';
import { pow } from '../../src/math/pow.js';
import { exactPow, step } from './exact.js';
import { around, Checksum, Points, worst } from './points.js';

const MAX = Number.MAX_VALUE;

/** Pairs of a base from `bases` and an exponent with |ln x^y| up to `size`, of either sign. */
function pairs(points: Points, bases: readonly number[], size: number): [number, number][] {
  const targets = points.uniform(bases.length, -size, size);
  return bases
    .map((x, i): [number, number] => [x, targets[i]! / Math.log(x)])
    .filter(([, y]) => Number.isFinite(y));
}

describe('pow', () => {
  it('is within 0.65 ulp of the exact value where the result is normal', () => {
    const points = new Points(41);
    const bases = [
      ...points.uniform(6000, 0.5, 2),
      ...points.patterns(2000, 5e-324, MAX),
      ...points.patterns(500, 5e-324, 2.2250738585072014e-308),
      ...points.uniform(1000, 1 - 1e-9, 1 + 1e-9),
      ...around(1, 300),
      ...around(1.353515625, 100),
    ];
    const moderate = points.uniform(2000, 0, 100).map((x, i): [number, number] => [x, i / 500 - 2]);
    const args = [...pairs(points, bases, 708), ...pairs(points, bases, 2), ...moderate];
    expect(worst(pow, exactPow, args).error).toBeLessThan(0.65);
  });

  it('is within 0.82 ulp where the result is denormal or overflows', () => {
    const points = new Points(42);
    const args: [number, number][] = [];
    for (const x of points.uniform(4000, 0.01, 3)) {
      const [low, high] = [points.uniform(1, -746, -708)[0]!, points.uniform(1, 709.7, 709.79)[0]!];
      args.push([x, low / Math.log(x)], [x, high / Math.log(x)]);
    }
    expect(worst(pow, exactPow, args).error).toBeLessThan(0.82);
  });

  it('rounds to a neighbour where the exact power is a midpoint of two doubles', () => {
    const points = new Points(43);
    const args: [number, number][] = [];
    for (let i = 0; i < 500; i++) {
      // Odd numbers of 27 and 18 bits: squares and cubes of 54 bits.
      args.push(
        [94906267 + 2 * (points.word() >>> 7), 2],
        [208065 + 2 * (points.word() >>> 17), 3],
      );
    }
    expect(worst(pow, exactPow, args).error).toBeLessThan(0.501);
  });

  it('is exact where the power is a double', () => {
    for (const base of [3, 5, 7, 10, 1.5, 1.25, 129, 1023, -3, -1.5]) {
      let power = base;
      for (let n = 2; Math.abs(power * base) < 2 ** 53 && n < 23; n++) {
        power *= base;
        expect(pow(base, n)).toBe(power);
      }
    }
    for (let n = -1074, power = 5e-324; n < 1024; n++, power *= 2) {
      expect(pow(2, n)).toBe(power);
      expect(pow(0.5, -n)).toBe(power);
      expect(pow(-2, n)).toBe(n % 2 === 0 ? power : -power);
    }
    for (const root of new Points(44).patterns(300, 1e-100, 1e100).map(Math.fround)) {
      expect(pow(root * root, 0.5)).toBe(root);
    }
    for (const x of new Points(45).patterns(300, 5e-324, MAX)) {
      expect(pow(x, 1)).toBe(x);
      expect(pow(-x, 1)).toBe(-x);
      expect(pow(x, 0)).toBe(1);
    }
  });

  it('carries the sign of an odd power and refuses other powers of negative numbers', () => {
    for (const x of new Points(46).uniform(200, 0.5, 2)) {
      for (const n of [2, 3, -5, 64, 333]) expect(pow(-x, n)).toBe((n % 2 ? -1 : 1) * pow(x, n));
      expect(pow(-x, 0.5)).toBe(NaN);
      expect(pow(-x, -2.5)).toBe(NaN);
    }
    expect(pow(-1, 9007199254740991)).toBe(-1);
    expect(pow(-1, 9007199254740992)).toBe(1);
    expect(pow(-1, 1e300)).toBe(1);
  });

  it.each([
    [NaN, 0, 1],
    [NaN, -0, 1],
    [NaN, 1, NaN],
    [NaN, 2, NaN],
    [1, NaN, NaN],
    [0, NaN, NaN],
    [1, Infinity, NaN],
    [-1, Infinity, NaN],
    [1, -Infinity, NaN],
    [-1, -Infinity, NaN],
    [Infinity, 0, 1],
    [1.5, Infinity, Infinity],
    [-1.5, Infinity, Infinity],
    [1.5, -Infinity, 0],
    [0.5, Infinity, 0],
    [-0.5, -Infinity, Infinity],
    [0, Infinity, 0],
    [0, -Infinity, Infinity],
    [-Infinity, Infinity, Infinity],
    [-Infinity, -Infinity, 0],
    [Infinity, 0.5, Infinity],
    [Infinity, -0.5, 0],
    [-Infinity, 3, -Infinity],
    [-Infinity, 2, Infinity],
    [-Infinity, 0.5, Infinity],
    [-Infinity, -3, -0],
    [-Infinity, -2, 0],
    [0, 0, 1],
    [-0, 0, 1],
    [0, 2.5, 0],
    [0, -2.5, Infinity],
    [-0, 3, -0],
    [-0, 2, 0],
    [-0, 0.5, 0],
    [-0, -3, -Infinity],
    [-0, -2, Infinity],
    [-0, -0.5, Infinity],
    [-0, 1, -0],
    [1, 1e308, 1],
    [step(1, 1), 1e308, Infinity],
    [step(1, 1), -1e308, 0],
    [step(1, -1), 1e308, 0],
    [-2, 1025, -Infinity],
    [-2, -1077, -0],
    [MAX, 5e-324, 1],
    [5e-324, 5e-324, 1],
    [5e-324, -1, Infinity],
    [MAX, -1, 5.562684646268003e-309],
    [5e-324, 0.5, 2.2227587494850775e-162],
  ])('pow(%d, %d) = %d', (x, y, expected) => {
    expect(pow(x, y)).toBe(expected);
  });

  it('does not fall between neighbouring bases for a positive exponent', () => {
    const bases = new Points(47).uniform(10000, 0, 3);
    for (const y of [0.3, 2, 7.7]) {
      expect(bases.filter((x) => !(pow(step(x, 1), y) >= pow(x, y)))).toEqual([]);
    }
  });

  it('keeps its bits', () => {
    const points = new Points(48);
    const checksum = new Checksum();
    const bases = [...points.patterns(40000, 5e-324, MAX), ...points.uniform(60000, 0, 3)];
    const exponents = [...points.uniform(40000, -1, 1), ...points.uniform(60000, -20, 20)];
    bases.forEach((x, i) => {
      checksum.add(pow(x, exponents[i]!));
    });
    expect(checksum.hex).toBe('2add04e5');
  });
});
