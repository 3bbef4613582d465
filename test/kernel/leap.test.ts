/** The end of an upstroke and the rest of a grid step after a spike, passed over, beside literal sub-steps. */
import { describe, expect, test } from 'vitest';
import { upstrokeCycle } from '../../src/kernel/upstroke-cycle.js';
import { accepted, GIVEN, quantile, run, type Setting, spikeSteps } from './upstroke-neurons.js';
import { exactly } from './workbench.js';

const held = { size: 32, clamp: 4, derivative: 'held > 0 ? 0 : (E - V + I) / tau + up' };

describe('after a spike for which V is held', () => {
  test('sub-steps that would only grow are one', () => {
    const steps = spikeSteps(held);
    expect(steps.length).toBeGreaterThan(100);
    // The last of those that grow is cut at the end of the step, and so is what it suggests.
    const whole = [0, 1].map((kind) => steps.filter(({ suggested }) => suggested[kind] === 0.1));
    expect(whole[0]!.length).toBeLessThan(0.7 * steps.length);
    expect(whole[1]!.length).toBeGreaterThan(0.75 * steps.length);
    expect(Math.max(...steps.map((step) => step.V))).toBe(0);
    expect(
      quantile(
        steps.map((step) => step.f),
        0.9,
      ),
    ).toBeLessThan(1e-12);
  });

  test('in JavaScript, and with parameters of its own, to the same bits', () => {
    const expected = run(true, held).at(-1)!.map(exactly);
    for (const target of ['wasm', 'javascript'] as const) {
      for (const own of [false, true]) {
        expect(
          run(true, { ...held, own, target })
            .at(-1)!
            .map(exactly),
        ).toEqual(expected);
      }
    }
  });

  test('but not where that would err', () => {
    const steps = spikeSteps({ ...held, changed: { tau_f: 0.02 } });
    expect(steps.length).toBeGreaterThan(100);
    expect(Math.max(...steps.map((step) => step.f))).toBeLessThan(1e-8);
  });

  test('nor where a jump is to come with the first of them', () => {
    const steps = spikeSteps({ ...held, clamp: 1 });
    expect(steps.length).toBeGreaterThan(100);
    expect(
      quantile(
        steps.map((step) => step.V),
        0.9,
      ),
    ).toBeLessThan(1e-12);
  });
});

describe('where V is held after a spike', () => {
  const counted = (setting: Setting) => spikeSteps({ ...held, counted: true, ...setting });
  /** Accepted sub-steps per spike that are spared as it is known that V is held. */
  const spared = (setting: Setting): number => {
    const [steps, others] = [true, false].map((known) => counted({ held: known, ...setting }));
    expect(steps!.length).toBeGreaterThan(100);
    expect(others!.length).toBe(steps!.length);
    return (accepted(others!, 'passing') - accepted(steps!, 'passing')) / steps!.length;
  };

  test('what is left behind the cycles is not gone through', () => {
    expect(spared({})).toBeGreaterThan(2);
  });

  test('but it is where that would take time', () => {
    expect(Math.abs(spared({ changed: { peak: -25 } }))).toBeLessThan(0.1);
  });

  test('or where sub-steps get too short to change the time long before the peak', () => {
    // Cycles begin where the part is 1.2e-2, instead of 2.5e-3; each has one accepted sub-step.
    const { advance, largestPart } = upstrokeCycle(0.7, GIVEN.tol, GIVEN.tol)!;
    const earlier = Math.log(largestPart / 2.5e-3) / advance;
    expect(Math.abs(spared({ changed: { D: 0.7 } }) - earlier)).toBeLessThan(1);
  });

  // Of all slope factors and tolerances, there are some at which a part of the slope that is not of the exponential
  // makes step control decide otherwise: near 2.118 mV in the middle of what is measured.
  test.each([1e-5, 1e-6, 1e-7])('it comes to the same with tolerance %f', (tol) => {
    for (const I of [40, 400]) {
      for (const D of [0.39278, 1, 1.5, 2, 2.118, 2.2, 4]) {
        const changed = { D, I, tol, peak: -50 + 34 * D };
        const errors = spikeSteps({ ...held, changed }, 300).map((step) => step.f);
        expect(errors.length).toBeGreaterThan(80);
        expect(quantile(errors, 0.9), `D = ${D}, I = ${I}`).toBeLessThan(1e-11);
        expect(Math.max(...errors)).toBeLessThan(3e-11);
      }
    }
  });
});
