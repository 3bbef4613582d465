import { LN2_HI, LN2_LO, LOG2_E, ROUNDER, scale } from './binary64.js';

// P0..P9 of p in e^r = 1 + r + r^2/2 + r^3 p(r), |r| <= ln(2)/2: minimax in the relative error of
// e^r - 1, which is 2^-59.9. From a Remez exchange in 60 digits; each coefficient in turn was
// rounded to double and those above it were fitted again.
const P0 = 0.16666666666666677;
const P1 = 0.041666666666666644;
const P2 = 0.008333333333321258;
const P3 = 0.001388888888889363;
const P4 = 0.0001984126988737738;
const P5 = 2.480158731871574e-5;
const P6 = 2.755724269726346e-6;
const P7 = 2.7557247804903745e-7;
const P8 = 2.5109647724199834e-8;
const P9 = 2.0937592843401266e-9;

/** The coefficients again, for kernels that compute several exponentials at once. */
export const EXP_COEFFICIENTS = [P0, P1, P2, P3, P4, P5, P6, P7, P8, P9] as const;

/** Beyond these the result is Infinity or 0; the scaling below covers all that lies between. */
export const EXP_UPPER = 710;
export const EXP_LOWER = -746;

/** e^r - 1 - r - r^2/2 for |r| <= ln(2)/2; p by Estrin's scheme, degree 9. */
export function expCubic(r: number): number {
  const r2 = r * r;
  const r4 = r2 * r2;
  const low = P0 + P1 * r + (P2 + P3 * r) * r2;
  const high = P4 + P5 * r + (P6 + P7 * r) * r2 + (P8 + P9 * r) * r4;
  return r2 * r * (low + high * r4);
}

/**
 * e^(x + dx) for -746 <= x <= 710 (or NaN) and |dx| < 2^-40: with x = k ln 2 + r after Cody and
 * Waite (1980), 2^k (1 + r + r^2/2 + cubic). k LN2_HI and x - k LN2_HI are exact.
 */
export function expOfSum(x: number, dx: number): number {
  const k = x * LOG2_E + ROUNDER - ROUNDER;
  const hi = x - k * LN2_HI;
  const lo = k * LN2_LO - dx;
  const r = hi - lo;
  const sum = 1 + hi;
  // Exactly what the rounding of 1 + hi lost (|hi| < 1).
  const lost = hi - (sum - 1);
  // From the least term to the greatest.
  return scale(sum + (0.5 * (r * r) + (expCubic(r) + (lost - lo))), k | 0);
}

/**
 * e^x to within 0.65 ulp (0.82 where the result is denormal), for every double.
 * exp(-Infinity) = 0, exp(Infinity) = Infinity, exp(NaN) = NaN.
 */
export function exp(x: number): number {
  return expOfSum(Math.min(Math.max(x, EXP_LOWER), EXP_UPPER), 0);
}
