/** The range of what a distribution can draw, by interval arithmetic. */
import type { BasicDistribution, Combination, Parameter } from './distribution.js';

const INFINITE = Number.POSITIVE_INFINITY;

/** [lowest, highest], either possibly infinite. */
export type Interval = readonly [number, number];

/**
 * Bounds of what a parameter can draw: every draw lies in the closed interval. They are as tight
 * as can be (up to rounding), because no draw occurs twice in an expression.
 */
export function support(parameter: Parameter): Interval {
  if (typeof parameter === 'number') return [parameter, parameter];
  if ('distribution' in parameter) return supportOfBasic(parameter);
  if (parameter.op === 'redraw') {
    const [lowest, highest] = support(parameter.of);
    const { min = -INFINITE, max = INFINITE } = parameter;
    return [Math.max(lowest, min), Math.min(highest, max)];
  }
  return combine(parameter.op, support(parameter.left), support(parameter.right));
}

function supportOfBasic(data: BasicDistribution): Interval {
  switch (data.distribution) {
    case 'uniform':
      return [data.min, data.max];
    case 'normal':
      return data.std === 0 ? [data.mean, data.mean] : [-INFINITE, INFINITE];
    // The exponential function of the engine need not be monotone to the last bit, so even a
    // lognormal without spread gets no tighter bound.
    case 'lognormal':
    case 'exponential':
      return [0, INFINITE];
  }
}

function combine(op: Combination['op'], left: Interval, right: Interval): Interval {
  const [a, b] = left;
  const [c, d] = right;
  switch (op) {
    case '+':
      return [a + c, b + d];
    case '-':
      return [a - d, b - c];
    case '*':
      return product(left, right);
    case '/':
      return quotient(left, right);
    case 'min':
      return [Math.min(a, c), Math.min(b, d)];
    case 'max':
      return [Math.max(a, c), Math.max(b, d)];
  }
}

function product([a, b]: Interval, [c, d]: Interval): Interval {
  const corners = [times(a, c), times(a, d), times(b, c), times(b, d)];
  return [Math.min(...corners), Math.max(...corners)];
}

/** A bound that is infinite is never drawn, so 0 times it bounds what is 0. */
function times(x: number, y: number): number {
  return x === 0 || y === 0 ? 0 : x * y;
}

function quotient([a, b]: Interval, [c, d]: Interval): Interval {
  if (c < 0 && d > 0) return [-INFINITE, INFINITE];
  const sign = c < 0 ? -1 : 1;
  const corners = [over(a, c, sign), over(a, d, sign), over(b, c, sign), over(b, d, sign)];
  return [Math.min(...corners), Math.max(...corners)];
}

/** x / y at a corner; a divisor of 0 is approached from the side of `sign`, where it is drawn. */
function over(x: number, y: number, sign: number): number {
  if (x === 0) return 0;
  if (y === 0) return x * sign * INFINITE;
  return Number.isFinite(y) ? x / y : 0;
}
