import { expm1 } from './expm1.js';

/** Beyond half of this, tanh rounds to 1. */
const UPPER = 44;

/**
 * Hyperbolic tangent to within 2 ulp, for every double: t / (t + 2) with t = e^(2 |x|) - 1, which
 * loses nothing near 0. tanh(-0) = -0, tanh(+-Infinity) = +-1, tanh(NaN) = NaN.
 */
export function tanh(x: number): number {
  if (x === 0) return x;
  const t = expm1(Math.min(2 * Math.abs(x), UPPER));
  const magnitude = t / (t + 2);
  return x < 0 ? -magnitude : magnitude;
}
