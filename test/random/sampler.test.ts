import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ValueError } from '../../src/errors/index.js';
import {
  add,
  div,
  exponential,
  lognormal,
  max,
  min,
  normal,
  type Parameter,
  redraw,
  sub,
  uniform,
} from '../../src/random/distribution.js';
import { Draws } from '../../src/random/draws.js';
import { type Key, streamKey } from '../../src/random/key.js';
import { Sampler } from '../../src/random/sampler.js';
import { chiSquare, ksTestOneSample, ksTestTwoSample, normalCdf } from '../statistics.js';
import { distributions } from './arbitrary.js';

/** Keys are fixed; a right implementation had this chance to fail each statistical test. */
const ERROR_RATE = 1e-4;
const KEY = streamKey(11, 'test sampler');
const N = 20_000;

function samples(parameter: Parameter, n = N, key: Key = KEY): Float64Array {
  const sampler = new Sampler(parameter, key);
  return Float64Array.from({ length: n }, (_, i) => sampler.sample(i, 1, 2));
}

describe('distributions', () => {
  test.each<[Parameter, (x: number) => number]>([
    [uniform(0.5, 2), (x) => (x - 0.5) / 1.5],
    [normal(-60, 25), (x) => normalCdf((x + 60) / 25)],
    [lognormal(0.3, 0.7), (x) => normalCdf((Math.log(x) - 0.3) / 0.7)],
    [exponential(3), (x) => 1 - Math.exp(-x / 3)],
    [uniform().mul(-3).add(1), (x) => (x + 2) / 3],
    [add(normal(1, 3), normal(2, 4)), (x) => normalCdf((x - 3) / 5)],
    [sub(normal(1, 3), normal(2, 4)), (x) => normalCdf((x + 1) / 5)],
    [add(uniform(), uniform()), (x) => (x < 1 ? (x * x) / 2 : 1 - (2 - x) ** 2 / 2)],
    [min(exponential(1), exponential(3)), (x) => 1 - Math.exp((-x * 4) / 3)],
    [max(uniform(), uniform()), (x) => x * x],
    [div(1, uniform(1, 2)), (x) => 2 - 1 / x],
    [redraw(exponential(1), 0.5, 2), truncatedExponential(0.5, 2)],
    [
      redraw(normal(0, 1), 1, Number.POSITIVE_INFINITY),
      (x) => (normalCdf(x) - normalCdf(1)) / normalCdf(-1),
    ],
    [
      redraw(add(redraw(exponential(1), 0.5, 2), 1), 2, 2.5),
      (x) => truncatedExponential(1, 1.5)(x - 1),
    ],
  ])('%j', (parameter, cdf) => {
    expect(ksTestOneSample(samples(parameter), cdf).p).toBeGreaterThan(ERROR_RATE);
  });

  function truncatedExponential(low: number, high: number) {
    const [a, b] = [Math.exp(-low), Math.exp(-high)];
    return (x: number) => (a - Math.exp(-x)) / (a - b);
  }

  test('a number is a constant', () => {
    expect(new Set(samples(0.25, 10))).toEqual(new Set([0.25]));
    expect(new Set(samples(normal(4, 0), 10))).toEqual(new Set([4]));
  });
});

describe('keyed', () => {
  test('a basic distribution takes the first uniform of its block', () => {
    const draws = new Draws(KEY);
    const sampler = new Sampler(uniform(0, 1), KEY);
    for (let i = 0; i < 100; i++) expect(sampler.sample(i, 5, 6)).toBe(draws.uniformAt(i, 5, 6, 0));
  });

  test('a sample does not depend on the others, nor on the form of the data', () => {
    const counters = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 2 });
    fc.assert(
      fc.property(distributions, counters, (distribution, list) => {
        const there = new Sampler(distribution, KEY);
        const back = new Sampler(structuredClone(distribution), KEY);
        const values = list.map((c) => there.sample(...c));
        const reversed = list.toReversed().map((c) => back.sample(...c));
        expect(reversed.toReversed()).toEqual(values);
        const parsed = new Sampler(JSON.parse(JSON.stringify(distribution)), KEY);
        expect(list.map((c) => parsed.sample(...c))).toEqual(values);
      }),
      { seed: 4 },
    );
  });

  test('each occurrence of a distribution draws on its own', () => {
    const x = uniform(0, 1);
    const side = 10;
    const counts = new Float64Array(side * side);
    // What the left occurrence draws is what x draws alone.
    const [alone, sum] = [samples(x), samples(add(x, x))];
    for (let i = 0; i < N; i++) {
      const [left, right] = [alone[i], sum[i] - alone[i]];
      counts[Math.floor(left * side) * side + Math.min(side - 1, Math.floor(right * side))]++;
    }
    const expected = counts.map(() => N / side ** 2);
    expect(chiSquare(counts, expected).p).toBeGreaterThan(ERROR_RATE);
  });

  test('each counter word and the key make another sample', () => {
    const sampler = new Sampler(uniform(), KEY);
    const other = new Sampler(uniform(), { ...KEY, k1: KEY.k1 ^ 1 });
    const values = [
      sampler.sample(0, 0, 0),
      sampler.sample(1, 0, 0),
      sampler.sample(0, 1, 0),
      sampler.sample(0, 0, 1),
      sampler.sample(2 ** 32 - 1, 0, 0),
      other.sample(0, 0, 0),
    ];
    expect(new Set(values).size).toBe(values.length);
  });
});

describe('redraw', () => {
  test('keeps a draw that is within the bounds, and other draws as they are', () => {
    const [x, y] = [normal(0, 1), normal(5, 2)];
    const free = samples(add(x, y));
    const bounded = samples(add(redraw(x, -1, 1), y));
    const [left, right] = [samples(x), samples(redraw(x, -1, 1))];
    let kept = 0;
    for (let i = 0; i < N; i++) {
      if (left[i] >= -1 && left[i] <= 1) {
        expect(right[i]).toBe(left[i]);
        expect(bounded[i]).toBe(free[i]);
        kept++;
      } else {
        expect(right[i]).not.toBe(left[i]);
        expect(bounded[i] - right[i]).toBeCloseTo(free[i] - left[i], 12);
      }
    }
    const expected = N * (1 - 2 * normalCdf(-1));
    expect(chiSquare([kept, N - kept], [expected, N - expected]).p).toBeGreaterThan(ERROR_RATE);
  });

  test('gives up after 1000 tries with the bounds and the distribution', () => {
    const sampler = new Sampler(redraw(normal(0, 1), 7.5, 8).add(1), KEY);
    expect(() => sampler.sample(0, 0, 0)).toThrow(ValueError);
    expect(() => sampler.sample(0, 0, 0)).toThrow(
      /^the last of 1000 draws by \(redraw\(normal\(0, 1\), 7.5, 8\) \+ 1\) is .*a value in \[7.5, 8\]/,
    );
  });

  test('a sampler that gave up once goes on as if it had not', () => {
    // A chance of 0.00135 a try: 1000 tries fail for about a quarter of the samples.
    const rare = redraw(normal(0, 1), 3, 10);
    const sampler = new Sampler(rare, KEY);
    const outcome = (s: Sampler, i: number) => {
      try {
        return s.sample(i, 0, 0);
      } catch {
        return 'gave up';
      }
    };
    const outcomes = Array.from({ length: 40 }, (_, i) => outcome(sampler, i));
    expect(new Set(outcomes).size).toBeGreaterThan(20);
    expect(outcomes).toContain('gave up');
    expect(outcomes.map((_, i) => outcome(new Sampler(rare, KEY), i))).toEqual(outcomes);
  });

  test('nested redraws do not repeat draws', () => {
    const nested = redraw(add(redraw(normal(), -1, 1), redraw(normal(), -1, 1)), 1, 2);
    const direct = redraw(add(normal().redraw(-1, 1), normal().redraw(-1, 1)), -2, 2);
    const reference = samples(direct, 8 * N, streamKey(12, 'reference')).filter((x) => x >= 1);
    expect(ksTestTwoSample(samples(nested), reference).p).toBeGreaterThan(ERROR_RATE);
  });
});

test('tries are counted anew each time that a redraw around them tries again', () => {
  // 50 tries of the outer, each 10 of the inner: together beyond 1000 in one sample of 7.
  const nested = redraw(add(redraw(uniform(), 0, 0.1), 1), 1, 1.002);
  const values = samples(nested, 300);
  expect(ksTestOneSample(values, (x) => (x - 1) / 0.002).p).toBeGreaterThan(ERROR_RATE);
});

test('a draw that is not finite is an error', () => {
  const sampler = new Sampler(lognormal(1000, 1), KEY);
  expect(() => sampler.sample(0, 0, 0)).toThrow('a draw from lognormal(1000, 1) is Infinity');
});

test('more leaves than counters can tell apart are refused', () => {
  let wide: Parameter = uniform();
  const plain = { distribution: 'uniform', min: 0, max: 1 } as const;
  for (let i = 0; i < 12; i++) wide = { op: '+', left: wide, right: wide };
  expect(() => new Sampler(wide, KEY)).not.toThrow();
  expect(() => new Sampler({ op: '+', left: wide, right: plain }, KEY)).toThrow(ValueError);
});
