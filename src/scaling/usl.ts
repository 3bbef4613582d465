/**
 * The universal scalability law (Gunther, Guerrilla Capacity Planning, 2007): with N threads the
 * throughput is
 *
 *   X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1))
 *
 * sigma is contention (what only one can do at a time), kappa coherency (what grows with the number
 * of pairs). N / X(N) is linear in 1/lambda, sigma/lambda and kappa/lambda, so the fit is linear
 * regression; measured times err in proportion to themselves, so each is weighted by the inverse
 * square of its expectation, in iterations. Confidence intervals are those of ratios of regression
 * coefficients, from their covariances (delta method) and Student's t.
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
      /** Throughput of one thread: biological time over wall time. */
      readonly lambda: Estimate;
      readonly sigma: Estimate;
      readonly kappa: Estimate;
      /** Threads at which throughput is greatest; undefined if it grows for ever. */
      readonly peak?: number;
    }
  | { readonly fitted: false; readonly reason: string };

export interface Throughput {
  readonly threads: number;
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
  const { coefficients, covariance } = regression(measured);
  const spread = centralQuantile(CONFIDENCE, Math.max(1, measured.length - 3));
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

/** Of N / X on 1, N - 1 and N (N - 1). */
function regression(measured: readonly Throughput[]): {
  coefficients: Triple;
  covariance: number[][];
} {
  const rows = measured.map(({ threads: n }): Triple => [1, n - 1, n * (n - 1)]);
  const values = measured.map(({ threads, value }) => threads / value);
  let expected = values;
  let coefficients: Triple = [0, 0, 0];
  let inverse: number[][] = [];
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const weights = expected.map((value) => 1 / value ** 2);
    const moment = (of: (i: number) => number) =>
      rows.reduce((sum, _, i) => sum + weights[i]! * of(i), 0);
    const matrix = [0, 1, 2].map((p) =>
      [0, 1, 2].map((q) => moment((i) => rows[i]![p]! * rows[i]![q]!)),
    );
    const right = [0, 1, 2].map((p) => moment((i) => rows[i]![p]! * values[i]!));
    inverse = inverted(matrix);
    coefficients = inverse.map((row) => dot(row, right)) as Triple;
    expected = rows.map((row, i) => positive(dot(row, coefficients), values[i]!));
  }
  const residuals = values.map((value, i) => (value - dot(rows[i]!, coefficients)) / expected[i]!);
  const squares = residuals.reduce((sum, r) => sum + r * r, 0);
  const variance = squares / Math.max(1, measured.length - 3);
  return { coefficients, covariance: inverse.map((row) => row.map((x) => x * variance)) };
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
