/** Elementary functions inside kernels: the same bits in every way a kernel is run. */
import { expect, test } from 'vitest';
import { KernelBuilder } from '../../src/kernel/builder.js';
import { expFrom, exp as expInKernel, inversePower } from '../../src/kernel/elementary.js';
import { exp, pow } from '../../src/math/index.js';
import { around, negated, Points } from '../math/points.js';
import { exactly, inEveryWay, type Lanes, WAYS, Workbench } from './workbench.js';

function exponential(lanes: Lanes) {
  const k = new KernelBuilder('exponential', lanes);
  const [from, to, n] = [k.parameter('from'), k.parameter('to'), k.parameter('n')];
  const done = k.letInt(0);
  k.each(n, (at) => k.store(to.add(at), expInKernel(k, k.load(from.add(at)))));
  return k.finish(done);
}

const points = new Points(1);
const SPECIAL = [
  ...[0, -0, 1, -1, NaN, Infinity, -Infinity, 5e-324, -5e-324, 2 ** -1022, Number.MAX_VALUE],
  ...[-Number.MAX_VALUE, ...around(Math.LN2 / 2, 20), ...around(-Math.LN2 / 2, 20)],
  // Largest finite result, smallest normal one, smallest denormal one, where the range is cut.
  ...[709.782712893384, -708.3964185322641, -745.1332191019411, 710, -746].flatMap((x) =>
    around(x, 20),
  ),
];
const ARGUMENTS: [string, number[]][] = [
  ['special values', SPECIAL],
  ['the range of finite results', points.uniform(20_001, -746, 710)],
  ['denormal results', points.uniform(5001, -745.2, -708.3)],
  ['small arguments', points.uniform(5001, -1, 1)],
  ['denormal arguments', points.patterns(1001, 0, 2 ** -1022)],
  [
    'all magnitudes',
    [...points.patterns(5000, 0, 1e308), ...negated(points.patterns(5001, 0, 1e308))],
  ],
  ['random bit patterns', points.anyBits(5001)],
];

test.each(ARGUMENTS)('exp of %s', (_, given) => {
  const bench = new Workbench();
  const from = bench.column(given);
  const to = bench.column(given);
  const expected = exactly(from.map(exp));
  bench.compile(exponential).forEach((kernel, i) => {
    to.fill(7);
    kernel(from.byteOffset, to.byteOffset, from.length);
    expect(exactly(to), WAYS[i].way).toEqual(expected);
  });
});

function relativeError(value: number, exact: number): number {
  return Math.abs(value / exact - 1);
}

test('exponentials that follow from one nearby, and those that do not', () => {
  const from = points.uniform(2000, -50, 50);
  const away = [...points.uniform(1500, -0.5, 0.5), ...points.uniform(499, -100, 100), NaN];
  const pairs = from.map((x0, i) => [x0, x0 + away[i]] as const);
  const powers = inEveryWay(pairs, (k, x0, x) =>
    expFrom(k, { x0, power: k.let(expInKernel(k, x0)) }, x),
  );
  powers.forEach((power, i) => {
    const [x0, x] = pairs[i];
    if (Math.abs(x - x0) > Math.LN2 / 2) expect(power).toBe(exp(x));
    // The difference of the arguments is rounded, and the product.
    else if (!Number.isNaN(x)) expect(relativeError(power, exp(x))).toBeLessThan(2 ** -50);
    else expect(power).toBeNaN();
  });
});

test('powers for the step-size control', () => {
  const special = [1e-300, 3.4e-5, 0.5, 1, 1.1, 2, Math.SQRT2, 4, 1e10, 1e300];
  const xs = [...special.flatMap((x) => around(x, 5)), ...points.patterns(3000, 1e-300, 1e300)];
  const given = xs.filter((x) => x >= 1e-300 && x <= 1e300);
  const pairs = given.map((x, i) => [x, [1 / 5, 1 / 6, 1][i % 3]] as const);
  const powers = inEveryWay(pairs, inversePower);
  powers.forEach((power, i) => {
    expect(relativeError(power, pow(pairs[i][0], -pairs[i][1])), String(pairs[i])).toBeLessThan(
      1e-9,
    );
  });
});
