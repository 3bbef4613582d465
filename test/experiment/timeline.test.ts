import { describe, expect, test } from 'vitest';
import { OffGridError, ValueError } from '../../src/errors/index.js';
import { cutAt, type Interval, restAfter, timeline } from '../../src/experiment/timeline.js';
import { minimal, resolved } from './minimal.js';

const stimulus = {
  kind: 'gaussian_rate',
  population: 'noise',
  amplitude: 30,
  sigma: 10,
  centers: [25, 75, 125, 175, 225, 275, 325, 375, 425, 475],
};

/** With generators, for the stimulus. */
const following = (protocol: object[]) => {
  const noise = { model: 'poisson_generator', size: 500 };
  return resolved({ populations: { ...(minimal.populations as object), noise }, protocol });
};

const centers = (protocol: object[], seed: number | string = 1) =>
  timeline(following(protocol), seed).map((interval) => interval.stimulus?.center);

describe('intervals', () => {
  test('follow each other on the grid', () => {
    const protocol = [
      { simulate: 0.1, repeat: 3 },
      { simulate: 99.9, set: { exc: { b: 1 } } },
    ];
    const intervals = timeline(resolved({ protocol }), 1);
    expect(intervals.map(({ entry, start, end }) => [entry, start, end])).toEqual([
      [0, 0, 0.1],
      [0, 0.1, 0.2],
      [0, 0.2, 0.3],
      [1, 0.3, 100.2],
    ]);
    expect(intervals.map(({ set }) => Object.keys(set))).toEqual([[], [], [], ['exc']]);
  });
});

describe('centres', () => {
  test('depend on the seed and their number alone, not on how the protocol is grouped', () => {
    const whole = centers([{ simulate: 100, repeat: 40, stimulus }]);
    expect(
      centers([
        { simulate: 100, repeat: 15, stimulus },
        { simulate: 10, repeat: 25, stimulus },
      ]),
    ).toEqual(whole);
    expect(centers([{ simulate: 1, repeat: 60, stimulus }]).slice(0, 40)).toEqual(whole);
    expect(centers([{ simulate: 100, repeat: 40, stimulus }], 2)).not.toEqual(whole);
    expect(centers([{ simulate: 100, repeat: 40, stimulus }], '1')).not.toEqual(whole);
  });

  test('intervals without a stimulus draw none', () => {
    const whole = centers([{ simulate: 1, repeat: 2, stimulus }]);
    const withPause = centers([
      { simulate: 1, stimulus },
      { simulate: 1 },
      { simulate: 1, stimulus },
    ]);
    expect(withPause).toEqual([whole[0], undefined, whole[1]]);
  });

  // Chi-square with 9 degrees of freedom: above 27.88 with probability 0.001.
  test('are equally probable', () => {
    const drawn = centers([{ simulate: 1, repeat: 10_000, stimulus }]);
    const counts = stimulus.centers.map((center) => drawn.filter((c) => c === center).length);
    expect(counts.reduce((a, b) => a + b)).toBe(10_000);
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(27.88);
  });
});

describe('cutting', () => {
  const intervals = timeline(following([{ simulate: 1, repeat: 3, stimulus }]), 1);

  test('shortens the interval in which the time lies', () => {
    expect(cutAt(intervals, 1.4, 0.1)).toEqual([intervals[0], { ...intervals[1], end: 1.4 }]);
  });

  test('does not begin an interval that starts there', () => {
    expect(cutAt(intervals, 2, 0.1)).toEqual(intervals.slice(0, 2));
    expect(cutAt(intervals, 3, 0.1)).toEqual(intervals);
  });

  test.each([0, -1, 3.1, Number.NaN])('at %d there is nothing', (time) => {
    expect(() => cutAt(intervals, time, 0.1)).toThrow(ValueError);
  });

  test('leaves a rest that sets nothing a second time', () => {
    const [, second, third] = intervals as [Interval, Interval, Interval];
    const rest = { entry: 0, start: 1.4, end: 2, set: {} };
    expect(restAfter(intervals, 1.4)).toEqual([rest, third]);
    expect(restAfter(intervals, 1)).toEqual([second, third]);
    expect(restAfter(intervals, 3)).toEqual([]);
  });

  test('off the grid', () => {
    expect(() => cutAt(intervals, 1.25, 0.1)).toThrow(OffGridError);
  });
});
