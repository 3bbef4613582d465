/** The rest of a grid step after a spike, in one sub-step, beside the literal ones. */
import { describe, expect, test } from 'vitest';
import { quantile, run, spikeSteps } from './upstroke-neurons.js';
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
