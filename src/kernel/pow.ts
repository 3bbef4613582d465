/** Powers as a routine (routines.ts): the operations of math/pow.ts, in the same order, all cases side by side. */
import { LN2_HI, LN2_LO } from '../math/binary64.js';
import { EXP_LOWER, EXP_UPPER } from '../math/exp.js';
import {
  ATANH_COEFFICIENTS,
  FIFTH,
  FIFTH_LO,
  GREATEST_Y,
  LEAST_Y,
  SPLITTER,
  THIRD,
  THIRD_LO,
} from '../math/pow.js';
import type { KernelBuilder } from './builder.js';
import { expOfSum } from './elementary.js';
import type { F64, Mask } from './ir.js';
import { f64 } from './ir.js';
import { estrin, parted } from './log.js';

/** From here on, all doubles are whole numbers. */
const ALL_WHOLE = 2 ** 52;

/** x^y with the bits of math/pow.ts. */
export function pow(k: KernelBuilder, base: F64, exponent: F64): F64 {
  const [x, y] = [k.let(base), k.let(exponent)];
  const magnitude = k.let(x.abs());
  const size = k.let(y.abs());
  const grows = k.letMask(alike(magnitude.gt(1), y.gt(0)));
  const isWholeExponent = isWhole(k, size);
  const isOdd = k.letMask(isWholeExponent.and(isWhole(k, k.let(size.mul(0.5))).not()));
  const power = k.let(powOfPositive(k, { x: magnitude, y, size, grows }));
  const ofNegative = isWholeExponent.select(isOdd.select(power.neg(), power), NaN);
  const ofFinite = x.gt(0).select(power, ofNegative);
  const isOrdinary = magnitude.gt(0).and(magnitude.lt(Infinity)).and(size.lt(Infinity));
  const special = powOfSpecial(k, { x, magnitude, size, grows, isOdd });
  const result = k.let(isOrdinary.select(k.let(ofFinite), special));
  return k.let(y.eq(0).select(1, y.eq(1).select(x, result)));
}

interface Operands {
  /** Positive. */
  readonly x: F64;
  readonly y: F64;
  /** |y| */
  readonly size: F64;
  /** Whether greater |y| make the power greater: x > 1 and y > 0, or neither. */
  readonly grows: Mask;
}

/** x^y for a positive finite x and a finite y. */
function powOfPositive(k: KernelBuilder, { x, y, size, grows }: Operands): F64 {
  const log = logInTwo(k, x);
  const exponent = k.let(y.mul(log.high));
  const rest = k.let(productError(k, y, log.high, exponent).add(y.mul(log.low)));
  const power = k.let(expOfSum(k, exponent, rest));
  const limit = k.let(grows.select(Infinity, 0));
  const bounded = exponent.gt(EXP_UPPER).select(Infinity, exponent.lt(EXP_LOWER).select(0, power));
  const isOne = size.lt(LEAST_Y).or(x.eq(1));
  return isOne.select(1, size.gt(GREATEST_Y).select(limit, bounded));
}

/** x^y where x is 0, infinite or NaN, or y is infinite or NaN; y is neither 0 nor 1. */
function powOfSpecial(
  k: KernelBuilder,
  {
    x,
    magnitude,
    size,
    grows,
    isOdd,
  }: Omit<Operands, 'y'> & { readonly magnitude: F64; readonly isOdd: Mask },
): F64 {
  const result = k.let(grows.select(Infinity, 0));
  // The reciprocal tells -0 from 0.
  const isNegative = x.lt(0).or(f64(1).div(x).lt(0));
  const finite = isNegative.and(isOdd).select(result.neg(), result);
  const ofInfinite = magnitude.eq(1).select(NaN, result);
  const isNumber = magnitude.ge(0).and(size.ge(0));
  return k.let(isNumber.select(size.eq(Infinity).select(ofInfinite, finite), NaN));
}

/** Where both hold, or neither. */
function alike(a: Mask, b: Mask): Mask {
  return a.and(b).or(a.or(b).not());
}

/** Whether a >= 0 is a whole number. */
function isWhole(k: KernelBuilder, a: F64): Mask {
  return k.letMask(a.ge(ALL_WHOLE).or(a.add(ALL_WHOLE).sub(ALL_WHOLE).eq(a)));
}

/** a * b - product, exact for product = a * b rounded, if nothing over- or underflows. */
function productError(k: KernelBuilder, a: F64, b: F64, product: F64): F64 {
  const [aHi, aLo] = split(k, a);
  const [bHi, bLo] = split(k, b);
  return aHi.mul(bHi).sub(product).add(aHi.mul(bLo)).add(aLo.mul(bHi)).add(aLo.mul(bLo));
}

function split(k: KernelBuilder, a: F64): [high: F64, low: F64] {
  const scaled = k.let(a.mul(SPLITTER));
  const high = k.let(scaled.sub(scaled.sub(a)));
  return [high, k.let(a.sub(high))];
}

/** ln x as the sum of two doubles, with the names and steps of math/pow.ts. */
function logInTwo(k: KernelBuilder, x: F64): { high: F64; low: F64 } {
  const { e, m } = parted(k, x);
  const f = k.let(m.sub(1));
  const d = k.let(m.add(1));
  const dLo = m.sub(d.sub(1));
  const s = k.let(f.div(d));
  const sd = k.let(s.mul(d));
  const sLo = k.let(
    f
      .sub(sd)
      .sub(productError(k, s, d, sd))
      .sub(s.mul(dLo))
      .div(d),
  );
  const z = k.let(s.mul(s));
  const zLo = k.let(productError(k, s, s, z).add(s.mul(sLo).mul(2)));

  const za = k.let(z.mul(estrin(k, ATANH_COEFFICIENTS, z)));
  const c = sum(k, za, FIFTH, FIFTH_LO);
  const zc = product(k, { high: z, low: zLo }, c);
  const b = sum(k, zc.high, THIRD, THIRD_LO, zc.low);
  const u = product(k, { high: z, low: zLo }, b);

  const v = { high: k.let(s.mul(2)), low: k.let(sLo.mul(2)) };
  const vu = product(k, v, u);
  const whole = k.let(e.mul(LN2_HI));
  const first = k.let(whole.add(v.high));
  const firstLo = k.let(v.high.sub(first.sub(whole)).add(e.mul(LN2_LO).add(v.low.add(vu.low))));
  const total = k.let(first.add(vu.high));
  const totalLo = k.let(vu.high.sub(total.sub(first)).add(firstLo));
  const high = k.let(total.add(totalLo));
  return { high, low: k.let(totalLo.sub(high.sub(total))) };
}

interface InTwo {
  readonly high: F64;
  readonly low: F64;
}

/** A constant in two parts, and a number, to whose low part `lo` is added. */
function sum(k: KernelBuilder, term: F64, constant: number, constantLo: number, lo?: F64): InTwo {
  const high = k.let(term.add(constant));
  const lost = term.sub(high.sub(constant));
  const low = lo === undefined ? lost.add(constantLo) : lost.add(lo.add(constantLo));
  return { high, low: k.let(low) };
}

function product(k: KernelBuilder, a: InTwo, b: InTwo): InTwo {
  const high = k.let(a.high.mul(b.high));
  const low = productError(k, a.high, b.high, high).add(a.high.mul(b.low).add(a.low.mul(b.high)));
  return { high, low: k.let(low) };
}
