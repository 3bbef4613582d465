import { describe, expect, it } from 'vitest';
import { meets, summary } from '../../bench/statistics.js';

describe('summary', () => {
  it('takes the middle of an odd number of runs', () => {
    expect(summary([5, 1, 30])).toEqual({ median: 5, min: 1, max: 30 });
  });

  it('takes the mean of the two in the middle of an even number', () => {
    expect(summary([10, 2, 1, 4])).toEqual({ median: 3, min: 1, max: 10 });
  });

  it('orders by value, not by digits', () => {
    expect(summary([100, 9, 20])).toEqual({ median: 20, min: 9, max: 100 });
  });

  it('is the value itself for one run', () => {
    expect(summary([7])).toEqual({ median: 7, min: 7, max: 7 });
  });
});

describe('meets', () => {
  it('counts the bound itself', () => {
    expect([meets(25, { most: 25 }), meets(88, { least: 88 })]).toEqual([true, true]);
  });

  it('knows on which side a value must lie', () => {
    expect([meets(26, { most: 25 }), meets(24, { most: 25 })]).toEqual([false, true]);
    expect([meets(87, { least: 88 }), meets(89, { least: 88 })]).toEqual([false, true]);
  });
});
