import { expect, test } from 'vitest';
import { loadImbalance, type ThreadTimes } from '../../src/experiment/results.js';

const NONE: ThreadTimes = { build: 0, update: 0, wait: 0, exchange: 0, deliver: 0, record: 0 };

test('load imbalance is the excess of the busiest thread over the mean', () => {
  const busy = { ...NONE, update: 2, exchange: 0.5, deliver: 0.25, record: 0.25 };
  const idle = { ...NONE, update: 1, wait: 2 };
  expect(loadImbalance([busy, idle])).toBe(0.5);
});

test('building and waiting are no work', () => {
  expect(loadImbalance([NONE, { ...NONE, build: 5, wait: 3 }])).toBe(0);
  expect(
    loadImbalance([
      { ...NONE, update: 1 },
      { ...NONE, update: 1, build: 9, wait: 9 },
    ]),
  ).toBe(0);
});
