import { describe, expect, test } from 'vitest';
import { centralProbability, centralQuantile } from '../../src/scaling/student.js';

/** Two-sided critical values as printed in tables of the t distribution. */
const TABLE: readonly [degrees: number, t95: number, t99: number][] = [
  [1, 12.706, 63.657],
  [2, 4.303, 9.925],
  [3, 3.182, 5.841],
  [4, 2.776, 4.604],
  [5, 2.571, 4.032],
  [10, 2.228, 3.169],
  [13, 2.16, 3.012],
  [30, 2.042, 2.75],
  [100, 1.984, 2.626],
];

describe('quantiles of Student’s t', () => {
  test.each(TABLE)('with %i degrees of freedom are those of the tables', (degrees, t95, t99) => {
    expect(Math.abs(centralQuantile(0.95, degrees) - t95)).toBeLessThan(0.0006);
    expect(Math.abs(centralQuantile(0.99, degrees) - t99)).toBeLessThan(0.0006);
  });

  test.each([1, 2, 3, 8, 57])('undo probabilities with %i degrees of freedom', (degrees) => {
    for (const t of [0.1, 1, 2.5, 4]) {
      expect(centralQuantile(centralProbability(t, degrees), degrees)).toBeCloseTo(t, 9);
    }
  });
});
