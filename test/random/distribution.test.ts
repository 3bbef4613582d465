import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  IsospikeError,
  UnknownKeyError,
  UnknownNameError,
  ValueError,
} from '../../src/errors/index.js';
import {
  add,
  type Distribution,
  describeParameter,
  div,
  exponential,
  isDistribution,
  lognormal,
  max,
  min,
  mul,
  neg,
  normal,
  parseDistribution,
  parseParameter,
  redraw,
  sub,
  uniform,
} from '../../src/random/distribution.js';
import { distributions } from './arbitrary.js';

describe('builders', () => {
  test('are plain data with the names that NEST uses', () => {
    const plain = (data: Distribution) => JSON.parse(JSON.stringify(data));
    expect(plain(uniform(0.5, 2))).toEqual({ distribution: 'uniform', min: 0.5, max: 2 });
    expect(plain(normal(-60, 25))).toEqual({ distribution: 'normal', mean: -60, std: 25 });
    expect(plain(lognormal(0, 1))).toEqual({ distribution: 'lognormal', mean: 0, std: 1 });
    expect(plain(exponential(3))).toEqual({ distribution: 'exponential', beta: 3 });
    expect(plain(uniform().mul(3).add(1))).toEqual({
      op: '+',
      left: { op: '*', left: { distribution: 'uniform', min: 0, max: 1 }, right: 3 },
      right: 1,
    });
    expect(plain(normal().redraw(0, Number.POSITIVE_INFINITY))).toEqual({
      op: 'redraw',
      of: { distribution: 'normal', mean: 0, std: 1 },
      min: 0,
    });
  });

  test('methods do what the functions do', () => {
    const [x, y] = [uniform(1, 2), exponential(2)];
    expect(x.add(y)).toEqual(add(x, y));
    expect(x.sub(1)).toEqual(sub(x, 1));
    expect(x.mul(y)).toEqual(mul(x, y));
    expect(x.div(y)).toEqual(div(x, y));
    expect(x.neg()).toEqual(neg(x));
    expect(x.redraw(1.2, 1.5)).toEqual(redraw(x, 1.2, 1.5));
    expect(x.add(y).mul(2)).toEqual(mul(add(x, y), 2));
    expect(parseDistribution('w', { op: 'min', left: x, right: 3 })).toEqual(min(x, 3));
    expect(parseDistribution('w', { op: 'max', left: 0, right: y })).toEqual(max(0, y));
  });

  test('cannot be changed afterwards', () => {
    expect(() => Object.assign(uniform(0, 1), { min: 2 })).toThrow(TypeError);
  });
});

describe('isDistribution', () => {
  test.each([uniform(), normal().add(1), { distribution: 'triangular' }])('%j', (value) => {
    expect(isDistribution(value)).toBe(true);
  });

  test.each([1, 'uniform', null, undefined, [uniform()], {}, { mean: 1 }])('not %j', (value) => {
    expect(isDistribution(value)).toBe(false);
  });
});

describe('parsing', () => {
  test('returns what survived JSON and structuredClone', () => {
    fc.assert(
      fc.property(distributions, (distribution) => {
        for (const copy of [
          JSON.parse(JSON.stringify(distribution)),
          structuredClone(distribution),
        ]) {
          expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
          expect(parseDistribution('weight', copy)).toEqual(distribution);
          expect(parseParameter('weight', copy).constructor).toBe(distribution.constructor);
        }
      }),
      { seed: 1 },
    );
  });

  test('a parameter may be a number', () => {
    expect(parseParameter('weight', 0.25)).toBe(0.25);
    expect(() => parseDistribution('weight', 0.25)).toThrow(ValueError);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, '1', null, undefined, true, [1], {}])(
    '%j is no parameter',
    (value) => {
      expect(() => parseParameter('weight', value)).toThrow(ValueError);
      expect(() => parseParameter('weight', value)).toThrow(/^weight is /);
    },
  );

  const uniform01 = { distribution: 'uniform', min: 0, max: 1 };
  test.each([
    [{ distribution: 'unifrom', min: 0, max: 1 }, UnknownNameError, "did you mean 'uniform'"],
    [{ distribution: 'toString' }, UnknownNameError, "distribution of weight 'toString'"],
    [{ distribution: 3 }, UnknownNameError, 'known: exponential, lognormal, normal, uniform'],
    [{ op: '**', left: 1, right: 2 }, UnknownNameError, "op of weight '**'"],
    [{ distribution: 'normal', mean: 0, stdev: 1 }, UnknownKeyError, "did you mean 'std'"],
    [{ ...uniform01, low: 1 }, UnknownKeyError, "unknown key 'low'"],
    [{ ...uniform01, op: '+' }, UnknownKeyError, "unknown key 'distribution'"],
    [{ op: '+', left: 1, rigth: 2 }, UnknownKeyError, "did you mean 'right'"],
    [{ op: 'redraw', of: uniform01, low: 1 }, UnknownKeyError, "unknown key 'low'"],
    [{ distribution: 'uniform', min: 0 }, ValueError, 'weight.max is undefined'],
    [
      { distribution: 'uniform', min: 1, max: 1 },
      ValueError,
      'weight.min is 1; expected less than',
    ],
    [{ distribution: 'uniform', min: '0', max: 1 }, ValueError, "weight.min is '0'"],
    [{ distribution: 'uniform', min: -1e308, max: 1e308 }, ValueError, 'max - min is Infinity'],
    [
      { distribution: 'normal', mean: 0, std: -1 },
      ValueError,
      'weight.std is -1; expected at least 0',
    ],
    [{ distribution: 'lognormal', mean: Number.NaN, std: 1 }, ValueError, 'weight.mean is NaN'],
    [{ distribution: 'lognormal', mean: 0, std: -1 }, ValueError, 'weight.std is -1'],
    [
      { distribution: 'exponential', beta: 0 },
      ValueError,
      'weight.beta is 0; expected more than 0',
    ],
    [{ op: '+', left: 1 }, ValueError, 'weight.right is undefined'],
    [{ op: '*', left: { op: '-', left: 'x', right: 1 }, right: 1 }, ValueError, 'weight.left.left'],
    [{ op: '/', left: uniform01, right: 0 }, ValueError, 'a divisor other than 0'],
    [
      { op: '/', left: 1, right: { op: '-', left: 1, right: 1 } },
      ValueError,
      'a divisor other than 0',
    ],
    [
      { op: 'redraw', of: 3, min: 0, max: 1 },
      ValueError,
      'weight.of is 3; expected a distribution',
    ],
    [{ op: 'redraw', of: uniform01, min: 1, max: 0 }, ValueError, 'weight.min is 1'],
    [{ op: 'redraw', of: uniform01, min: null }, ValueError, 'weight.min is null'],
    [
      { op: 'redraw', of: uniform01, min: 2, max: 3 },
      ValueError,
      'weight: [min, max] is [2,3]; expected bounds that can be met: what uniform(0, 1) gives',
    ],
    [
      { op: 'redraw', of: { distribution: 'exponential', beta: 1 }, max: -1 },
      ValueError,
      '[0, Inf',
    ],
  ])('refuses %j', (data, errorClass, message) => {
    expect(() => parseDistribution('weight', data)).toThrow(errorClass);
    expect(() => parseDistribution('weight', data)).toThrow(message);
  });

  test('builders obey the same checks', () => {
    expect(() => uniform(1, 0)).toThrow(ValueError);
    expect(() => normal(0, -1)).toThrow('normal.std is -1');
    expect(() => uniform().div(0)).toThrow('div.right is 0');
    expect(() => uniform().redraw(Number.NaN, 1)).toThrow('redraw.min is NaN');
    expect(() => uniform().redraw(Number.POSITIVE_INFINITY, 1)).toThrow(ValueError);
  });

  test('any JSON is parsed or refused with an error of ours', () => {
    const nearMiss = fc.record(
      {
        distribution: fc.constantFrom('uniform', 'normal', 'exponential', 'gamma', null),
        op: fc.constantFrom('+', '/', 'redraw', '%'),
        of: fc.jsonValue(),
        left: fc.jsonValue(),
        right: fc.jsonValue(),
        min: fc.jsonValue(),
        max: fc.jsonValue(),
        std: fc.double(),
        mean: fc.double(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), nearMiss), (data) => {
        try {
          parseDistribution('weight', data);
        } catch (error) {
          expect(error).toBeInstanceOf(IsospikeError);
        }
      }),
      { seed: 2, numRuns: 1000 },
    );
  });
});

test('describeParameter writes what a user would', () => {
  const distribution = uniform(0, 2)
    .mul(3)
    .add(normal(1, 0.5).redraw(0, 9))
    .sub(min(1, exponential(4)));
  expect(describeParameter(distribution)).toBe(
    '(((uniform(0, 2) * 3) + redraw(normal(1, 0.5), 0, 9)) - min(1, exponential(4)))',
  );
  expect(describeParameter(lognormal().redraw(1, Number.POSITIVE_INFINITY))).toBe(
    'redraw(lognormal(0, 1), 1, Infinity)',
  );
});
