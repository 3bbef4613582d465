/** The exponential inside kernels: the bits of math/exp.ts, in every way a kernel is run. */
import { expect, test } from 'vitest';
import { KernelBuilder } from '../../src/kernel/builder.js';
import { exp as expInKernel } from '../../src/kernel/elementary.js';
import { exp } from '../../src/math/index.js';
import { fromBits } from '../math/exact.js';
import { around, negated, Points } from '../math/points.js';
import { exactly, type Lanes, WAYS, Workbench } from './workbench.js';

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
  [
    'random bit patterns',
    Array.from({ length: 5001 }, () =>
      fromBits(BigInt.asIntN(64, (BigInt(points.word()) << 32n) | BigInt(points.word()))),
    ),
  ],
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
