import { describe, expect, test } from 'vitest';
import { timelineOf } from '../../src/scaling/timeline.js';
import { traces } from './studies.js';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('a timeline', () => {
  test('keeps few slices one by one', () => {
    const [first, second] = traces(2, 10) as [Float64Array, Float64Array];
    const timeline = timelineOf([first, second], 500, 1);
    expect(timeline).toMatchObject({ threads: 2, start: 500, length: 1, slices: 10 });
    expect(timeline.slicesPerBin).toBe(1);
    expect(timeline.bins).toEqual([Array.from(first), Array.from(second)]);
    expect(timeline.single).toEqual(timeline.bins);
  });

  test('sums many slices in bins, and says how many', () => {
    const [trace] = traces(1, 10_001) as [Float64Array];
    const { bins, slices, slicesPerBin } = timelineOf([trace], 0, 1000);
    expect({ slices, slicesPerBin }).toEqual({ slices: 10_001, slicesPerBin: 26 });
    expect(bins[0]).toHaveLength(5 * Math.ceil(10_001 / 26));
    for (let phase = 0; phase < 5; phase++) {
      const ofPhase = (values: ArrayLike<number>) =>
        sum(Array.from(values).filter((_, i) => i % 5 === phase));
      expect(ofPhase(bins[0]!)).toBeCloseTo(ofPhase(trace), 3);
    }
  });

  test('shows slices one by one where they took as long as most do', () => {
    const [trace] = traces(1, 24 * 9) as [Float64Array];
    for (const group of [0, 1, 2, 3]) trace.fill(5, 24 * 5 * group, 24 * 5 * (group + 1));
    for (const group of [5, 6, 7, 8]) trace.fill(0.001, 24 * 5 * group, 24 * 5 * (group + 1));
    const { single } = timelineOf([trace, trace], 0, 20);
    expect(single[0]).toEqual(Array.from(trace.subarray(24 * 5 * 4, 24 * 5 * 5)));
  });

  test('of nothing is empty', () => {
    expect(timelineOf([new Float64Array(0)], 0, 0)).toMatchObject({ slices: 0, bins: [[]] });
  });
});
