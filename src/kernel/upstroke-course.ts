/**
 * The exact course of dx/dt = e^x + a + b x from x = 0 on, where a and b are small: integrals over time, as
 * series in a and b. With u = a + b x, dt = e^-x (1 - u e^-x + u^2 e^-2x - ...) dx.
 */
import type { KernelBuilder } from './builder.js';
import { type F64, f64 } from './ir.js';

/** Terms that are left out are of a higher order, in all or in b. */
const ORDER = 5;
const ORDER_IN_B = 4;

/** Of the integral of x^m dt to infinity: coefficients of b^j, and in these of a^i. */
function coefficientsOf(m: 0 | 1): number[][] {
  return Array.from({ length: ORDER_IN_B + 1 }, (_, j) =>
    Array.from({ length: ORDER + 1 - j }, (_, i) => {
      const n = i + j;
      // Of (-u)^n e^-(n + 1)x x^m.
      const ofPowers = (binomial(n, j) * factorial(m + j)) / power(n + 1, m + j + 1);
      return n % 2 === 0 ? ofPowers : -ofPowers;
    }),
  );
}

const TIME = coefficientsOf(0);
const AREA = coefficientsOf(1);

/** Until x has come to a point. */
export interface Course<T> {
  readonly time: T;
  /** The integral of x over that time. */
  readonly area: T;
}

/** @param shrunk e^-`advance` */
export function courseInNumbers(
  a: number,
  b: number,
  advance: number,
  shrunk: number,
): Course<number> {
  const along = (coefficients: readonly number[], x: number): number =>
    coefficients.reduceRight((sum, c) => sum * x + c, 0);
  const toInfinity = (table: readonly (readonly number[])[], a: number, b: number): number =>
    along(
      table.map((row) => along(row, a)),
      b,
    );
  const [a2, b2] = [(a + b * advance) * shrunk, b * shrunk];
  const later = toInfinity(TIME, a2, b2);
  const laterArea = toInfinity(AREA, a2, b2) + later * advance;
  return {
    time: toInfinity(TIME, a, b) - later * shrunk,
    area: toInfinity(AREA, a, b) - laterArea * shrunk,
  };
}

/** The same in a kernel. */
export function courseInKernel(
  k: KernelBuilder,
  a: F64,
  b: F64,
  advance: F64,
  shrunk: F64,
): Course<F64> {
  const along = (coefficients: readonly F64[], x: F64): F64 =>
    k.let(coefficients.reduceRight((sum, c) => sum.mul(x).add(c)));
  const toInfinity = (table: readonly (readonly number[])[], a: F64, b: F64): F64 =>
    along(
      table.map((row) => along(row.map(f64), a)),
      b,
    );
  // From there on it is the same once more, with a smaller part.
  const b2 = k.let(b.mul(shrunk));
  const a2 = k.let(a.mul(shrunk).add(b2.mul(advance)));
  const later = toInfinity(TIME, a2, b2);
  const laterArea = toInfinity(AREA, a2, b2).add(later.mul(advance));
  return {
    time: k.let(toInfinity(TIME, a, b).sub(later.mul(shrunk))),
    area: k.let(toInfinity(AREA, a, b).sub(laterArea.mul(shrunk))),
  };
}

function binomial(n: number, j: number): number {
  return j === 0 ? 1 : (binomial(n - 1, j - 1) * n) / j;
}

function power(x: number, n: number): number {
  return n === 0 ? 1 : x * power(x, n - 1);
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
