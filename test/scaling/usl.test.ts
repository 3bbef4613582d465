import { describe, expect, test } from 'vitest';
import { ownStream } from '../../src/index.js';
import { fitUsl, type Throughput, type UslFit, uslThroughput } from '../../src/scaling/usl.js';

const COUNTS = [1, 2, 4, 8, 16];

function exactly(lambda: number, sigma: number, kappa: number, counts = COUNTS): Throughput[] {
  return counts.map((threads) => ({
    threads,
    seed: 1,
    value: uslThroughput(lambda, sigma, kappa, threads),
  }));
}

function fitted(measured: readonly Throughput[]): Extract<UslFit, { fitted: true }> {
  const fit = fitUsl(measured);
  if (!fit.fitted) throw new Error(fit.reason);
  return fit;
}

/** Standard normal draws, the same each time. */
function normalDraws(purpose: string): () => number {
  const random = ownStream(7, purpose);
  return () => {
    const [u, v] = [1 - random(), random()];
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  };
}

describe('the law', () => {
  test('is linear without contention and coherency', () => {
    expect(uslThroughput(3, 0, 0, 7)).toBe(21);
  });

  test('is Amdahl’s without coherency', () => {
    expect(uslThroughput(1, 0.1, 0, 4)).toBeCloseTo(1 / (0.1 + 0.9 / 4), 14);
  });
});

describe('the fit', () => {
  test.each([
    [1, 0, 0],
    [0.8, 0.05, 0],
    [1.7, 0.03, 0.002],
    [20, 0.3, 0.05],
    [1e-3, -0.02, 0.001],
  ])('recovers %d, %d, %d from throughputs without noise', (lambda, sigma, kappa) => {
    const fit = fitted(exactly(lambda, sigma, kappa));
    for (const [estimate, truth] of [
      [fit.lambda, lambda],
      [fit.sigma, sigma],
      [fit.kappa, kappa],
    ] as const) {
      expect(Math.abs(estimate.value - truth)).toBeLessThan(1e-9 * Math.max(1, lambda));
      expect(estimate.high - estimate.low).toBeLessThan(1e-6 * Math.max(1, lambda));
    }
  });

  test('says where throughput is greatest', () => {
    const fit = fitted(exactly(1, 0.02, 0.005));
    expect(fit.peak).toBeCloseTo(Math.sqrt(0.98 / 0.005), 6);
    expect(fitted(exactly(1, 0.02, -0.0001)).peak).toBeUndefined();
    // Slower with every thread, whatever the pairs of threads do.
    expect(fitted(exactly(1, 1.2, 0.1)).peak).toBe(1);
    expect(fitted(exactly(1, 1.2, -0.001)).peak).toBe(1);
    expect(fitted(exactly(1, 0.9, 0.2)).peak).toBe(1);
  });

  const FOUR = [1, 2, 4, 8];
  test.each([
    ['many points', COUNTS, { seeds: 1, repeats: 3, noise: 0.03, seedNoise: 0 }],
    ['noise of 10 %', COUNTS, { seeds: 1, repeats: 3, noise: 0.1, seedNoise: 0 }],
    ['as few points as can be', FOUR, { seeds: 1, repeats: 1, noise: 0.03, seedNoise: 0 }],
    ['no point on one thread', [4, 8, 16, 32], { seeds: 1, repeats: 3, noise: 0.03, seedNoise: 0 }],
    ['seeds that differ', FOUR, { seeds: 3, repeats: 3, noise: 0.03, seedNoise: 0.1 }],
  ])('has intervals that hold the truth as often as they say: %s', (_, counts, design) => {
    const truth = { sigma: 0.04, kappa: 0.003 };
    const trials = 1000;
    const held = { lambda: 0, sigma: 0, kappa: 0 };
    const normal = normalDraws('usl');
    for (let trial = 0; trial < trials; trial++) {
      const factors = Array.from({ length: design.seeds }, () =>
        Math.exp(design.seedNoise * normal()),
      );
      const measured = factors.flatMap((factor, seed) =>
        Array.from({ length: design.repeats }, () =>
          exactly(1.5 * factor, truth.sigma, truth.kappa, counts).map(({ threads, value }) => ({
            threads,
            seed,
            value: value * Math.exp(design.noise * normal()),
          })),
        ).flat(),
      );
      const lambda = 1.5 * factors.reduce((product, x) => product * x) ** (1 / design.seeds);
      const fit = fitted(measured);
      for (const [name, value] of Object.entries({ lambda, ...truth })) {
        const { low, high } = fit[name as keyof typeof held];
        if (low <= value && value <= high) held[name as keyof typeof held] += 1;
      }
    }
    // Four standard deviations of a binomial proportion around 0.95; draws are the same each time.
    for (const count of Object.values(held)) {
      expect(Math.abs(count / trials - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / trials));
    }
  });

  test('is not misled by seeds of which some points are missing', () => {
    const slow = exactly(0.8, 0.04, 0.003).slice(0, 2);
    const measured = [...exactly(1, 0.04, 0.003), ...slow.map((one) => ({ ...one, seed: 2 }))];
    const fit = fitted(measured);
    expect(fit.sigma.value).toBeCloseTo(0.04, 6);
    expect(fit.kappa.value).toBeCloseTo(0.003, 6);
  });

  test('is wider with more noise', () => {
    const noisy = (part: number) =>
      exactly(1, 0.05, 0.001).map(({ threads, seed, value }, i) => ({
        threads,
        seed,
        value: value * (1 + (i % 2 === 0 ? part : -part)),
      }));
    const width = (part: number) => {
      const { low, high } = fitted(noisy(part)).sigma;
      return high - low;
    };
    expect(width(0.05)).toBeGreaterThan(3 * width(0.01));
  });

  test.each([[[]], [[1]], [[1, 2, 4]], [[1, 1, 2, 2, 3, 3]]])('of %j has not enough', (counts) => {
    const fit = fitUsl(exactly(1, 0, 0, counts));
    expect(fit).toEqual({ fitted: false, reason: expect.stringContaining('at least 4 numbers') });
  });
});
