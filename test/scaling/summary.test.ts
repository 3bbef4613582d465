import { describe, expect, test } from 'vitest';
import { spread, summarise } from '../../src/scaling/summary.js';
import { measurement, point } from './studies.js';

const taking = (simulate: number) => ({ wall: { ...measurement(1).wall, simulate } });

test('spread is that of a sample', () => {
  expect(spread([1, 2, 3, 4])).toEqual({ mean: 2.5, sd: Math.sqrt(5 / 3) });
  expect(spread([7])).toEqual({ mean: 7, sd: 0 });
});

describe('a summary', () => {
  test('has one entry for each number of threads, ascending', () => {
    const points = [4, 1, 2, 1].map((threads) => point({ threads }));
    const summaries = summarise({ kind: 'strong', points });
    expect(summaries.map(({ threads, points: n }) => [threads, n])).toEqual([
      [1, 2],
      [2, 1],
      [4, 1],
    ]);
  });

  test('tells efficiency against the fewest threads, seed by seed', () => {
    const points = [
      point({ threads: 2, seed: 1 }, taking(3)),
      point({ threads: 2, seed: 1, repeat: 2 }, taking(5)),
      point({ threads: 2, seed: 2 }, taking(40)),
      point({ threads: 8, seed: 1 }, taking(2)),
      point({ threads: 8, seed: 2 }, taking(10)),
    ];
    // Times in relation to those on two threads: 2 / 4 and 10 / 40.
    const { mean, sd } = spread([0.5, 0.25]);
    const strong = summarise({ kind: 'strong', points });
    expect(strong[0]!.efficiency.mean).toBe(1);
    expect(strong.at(-1)!.efficiency.mean).toBeCloseTo(2 / 8 / mean, 12);
    expect(strong.at(-1)!.efficiency.sd).toBeCloseTo((2 / 8 / mean) * (sd / mean), 12);
    expect(summarise({ kind: 'weak', points }).at(-1)!.efficiency.mean).toBeCloseTo(1 / mean, 12);
  });

  test('tells fractions of time, throughput and real-time factor', () => {
    const times = { build: 9, update: 2, wait: 1, exchange: 0.5, deliver: 0.25, record: 0.25 };
    const measured = {
      ...taking(4),
      threadTimes: [times, times],
      spikes: 100,
      synapticEvents: 5000,
      modelTime: 2000,
    };
    const [only] = summarise({ kind: 'strong', points: [point({ threads: 2 }, measured)] });
    expect(only!.fractions).toEqual({
      update: 0.5,
      wait: 0.25,
      exchange: 0.125,
      deliver: 0.0625,
      record: 0.0625,
    });
    expect(only).toMatchObject({
      spikes: { mean: 25 },
      synapticEvents: { mean: 1250 },
      realTimeFactor: { mean: 2 },
      imbalance: { mean: 0 },
    });
  });
});
