/** Thresholds that compare with the value before the step. */
import { expect, test } from 'vitest';
import { Points } from '../math/points.js';
import { adaptiveExponential, hodgkinHuxley } from './definitions.js';
import { Population } from './population.js';
import { bitsOf } from './populations.js';

test('Hodgkin-Huxley neurons can be written down, and fire with the built-in ones', () => {
  const size = 4;
  const points = new Points(72);
  const options = { parameters: { I_e: 700 } };
  const own = new Population(hodgkinHuxley, size, options);
  const inJavaScript = new Population(hodgkinHuxley, size, { ...options, kernels: 'javascript' });
  const builtIn = new Population('hh_psc_alpha_clopath', size, options);
  let [spikes, worst] = [0, 0];
  for (let step = 1; step <= 1500; step++) {
    const input = points.uniform(size, -2000, 300).map((x) => Math.max(0, x));
    const inhibitory = points.uniform(size, -100, 2000).map((x) => Math.min(0, x));
    for (const population of [own, inJavaScript, builtIn]) {
      population.step(
        step,
        (i) => input[i]!,
        (i) => inhibitory[i]!,
      );
    }
    expect(bitsOf(inJavaScript)).toEqual(bitsOf(own));
    expect(own.spikes, `step ${step}`).toEqual(builtIn.spikes);
    spikes += own.spikes.reduce((a, b) => a + b);
    own.state('V_m').forEach((V_m, i) => {
      worst = Math.max(worst, Math.abs(V_m - builtIn.state('V_m')[i]!));
    });
  }
  expect(spikes).toBeGreaterThan(20);
  // In mV: the built-in one lets 0.001 pass in a sub-step.
  expect(worst).toBeLessThan(0.02);
});

test('a semilinear model may choose between thresholds, of which one looks back', () => {
  const choosing = {
    ...adaptiveExponential,
    parameters: { ...adaptiveExponential.parameters, own: { default: 1 } },
    threshold: '(own > 0 ? V_m : before(V_m)) >= V_peak',
  };
  const input = (i: number): number => (i === 0 ? 200 : 0);
  const [one, other] = [adaptiveExponential, choosing].map((model) => new Population(model, 2));
  for (let step = 1; step <= 3; step++) {
    for (const population of [one!, other!]) population.step(step, step === 2 ? input : undefined);
    expect(other!.spikes, `step ${step}`).toEqual(one!.spikes);
  }
  expect(one!.engine.output.counts[0]).toBe(1);
});

test('a linear model fires where it has begun to fall', () => {
  const rise = {
    name: 'rise',
    parameters: {},
    state: { x: { default: 0 }, drive: { default: 1 } },
    equations: { x: 'drive - x', drive: '-drive / 2' },
    threshold: 'x < before(x)',
    reset: { x: '0', drive: '1' },
  };
  for (const definition of [
    rise,
    { ...rise, equations: { ...rise.equations, x: 'drive - x + 0 * tanh(x)' } },
  ]) {
    const population = new Population(definition, 1);
    const fired: number[] = [];
    for (let step = 1; step <= 40; step++) {
      population.step(step);
      if (population.spikes[0] > 0) fired.push(step);
    }
    // The peak is at 2 ln 2 ms; the first step after it in which x falls is the 15th.
    expect(fired, definition.equations.x).toEqual([15, 30]);
  }
});
