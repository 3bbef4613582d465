import { expect, test } from 'vitest';
import { expm1 } from '../../src/math/expm1.js';
import { matrixExpm1 } from '../../src/math/matrix-exponential.js';

const matrix = (...rows: number[][]) => Float64Array.from(rows.flat());

function expectClose(found: Float64Array, expected: readonly number[], tolerance = 1e-14): void {
  expected.forEach((value, i) => {
    const scale = Math.max(Math.abs(value), 1e-300);
    expect(Math.abs(found[i]! - value) / scale, `entry ${i}`).toBeLessThan(tolerance);
  });
}

test.each([-1e-9, -0.01, -0.7, 0.3, 2])('a number: %f', (x) => {
  expectClose(matrixExpm1(matrix([x]), 1, 1), [expm1(x)]);
});

test('a rotation', () => {
  for (const x of [0.01, 0.5, 3, 20]) {
    const found = matrixExpm1(matrix([0, x], [-x, 0]), 2, 2);
    const expected = [Math.cos(x) - 1, Math.sin(x), -Math.sin(x), Math.cos(x) - 1];
    expected.forEach((value, i) => {
      expect(Math.abs(found[i]! - value)).toBeLessThan(2e-14);
    });
  }
});

test('equal rates, as of an alpha function', () => {
  const [rate, coupling] = [-0.05, 0.1];
  const decay = Math.exp(rate);
  const found = matrixExpm1(matrix([rate, coupling], [0, rate]), 2, 2);
  expectClose(found, [expm1(rate), coupling * decay, 0, expm1(rate)]);
});

test('nearly equal rates keep their digits', () => {
  const [a, b] = [-0.1, -0.1 - 1e-9];
  const found = matrixExpm1(matrix([a, 1], [0, b]), 2, 2);
  // (e^a - e^b) / (a - b) = e^b expm1(a - b) / (a - b)
  expectClose(found, [expm1(a), (Math.exp(b) * expm1(a - b)) / (a - b), 0, expm1(b)]);
});

test('a constant input, however large, beside a stiff variable', () => {
  for (const [rate, input] of [
    [-0.01, 1e6],
    [-30, 5],
  ] as const) {
    const found = matrixExpm1(matrix([rate, input], [0, 0]), 2, 1);
    expectClose(found, [expm1(rate), (input * expm1(rate)) / rate, 0, 0], 2e-14);
  }
});

test('what is not finite stays so', () => {
  expect(matrixExpm1(matrix([Number.NaN]), 1, 1)).toEqual(Float64Array.of(Number.NaN));
  expect(matrixExpm1(matrix([Infinity]), 1, 1)).toEqual(Float64Array.of(Number.NaN));
});
