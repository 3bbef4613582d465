/**
 * The universal scalability law (Gunther, Guerrilla Capacity Planning, 2007): with N threads the
 * throughput is
 *
 *   X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1))
 *
 * sigma is contention (what only one can do at a time), kappa coherency (what grows with the number
 * of pairs). N / X(N) is linear in 1/lambda, sigma/lambda and kappa/lambda, so the fit is linear
 * regression; measured times err in proportion to themselves, so each is weighted by the inverse
 * square of its expectation, in iterations. Networks of different seeds do not have the same work to
 * do: each seed has a factor of its own, estimated with the rest, whose geometric mean is 1, so lambda
 * is that of the seeds at hand. Confidence intervals are those of ratios of regression coefficients,
 * from their covariances (delta method) and Student's t. They take it for granted that the law holds
 * and that points err independently.
 *
 * Gunther takes sigma and kappa to be at least 0. Here neither is forced to be: caches that hold a
 * smaller share better make sigma negative, and an interval cut off at 0 would hide how little is known.
 */
import { centralQuantile } from './student.js';

const FEWEST_THREAD_COUNTS = 4;
const CONFIDENCE = 0.95;
const ITERATIONS = 30;

export interface Estimate {
  readonly value: number;
  /** Limits of the confidence interval. */
  readonly low: number;
  readonly high: number;
}

export type UslFit =
  | {
      readonly fitted: true;
      readonly confidence: number;
      /** Throughput of one thread: biological time over wall time; mean over the seeds. */
      readonly lambda: Estimate;
      readonly sigma: Estimate;
      readonly kappa: Estimate;
      /** Threads at which throughput is greatest; undefined if it grows for ever. */
      readonly peak?: number;
    }
  | { readonly fitted: false; readonly reason: string };

export interface Throughput {
  readonly threads: number;
  readonly seed: number | string;
  /** Per unit of wall time; > 0. */
  readonly value: number;
}

/** The law's throughput. */
export function uslThroughput(
  lambda: number,
  sigma: number,
  kappa: number,
  threads: number,
): number {
  return (lambda * threads) / (1 + sigma * (threads - 1) + kappa * threads * (threads - 1));
}

/** Fits the law to measured throughputs, if they suffice. */
export function fitUsl(measured: readonly Throughput[]): UslFit {
  const counts = [...new Set(measured.map(({ threads }) => threads))].sort((a, b) => a - b);
  if (counts.length < FEWEST_THREAD_COUNTS) {
    const list = counts.length === 0 ? 'there are none' : `there are ${counts.join(', ')}`;
    const reason = `a fit needs at least ${FEWEST_THREAD_COUNTS} numbers of threads with a core for each thread; ${list}`;
    return { fitted: false, reason };
  }
  const { coefficients, covariance, degreesOfFreedom } = regression(measured);
  const spread = centralQuantile(CONFIDENCE, degreesOfFreedom);
  const [a, b, c] = coefficients;
  const ratio = (value: number, index: number): Estimate => {
    // Of coefficients[index] / a.
    const gradient = [-value / a, 0, 0];
    gradient[index] = 1 / a;
    const error = spread * Math.sqrt(Math.max(0, quadratic(covariance, gradient)));
    return { value, low: value - error, high: value + error };
  };
  const error = (spread * Math.sqrt(Math.max(0, covariance[0]![0]!))) / a ** 2;
  const lambda = { value: 1 / a, low: 1 / a - error, high: 1 / a + error };
  const [sigma, kappa] = [ratio(b / a, 1), ratio(c / a, 2)];
  const fit = { fitted: true, confidence: CONFIDENCE, lambda, sigma, kappa } as const;
  // With more contention than that, every thread beyond the first makes it slower.
  if (sigma.value >= 1) return { ...fit, peak: 1 };
  return kappa.value > 0
    ? { ...fit, peak: Math.max(1, Math.sqrt((1 - sigma.value) / kappa.value)) }
    : fit;
}

type Triple = [number, number, number];

interface Regression {
  readonly coefficients: Triple;
  readonly covariance: readonly (readonly number[])[];
  readonly degreesOfFreedom: number;
}

/** Of N / X on 1, N - 1 and N (N - 1), and of its logarithm on the seeds. */
function regression(measured: readonly Throughput[]): Regression {
  const rows = measured.map(({ threads: n }): Triple => [1, n - 1, n * (n - 1)]);
  const values = measured.map(({ threads, value }) => threads / value);
  let expected = values;
  let corrected = values;
  let coefficients: Triple = [0, 0, 0];
  let inverse: number[][] = [];
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const weights = expected.map((value) => 1 / value ** 2);
    const moment = (of: (i: number) => number) =>
      rows.reduce((sum, _, i) => sum + weights[i]! * of(i), 0);
    const matrix = [0, 1, 2].map((p) =>
      [0, 1, 2].map((q) => moment((i) => rows[i]![p]! * rows[i]![q]!)),
    );
    const right = [0, 1, 2].map((p) => moment((i) => rows[i]![p]! * corrected[i]!));
    inverse = inverted(matrix);
    coefficients = inverse.map((row) => dot(row, right)) as Triple;
    expected = rows.map((row, i) => positive(dot(row, coefficients), values[i]!));
    corrected = withoutSeeds(measured, values, expected);
  }
  const residuals = corrected.map((value, i) => (value - expected[i]!) / expected[i]!);
  const squares = residuals.reduce((sum, r) => sum + r * r, 0);
  const seeds = new Set(measured.map(({ seed }) => seed)).size;
  const degreesOfFreedom = Math.max(1, measured.length - 3 - (seeds - 1));
  const variance = squares / degreesOfFreedom;
  const covariance = inverse.map((row) => row.map((x) => x * variance));
  return { coefficients, covariance, degreesOfFreedom };
}

/** The values as they would be if all seeds were alike: divided by their seed's factor. */
function withoutSeeds(
  measured: readonly Throughput[],
  values: readonly number[],
  expected: readonly number[],
): number[] {
  const logs = values.map((value, i) => Math.log(value / expected[i]!));
  const overall = mean(logs);
  const factors = new Map<number | string, number>();
  for (const { seed } of measured) {
    if (factors.has(seed)) continue;
    const own = logs.filter((_, i) => measured[i]!.seed === seed);
    factors.set(seed, Math.exp(mean(own) - overall));
  }
  return values.map((value, i) => value / factors.get(measured[i]!.seed)!);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** An expectation that is not positive cannot weigh anything. */
function positive(expected: number, measured: number): number {
  return expected > 0 ? expected : measured;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

function quadratic(matrix: readonly (readonly number[])[], vector: readonly number[]): number {
  return dot(
    vector,
    matrix.map((row) => dot(row, vector)),
  );
}

/** Of a symmetric positive definite matrix, by Gauss and Jordan. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < n; column++) {
    const pivot = rows[column]![column]!;
    rows[column] = rows[column]!.map((x) => x / pivot);
    for (let row = 0; row < n; row++) {
      const factor = rows[row]![column]!;
      if (row !== column) rows[row] = rows[row]!.map((x, j) => x - factor * rows[column]![j]!);
    }
  }
  return rows.map((row) => row.slice(n));
}
