import { exponentOf, LN2_HI, LN2_LO, MIN_NORMAL, significand, TWO_54 } from './binary64.js';
import { EXP_LOWER, EXP_UPPER, expOfSum } from './exp.js';

// A0..A7 of a in atanh(s) = s (1 + z (1/3 + z (1/5 + z a(z)))), z = s^2 <= 0.0372: minimax in the
// relative error of atanh(s), which is 2^-76. Made as those of exp.
const A0 = 0.1428571428571411;
const A1 = 0.11111111111193514;
const A2 = 0.09090909075277342;
const A3 = 0.07692309281123155;
const A4 = 0.06666571071670126;
const A5 = 0.058858630285087636;
const A6 = 0.051861163820902625;
const A7 = 0.05681330305882241;
/** The coefficients again, for kernels. */
export const ATANH_COEFFICIENTS = [A0, A1, A2, A3, A4, A5, A6, A7] as const;
/** 1/3 and 1/5 as sums of two doubles. */
export const THIRD = 0.3333333333333333;
export const THIRD_LO = 1.850371707708594e-17;
export const FIFTH = 0.2;
export const FIFTH_LO = -1.1102230246251566e-17;

/** 2^27 + 1: splits a double into two of 26 bits (Dekker 1971). */
export const SPLITTER = 134217729;

/** 2^65. For |y| above it |y ln x| > 746, except for x = 1. */
export const GREATEST_Y = 4294967296 * 8589934592;
/** 2^-65. For |y| below it |y ln x| < 2^-54, so that x^y rounds to 1. */
export const LEAST_Y = 1 / GREATEST_Y;

/** a * b - product, exact for product = a * b rounded, if nothing over- or underflows. */
function productError(a: number, b: number, product: number): number {
  const aScaled = SPLITTER * a;
  const aHi = aScaled - (aScaled - a);
  const aLo = a - aHi;
  const bScaled = SPLITTER * b;
  const bHi = bScaled - (bScaled - b);
  const bLo = b - bHi;
  return aHi * bHi - product + aHi * bLo + aLo * bHi + aLo * bLo;
}

/** Where `logInTwo` leaves the low part of its result. */
const logLow = new Float64Array(1);

/**
 * k ln 2 + ln m, m in [0.6767578125, 1.353515625), as the sum of two doubles with a relative error
 * below 2^-68: returns the high one. A name with Lo is the low part of the quantity before it.
 */
function logInTwo(k: number, m: number): number {
  // s = (m - 1) / (m + 1): the numerator is exact, the denominator d + dLo.
  const f = m - 1;
  const d = m + 1;
  const dLo = m - (d - 1);
  const s = f / d;
  const sd = s * d;
  const sLo = (f - sd - productError(s, d, sd) - s * dLo) / d;
  const z = s * s;
  const zLo = productError(s, s, z) + 2 * (s * sLo);

  // c = 1/5 + z a(z), b = 1/3 + z c, u = z b, in two parts each.
  const z2 = z * z;
  const low = A0 + A1 * z + (A2 + A3 * z) * z2;
  const high = A4 + A5 * z + (A6 + A7 * z) * z2;
  const za = z * (low + high * (z2 * z2));
  const c = FIFTH + za;
  const cLo = za - (c - FIFTH) + FIFTH_LO;
  const zc = z * c;
  const zcLo = productError(z, c, zc) + (z * cLo + zLo * c);
  const b = THIRD + zc;
  const bLo = zc - (b - THIRD) + (THIRD_LO + zcLo);
  const u = z * b;
  const uLo = productError(z, b, u) + (z * bLo + zLo * b);

  // ln m = v + v u with v = 2 s; added to k ln 2 from the greatest term to the least.
  const v = 2 * s;
  const vLo = 2 * sLo;
  const vu = v * u;
  const vuLo = productError(v, u, vu) + (v * uLo + vLo * u);
  const whole = k * LN2_HI;
  const sum = whole + v;
  const sumLo = v - (sum - whole) + (k * LN2_LO + (vLo + vuLo));
  const total = sum + vu;
  const totalLo = vu - (total - sum) + sumLo;
  const result = total + totalLo;
  logLow[0] = totalLo - (result - total);
  return result;
}

/** x^y for a positive finite x and a finite y. */
function powOfPositive(x: number, y: number): number {
  const size = Math.abs(y);
  if (size < LEAST_Y || x === 1) return 1;
  if (size > GREATEST_Y) return x > 1 === y > 0 ? Infinity : 0;
  const normal = x < MIN_NORMAL ? x * TWO_54 : x;
  const e = exponentOf(normal);
  const logHigh = logInTwo(x < MIN_NORMAL ? e - 54 : e, significand(normal, e));
  const exponent = y * logHigh;
  if (exponent > EXP_UPPER) return Infinity;
  if (exponent < EXP_LOWER) return 0;
  return expOfSum(exponent, productError(y, logHigh, exponent) + y * logLow[0]);
}

function isOdd(y: number): boolean {
  return Math.floor(y) === y && Math.floor(0.5 * y) !== 0.5 * y;
}

/** x^y where x is 0, infinite or NaN, or y is infinite or NaN; y is neither 0 nor 1. */
function powOfSpecial(x: number, y: number): number {
  const magnitude = Math.abs(x);
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (Math.abs(y) === Infinity) {
    if (magnitude === 1) return NaN;
    return magnitude > 1 === y > 0 ? Infinity : 0;
  }
  const result = magnitude > 1 === y > 0 ? Infinity : 0;
  return (x < 0 || Object.is(x, -0)) && isOdd(y) ? -result : result;
}

/**
 * x^y to within 0.65 ulp (0.82 where the result is denormal), for all doubles: y ln x in two
 * doubles, then `exp` of it. Where x^y is a double, that is the result. Special values are those
 * of ECMAScript's `x ** y`: pow(x, +-0) = 1 for every x, pow(+-1, +-Infinity) = NaN,
 * pow(1, NaN) = NaN, and NaN for x < 0 and a finite y that is no integer.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (y === 1) return x;
  const magnitude = Math.abs(x);
  if (!(magnitude > 0 && magnitude < Infinity && Math.abs(y) < Infinity)) return powOfSpecial(x, y);
  if (x > 0) return powOfPositive(x, y);
  if (Math.floor(y) !== y) return NaN;
  const result = powOfPositive(magnitude, y);
  return isOdd(y) ? -result : result;
}
