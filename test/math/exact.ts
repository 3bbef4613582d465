/**
 * Elementary functions of doubles in BigInt fixed point, to some 200 correct bits, and the error
 * of a double against such a value in units in the last place.
 */

/** The real number `value` * 2^-`scale`. */
export interface Exact {
  readonly value: bigint;
  readonly scale: number;
}

const BITS = 256;
const LN2_BITS = 1400;

const view = new DataView(new ArrayBuffer(8));

export function bitsOf(x: number): bigint {
  view.setFloat64(0, x);
  return view.getBigUint64(0);
}

export function fromBits(bits: bigint): number {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

/** The neighbouring double, `steps` above (or below, if negative) x; does not step across 0. */
export function step(x: number, steps: number): number {
  return fromBits(bitsOf(x) + BigInt(x < 0 ? -steps : steps));
}

/** x = mantissa * 2^exponent exactly; x finite. */
function decompose(x: number): { mantissa: bigint; exponent: number } {
  const bits = bitsOf(x);
  const field = Number((bits >> 52n) & 2047n);
  const fraction = bits & ((1n << 52n) - 1n);
  const magnitude = field === 0 ? fraction : fraction + (1n << 52n);
  return { mantissa: bits >> 63n ? -magnitude : magnitude, exponent: Math.max(field, 1) - 1075 };
}

function shift(value: bigint, left: number): bigint {
  return left >= 0 ? value << BigInt(left) : value >> BigInt(-left);
}

function bitLength(value: bigint): number {
  return (value < 0n ? -value : value).toString(2).length;
}

/** x in units of 2^-scale, rounded down if it has lower bits. */
function toFixed(x: number, scale: number): bigint {
  const { mantissa, exponent } = decompose(x);
  return shift(mantissa, exponent + scale);
}

/** A scale that leaves `BITS` bits of the fraction of a small x. */
function scaleFor(x: number): number {
  const { mantissa, exponent } = decompose(x);
  return BITS + Math.max(0, -(exponent + bitLength(mantissa)));
}

/** 2 atanh(numerator / denominator), |quotient| < 0.2, in units of 2^-scale. */
function twiceAtanh(numerator: bigint, denominator: bigint, scale: number): bigint {
  const s = (numerator << BigInt(scale)) / denominator;
  const z = (s * s) >> BigInt(scale);
  let power = s;
  let sum = 0n;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = (power * z) >> BigInt(scale);
  }
  return 2n * sum;
}

// ln 2 = 2 atanh(1/3) = 2 (2 atanh(1/7) + atanh(1/17)): both arguments are small.
const LN2 = 2n * twiceAtanh(1n, 7n, LN2_BITS) + twiceAtanh(1n, 17n, LN2_BITS);

function ln2(scale: number): bigint {
  return shift(LN2, scale - LN2_BITS);
}

/** e^r - 1 in units of 2^-scale by its Taylor series. */
function expm1Series(r: bigint, scale: number): bigint {
  let term = r;
  let sum = 0n;
  for (let n = 2n; term !== 0n && term !== -1n; n++) {
    sum += term;
    term = ((term * r) >> BigInt(scale)) / n;
  }
  return sum;
}

function expOfFixed(x: bigint, scale: number): Exact {
  const unit = ln2(scale);
  const k = (2n * x + unit) / (2n * unit);
  const value = expm1Series(x - k * unit, scale) + (1n << BigInt(scale));
  return { value, scale: scale - Number(k) };
}

/** ln of value * 2^-scale (positive), in units of 2^-`BITS`. */
function logOfFixed(value: bigint, scale: number): bigint {
  const length = bitLength(value);
  const one = 1n << BigInt(length);
  // value / one is in [1/2, 1); doubled if below 0.7, so that atanh's argument is small.
  const doubled = 10n * value < 7n * one;
  const m = doubled ? 2n * value : value;
  const k = length - scale - (doubled ? 1 : 0);
  return twiceAtanh(m - one, m + one, BITS) + BigInt(k) * ln2(BITS);
}

export function exactExp(x: number): Exact {
  return expOfFixed(toFixed(x, BITS), BITS);
}

export function exactExpm1(x: number): Exact {
  if (Math.abs(x) < 0.5) {
    const scale = scaleFor(x);
    return { value: expm1Series(toFixed(x, scale), scale), scale };
  }
  const { value, scale } = exactExp(x);
  const wide = Math.max(scale, BITS);
  return { value: shift(value, wide - scale) - (1n << BigInt(wide)), scale: wide };
}

export function exactLog(x: number): Exact {
  const { mantissa, exponent } = decompose(x);
  return { value: logOfFixed(mantissa, -exponent), scale: BITS };
}

export function exactLog1p(x: number): Exact {
  const scale = Math.max(0, scaleFor(x));
  const fixed = toFixed(x, scale);
  const one = 1n << BigInt(scale);
  if (Math.abs(x) < 0.25) return { value: twiceAtanh(fixed, 2n * one + fixed, scale), scale };
  return { value: logOfFixed(one + fixed, scale), scale: BITS };
}

/** x^y for positive x. */
export function exactPow(x: number, y: number): Exact {
  const { mantissa, exponent } = decompose(y);
  return expOfFixed(shift(mantissa * exactLog(x).value, exponent), BITS);
}

/**
 * |y - exact| in units in the last place of the exact value: of the doubles in its binade, and of
 * the denormals or of the last binade beyond those. Infinity and all above 2^1024 count as 2^1024.
 */
export function errorInUlp(y: number, exact: Exact): number {
  if (Number.isNaN(y)) return Infinity;
  const claimed = Number.isFinite(y)
    ? decompose(y)
    : { mantissa: y > 0 ? 1n : -1n, exponent: 1024 };
  const overflows = bitLength(exact.value) - exact.scale > 1024;
  const { value, scale } = overflows ? { value: exact.value < 0n ? -1n : 1n, scale: -1024 } : exact;
  const ulpExponent = Math.min(971, Math.max(-1074, bitLength(value) - scale - 53));
  const common = Math.max(scale, -claimed.exponent, 40 - ulpExponent);
  const difference =
    shift(claimed.mantissa, claimed.exponent + common) - shift(value, common - scale);
  const magnitude = difference < 0n ? -difference : difference;
  return Number(shift(magnitude, 40 - ulpExponent - common)) / 2 ** 40;
}
