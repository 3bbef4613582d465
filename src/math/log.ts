import { exponentOf, LN2_HI, LN2_LO, MIN_NORMAL, significand, TWO_54 } from './binary64.js';

// L0..L7 of l in 2 atanh(s) = 2 s + s z l(z), z = s^2 <= 0.0372: minimax in the absolute error of
// z l(z), which is 2^-62.6. Made as those of exp.
const L0 = 0.6666666666666663;
const L1 = 0.40000000000032504;
const L2 = 0.2857142856172724;
const L3 = 0.22222223618178083;
const L4 = 0.18181707353970392;
const L5 = 0.15389724883805442;
const L6 = 0.13197535083964942;
const L7 = 0.13676371123404074;

/** The coefficients again, for kernels. */
export const LOG_COEFFICIENTS = [L0, L1, L2, L3, L4, L5, L6, L7] as const;

/**
 * k ln 2 + ln(1 + f) + dx for an integer |k| <= 1075, 1 + f in [0.6767578125, 1.353515625) and
 * |dx| < 2^-50. With s = f / (2 + f), ln(1 + f) is 2 atanh(s), and 2 s = f - f^2/2 + s f^2/2: so
 * the greatest term, f, enters without error.
 */
export function logOfProduct(k: number, f: number, dx: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const z2 = z * z;
  const low = L0 + L1 * z + (L2 + L3 * z) * z2;
  const high = L4 + L5 * z + (L6 + L7 * z) * z2;
  const halfSquare = 0.5 * (f * f);
  const small = s * (halfSquare + z * (low + high * (z2 * z2)));
  // k LN2_HI is exact, and so is what adding f to it lost.
  const whole = k * LN2_HI;
  const sum = whole + f;
  const lost = f - (sum - whole);
  return sum + (small + (lost + (k * LN2_LO + dx)) - halfSquare);
}

/**
 * Natural logarithm to within 0.81 ulp, for every positive double.
 * log(+-0) = -Infinity, log(Infinity) = Infinity; NaN for x < 0 and for NaN.
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const normal = x < MIN_NORMAL ? x * TWO_54 : x;
  const e = exponentOf(normal);
  const f = significand(normal, e) - 1;
  return logOfProduct(x < MIN_NORMAL ? e - 54 : e, f, 0);
}
