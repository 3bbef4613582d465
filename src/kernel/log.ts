/** The natural logarithm as a routine (routines.ts): the operations of math/log.ts, in the same order. */
import {
  LEAST_SIGNIFICAND_HIGH,
  LN2_HI,
  LN2_LO,
  MIN_NORMAL,
  ROUNDER,
  TWO_54,
} from '../math/binary64.js';
import { LOG_COEFFICIENTS as L } from '../math/log.js';
import type { KernelBuilder } from './builder.js';
import { scaled } from './elementary.js';
import type { F64 } from './ir.js';

/** ln x with the bits of math/log.ts. */
export function log(k: KernelBuilder, argument: F64): F64 {
  const x = k.let(argument);
  const { e, m } = parted(k, x);
  const result = k.let(logOfProduct(k, e, k.let(m.sub(1))));
  const ofPositive = x.eq(Infinity).select(Infinity, result);
  return k.let(x.gt(0).select(ofPositive, x.eq(0).select(-Infinity, NaN)));
}

/** For positive finite x: x = m 2^e with m in [0.6767578125, 1.353515625); see math/binary64.ts. */
export function parted(k: KernelBuilder, x: F64): { e: F64; m: F64 } {
  const isDenormal = k.letMask(x.lt(MIN_NORMAL));
  const normal = k.let(isDenormal.select(x.mul(TWO_54), x));
  // The upper word grows by 2^20 with each power of two. A multiple of 2^-20 is rounded down.
  const e = k.let(
    normal
      .high()
      .mul(2 ** -20)
      .sub(LEAST_SIGNIFICAND_HIGH * 2 ** -20 + (0.5 - 2 ** -21))
      .add(ROUNDER)
      .sub(ROUNDER),
  );
  const m = k.let(scaled(k, normal, k.let(e.neg())));
  return { e: k.let(isDenormal.select(e.sub(54), e)), m };
}

/** e ln 2 + ln(1 + f). */
function logOfProduct(k: KernelBuilder, e: F64, f: F64): F64 {
  const s = k.let(f.div(f.add(2)));
  const z = k.let(s.mul(s));
  const halfSquare = k.let(f.mul(f).mul(0.5));
  const small = s.mul(halfSquare.add(z.mul(estrin(k, L, z))));
  const whole = k.let(e.mul(LN2_HI));
  const sum = k.let(whole.add(f));
  const lost = f.sub(sum.sub(whole));
  return sum.add(small.add(lost.add(e.mul(LN2_LO))).sub(halfSquare));
}

/** c[0] + c[1] z + ... + c[7] z^7. */
export function estrin(k: KernelBuilder, c: readonly number[], z: F64): F64 {
  const z2 = k.let(z.mul(z));
  const pair = (i: number): F64 => z.mul(c[i + 1]).add(c[i]);
  const low = pair(0).add(pair(2).mul(z2));
  const high = pair(4).add(pair(6).mul(z2));
  return low.add(high.mul(z2.mul(z2)));
}
