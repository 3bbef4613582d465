import { exponentOf, significand, TINY } from './binary64.js';
import { logOfProduct } from './log.js';

/**
 * ln(1 + x) to within 0.82 ulp, for every double above -1, also where 1 + x is close to 1.
 * log1p(-0) = -0, log1p(-1) = -Infinity, log1p(Infinity) = Infinity; NaN for x < -1 and for NaN.
 */
export function log1p(x: number): number {
  if (Math.abs(x) < TINY) return x;
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : x === Infinity ? x : NaN;
  const u = 1 + x;
  // 1 + x = u + lost exactly (Knuth's two-sum, for any order of 1 and x), and
  // ln(u + lost) = ln(u) + lost / u to far below an ulp.
  const part = u - 1;
  const lost = 1 - (u - part) + (x - part);
  const k = exponentOf(u);
  return logOfProduct(k, significand(u, k) - 1, lost / u);
}
