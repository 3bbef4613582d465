/**
 * The exponential of math/ inside kernels, and what is made of it, by the same operations in the same order.
 * Logarithms and powers are in log.ts and pow.ts.
 */
import { LN2_HI, LN2_LO, LOG2_E, ROUNDER } from '../math/binary64.js';
import { EXP_LOWER, EXP_UPPER, EXP_COEFFICIENTS as P } from '../math/exp.js';
import type { KernelBuilder } from './builder.js';
import { type F64, f64 } from './ir.js';

/** Arguments of the exponential between which its result is a normal double. */
const NORMAL_LOWER = -708;
const NORMAL_UPPER = 709;
/** Beyond this magnitude of x, linoid(x) is below 1e-300 or x to the last bit. */
const LINOID_LIMIT = 700;
/** Beyond half of this, tanh rounds to 1. */
const TANH_UPPER = 44;

/** e^x with the bits of math/exp.ts. */
export function exp(k: KernelBuilder, argument: F64): F64 {
  const x = k.let(k.let(k.let(argument).max(EXP_LOWER)).min(EXP_UPPER));
  return k.let(expOfSum(k, x));
}

/** e^(x + dx) for x in -746 ... 710 and small dx, with the bits of math/exp.ts. */
export function expOfSum(k: KernelBuilder, x: F64, dx?: F64): F64 {
  const { n, hi, lo } = reduced(k, x);
  return scaled(k, expOfRest(k, hi, dx ? k.let(lo.sub(dx)) : lo), n);
}

/** y 2^n for n in -1076 ... 1024, rounded once at most if 2^-400 <= |y| <= 2^400, or not at all if it is exact. */
export function scaled(k: KernelBuilder, y: F64, n: F64): F64 {
  const half = k.let(n.mul(0.5).add(ROUNDER).sub(ROUNDER));
  return y.mul(half.pow2()).mul(n.sub(half).pow2());
}

/**
 * The same for arguments cut to -708 ... 709, where one factor does for the scaling; in three parts,
 * for passes that each have few constants. This is the first.
 */
export function reducedForExp(k: KernelBuilder, argument: F64): Reduced {
  return reduced(k, k.let(k.let(k.let(argument).max(NORMAL_LOWER)).min(NORMAL_UPPER)));
}

/** The second: what powers of the rest from the third on add to its exponential. */
export function cubicOfReduced(k: KernelBuilder, hi: F64, lo: F64): F64 {
  return cubic(k, k.let(hi.sub(lo)));
}

/** The third. */
export function expOfReduced(k: KernelBuilder, { n, hi, lo }: Reduced, cubic: F64): F64 {
  const { sum, correction, r } = withCorrection(k, hi, lo);
  return k.let(sum.add(r.mul(r).mul(0.5).add(cubic.add(correction))).mul(n.pow2()));
}

/** The hyperbolic tangent with the bits of math/tanh.ts. */
export function tanh(k: KernelBuilder, argument: F64): F64 {
  const x = k.let(argument);
  const t = k.let(expm1(k, k.let(k.let(x.abs().mul(2)).min(TANH_UPPER))));
  const magnitude = k.let(t.div(t.add(2)));
  return k.let(x.eq(0).select(x, x.lt(0).select(magnitude.neg(), magnitude)));
}

/**
 * x / (1 - e^-x), which is 1 + x/2 + x^2/12 - ... near its removable singularity at 0, to within
 * 2 ulp for |x| <= 700; below, it is tiny. With y = -x it is y / (e^y - 1), whose divisor loses
 * nothing near 0.
 */
export function linoid(k: KernelBuilder, argument: F64): F64 {
  const x = k.let(argument);
  const y = k.let(k.let(x.neg().max(-LINOID_LIMIT)).min(LINOID_LIMIT));
  return k.let(x.eq(0).select(1, x.neg().div(expm1(k, y))));
}

/** e^y - 1 for |y| <= 700, by the operations of math/expm1.ts; the sign of 0 is lost. */
function expm1(k: KernelBuilder, y: F64): F64 {
  const { n, hi, lo } = reduced(k, y);
  const r = k.let(hi.sub(lo));
  const power = k.let(n.neg().pow2());
  const base = k.let(f64(1).sub(power));
  const sum = k.let(base.add(hi));
  const lost = hi.sub(sum.sub(base)).add(f64(1).sub(base).sub(power)).add(hi.sub(r).sub(lo).mul(r));
  return sum.add(beyondLinear(k, r, lost.sub(lo))).mul(n.pow2());
}

/** Up to this difference of arguments, e^x follows from an exponential nearby. */
const NEAR = Math.LN2 / 2;

/** A multiple of an exponential: `power` = `factor` e^`x0`, the factor 1 if none is given. */
export interface Exponential {
  readonly x0: F64;
  readonly power: F64;
  readonly factor?: F64;
}

/** The same multiple of e^x, quicker than by `exp` if x is near x0 in all lanes. To within 2 ulp. */
export function expFrom(k: KernelBuilder, { x0, power, factor }: Exponential, x: F64): F64 {
  const r = k.let(x.sub(x0));
  const near = r.abs().le(NEAR);
  const result = k.variable(timesExp(k, power, r));
  k.ifAny(near.not(), () => {
    const far = exp(k, x);
    k.set(result, near.select(result, factor ? far.mul(factor) : far));
  });
  return result;
}

/**
 * `power` e^r for small r as (power + power r) + power r^2 (1/2 + r p(r)): what waits for r, the next
 * stage of a sub-step among it, waits as shortly as can be.
 */
function timesExp(k: KernelBuilder, power: F64, r: F64): F64 {
  const r2 = k.let(r.mul(r));
  const r4 = k.let(r2.mul(r2));
  const pair = (a: number, b: number): F64 => r.mul(b).add(a);
  const low = pair(1 / 2, P[0]).add(pair(P[1], P[2]).mul(r2));
  const middle = pair(P[3], P[4]).add(pair(P[5], P[6]).mul(r2));
  const high = pair(P[7], P[8]).add(r2.mul(P[9]));
  const series = low.add(high.mul(r4.mul(r4))).add(middle.mul(r4));
  return power.add(power.mul(r)).add(power.mul(r2).mul(series));
}

/**
 * x^(-`power`) for x in 1e-300 ... 1e300 and power in 0 ... 1, to within 1e-10, for step-size control,
 * which needs the same bits everywhere but not the last of them, and soon.
 */
export function inversePower(k: KernelBuilder, x: F64, power: F64): F64 {
  // The fraction of the upper word below an exponent is about log2: m is in 1 ... 2.
  const exponent = k.let(
    x
      .high()
      .mul(2 ** -20)
      .sub(1023.5)
      .add(ROUNDER)
      .sub(ROUNDER),
  );
  const m = k.let(x.mul(exponent.neg().pow2()));
  // log2 m = 1/2 + 2 atanh(s) / ln 2, |s| < 0.172
  const s = k.let(m.sub(Math.SQRT2).div(m.add(Math.SQRT2)));
  const series = [1, 3, 5, 7, 9, 11].map((i) => 2 / (i * Math.LN2));
  const log2 = exponent.add(0.5).add(polynomial(k, k.let(s.mul(s)), series).mul(s));
  const y = k.let(log2.mul(power).neg());
  const n = k.let(y.add(ROUNDER).sub(ROUNDER));
  const r = k.let(y.sub(n).mul(Math.LN2));
  const taylor = [1, 1, 2, 6, 24, 120, 720, 5040, 40320].map((factorial) => 1 / factorial);
  return polynomial(k, r, taylor).mul(n.pow2());
}

/** Sum of coefficients[i] x^i, neighbours first. */
function polynomial(k: KernelBuilder, x: F64, coefficients: readonly number[]): F64 {
  let terms = coefficients.map(f64);
  for (let power = x; terms.length > 1; power = k.let(power.mul(power))) {
    terms = terms.flatMap((term, i) => {
      if (i % 2 === 1) return [];
      return i + 1 < terms.length ? [k.let(term.add(terms[i + 1].mul(power)))] : [term];
    });
  }
  return terms[0];
}

/** e^r for r = hi - lo. */
function expOfRest(k: KernelBuilder, hi: F64, lo: F64): F64 {
  const { sum, correction, r } = withCorrection(k, hi, lo);
  return sum.add(beyondLinear(k, r, correction));
}

/** 1 + hi, what that has lost and lo, and r = hi - lo. */
function withCorrection(k: KernelBuilder, hi: F64, lo: F64) {
  const r = k.let(hi.sub(lo));
  const sum = k.let(hi.add(1));
  return { sum, correction: hi.sub(sum.sub(1)).sub(lo), r };
}

/** x = n ln 2 + hi - lo. */
interface Reduced {
  readonly n: F64;
  readonly hi: F64;
  readonly lo: F64;
}

function reduced(k: KernelBuilder, x: F64): Reduced {
  const n = k.let(x.mul(LOG2_E).add(ROUNDER).sub(ROUNDER));
  const hi = k.let(x.sub(n.mul(LN2_HI)));
  const lo = k.let(n.mul(LN2_LO));
  return { n, hi, lo };
}

/** e^r - 1 - r + correction, from the least term to the greatest. */
function beyondLinear(k: KernelBuilder, r: F64, correction: F64): F64 {
  return r.mul(r).mul(0.5).add(cubic(k, r).add(correction));
}

/** The terms of e^r from r^3 / 6 on. */
function cubic(k: KernelBuilder, r: F64): F64 {
  const r2 = k.let(r.mul(r));
  const r4 = k.let(r2.mul(r2));
  const pair = (i: number): F64 => f64(P[i]).add(r.mul(P[i + 1]));
  const low = pair(0).add(pair(2).mul(r2));
  const high = pair(4).add(pair(6).mul(r2)).add(pair(8).mul(r4));
  return r2.mul(r).mul(low.add(high.mul(r4)));
}
