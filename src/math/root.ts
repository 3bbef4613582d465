import { exp } from './exp.js';
import { log } from './log.js';

/**
 * The n-th root of x > 0, to within a few ulp for results near 1: for step-size control, which needs
 * the same bits everywhere but not the last of them. `pow` is exact to an ulp, and takes longer.
 */
export function root(x: number, n: number): number {
  return exp(log(x) / n);
}
