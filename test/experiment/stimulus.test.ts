import { expect, test } from 'vitest';
import { gaussianRates } from '../../src/experiment/stimulus.js';

const profile = {
  kind: 'gaussian_rate' as const,
  population: 'pg',
  amplitude: 30,
  sigma: 10,
  factor: 1.75,
  centers: [25],
};

test('the profile of the published script', () => {
  const rates = gaussianRates(profile, 500, 25);
  expect(rates).toHaveLength(500);
  for (const [j, rate] of rates.entries()) {
    // Math.exp is within an ulp or two of the truth, which the factors may double.
    const expected = 30 * Math.exp((-1 * (j - 25) ** 2) / (2 * 10 ** 2)) * 1.75;
    expect(Math.abs(rate - expected)).toBeLessThanOrEqual(1e-15 * expected + 1e-300);
  }
  expect(rates[25]).toBe(52.5);
  expect(rates[24]).toBe(rates[26]);
  expect(rates[499]).toBe(0);
});

test('the centre may lie between nodes or beyond them', () => {
  const rates = gaussianRates(profile, 4, 1.5);
  expect([rates[0], rates[1]]).toEqual([rates[3], rates[2]]);
  const below = gaussianRates(profile, 2, -1);
  expect(below[0]).toBeGreaterThan(below[1]!);
});
