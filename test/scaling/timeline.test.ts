import { describe, expect, test } from 'vitest';
import { timelineOf } from '../../src/scaling/timeline.js';
import { traces } from './studies.js';

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Of a slice in a trace: its phases, without its beginning. */
const phasesOf = (trace: Float64Array, slice: number) =>
  Array.from(trace.subarray(6 * slice + 1, 6 * slice + 6));

describe('a timeline', () => {
  test('keeps few slices one by one, with their beginnings', () => {
    const [first, second] = traces(2, 10) as [Float64Array, Float64Array];
    for (let slice = 0; slice < 10; slice++) second[6 * slice]! += 0.25;
    const timeline = timelineOf([first, second], 500, 1);
    expect(timeline).toMatchObject({ threads: 2, start: 500, length: 1, slices: 10 });
    expect(timeline.slicesPerBin).toBe(1);
    const all = [first, second].map((trace) =>
      Array.from({ length: 10 }, (_, slice) => phasesOf(trace, slice)).flat(),
    );
    expect(timeline.bins).toEqual(all);
    expect(timeline.single).toEqual(all);
    const began = Array.from({ length: 10 }, (_, slice) => Number((0.1 * slice).toFixed(6)));
    expect(timeline.began).toEqual([began, began.map((ms) => Number((ms + 0.25).toFixed(6)))]);
  });

  test('sums many slices in bins, and says how many', () => {
    const [trace] = traces(1, 10_001) as [Float64Array];
    const { bins, slices, slicesPerBin } = timelineOf([trace], 0, 1000);
    expect({ slices, slicesPerBin }).toEqual({ slices: 10_001, slicesPerBin: 26 });
    expect(bins[0]).toHaveLength(5 * Math.ceil(10_001 / 26));
    for (let phase = 0; phase < 5; phase++) {
      const inBins = sum(bins[0]!.filter((_, i) => i % 5 === phase));
      const inTrace = sum(Array.from(trace).filter((_, i) => i % 6 === phase + 1));
      expect(inBins).toBeCloseTo(inTrace, 3);
    }
  });

  test('shows slices one by one where they took as long as most do', () => {
    const [trace] = traces(1, 24 * 9) as [Float64Array];
    const fill = (group: number, ms: number) => {
      for (let slice = 24 * group; slice < 24 * (group + 1); slice++) {
        trace.fill(ms, 6 * slice + 1, 6 * slice + 6);
      }
    };
    for (const group of [0, 1, 2, 3]) fill(group, 5);
    for (const group of [5, 6, 7, 8]) fill(group, 0.001);
    const { single, began } = timelineOf([trace, trace], 0, 20);
    const shown = Array.from({ length: 24 }, (_, i) => phasesOf(trace, 24 * 4 + i)).flat();
    expect(single[0]).toEqual(shown);
    expect(began[1]!.at(0)).toBe(0);
    expect(began[1]!.at(-1)).toBeCloseTo(2.3, 6);
  });

  test('of nothing is empty', () => {
    expect(timelineOf([new Float64Array(0)], 0, 0)).toMatchObject({
      slices: 0,
      bins: [[]],
      began: [[]],
    });
  });
});
