import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weightHistogram } from '../../src/report/weight-histogram.js';
import { seedResults } from './seed-results.js';

function histogram(initial: readonly number[], final: readonly number[]) {
  const [columns] = seedResults().weights;
  return weightHistogram({
    ...columns!,
    initial: Float64Array.from(initial),
    final: Float64Array.from(final),
  });
}

describe('weightHistogram', () => {
  it('counts weights in round bins', () => {
    const { low, width, initial, final, initialWeight } = histogram([0, 0.5, 1], [0, 2, 2]);
    expect({ low, width, initialWeight }).toEqual({
      low: 0,
      width: 0.05,
      initialWeight: undefined,
    });
    expect(initial).toHaveLength(40);
    expect([initial[0], initial[10], initial[20]]).toEqual([1, 1, 1]);
    expect([final[0], final[39]]).toEqual([1, 2]);
  });

  it('says if all weights were one', () => {
    expect(histogram([0.25, 0.25], [0.2, 0.3]).initialWeight).toBe(0.25);
  });

  it('counts every weight, whatever they are, in at most 42 bins', () => {
    const weights = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(weights, weights, (initial, final) => {
        const result = histogram(initial, final);
        const total = (counts: Uint32Array) => counts.reduce((a, b) => a + b, 0);
        expect(total(result.initial)).toBe(initial.length);
        expect(total(result.final)).toBe(final.length);
        expect(result.initial.length).toBeLessThanOrEqual(42);
        expect(result.width).toBeGreaterThan(0);
      }),
    );
  });
});
