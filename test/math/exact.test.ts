import { describe, expect, it } from 'vitest';
import {
  type Exact,
  errorInUlp,
  exactExp,
  exactExpm1,
  exactLog,
  exactLog1p,
  exactPow,
} from './exact.js';

/** The first `digits` decimal places, not rounded. */
function decimal({ value, scale }: Exact, digits: number): string {
  const text = ((value * 10n ** BigInt(digits)) >> BigInt(scale)).toString();
  return `${text.slice(0, -digits) || '0'}.${text.slice(-digits).padStart(digits, '0')}`;
}

describe('the exact values the functions are tested against', () => {
  it('agree with published digits', () => {
    expect(decimal(exactExp(1), 50)).toBe('2.71828182845904523536028747135266249775724709369995');
    expect(decimal(exactExpm1(1), 50)).toBe('1.71828182845904523536028747135266249775724709369995');
    expect(decimal(exactLog(2), 50)).toBe('0.69314718055994530941723212145817656807550013436025');
    expect(decimal(exactLog1p(9), 50)).toBe('2.30258509299404568401799145468436420760110148862877');
    expect(decimal(exactPow(2, 0.5), 50)).toBe(
      '1.41421356237309504880168872420969807856967187537694',
    );
  });

  it('keep their precision for small arguments and results', () => {
    // e^x - 1 = x + x^2/2 + ..., ln(1+x) = x - x^2/2 + ... with x = 2^-60, in units of 2^-200.
    const inUnits = ({ value, scale }: Exact) => value >> BigInt(scale - 200);
    const x = 8.673617379884035e-19;
    const third = (1n << 20n) / 3n;
    expect(inUnits(exactExpm1(x))).toBe((1n << 140n) + (1n << 79n) + third / 2n);
    expect(inUnits(exactLog1p(x))).toBe((1n << 140n) - (1n << 79n) + third);
    expect(errorInUlp(5e-324, exactExpm1(5e-324))).toBe(0);
    expect(errorInUlp(5e-324, exactLog1p(5e-324))).toBe(0);
    expect(errorInUlp(0, exactExp(-1000))).toBe(0);
  });

  it('are far closer than an ulp to a power that is a double', () => {
    for (const [x, y, power] of [
      [3, 33, 5559060566555523],
      [1.5, -1, 2 / 3],
      [0.5, 1074, 5e-324],
      [2, 1023, 8.98846567431158e307],
    ] as const) {
      expect(errorInUlp(power, exactPow(x, y))).toBeLessThan(y === -1 ? 0.5 : 1e-9);
    }
  });

  it('measure errors in units in the last place of their binade', () => {
    const half = { value: (1n << 54n) + 2n, scale: 54 };
    expect(errorInUlp(1, half)).toBe(0.5);
    expect(errorInUlp(1 + Number.EPSILON, half)).toBe(0.5);
    expect(errorInUlp(-1, { value: -(1n << 53n) + 1n, scale: 53 })).toBe(1);
    expect(errorInUlp(5e-324, { value: 5n, scale: 1076 })).toBe(0.25);
    expect(errorInUlp(0, { value: 5n, scale: 1076 })).toBe(1.25);
    expect(errorInUlp(Infinity, { value: ((1n << 54n) - 1n) << 970n, scale: 0 })).toBe(0.5);
    expect(errorInUlp(Infinity, { value: 1n << 1030n, scale: 0 })).toBe(0);
    expect(errorInUlp(Number.MAX_VALUE, { value: 1n << 1030n, scale: 0 })).toBe(1);
    expect(errorInUlp(NaN, half)).toBe(Infinity);
  });
});
