/** Times on the grid, and the errors for those beside it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OffGridError, ValueError } from '../../src/errors/index.js';
import { MAX_STEP, TimeGrid } from '../../src/units/index.js';

const grid = new TimeGrid(0.1);

describe('steps', () => {
  test('of times on the grid, rounding errors of decimals included', () => {
    expect(grid.steps('t', 0.1 + 0.2)).toBe(3);
    expect(grid.steps('t', 0)).toBe(0);
    expect(grid.steps('t', -1.5)).toBe(-15);
    expect(grid.steps('t', 10_000)).toBe(100_000);
  });

  test('a time counts as on the grid within a millionth of a step', () => {
    expect(grid.steps('t', 0.3 + 0.9e-7)).toBe(3);
    expect(() => grid.steps('t', 0.3 + 1.1e-7)).toThrow(OffGridError);
  });

  test('of others the nearest valid time is named', () => {
    const error = catching(() => grid.steps('stop', 0.26));
    expect(error).toMatchObject({ where: 'stop', value: 0.26, nearest: 0.3, resolution: 0.1 });
    expect((error as Error).message).toContain('the nearest valid value is 0.3 ms');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1.1e8, -1.1e8, '1', null, undefined, 1n, {}])(
    '%s is refused',
    (ms) => {
      expect(() => grid.steps('t', ms as number)).toThrow(ValueError);
      expect(() => grid.nearestSteps('t', ms as number)).toThrow(ValueError);
      expect(() => grid.delaySteps('t', ms as number)).toThrow(ValueError);
    },
  );

  test('the highest step is allowed', () => {
    expect(grid.steps('t', MAX_STEP / 10)).toBe(MAX_STEP);
    expect(() => grid.steps('t', (MAX_STEP + 1) / 10)).toThrow(ValueError);
  });

  test('every whole number of steps comes back from its time', () => {
    const resolutions = fc.constantFrom(0.1, 0.05, 0.01, 0.025, 1, 0.3, 1 / 3, 2, 0.125, 0.7);
    fc.assert(
      fc.property(resolutions, fc.integer({ min: 0, max: 1e8 }), (resolution, steps) => {
        const any = new TimeGrid(resolution);
        expect(any.steps('t', any.ms(steps))).toBe(steps);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe('delays', () => {
  test('are at least a step', () => {
    expect(grid.delaySteps('delay', 0.1)).toBe(1);
    expect(() => grid.delaySteps('delay', 0)).toThrow(ValueError);
    expect(() => grid.delaySteps('delay', -0.1)).toThrow(ValueError);
    expect(catching(() => grid.delaySteps('delay', 0.04))).toMatchObject({ nearest: 0 });
  });
});

test('milliseconds are short decimals where the resolution is one', () => {
  expect([3, 7, 12345, 99_999].map((s) => grid.ms(s))).toEqual([0.3, 0.7, 1234.5, 9999.9]);
  expect(new TimeGrid(0.3).ms(3)).toBeCloseTo(0.9, 15);
  expect(new TimeGrid(2).ms(3)).toBe(6);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1001, '0.1', null])(
  'a resolution of %s is refused',
  (resolution) => {
    expect(() => new TimeGrid(resolution as number)).toThrow(ValueError);
  },
);

function catching(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
