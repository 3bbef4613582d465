/** Random expressions of distributions, for property tests. */
import fc from 'fast-check';
import {
  add,
  type Composable,
  div,
  exponential,
  lognormal,
  max,
  min,
  mul,
  normal,
  type Parameter,
  redraw,
  sub,
  uniform,
} from '../../src/random/distribution.js';
import { support } from '../../src/random/support.js';

const constant = fc.integer({ min: -40, max: 40 }).map((n) => n / 8);
const positive = fc.integer({ min: 1, max: 40 }).map((n) => n / 8);

const basic: fc.Arbitrary<Composable> = fc.oneof(
  fc.tuple(constant, positive).map(([low, width]) => uniform(low, low + width)),
  fc.tuple(constant, positive).map(([mean, std]) => normal(mean, std)),
  fc.tuple(constant, positive).map(([mean, std]) => lognormal(mean, std)),
  positive.map((beta) => exponential(beta)),
);

/** A redraw whose bounds hold a good part of what the operand gives. */
function widely(of: Composable): Composable {
  const [lowest, highest] = support(of);
  const from = Number.isFinite(lowest) ? lowest : -100;
  return redraw(of, Math.min(from, highest), Number.isFinite(highest) ? highest : from + 1e9);
}

const { tree } = fc.letrec<{ tree: Composable; operand: Parameter }>((tie) => ({
  operand: fc.oneof({ weight: 2, arbitrary: tie('tree') }, { weight: 1, arbitrary: constant }),
  tree: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'expression' },
    basic,
    fc.tuple(tie('operand'), tie('operand')).map(([left, right]) => add(left, right)),
    fc.tuple(tie('operand'), tie('operand')).map(([left, right]) => sub(left, right)),
    fc.tuple(tie('operand'), tie('operand')).map(([left, right]) => mul(left, right)),
    fc.tuple(tie('operand'), tie('operand')).map(([left, right]) => min(left, right)),
    fc.tuple(tie('operand'), tie('operand')).map(([left, right]) => max(left, right)),
    fc.tuple(tie('operand'), basic).map(([left, right]) => div(left, right)),
    tie('tree').map(widely),
  ),
}));

export const distributions: fc.Arbitrary<Composable> = tree;
