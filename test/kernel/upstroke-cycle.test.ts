/** Cycles of step control in an upstroke beside its literal course. */
import { describe, expect, test } from 'vitest';
import { upstrokeCycle } from '../../src/kernel/upstroke-cycle.js';
import { fehlbergStep } from '../oracle/rkf45.js';

interface Beginning {
  readonly x: number;
  readonly t: number;
  readonly substep: number;
}

/** First sub-steps after rejected ones of dx/dt = e^x + rest(x), by the literal step control, up to x = 30. */
function literally(
  slopeFactor: number,
  tolerance: number,
  rest: (x: number) => number,
): Beginning[] {
  const slope = ([x]: readonly number[]) => [Math.exp(x!) + rest(x!)];
  const found: Beginning[] = [];
  let [x, t, substep] = [0, 0, 0.1];
  let rejected = false;
  while (x < 30) {
    const { state, error } = fehlbergStep([x], slope([x]), substep, slope);
    const change = Math.abs(substep * slope(state)[0]!);
    const allowed = tolerance / slopeFactor + tolerance * change;
    const ratio = Math.abs(error[0]!) / allowed;
    if (!(ratio <= 1.1)) {
      substep *= Math.max(0.2, 0.9 / ratio ** (1 / 5));
      rejected = true;
      continue;
    }
    if (rejected) found.push({ x, t, substep });
    rejected = false;
    x = state[0]!;
    t += substep;
    if (ratio < 0.5) substep *= Math.min(5, Math.max(1, 0.9 / ratio ** (1 / 6)));
  }
  return found;
}

describe.each([
  [0.5, 1e-6],
  [2, 1e-6],
  [2, 1e-5],
  [2, 1e-7],
  [3.3, 1e-6],
  [4, 1e-5],
])('slope factor %f mV, tolerance %f', (slopeFactor, tolerance) => {
  const cycle = upstrokeCycle(slopeFactor, tolerance, tolerance)!;

  test('every cycle is like the one before', () => {
    const all = literally(slopeFactor, tolerance, () => 0);
    const late = all.slice(20);
    expect(late.length).toBeGreaterThan(20);
    late.slice(1).forEach(({ x, substep }, i) => {
      expect(Math.abs(substep * Math.exp(x) - cycle.pace)).toBeLessThan(1e-7 * cycle.pace);
      expect(Math.abs(x - late[i]!.x - cycle.advance)).toBeLessThan(1e-6 * cycle.advance);
    });
    const [first] = late;
    const last = all.at(-1)!;
    const untilEnd = cycle.duration * first!.substep;
    const afterLast = cycle.duration * last.substep;
    expect(Math.abs((last.t - first!.t) / (untilEnd - afterLast) - 1)).toBeLessThan(1e-6);
  });

  test.each([
    ['what else the slope holds moves it ahead', () => -0.1, 0.01],
    ['or what it holds further up', (x: number) => -0.1 * (1 + 0.05 * x), 0.015],
  ])('%s', (_, rest, most) => {
    const all = literally(slopeFactor, tolerance, rest);
    const at = all.findIndex(({ x }) => x > 6);
    const [first, last] = [all[at]!, all.at(-1)!];
    const unmoved = (all.length - 1 - at) * cycle.advance;
    const moved = last.x - first.x - unmoved;
    const expected = cycle.lead * rest(first.x + cycle.centre) * Math.exp(-first.x);
    expect(Math.abs(moved / expected - 1)).toBeLessThan(most);
  });
});

test('there is none where the pace does not settle, or nothing is ever rejected', () => {
  expect(upstrokeCycle(0.5, 1e-3, 1e-3)).toBeUndefined();
  expect(upstrokeCycle(2, 1e3, 1e3)).toBeUndefined();
  expect(upstrokeCycle(2, Number.NaN, 1e-6)).toBeUndefined();
});
