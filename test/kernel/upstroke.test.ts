/** Kernels that pass over cycles of an upstroke beside the same without. */
import { describe, expect, test } from 'vitest';
import { UPSTROKE_PARAMETERS, upstrokeDependsOn } from '../../src/kernel/upstroke-model.js';
import {
  accepted,
  COLUMNS,
  GIVEN,
  MARK,
  Neurons,
  parametersFor,
  quantile,
  run,
  type Setting,
  spikeSteps,
  total,
  upstrokeWith,
} from './upstroke-neurons.js';
import { exactly } from './workbench.js';

const last = (all: number[][][], column: number): number =>
  all.at(-1)![column]!.reduce((a, b) => a + b);
const [V, F, , FIRED, SUBSTEPS] = [0, 1, 2, 3, 4];

/**
 * Near the peak, where the exponential ends, sub-steps depend on every rounding, and with them the first
 * ones after the spike. From step to step that adds up, so here errors may be larger than in one step.
 */
describe.each([
  ['as it is', {}],
  ['with a low ceiling', { peak: -5 }],
  ['with a steep exponential', { D: 1, peak: -16 }],
])('a neuron %s', (_, changed) => {
  const [literal, passing] = [false, true].map((passes) => run(passes, { changed }));

  test('comes to the same, with fewer sub-steps', () => {
    expect(last(literal!, FIRED)).toBeGreaterThan(9);
    literal!.forEach((columns, step) => {
      expect(passing![step]![FIRED], `step ${step}`).toEqual(columns[FIRED]);
      for (const column of [V, F]) {
        columns[column]!.forEach((expected, i) => {
          // Above rest the exponential makes every difference grow.
          if (columns[V]![i]! > GIVEN.rest) return;
          const got = passing![step]![column]![i]!;
          const error = Math.abs(got - expected) / Math.max(1, Math.abs(expected));
          expect(error, `step ${step}, ${column} of ${i}`).toBeLessThan(1e-11);
        });
      }
    });
    expect(last(passing!, SUBSTEPS)).toBeLessThan(0.9 * last(literal!, SUBSTEPS));
  });

  test('in JavaScript, and with parameters of its own, to the same bits', () => {
    const expected = passing!.at(-1)!.map(exactly);
    for (const target of ['wasm', 'javascript'] as const) {
      for (const own of [false, true]) {
        expect(run(true, { changed, own, target }).at(-1)!.map(exactly)).toEqual(expected);
      }
    }
  });
});

/** Each step begins in the same state, as else errors of one spike are seen in the next. */
describe('one step with a spike', () => {
  test('comes to the same V but for roundings, with half the sub-steps', () => {
    const steps = spikeSteps({ size: 32 });
    expect(steps.length).toBeGreaterThan(100);
    const errors = steps.map((step) => step.V);
    expect(quantile(errors, 0.5)).toBeLessThan(1e-14);
    expect(accepted(steps, 'passing')).toBeLessThan(0.5 * accepted(steps, 'literal'));
  });

  // What remains beside the exponential matters more here, and an error of the sub-step suggested then.
  test('comes to nearly the same V with a strong current', () => {
    const steps = spikeSteps({ size: 32, changed: { I: 400 } });
    expect(steps.length).toBeGreaterThan(1000);
    const errors = steps.map((step) => step.V);
    expect(quantile(errors, 0.9)).toBeLessThan(5e-13);
    expect(quantile(errors, 0.99)).toBeLessThan(3e-11);
    expect(accepted(steps, 'passing')).toBeLessThan(0.7 * accepted(steps, 'literal'));
  });

  // With so steep an exponential, sub-steps get too short to change the time long before the peak. They
  // are then taken however large the error, and f with them becomes what nobody would call a solution,
  // up to 10^6. What it becomes depends on where that begins.
  test('does not pass over sub-steps too short to change the time', () => {
    const steps = spikeSteps({ size: 32, changed: { D: 0.7 } });
    expect(steps.length).toBeGreaterThan(100);
    expect(Math.max(...steps.map((step) => step.f))).toBeLessThan(1e-4);
    expect(accepted(steps, 'passing')).toBeLessThan(0.9 * accepted(steps, 'literal'));
  });

  // It is of the rest, like any other factor: were it lost, cycles would be found later.
  test.each([
    ['before', 'exp(k) * (E - V + I) / tau + up', 'k * (E - V + I) / tau + up'],
    ['after', 'up + exp(k) * (E - V + I) / tau', 'up + k * (E - V + I) / tau'],
  ])('is as good with an exponential of parameters %s that of V', (_, derivative, simpler) => {
    const steps = spikeSteps({ size: 32, derivative });
    expect(steps.length).toBeGreaterThan(100);
    const errors = steps.map((step) => step.V);
    expect(quantile(errors, 0.9)).toBeLessThan(1e-12);
    const changed = { k: Math.exp(GIVEN.k) };
    const expected = spikeSteps({ size: 32, derivative: simpler, changed });
    expect(steps.length).toBe(expected.length);
    expect(accepted(steps, 'passing')).toBeLessThan(1.02 * accepted(expected, 'passing'));
  });
});

describe('a grid step that begins in an upstroke', () => {
  /** States within upstrokes, at various places of the cycle: the sub-step suggested is often too long. */
  function withinUpstrokes(size: number) {
    const neurons = new Neurons(false, { size });
    for (let step = 0; step < 300; step++) neurons.step();
    const marked = (name: string) => neurons.columns[`marked ${name}`]!;
    expect(Math.min(...marked('hs'))).toBeGreaterThan(0);
    return { V: marked('V'), f: marked('f'), hs: marked('hs') };
  }

  /** The neurons after such a step, literally and with cycles passed over. */
  function oneStep(setting: Setting) {
    const size = 32;
    const start = withinUpstrokes(size);
    const [literal, passing] = [false, true].map((passes) => {
      const neurons = new Neurons(passes, { ...setting, size });
      neurons.become(start);
      neurons.step();
      return neurons.columns;
    });
    return { start, literal: literal!, passing: passing! };
  }

  test('passes over sub-steps', () => {
    const { literal, passing } = oneStep({});
    expect(total([...passing.substeps!])).toBeLessThan(0.7 * total([...literal.substeps!]));
  });

  test('takes the first sub-step, after which input is added', () => {
    const { literal, passing } = oneStep({ input: -30 });
    expect(total([...literal.fired!])).toBe(0);
    for (const name of COLUMNS) {
      expect(exactly(passing[name]!), name).toEqual(exactly(literal[name]!));
    }
  });

  test('ends in it where the step does', () => {
    // From `MARK`, V would reach infinity a little later.
    const h = 0.99 * GIVEN.tau * Math.exp((GIVEN.rest - MARK) / GIVEN.D);
    const { start, literal, passing } = oneStep({ h });
    expect(total([...literal.fired!])).toBe(0);
    expect(Math.max(...literal.V!)).toBeGreaterThan(MARK + 2);
    expect(Math.min(...literal.V!.map((V, i) => V - start.V[i]!))).toBeGreaterThan(0);
    literal.V!.forEach((V, i) => {
      expect(Math.abs(passing.V![i]! / V - 1), `neuron ${i}`).toBeLessThan(1e-11);
    });
  });
});

test('parameters that the cycle depends on', () => {
  const names = upstrokeDependsOn(upstrokeWith({}));
  expect([...names].sort()).toEqual(['D', 'V', 'peak', 'rest', 'tau', 'tol']);
});

test('without a slope factor above 0, nothing is passed over', () => {
  const none = UPSTROKE_PARAMETERS.map(() => 0);
  for (const D of [0, -2])
    expect(parametersFor({ changed: { D } }).slice(-none.length)).toEqual(none);
});
