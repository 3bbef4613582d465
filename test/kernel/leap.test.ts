/** The end of an upstroke and the rest of a grid step after a spike, passed over, beside literal sub-steps. */
import { describe, expect, test } from 'vitest';
import { accepted, quantile, run, type Setting, spikeSteps } from './upstroke-neurons.js';
import { exactly } from './workbench.js';

describe('after a spike for which V is held', () => {
  const held = { size: 32, clamp: 4, derivative: 'held > 0 ? 0 : (E - V + I) / tau + up' };

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
  const held = { size: 32, clamp: 4, derivative: 'held > 0 ? 0 : (E - V + I) / tau + up' };
  const counted = (setting: Setting) => spikeSteps({ ...held, counted: true, ...setting });

  test('what is left behind the cycles is not gone through', () => {
    const [steps, others] = [true, false].map((known) => counted({ held: known }));
    expect(steps!.length).toBeGreaterThan(100);
    expect(others!.length).toBe(steps!.length);
    // Four or more of each spike.
    expect(accepted(steps!, 'passing')).toBeLessThan(
      accepted(others!, 'passing') - 4 * steps!.length,
    );
    const errors = steps!.map((step) => step.f);
    expect(quantile(errors, 0.9)).toBeLessThan(1e-12);
    expect(Math.max(...errors)).toBeLessThan(1e-11);
  });

  test('but it is where that would take time', () => {
    const [steps, others] = [true, false].map((known) =>
      counted({ held: known, changed: { peak: -25 } }),
    );
    expect(steps!.length).toBeGreaterThan(100);
    const saved = accepted(others!, 'passing') - accepted(steps!, 'passing');
    expect(saved).toBeLessThan(2 * steps!.length);
  });
});
