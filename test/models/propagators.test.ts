/** Propagators against the power series of their integrals, in integers with 400 bits behind the point. */
import { describe, expect, test } from 'vitest';
import { constantCurrentPropagator, currentPropagator } from '../../src/models/propagators.js';
import { Points } from '../math/points.js';

const BITS = 400n;
const ONE = 1n << BITS;

/** A double, exactly. */
function fixed(x: number): bigint {
  let exponent = 0;
  let mantissa = x;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent += 1;
  }
  return (BigInt(mantissa) << BITS) >> BigInt(exponent);
}

const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const over = (a: bigint, b: bigint): bigint => (a << BITS) / b;

/** The integral of u^n e^(x u) over u in 0 ... 1. */
function moment(x: bigint, n: bigint): bigint {
  let sum = 0n;
  let power = ONE;
  for (let k = 0n; power !== 0n && power !== -1n; k++) {
    sum += power / (k + n + 1n);
    power = times(power, x) / (k + 1n);
  }
  return sum;
}

/** e^x = 1 + x times the integral of e^(x u). */
const exponential = (x: bigint): bigint => ONE + times(x, moment(x, 0n));

function exact(tau_m: number, C_m: number, tau: number, h: number) {
  const [T, C, S, H] = [tau_m, C_m, tau, h].map(fixed);
  const scale = times(exponential(-over(H, T)), over(H, C));
  const x = over(H, T) - over(H, S);
  return {
    current: times(scale, moment(x, 0n)),
    drive: times(times(scale, H), moment(x, 1n)),
    constant: over(times(H, moment(-over(H, T), 0n)), C),
  };
}

/** Relative deviation. */
function error(value: number, expected: bigint): number {
  const difference = fixed(value) - expected;
  return Number((difference * 10n ** 30n) / expected) / 1e30;
}

function worst(cases: readonly (readonly [number, number, number, number])[]): number {
  return Math.max(
    ...cases.flatMap(([tau_m, C_m, tau, h]) => {
      const expected = exact(tau_m, C_m, tau, h);
      const { current, drive } = currentPropagator(tau_m, C_m, tau, h);
      const constant = constantCurrentPropagator(tau_m, C_m, h);
      return [
        error(current, expected.current),
        error(drive, expected.drive),
        error(constant, expected.constant),
      ].map(Math.abs);
    }),
  );
}

describe('to 14 digits', () => {
  const points = new Points(41);
  const distances = [0, 1e-15, 1e-12, 1e-9, 1e-7, 1e-6, 1e-4, 1e-2, 0.1];

  test.each(distances)('at a relative distance of %d of tau_syn from tau_m', (distance) => {
    const cases = points
      .uniform(20, 0.5, 50)
      .flatMap((tau_m) =>
        [1 + distance, 1 - distance].flatMap((factor) =>
          [0.1, 1, 0.001].map((h) => [tau_m, 250, tau_m * factor, h] as const),
        ),
      );
    expect(worst(cases)).toBeLessThan(1e-14);
  });

  test('at any time constants, shorter than the step ones included', () => {
    const logarithmic = (n: number): number[] => points.uniform(n, -2.5, 6).map((x) => Math.exp(x));
    const [tau_m, tau] = [logarithmic(200), logarithmic(200)];
    const cases = tau_m.map((T, i) => [T, 100, tau[i], [0.1, 1][i % 2]] as const);
    expect(worst(cases)).toBeLessThan(1e-14);
  });
});

test.each([
  [1e-5, 5],
  [5, 1e-5],
  [1e-5, 1e-5],
  [1e-4, 1e-5],
])('nothing overflows at tau_m = %d, tau_syn = %d', (tau_m, tau) => {
  for (const value of Object.values(currentPropagator(tau_m, 250, tau, 1))) {
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThan(1);
  }
});
