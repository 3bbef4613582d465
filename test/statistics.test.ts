import { describe, expect, test } from 'vitest';
import {
  chiSquare,
  gammaQ,
  ksTestOneSample,
  ksTestTwoSample,
  normalCdf,
  poissonCdf,
} from './statistics.js';

/** n samples whose largest distance from the uniform distribution function is d. */
function samplesAtDistance(n: number, d: number): number[] {
  const shift = d - 1 / n;
  return Array.from({ length: n }, (_, i) => Math.min(1, i / n + 1 / n + shift));
}

const uniformCdf = (x: number) => x;
const range = (n: number, step: number, offset: number) =>
  Array.from({ length: n }, (_, i) => i * step + offset);

describe('Kolmogorov-Smirnov, one sample', () => {
  test.each([
    // Marsaglia, Tsang and Wang (2003): P(D_10 < 0.274); critical values of Massey (1951) to more
    // digits for 5 %; the same matrix power in 60 digits.
    [10, 0.274, 1 - 0.6284796154565043, 1e-12],
    [10, 0.409246, 0.05, 1e-7],
    [20, 0.294076, 0.05, 1e-6],
    [200, 0.0962, 0.04612319398879372, 1e-12],
    // Larger samples use the corrected limit, good to 0.1 % here; the paper gives both.
    [2000, 0.04, 1 - 0.9967694319171367, 0.001 * 0.00323],
    [16000, 0.016, 1 - 0.9994523491382805, 0.001 * 0.000548],
  ])('n = %i, D = %d', (n, d, p, tolerance) => {
    const result = ksTestOneSample(samplesAtDistance(n, d), uniformCdf);
    expect(result.statistic).toBeCloseTo(d, 12);
    expect(Math.abs(result.p - p)).toBeLessThan(tolerance);
  });

  test('a sample against the normal distribution, as SciPy has it', () => {
    const sample = [
      0.61, 0.29, 0.06, 0.59, -1.73, -0.74, 0.51, -0.56, 0.39, 1.64, 0.05, -0.06, 0.64, -0.82, 0.37,
      1.77, 1.09, -1.28, 2.36, 1.31, 1.05, -0.32, -0.4, 1.06, -2.47,
    ];
    const { statistic, p } = ksTestOneSample(sample, normalCdf);
    expect(statistic).toBeCloseTo(0.17409188119887736, 12);
    expect(p).toBeCloseTo(0.38974117186791835, 10);
  });
});

describe('Kolmogorov-Smirnov, two samples', () => {
  test('exact for small samples, as SciPy has it', () => {
    const x = [1.2, 3.1, 0.4, 2.2, 5.9, 4.4, 0.8];
    const y = [2.5, 6.1, 7.7, 3.3, 8.2, 9.0, 5.0, 6.6];
    const small = ksTestTwoSample(x, y);
    expect(small.statistic).toBeCloseTo(0.625, 12);
    expect(small.p).toBeCloseTo(0.055944055944055944, 12);
    const larger = ksTestTwoSample(range(40, 1, 0), range(40, 1, 11.5));
    expect(larger.statistic).toBeCloseTo(0.3, 12);
    expect(larger.p).toBeCloseTo(0.054141077480362725, 12);
  });

  test('the limit for large samples, as SciPy has it', () => {
    const { statistic, p } = ksTestTwoSample(range(2000, 1, 0), range(3000, 0.7, -10.25));
    expect(statistic).toBeCloseTo(0.043166666666666687, 12);
    expect(p).toBeCloseTo(0.022847330927150616, 12);
  });

  test('equal samples are at distance 0, ties or not', () => {
    expect(ksTestTwoSample([3, 1, 1, 2], [1, 2, 1, 3])).toEqual({ statistic: 0, p: 1 });
  });
});

describe('chi-square', () => {
  test("Mendel's peas", () => {
    const { statistic, p } = chiSquare([315, 108, 101, 32], [312.75, 104.25, 104.25, 34.75]);
    expect(statistic).toBeCloseTo(0.4700239808153477, 12);
    expect(p).toBeCloseTo(0.925425895103616, 12);
  });

  test.each([
    [1, 0.95, 0.003932140000019531],
    [1, 0.05, 3.841458820694124],
    [1, 0.001, 10.827566170662733],
    [2, 0.05, 5.991464547107979],
    [10, 0.95, 3.940299136119061],
    [10, 0.05, 18.307038053275146],
    [10, 0.001, 29.588298445074418],
    [100, 0.05, 124.34211340400407],
    [100, 0.001, 149.44925277903886],
  ])('%i degrees of freedom, tail %d', (degrees, p, statistic) => {
    expect(gammaQ(degrees / 2, statistic / 2)).toBeCloseTo(p, 12);
  });

  test('refuses what the approximation does not cover', () => {
    expect(() => chiSquare([5, 6], [5, 5, 1])).toThrow('length');
    expect(() => chiSquare([6, 4], [8, 2])).toThrow('fewer than 5');
    expect(() => chiSquare([60, 50], [50, 50])).toThrow('sums differ');
  });
});

test.each([
  [-6, 9.86587645037698e-10],
  [-1.96, 0.024997895148220435],
  [-0.5, 0.3085375387259869],
  [0, 0.5],
  [1, 0.8413447460685429],
  [3, 0.9986501019683699],
])('normalCdf(%d)', (x, p) => {
  expect(Math.abs(normalCdf(x) - p)).toBeLessThan(1e-13 * p);
});

test.each([
  [-1, 2, 0],
  [0, 0.1, 0.9048374180359596],
  [3, 4.5, 0.34229595583459105],
  [120, 100, 0.9773306709216473],
  [9900, 10000, 0.15987118224528374],
])('poissonCdf(%d, %d)', (k, mean, p) => {
  // exp(k log mean - mean - ...) loses what its terms, here up to 1e5, cancel.
  expect(Math.abs(poissonCdf(k, mean) - p)).toBeLessThanOrEqual(1e-10 * p);
});
