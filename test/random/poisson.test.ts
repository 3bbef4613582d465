import { describe, expect, test } from 'vitest';
import { ValueError } from '../../src/errors/index.js';
import { Draws, uniformFromWords } from '../../src/random/draws.js';
import { streamKey } from '../../src/random/key.js';
import { PoissonTable, UNDECIDED } from '../../src/random/poisson.js';
import { chiSquare, poissonCdf } from '../statistics.js';

/** Mean, then P(count <= k) for some k, computed with 60 digits. */
const DISTRIBUTION_FUNCTIONS: readonly (readonly [
  number,
  readonly (readonly [number, number])[],
])[] = [
  [1e-5, [[0, 0.9999900000499998]]],
  [
    0.1,
    [
      [0, 0.9048374180359595],
      [1, 0.9953211598395555],
      [2, 0.9998453469297354],
    ],
  ],
  [
    0.5,
    [
      [0, 0.6065306597126334],
      [1, 0.9097959895689501],
      [2, 0.9856123220330293],
      [5, 0.9999858350626777],
    ],
  ],
  [
    1,
    [
      [0, 0.36787944117144233],
      [1, 0.7357588823428847],
      [2, 0.9196986029286058],
      [4, 0.9963401531726563],
      [8, 0.999998874797402],
    ],
  ],
  [
    3.7,
    [
      [0, 0.024723526470339388],
      [1, 0.11620057441059513],
      [3, 0.49415324415041845],
      [5, 0.830088295075957],
      [9, 0.9951516626108456],
      [17, 0.9999999192291422],
    ],
  ],
  [
    10,
    [
      [0, 4.5399929762484854e-5],
      [6, 0.13014142088248296],
      [10, 0.5830397501929855],
      [13, 0.864464422619311],
      [19, 0.9965456580241432],
      [32, 0.9999999926277922],
    ],
  ],
  [
    100.5,
    [
      [30, 1.4001940772714815e-16],
      [70, 0.0008272888862426188],
      [90, 0.15917799139534014],
      [100, 0.5066399807048992],
      [110, 0.8408592104644258],
      [130, 0.9979830149194835],
      [170, 0.9999999998984785],
    ],
  ],
  [
    12345.6,
    [
      [11567, 7.367030867995798e-13],
      [12012, 0.0013060757028764934],
      [12234, 0.15867793065597524],
      [12345, 0.5002393721878092],
      [12456, 0.8408875278345181],
      [12678, 0.9985787996876064],
      [13123, 0.9999999999979099],
    ],
  ],
  [
    1000000.0,
    [
      [993000, 1.212874702218284e-12],
      [997000, 0.0013462037182411046],
      [999000, 0.1587762998117256],
      [1000000, 0.5002659614862837],
      [1001000, 0.8414656709634282],
      [1003000, 0.9986464098708987],
      [1007000, 0.9999999999986501],
    ],
  ],
];

/** The least u whose count exceeds k, which is P(count <= k). */
function threshold(table: PoissonTable, k: number): number {
  let [below, above] = [0, 1];
  for (let middle = 0.5; middle > below && middle < above; middle = (below + above) / 2) {
    if (table.count(middle) > k) above = middle;
    else below = middle;
  }
  return above;
}

describe('distribution function', () => {
  test.each(DISTRIBUTION_FUNCTIONS)('mean %d', (mean, points) => {
    const table = new PoissonTable(mean);
    for (const [k, p] of points) {
      expect(Math.abs(threshold(table, k) - p)).toBeLessThan(1e-15);
    }
  });

  test.each([1e-20, 1e-5, 0.3, 1, 2, 17.5, 400, 1e6])('mean %d: increases with u', (mean) => {
    const table = new PoissonTable(mean);
    let previous = table.count(2 ** -53);
    for (let i = 0; i < 20_000; i++) {
      const count = table.count((i + 0.5) / 20_000);
      expect(count).toBeGreaterThanOrEqual(previous);
      previous = count;
    }
    expect(table.count(1 - 2 ** -53)).toBeGreaterThanOrEqual(previous);
  });

  test('the ends of a step', () => {
    const table = new PoissonTable(1);
    const p0 = Math.exp(-1);
    expect(table.count(p0 - 1e-15)).toBe(0);
    expect(table.count(p0 + 1e-15)).toBe(1);
    expect(table.count(2 ** -53)).toBe(0);
    // P(count > 17) = 6.1e-17 < 2^-53 < P(count > 16).
    expect(table.count(1 - 2 ** -53)).toBe(17);
  });
});

describe('counts by the first bits of a draw', () => {
  const cases = [1e-20, 1e-4, 0.1, 0.5, 1, 2, 17.5, 400, 1e6].flatMap((mean) =>
    [3, 6, 10, 16].map((bits): [number, number] => [mean, bits]),
  );

  test.each(cases)('mean %d, %d bits: where one is told, it is that of all draws', (mean, bits) => {
    const table = new PoissonTable(mean);
    const cells = new Int32Array(2 ** bits);
    table.countsByFirstBits(cells);
    const found = Array.from(cells, (_, j) => {
      const [first, last] = [j, j + 1].map((cell) => cell * 2 ** (32 - bits));
      const lowest = table.count(uniformFromWords(first, 0));
      return lowest === table.count(uniformFromWords(last - 1, 2 ** 32 - 1)) ? lowest : UNDECIDED;
    });
    // A step of the distribution function can lie beyond the last draw of its cell.
    const beyond = cells.filter((count, j) => count !== found[j]);
    expect(beyond.every((count) => count === UNDECIDED)).toBe(true);
    expect(beyond.length).toBeLessThanOrEqual(1);
  });

  test('most are told', () => {
    const cells = new Int32Array(4096);
    new PoissonTable(2).countsByFirstBits(cells);
    expect(cells.filter((count) => count === UNDECIDED).length).toBeLessThan(16);
  });
});

/** One chance in 10^4 that a right implementation fails, for each mean. */
test.each([0.1, 0.9, 4, 30, 1000])('counts of mean %d are Poisson', (mean) => {
  const n = 30_000;
  const draws = new Draws(streamKey(3, `poisson ${mean}`));
  const table = new PoissonTable(mean);
  const counts = Array.from({ length: n }, (_, i) => table.count(draws.uniformAt(i, 0, 0, 0)));
  const [observed, expected] = [[] as number[], [] as number[]];
  let [from, k] = [-1, 0];
  // Bins of at least 50 expected counts; the last takes the rest.
  for (; 1 - poissonCdf(k, mean) > 100 / n; k++) {
    const probability = poissonCdf(k, mean) - poissonCdf(from, mean);
    if (probability * n < 50) continue;
    expected.push(probability * n);
    observed.push(counts.filter((count) => count > from && count <= k).length);
    from = k;
  }
  expected.push((1 - poissonCdf(from, mean)) * n);
  observed.push(counts.filter((count) => count > from).length);
  expect(chiSquare(observed, expected).p).toBeGreaterThan(1e-4);
});

test.each([0, -1, 1.1e6, Number.NaN, Number.POSITIVE_INFINITY])('refuses mean %d', (mean) => {
  expect(() => new PoissonTable(mean)).toThrow(ValueError);
});
