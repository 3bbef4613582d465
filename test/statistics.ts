/** Goodness-of-fit tests with p-values, and the distribution functions they are used with. */

export interface TestResult {
  readonly statistic: number;
  /** Probability of a statistic at least this large if the hypothesis holds. */
  readonly p: number;
}

/** Up to this size the Kolmogorov-Smirnov distribution is computed exactly. */
const EXACT_SAMPLES = 200;
/** Up to this product of sizes the two-sample distribution is computed exactly. */
const EXACT_PRODUCT = 1e6;

/** Kolmogorov-Smirnov test that samples come from a continuous distribution function. */
export function ksTestOneSample(
  samples: ArrayLike<number>,
  cdf: (x: number) => number,
): TestResult {
  const sorted = Float64Array.from(samples).sort();
  const n = sorted.length;
  let statistic = 0;
  for (let i = 0; i < n; i++) {
    const f = cdf(sorted[i]);
    statistic = Math.max(statistic, f - i / n, (i + 1) / n - f);
  }
  const p = n <= EXACT_SAMPLES ? 1 - ksExact(n, statistic) : ksAsymptotic(n, statistic);
  return { statistic, p: clampToUnit(p) };
}

/**
 * Kolmogorov-Smirnov test that two samples come from the same distribution. Exact for small
 * samples without ties; ties make it conservative.
 */
export function ksTestTwoSample(a: ArrayLike<number>, b: ArrayLike<number>): TestResult {
  const x = Float64Array.from(a).sort();
  const y = Float64Array.from(b).sort();
  const [n, m] = [x.length, y.length];
  let [i, j, largest] = [0, 0, 0];
  while (i < n && j < m) {
    const value = Math.min(x[i], y[j]);
    while (i < n && x[i] <= value) i++;
    while (j < m && y[j] <= value) j++;
    largest = Math.max(largest, Math.abs(i * m - j * n));
  }
  const statistic = largest / (n * m);
  const p =
    n * m <= EXACT_PRODUCT
      ? 1 - pathsWithin(n, m, largest)
      : kolmogorovTail(statistic * Math.sqrt((n * m) / (n + m)));
  return { statistic, p: clampToUnit(p) };
}

/**
 * Pearson's chi-square test of counts against expected counts of the same sum. `fitted` is the
 * number of parameters that were estimated from the counts.
 */
export function chiSquare(
  observed: ArrayLike<number>,
  expected: ArrayLike<number>,
  fitted = 0,
): TestResult {
  if (observed.length !== expected.length)
    throw new Error('observed and expected differ in length');
  let [statistic, excess, total] = [0, 0, 0];
  for (let i = 0; i < observed.length; i++) {
    if (expected[i] < 5) throw new Error(`bin ${i} expects ${expected[i]}, fewer than 5`);
    const difference = observed[i] - expected[i];
    statistic += difference ** 2 / expected[i];
    excess += difference;
    total += expected[i];
  }
  if (Math.abs(excess) > 1e-6 * total) throw new Error(`sums differ by ${excess} of ${total}`);
  const degrees = observed.length - 1 - fitted;
  return { statistic, p: gammaQ(degrees / 2, statistic / 2) };
}

/** Standard normal distribution function. */
export function normalCdf(x: number): number {
  const tail = gammaQ(0.5, (x * x) / 2) / 2;
  return x < 0 ? tail : 1 - tail;
}

/** P(count <= k) for a Poisson count. */
export function poissonCdf(k: number, mean: number): number {
  return k < 0 ? 0 : gammaQ(Math.floor(k) + 1, mean);
}

/** Regularised upper incomplete gamma function Q(a, x): series below a + 1, else fraction. */
export function gammaQ(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - scale * lowerSeries(a, x) : scale * upperFraction(a, x);
}

/** sum of x^n / (a (a+1) ... (a+n)); Abramowitz and Stegun 6.5.29. */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** The continued fraction Abramowitz and Stegun 6.5.31, contracted, by Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 1e6; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return value;
}

/** Stirling's series (Abramowitz and Stegun 6.1.41) after moving the argument above 10. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift += Math.log(z);
  const r = 1 / (z * z);
  const series = 1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188))));
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series / z - shift;
}

/** Limit of P(sqrt(n) D > x); Kolmogorov 1933. */
function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
}

/** The limit with the correction of Vrbik, Pioneer J. Theor. Appl. Statist. 15 (2018) 15-23. */
function ksAsymptotic(n: number, d: number): number {
  const x = d * Math.sqrt(n);
  return kolmogorovTail(x + 1 / (6 * Math.sqrt(n)) + (x - 1) / (4 * n));
}

/** P(D < d) by the matrix power of Marsaglia, Tsang and Wang, J. Stat. Softw. 8 (2003) 18. */
function ksExact(n: number, d: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const h = k - n * d;
  const matrix: number[][] = [];
  for (let i = 0; i < size; i++) {
    const row = Array.from({ length: size }, (_, j) => (i - j + 1 < 0 ? 0 : 1));
    row[0] -= h ** (i + 1);
    matrix.push(row);
  }
  for (let j = 0; j < size; j++) matrix[size - 1][j] -= h ** (size - j);
  if (2 * h > 1) matrix[size - 1][0] += (2 * h - 1) ** size;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) matrix[i][j] /= factorial(i - j + 1);
  }
  let probability = matrixPower(matrix, n)[k - 1][k - 1];
  for (let i = 1; i <= n; i++) probability *= i / n;
  return probability;
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function matrixPower(matrix: number[][], exponent: number): number[][] {
  if (exponent === 1) return matrix;
  const half = matrixPower(matrix, Math.floor(exponent / 2));
  const square = matrixProduct(half, half);
  return exponent % 2 === 0 ? square : matrixProduct(square, matrix);
}

function matrixProduct(a: number[][], b: number[][]): number[][] {
  return a.map((row) => b.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
}

/**
 * The share of orderings of n + m values in which |i m - j n| stays below `limit`, i and j being
 * how many of either sample are among the smallest: the last step to (i, j) is one of i with
 * probability i / (i + j).
 */
function pathsWithin(n: number, m: number, limit: number): number {
  const share = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      if (Math.abs(i * m - j * n) >= limit) share[j] = 0;
      else if (i === 0 && j === 0) share[j] = 1;
      else share[j] = (i * share[j] + (j > 0 ? j * share[j - 1] : 0)) / (i + j);
    }
  }
  return share[m];
}

function clampToUnit(p: number): number {
  return Math.min(1, Math.max(0, p));
}
