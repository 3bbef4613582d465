import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ProgressState,
  phaseSentence,
  progressLine,
  progressSentence,
} from '../../src/cli/progress-line.js';

const state: ProgressState = {
  phase: 'simulate',
  timeMs: 6200,
  totalMs: 10_000,
  realTimeFactor: 0.31,
};

describe('progressLine', () => {
  test('has a bar, biological time, real-time factor and time left', () => {
    expect(progressLine(state, 100, false)).toBe(
      'simulating [==================>           ]   62 %  6.2 of 10 s  real-time factor 0.31  2 s left',
    );
  });

  test.each([
    [79, 'simulating [========>    ]   62 %  6.2 of 10 s  real-time factor 0.31  2 s left'],
    [78, 'simulating [=======>    ]   62 %  6.2 of 10 s  real-time factor 0.31  2 s left'],
    [70, 'simulating [================>          ]   62 %  6.2 of 10 s  2 s left'],
    [50, 'simulating [==========>      ]   62 %  6.2 of 10 s'],
    [36, '[========>     ]   62 %  6.2 of 10 s'],
    [30, '62 %  6.2 of 10 s'],
    [10, '62 %'],
    [3, ''],
  ])('leaves out what does not fit %d columns', (width, expected) => {
    expect(progressLine(state, width, false)).toBe(expected);
  });

  test('colour takes no room', () => {
    const coloured = progressLine(state, 79, true);
    expect(coloured).toContain('\u001b[36m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is taken away
    const plain = coloured.replace(/\u001b\[\d+m/g, '');
    expect(plain).toBe(progressLine(state, 79, false));
  });

  test('never wraps', () => {
    const anyState = fc.record({
      phase: fc.constantFrom('build', 'simulate', 'collect', 'write'),
      timeMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
      totalMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
      realTimeFactor: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
    }) as fc.Arbitrary<ProgressState>;
    const check = (any: ProgressState, width: number) => {
      const line = progressLine(any, width, false);
      expect(line.length).toBeLessThanOrEqual(width);
      expect(line).not.toMatch(/NaN|undefined|Infinity/);
    };
    fc.assert(fc.property(anyState, fc.integer({ min: 0, max: 200 }), check), { seed: 1 });
  });
});

describe('progressSentence', () => {
  test('says the same in words', () => {
    expect(progressSentence(state)).toBe(
      'simulated 6.2 of 10 s (62 %), real-time factor 0.31, 2 s left',
    );
  });

  test.each([
    [
      { timeMs: 120, totalMs: 350 },
      'simulated 120 of 350 ms (34 %), real-time factor 0.31, 1 s left',
    ],
    [{ timeMs: 10_000 }, 'simulated 10.0 of 10 s (100 %), real-time factor 0.31'],
    [{ realTimeFactor: undefined }, 'simulated 6.2 of 10 s (62 %)'],
    [{ realTimeFactor: 25 }, 'simulated 6.2 of 10 s (62 %), real-time factor 25, 1 min 35 s left'],
    [
      { realTimeFactor: 1234 },
      'simulated 6.2 of 10 s (62 %), real-time factor 1234, 1 h 18 min left',
    ],
    [{ timeMs: 9999.9 }, 'simulated 10.0 of 10 s (99 %), real-time factor 0.31, 1 s left'],
    [{ phase: 'collect' }, 'simulated 6.2 of 10 s (62 %), real-time factor 0.31'],
  ] as [Partial<ProgressState>, string][])('with %j', (change, expected) => {
    expect(progressSentence({ ...state, ...change })).toBe(expected);
  });
});

test('phaseSentence', () => {
  expect(phaseSentence({ ...state, phase: 'build' })).toBe('building the network');
  expect(phaseSentence(state)).toBe('simulating 10 s');
});
