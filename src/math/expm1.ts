import { LN2_HI, LN2_LO, LOG2_E, ROUNDER, scale, TINY } from './binary64.js';
import { expCubic } from './exp.js';

/** Beyond these the result is Infinity or -1. */
const UPPER = 710;
const LOWER = -40;

/**
 * e^x - 1 to within 0.87 ulp, for every double, also where e^x is close to 1.
 * expm1(-0) = -0, expm1(-Infinity) = -1, expm1(Infinity) = Infinity, expm1(NaN) = NaN.
 *
 * With x = k ln 2 + r as in `exp`, 2^k ((1 - 2^-k) + r + r^2/2 + cubic).
 */
export function expm1(x: number): number {
  if (Math.abs(x) < TINY) return x;
  const bounded = Math.min(Math.max(x, LOWER), UPPER);
  const kd = bounded * LOG2_E + ROUNDER - ROUNDER;
  const k = kd | 0;
  const hi = bounded - kd * LN2_HI;
  const lo = kd * LN2_LO;
  const r = hi - lo;
  const power = scale(1, -k);
  const base = 1 - power;
  const sum = base + hi;
  // What the roundings lost: of hi beside base (exact: |base| >= 1/2 > |hi|, or base = 0), of
  // 2^-k beside 1 for k > 53, and of lo beside hi in r, which acts on r^2/2 + cubic.
  const lost = hi - (sum - base) + (1 - base - power) + (hi - r - lo) * r;
  return scale(sum + (0.5 * (r * r) + (expCubic(r) + (lost - lo))), k);
}
