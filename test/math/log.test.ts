import { describe, expect, it } from 'vitest';
import { log } from '../../src/math/log.js';
import { exactLog, step } from './exact.js';
import { around, checksumOf, descents, each, Points, worst } from './points.js';

const MIN_NORMAL = 2.2250738585072014e-308;
const MAX = Number.MAX_VALUE;

/** Where the power of two that is taken off changes, from 2^-1022 to 2^1023. */
function seams(): number[] {
  const result: number[] = [];
  for (let x = 1.353515625; x < Infinity; x *= 2) result.push(x);
  for (let x = 1.353515625 / 2; x >= MIN_NORMAL; x /= 2) result.push(x);
  return result;
}

describe('log', () => {
  it('is within 0.81 ulp of the exact value', () => {
    const points = new Points(21);
    const args = [
      ...points.patterns(5000, 5e-324, MAX),
      ...points.patterns(1000, 5e-324, MIN_NORMAL),
      ...points.uniform(12000, 0.6, 1.5),
      ...points.uniform(2000, 0.1, 10),
      ...points.uniform(1000, 1 - 1e-6, 1 + 1e-6),
      ...seams().flatMap((x) => [step(x, -1), x]),
      ...around(5e-324 * 30, 29),
      ...around(MIN_NORMAL, 20),
    ];
    expect(worst(log, exactLog, each(args)).error).toBeLessThan(0.81);
  });

  it('is nearly correctly rounded next to 1, where the result is close to a double', () => {
    const args = around(1, 1000).filter((x) => x !== 1);
    expect(worst(log, exactLog, each(args)).error).toBeLessThan(0.501);
  });

  it.each([
    [NaN, NaN],
    [-1, NaN],
    [-5e-324, NaN],
    [-Infinity, NaN],
    [0, -Infinity],
    [-0, -Infinity],
    [Infinity, Infinity],
    [1, 0],
    [2, Math.LN2],
    [0.5, -Math.LN2],
    [10, Math.LN10],
    [5e-324, -744.4400719213812],
    [MIN_NORMAL, -708.3964185322641],
    [MAX, 709.782712893384],
  ])('log(%d) = %d', (x, expected) => {
    expect(log(x)).toBe(expected);
  });

  it('does not fall between neighbouring doubles', () => {
    const points = new Points(22);
    const args = [
      ...points.uniform(20000, 0.5, 2),
      ...points.patterns(20000, 5e-324, MAX),
      ...seams().flatMap((x) => around(x, 4)),
    ];
    expect(descents(log, args)).toEqual([]);
  });

  it('keeps its bits', () => {
    const points = new Points(23);
    const args = [
      ...points.patterns(50000, 5e-324, MAX),
      ...points.uniform(50000, 0, 4),
      ...seams(),
    ];
    expect(checksumOf(log, args)).toBe('e95cc8c2');
  });
});
