/** x / (1 - e^-x) inside kernels: accurate through its removable singularity, the same bits everywhere. */
import { expect, test } from 'vitest';
import { KernelBuilder } from '../../src/kernel/builder.js';
import { linoid } from '../../src/kernel/elementary.js';
import { errorInUlp, exactExpm1 } from '../math/exact.js';
import { around, negated, Points } from '../math/points.js';
import { exactly, type Lanes, WAYS, Workbench } from './workbench.js';

function kernel(lanes: Lanes) {
  const k = new KernelBuilder('linoid', lanes);
  const [from, to, n] = [k.parameter('from'), k.parameter('to'), k.parameter('n')];
  const done = k.letInt(0);
  k.each(n, (at) => k.store(to.add(at), linoid(k, k.load(from.add(at)))));
  return k.finish(done);
}

/** Values at the arguments; they must be the same in every way of running. */
function values(x: readonly number[]): number[] {
  const bench = new Workbench();
  const from = bench.column(x);
  const to = bench.column(x);
  const [first, ...others] = bench.compile(kernel).map((run) => {
    run(from.byteOffset, to.byteOffset, from.length);
    return [...to];
  });
  others.forEach((other, i) => {
    expect(exactly(other), WAYS[i + 1].way).toEqual(exactly(first));
  });
  return first;
}

/** The exact value by a division in integers, with 200 bits behind the point. */
function exactLinoid(x: number) {
  const { value, scale } = exactExpm1(-x);
  const SHIFT = 1200n;
  // x = m 2^-1074 exactly.
  const m = BigInt(x / 2 ** -52) * 2n ** 1022n;
  return { value: ((-m << SHIFT) << BigInt(scale)) / value, scale: 1074 + Number(SHIFT) };
}

const points = new Points(21);
const whole = (x: readonly number[]): number[] =>
  x.map((value) => Math.round(value * 2 ** 52) / 2 ** 52).filter((value) => value !== 0);

test.each<[string, number[]]>([
  ['around the singularity', whole(points.uniform(2000, -1e-6, 1e-6))],
  [
    'next to the singularity',
    whole([...points.uniform(500, -1e-13, 1e-13), 2 ** -52, -(2 ** -52)]),
  ],
  ['small arguments', whole(points.uniform(2000, -0.5, 0.5))],
  ['voltages', whole(points.uniform(2000, -15, 15))],
  ['far away', whole(points.uniform(1000, -690, 690))],
  [
    'where the exponent changes',
    whole([0.34657359, -0.34657359, 1.0397].flatMap((x) => around(x, 50))),
  ],
])('to within 2 ulp %s', (_, x) => {
  const found = values(x);
  const worst = Math.max(...x.map((value, i) => errorInUlp(found[i], exactLinoid(value))));
  expect(worst).toBeLessThan(2);
});

test('at the singularity and in the extremes', () => {
  const tiny = [5e-324, 1e-300, 1e-17];
  expect(values([0, -0, ...tiny, ...negated(tiny)])).toEqual(Array(8).fill(1));
  expect(values([NaN])).toEqual([NaN]);
  expect(values([701, 1e6, 1e300, Infinity])).toEqual([701, 1e6, 1e300, Infinity]);
  for (const value of values([-701, -1e6])) expect(value).toBeGreaterThanOrEqual(0);
  for (const value of values([-701, -1e6])) expect(value).toBeLessThan(1e-290);
});
