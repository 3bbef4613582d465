import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundTicks, timeUnit } from '../../../../src/report/page/client/ticks.js';

test('round numbers from end to end', () => {
  expect(roundTicks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(roundTicks(0.1, 0.35, 5)).toEqual([0.1, 0.15, 0.2, 0.25, 0.3, 0.35]);
  expect(roundTicks(-1, 1, 4)).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect(roundTicks(3, 3, 4)).toEqual([3]);
});

test('ascending, within the range, not many more than wanted', () => {
  const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(
      number,
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      fc.integer({ min: 2, max: 20 }),
      (low, span, most) => {
        const ticks = roundTicks(low, low + span, most);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        expect(
          ticks.every((tick) => tick >= low - span * 1e-6 && tick <= low + span * (1 + 1e-6)),
        ).toBe(true);
        expect(ticks.every((tick, i) => i === 0 || tick > ticks[i - 1]!)).toBe(true);
      },
    ),
  );
});

test('time in s from 2 s on', () => {
  expect(timeUnit(2000)).toEqual({ label: 'Time (s)', ms: 1000 });
  expect(timeUnit(1999)).toEqual({ label: 'Time (ms)', ms: 1 });
});
