import { describe, expect, test } from 'vitest';
import { integrateStep } from './rkf45.js';

const ABSOLUTE = { epsAbs: 1, epsRel: 0, aY: 0, aDydt: 0 };

/** Integrates (t, y) with t' = 1 and y' = slope(t); returns y, the sub-step ends and suggestion. */
function quadrature(slope: (t: number) => number, h: number, suggested = h) {
  const state = [0, 0];
  const ends: number[] = [];
  const derivatives = ([t]: readonly number[]) => [1, slope(t!)];
  const suggestion = integrateStep(state, h, suggested, derivatives, ABSOLUTE, () => {
    ends.push(state[0]!);
  });
  return { value: state[1]!, ends, suggestion };
}

describe('integrateStep', () => {
  test('is exact for polynomials that a fifth-order method integrates', () => {
    const { value, ends, suggestion } = quadrature((t) => 5 * t ** 4, 0.5);
    expect(value).toBeCloseTo(0.5 ** 5, 15);
    expect(ends).toEqual([0.5]);
    expect(suggestion).toBeGreaterThan(0.5);
  });

  test('converges to the exponential with fifth order', () => {
    const errorOf = (h: number) => {
      const state = [1];
      integrateStep(
        state,
        h,
        h,
        ([y]) => [-y!],
        ABSOLUTE,
        () => {},
      );
      return Math.abs(state[0]! - Math.exp(-h));
    };
    const order = Math.log2(errorOf(0.2) / errorOf(0.1));
    // One step of a fifth-order method errs by O(h^6).
    expect(order).toBeGreaterThan(5.9);
    expect(order).toBeLessThan(6.3);
  });

  test('a rejected sub-step shrinks to a fifth at most', () => {
    // The error estimate of c t^4 over a sub-step dt from 0 is c dt^5 times this quadrature weight.
    const weight =
      -(128 / 4275) * (3 / 8) ** 4 - (2197 / 75240) * (12 / 13) ** 4 + 1 / 50 + 2 / 55 / 16;
    const c = 3000 / Math.abs(weight);
    // Ratio 3000: 0.9 / 3000^(1/5) = 0.181 is raised to 0.2; there the ratio is 0.96, accepted.
    expect(quadrature((t) => c * t ** 4, 1).ends[0]).toBeCloseTo(0.2, 12);
  });

  test('grows five-fold at most, from the trimmed last sub-step', () => {
    expect(quadrature(() => 1, 1, 1).suggestion).toBe(5);
    expect(quadrature(() => 1, 1, 40).suggestion).toBe(5);
    const { ends, suggestion } = quadrature(() => 1, 1, 0.125);
    expect(ends).toEqual([0.125, 0.75, 1]);
    expect(suggestion).toBe(1.25);
  });

  test('accepts what would need a sub-step too small to advance the time', () => {
    // From t = 0.5 on, the first stage sees a slope that vanishes at any later time.
    const state = [0, 0];
    const ends: number[] = [];
    const derivatives = ([t]: readonly number[]) => [1, ends.length > 0 && t! <= 0.5 ? 1e30 : 0];
    integrateStep(state, 1, 0.5, derivatives, ABSOLUTE, () => {
      ends.push(state[0]!);
      if (ends.length > 100) throw new Error('does not get past t = 0.5');
    });
    expect(ends[0]).toBe(0.5);
    expect(ends[1]).toBeGreaterThan(0.5);
    expect(ends[1]! - 0.5).toBeLessThan(1e-15);
    expect(ends.at(-1)).toBeCloseTo(1, 15);
  });
});
