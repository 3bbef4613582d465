import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundStep } from '../../src/report/round.js';

test('the least of 1, 2, 5 times a power of ten that is large enough', () => {
  for (let exponent = -12; exponent <= 12; exponent++) {
    const step = (digit: number) => Number(`${digit}e${exponent}`);
    for (const digit of [1, 2, 5]) expect(roundStep(step(digit))).toBe(step(digit));
    expect(roundStep(1.5 * step(1))).toBe(step(2));
    expect(roundStep(3 * step(1))).toBe(step(5));
    expect(roundStep(7 * step(1))).toBe(step(10));
  }
});

test('steps are the doubles nearest to their decimals, on every release of Node', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (least) => {
      const step = roundStep(least);
      expect(step.toExponential()).toMatch(/^[125]e/);
      expect(step).toBeGreaterThanOrEqual(least * (1 - 1e-9));
      expect(step).toBeLessThan(least * 2.5 * (1 + 1e-9));
    }),
    { seed: 1, numRuns: 500 },
  );
});
