import { describe, expect, it } from 'vitest';
import { exponentOf, LN2_HI, LN2_LO, scale, significand } from '../../src/math/binary64.js';
import { bitsOf, exactLog, step } from './exact.js';
import { Points } from './points.js';

describe('scale', () => {
  it('multiplies by every power of two, rounding once', () => {
    for (let k = -1074, power = 5e-324; k <= 1023; k++, power *= 2) expect(scale(1, k)).toBe(power);
    expect(scale(0.75, 1024)).toBe(0.75 * 2 * 8.98846567431158e307);
    expect(scale(1, 1024)).toBe(Infinity);
    expect(scale(1.25, -1075)).toBe(5e-324);
    expect(scale(1, -1075)).toBe(0);
    expect(scale(0.999, -1076)).toBe(0);
    // 3 * 2^-1075 is halfway between denormals: to even. One bit more decides otherwise.
    expect(scale(1.5, -1074)).toBe(1e-323);
    expect(scale(1.25 + Number.EPSILON, -1073)).toBe(1.5e-323);
  });
});

describe('exponentOf and significand', () => {
  it('change the exponent at 1.353515625 times a power of two', () => {
    for (const k of [-1000, -1, 0, 1, 1000]) {
      const seam = scale(1.353515625, k);
      expect(exponentOf(seam)).toBe(k + 1);
      expect(exponentOf(step(seam, -1))).toBe(k);
    }
  });

  it('split a positive normal double exactly', () => {
    for (const x of [
      ...new Points(51).patterns(5000, 2.2250738585072014e-308, Number.MAX_VALUE),
      2.2250738585072014e-308,
      Number.MAX_VALUE,
    ]) {
      const k = exponentOf(x);
      const m = significand(x, k);
      expect(m).toBeGreaterThanOrEqual(0.6767578125);
      expect(m).toBeLessThan(1.353515625);
      expect(scale(m, k)).toBe(x);
    }
  });
});

describe('the two parts of ln 2', () => {
  it('have 11 free bits in the first and sum to ln 2 within 2^-97', () => {
    expect(bitsOf(LN2_HI) & 2047n).toBe(0n);
    const fixed = (x: number) => BigInt(x * 2 ** 42 * 2 ** 55) << 3n;
    const exact = exactLog(2).value >> 156n;
    const difference = fixed(LN2_HI) + fixed(LN2_LO) - exact;
    expect(difference < 8n && difference > -8n).toBe(true);
  });
});
