import { describe, expect, it } from 'vitest';
import { logTicks } from '../../../src/report/study/frame.js';

describe('logTicks', () => {
  it('has numbers at 1, 2 and 5, and marks at the other digits', () => {
    const { labelled, minor } = logTicks(0.8, 12);
    expect(labelled).toEqual([1, 2, 5, 10]);
    expect(minor).toEqual([0.8, 0.9, 3, 4, 6, 7, 8, 9]);
  });

  it('has more numbers where these would be few', () => {
    expect(logTicks(0.19, 0.9).labelled).toEqual([0.2, 0.3, 0.5, 0.7]);
    expect(logTicks(5.1, 9.9).labelled).toEqual([6, 7, 8, 9]);
    expect(logTicks(5.1, 49).labelled).toEqual([7, 10, 20, 30]);
    expect(logTicks(2.1, 4.9).labelled).toEqual([2.5, 3, 3.5, 4, 4.5]);
    expect(logTicks(1, 1.7).labelled).toEqual([1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7]);
  });

  it('has powers of ten alone where these would be many', () => {
    expect(logTicks(0.001, 5).labelled).toEqual([0.001, 0.01, 0.1, 1]);
  });

  it('has at least three numbers in any range of a figure', () => {
    for (let low = 0.001; low < 20; low *= 1.037) {
      for (let ratio = 1.68; ratio < 100; ratio *= 1.09) {
        const { labelled } = logTicks(low, low * ratio);
        expect({ low, ratio, labels: labelled.length >= 3 && labelled.length <= 9 }).toEqual({
          low,
          ratio,
          labels: true,
        });
      }
    }
  });
});
