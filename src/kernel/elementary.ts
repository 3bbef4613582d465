/** The own exponential function (math/exp.ts) inside kernels: the same operations in the same order. */
import { LN2_HI, LN2_LO, LOG2_E, ROUNDER } from '../math/binary64.js';
import { EXP_LOWER, EXP_UPPER, EXP_COEFFICIENTS as P } from '../math/exp.js';
import type { KernelBuilder } from './builder.js';
import type { F64 } from './ir.js';
import { f64 } from './ir.js';

/** e^x with the bits of math/exp.ts. */
export function exp(k: KernelBuilder, argument: F64): F64 {
  const x = k.let(k.let(k.let(argument).max(EXP_LOWER)).min(EXP_UPPER));
  const n = k.let(x.mul(LOG2_E).add(ROUNDER).sub(ROUNDER));
  const hi = k.let(x.sub(n.mul(LN2_HI)));
  const lo = k.let(n.mul(LN2_LO));
  const r = k.let(hi.sub(lo));
  const sum = k.let(hi.add(1));
  const lost = hi.sub(sum.sub(1));
  const r2 = k.let(r.mul(r));
  const r4 = k.let(r2.mul(r2));
  const pair = (i: number): F64 => f64(P[i]).add(r.mul(P[i + 1]));
  const low = pair(0).add(pair(2).mul(r2));
  const high = pair(4).add(pair(6).mul(r2)).add(pair(8).mul(r4));
  const cubic = r2.mul(r).mul(low.add(high.mul(r4)));
  const y = sum.add(r2.mul(0.5).add(cubic.add(lost.sub(lo))));
  const half = k.let(n.mul(0.5).add(ROUNDER).sub(ROUNDER));
  return k.let(y.mul(half.pow2()).mul(n.sub(half).pow2()));
}
