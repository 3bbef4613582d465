/** Cycles of step control in an upstroke beside its literal course. */
import { describe, expect, test } from 'vitest';
import { courseInNumbers } from '../../src/kernel/upstroke-course.js';
import { upstrokeCycle } from '../../src/kernel/upstroke-cycle.js';
import { fehlbergStep } from '../oracle/rkf45.js';

interface Beginning {
  readonly x: number;
  readonly t: number;
  readonly substep: number;
  /** The integral of x over time. */
  readonly area: number;
}

/** First sub-steps after rejected ones of dx/dt = e^x + rest(x), by the literal step control, up to x = 30. */
function literally(
  slopeFactor: number,
  tolerance: number,
  rest: (x: number) => number,
  start = { x: 0, substep: 0.1 },
): Beginning[] {
  const slope = ([x]: readonly number[]) => [Math.exp(x!) + rest(x!), x!];
  const found: Beginning[] = [];
  let { x, substep } = start;
  let [t, area] = [0, 0];
  let rejected = false;
  while (x < 30) {
    const { state, error } = fehlbergStep([x, area], slope([x]), substep, slope);
    const change = Math.abs(substep * slope(state)[0]!);
    const allowed = tolerance / slopeFactor + tolerance * change;
    const ratio = Math.abs(error[0]!) / allowed;
    if (!(ratio <= 1.1)) {
      substep *= Math.max(0.2, 0.9 / ratio ** (1 / 5));
      rejected = true;
      continue;
    }
    if (rejected) found.push({ x, t, substep, area });
    rejected = false;
    [x, area] = state as [number, number];
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
    const [first, last] = [late[0]!, all.at(-1)!];
    const expected = cycle.duration * (Math.exp(-first.x) - Math.exp(-last.x));
    expect(Math.abs((last.t - first.t) / expected - 1)).toBeLessThan(1e-9);
  });

  test('a pace that is not that of the cycle takes longer, to the first order', () => {
    const [x, off] = [2, 1e-3];
    const substep = cycle.pace * (1 + off) * Math.exp(-x);
    const end = literally(slopeFactor, tolerance, () => 0, { x, substep }).at(-1)!;
    const known = cycle.duration * (Math.exp(-x) - Math.exp(-end.x));
    const delay = (end.t - known) * Math.exp(x);
    expect(Math.abs(delay - cycle.paceDelay * off)).toBeLessThan(0.05 * Math.abs(delay));
    expect(Math.abs(delay)).toBeGreaterThan(1e-14);
  });

  /** What else the slope holds: linear in x. */
  describe.each([
    ['constant', -0.1, 0],
    ['larger further up', 0.05, 0.02],
    ['zero near by', -0.06, 0.01],
  ])('with something else in the slope, %s', (_, at0, slope) => {
    const rest = (x: number): number => at0 + slope * x;
    const all = literally(slopeFactor, tolerance, rest);
    const at = all.findIndex(({ x }) => x > 5);
    const [first, last] = [all[at]!, all.at(-1)!];
    const unit = Math.exp(-first.x);
    const [part, partSlope] = [rest(first.x) * unit, slope * unit];
    /** Of both: what is left out is of their squares, or their cubes. */
    const sizes = Math.abs(part) + Math.abs(partSlope);
    const paceChange = cycle.paceChange * part + cycle.paceChangeOfSlope * partSlope;
    const off = (first.substep * Math.exp(first.x)) / cycle.pace - 1 - paceChange;

    test('the pace changes, to the first order', () => {
      expect(Math.abs(off)).toBeLessThan(100 * sizes ** 2);
      const terms = [cycle.paceChange * part, cycle.paceChangeOfSlope * partSlope].map(Math.abs);
      expect(Math.abs(off)).toBeLessThan(0.5 * Math.max(...terms));
    });

    test('x comes further, to the second order', () => {
      const moved = last.x - first.x - (all.length - 1 - at) * cycle.advance;
      const bySize = cycle.lead * part + cycle.leadOfSlope * partSlope;
      const expected = bySize + cycle.leadSquare * part ** 2 + cycle.paceLead * off;
      expect(Math.abs(moved - expected)).toBeLessThan(20 * sizes ** 2);
      expect(Math.abs(bySize)).toBeGreaterThan(20 * sizes ** 2);
    });

    test('the time is that of the exact solution but for what is known', () => {
      const exact = integral((x) => 1 / (Math.exp(x) + rest(x)), first.x, last.x);
      const delay = (cycle.delay * part + cycle.delayOfSlope * partSlope) * unit;
      const expected = cycle.duration * exact + delay;
      expect(Math.abs((last.t - first.t) / expected - 1)).toBeLessThan(2e-10 * tolerance * 1e6);
      expect(Math.abs((last.t - first.t) / exact - 1)).toBeGreaterThan(1e-7 * tolerance * 1e6);
    });

    test('so is the mean of x, which counts for what x drives', () => {
      const advance = last.x - first.x;
      const exact = courseInNumbers(part, partSlope, advance, Math.exp(-advance));
      const excess = cycle.excess * part + cycle.excessOfSlope * partSlope;
      const pure = cycle.duration * (exact.area + (cycle.mean - 1) * exact.time);
      const found = (last.area - first.area - first.x * (last.t - first.t)) / unit;
      const [known, without] = [pure + excess, pure].map((area) => Math.abs(found / area - 1));
      expect(known).toBeLessThan(0.03 * without!);
      expect(without).toBeGreaterThan(5e-11);
    });
  });
});

/** By Gauss's rule of two points in many parts. */
function integral(of: (x: number) => number, from: number, to: number): number {
  const parts = 20_000;
  const width = (to - from) / parts;
  let sum = 0;
  for (let i = 0; i < parts; i++) {
    for (const side of [-1, 1]) sum += of(from + width * (i + 0.5 + side / Math.sqrt(12)));
  }
  return (sum * width) / 2;
}

test('how large a part may be is less where it leads to other decisions of step control', () => {
  const largest = (slopeFactor: number) => upstrokeCycle(slopeFactor, 1e-6, 1e-6)!.largestPart;
  expect(largest(1)).toBe(1.2e-2);
  // The first sub-step of a cycle errs by nearly half of what it may, from where on it grows no more.
  expect(largest(2)).toBe(2.5e-3);
  expect(largest(2.118)).toBe(0);
});

test('there is none where the pace does not settle, or nothing is ever rejected', () => {
  expect(upstrokeCycle(0.5, 1e-3, 1e-3)).toBeUndefined();
  expect(upstrokeCycle(2, 1e3, 1e3)).toBeUndefined();
  expect(upstrokeCycle(2, Number.NaN, 1e-6)).toBeUndefined();
});
