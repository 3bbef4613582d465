import { expect, test } from 'vitest';
import { RunStopwatch } from '../../src/live/run-stopwatch.js';

test('the real-time factor leaves out what comes before the run, and pauses', () => {
  let now = 5000;
  const stopwatch = new RunStopwatch(() => now);
  now += 1000;
  stopwatch.go(0);
  expect(stopwatch.factors).toEqual({});
  now += 200;
  stopwatch.reach(100);
  expect(stopwatch.factors).toEqual({ realTimeFactor: 2, recentFactor: 2 });
  now += 60_000;
  stopwatch.go(100);
  now += 200;
  stopwatch.reach(500);
  expect(stopwatch.factors).toEqual({ realTimeFactor: 0.8, recentFactor: 0.5 });
  // Nothing simulated since: no news.
  stopwatch.reach(500);
  expect(stopwatch.factors).toEqual({ realTimeFactor: 0.8, recentFactor: 0.5 });
});
