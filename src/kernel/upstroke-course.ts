/**
 * The exact course of dx/dt = e^x + a + b x from x = 0 on, where a and b are small: integrals over time, as
 * series in a and b. With u = a + b x, dt = e^-x (1 - u e^-x + u^2 e^-2x - ...) dx.
 */
import type { KernelBuilder } from './builder.js';
import { type F64, f64 } from './ir.js';
import { power } from './power.js';

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

/** What the formula needs of numbers, and of those in a kernel. */
interface Arithmetic<T> {
  number(value: number): T;
  add(x: T, y: T): T;
  subtract(x: T, y: T): T;
  multiply(x: T, y: T): T;
}

/** @param shrunk e^-`advance` */
function courseBy<T>(by: Arithmetic<T>, a: T, b: T, advance: T, shrunk: T): Course<T> {
  const along = (coefficients: readonly T[], x: T): T =>
    coefficients.reduceRight((sum, c) => by.add(by.multiply(sum, x), c));
  const toInfinity = (table: readonly (readonly number[])[], a: T, b: T): T =>
    along(
      table.map((row) => along(row.map(by.number), a)),
      b,
    );
  // From there on it is the same once more, with a smaller part.
  const b2 = by.multiply(b, shrunk);
  const a2 = by.add(by.multiply(a, shrunk), by.multiply(b2, advance));
  const later = toInfinity(TIME, a2, b2);
  const laterArea = by.add(toInfinity(AREA, a2, b2), by.multiply(later, advance));
  return {
    time: by.subtract(toInfinity(TIME, a, b), by.multiply(later, shrunk)),
    area: by.subtract(toInfinity(AREA, a, b), by.multiply(laterArea, shrunk)),
  };
}

const NUMBERS: Arithmetic<number> = {
  number: (value) => value,
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
};

/** @param shrunk e^-`advance` */
export function courseInNumbers(
  a: number,
  b: number,
  advance: number,
  shrunk: number,
): Course<number> {
  return courseBy(NUMBERS, a, b, advance, shrunk);
}

/** The same in a kernel. */
export function courseInKernel(
  k: KernelBuilder,
  a: F64,
  b: F64,
  advance: F64,
  shrunk: F64,
): Course<F64> {
  const inKernel: Arithmetic<F64> = {
    number: f64,
    add: (x, y) => k.let(x.add(y)),
    subtract: (x, y) => k.let(x.sub(y)),
    multiply: (x, y) => k.let(x.mul(y)),
  };
  return courseBy(inKernel, a, b, advance, shrunk);
}

function binomial(n: number, j: number): number {
  return j === 0 ? 1 : (binomial(n - 1, j - 1) * n) / j;
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
