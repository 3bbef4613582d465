/** Powers whose exponent is written as a small whole number: products, the same everywhere. */
import type { Equation } from './equation.js';

const LARGEST = 16;

/**
 * `a` to an exponent that is written as a whole number from -16 to 16, by squaring; undefined if the
 * exponent is anything else.
 */
export function wholePower<T>(
  exponent: Equation,
  a: T,
  times: (x: T, y: T) => T,
  reciprocal: (x: T) => T,
): T | undefined {
  const n = exponent.kind === 'negate' ? exponent.a : exponent;
  if (n.kind !== 'number' || !Number.isInteger(n.value)) return undefined;
  if (n.value < 1 || n.value > LARGEST) return undefined;
  const power = (m: number): T => {
    if (m === 1) return a;
    if (m % 2 === 1) return times(power(m - 1), a);
    const half = power(m / 2);
    return times(half, half);
  };
  return exponent.kind === 'negate' ? reciprocal(power(n.value)) : power(n.value);
}

/** x to the power of a whole number n >= 0, by products. */
export function power(x: number, n: number): number {
  return n === 0 ? 1 : x * power(x, n - 1);
}
