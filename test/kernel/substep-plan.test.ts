/** The sub-step worked out ahead of time, against a literal Runge-Kutta-Fehlberg step. */
import { describe, expect, test } from 'vitest';
import type { Row } from '../../src/kernel/affine.js';
import { parseEquation } from '../../src/kernel/equation.js';
import { NODES } from '../../src/kernel/fehlberg.js';
import { D, G, planSubstep, type SubstepPlan } from '../../src/kernel/substep-plan.js';
import { Points } from '../math/points.js';
import { fehlbergStep } from '../oracle/rkf45.js';
import { evaluate } from './interpret.js';

interface Model {
  readonly derivatives: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, string>>;
  readonly driver: string;
  /** Ranges of parameters, of state variables and of what is constant within a step. */
  readonly parameters: Readonly<Record<string, readonly [number, number]>>;
  readonly state: Readonly<Record<string, readonly [number, number]>>;
  readonly stimuli: Readonly<Record<string, readonly [number, number]>>;
}

const MODELS: Record<string, Model> = {
  'exponential integrate-and-fire': {
    derivatives: { V: '(E - V + D * exp((V - T) / D)) / tau' },
    definitions: {},
    driver: 'V',
    parameters: { E: [-75, -60], D: [0.5, 5], T: [-55, -45], tau: [2, 30] },
    state: { V: [-90, -50] },
    stimuli: {},
  },
  'adaptive, with a moving threshold and followers': {
    derivatives: {
      V: '(-g * (U - E) + J - w + z + I + S) / C',
      w: '(a * (U - E) - w) / tau_w',
      z: '-z / tau_z',
      T: '-(T - T_rest) / tau_T',
      up: '(U - up) / tau_p',
      um: '(U - um) / tau_m',
      ub: '(um - ub) / tau_b',
    },
    definitions: { U: 'min(V, 30)', J: 'D == 0 ? 0 : g * D * exp((U - T) / D)' },
    driver: 'V',
    parameters: {
      ...{ g: [5, 60], E: [-75, -65], I: [-200, 800], C: [100, 500], a: [-10, 20], D: [0.5, 5] },
      ...{ tau_w: [20, 300], tau_z: [5, 100], tau_T: [5, 100], T_rest: [-55, -45] },
      ...{ tau_p: [2, 20], tau_m: [2, 30], tau_b: [100, 1000] },
    },
    state: {
      ...{ V: [-90, -45], w: [-200, 800], z: [0, 400], T: [-55, 30] },
      ...{ up: [-80, -30], um: [-80, -30], ub: [-80, -50] },
    },
    stimuli: { S: [-500, 500] },
  },
};

function drawn(points: Points, ranges: Model['state']): Record<string, number> {
  return Object.fromEntries(
    Object.entries(ranges).map(([name, [low, high]]) => [name, points.uniform(1, low, high)[0]]),
  );
}

function parsed(texts: Readonly<Record<string, string>>) {
  return new Map(Object.entries(texts).map(([name, text]) => [name, parseEquation(text)] as const));
}

function dot(row: Row, values: Readonly<Record<string, number>>): number {
  return [...row].reduce((sum, [name, c]) => sum + c * (name === '1' ? 1 : values[name]), 0);
}

/** What the plan says of a step from `start`. */
function planned(plan: SubstepPlan, start: Record<string, number>) {
  const values = { ...start };
  const first = Math.exp(dot(plan.argument, values));
  values[G(1)] = first;
  const changes = plan.argumentChanges.map(() => 0);
  for (let stage = 2; stage <= 6; stage++) {
    const change = dot(plan.argumentChanges[stage - 2], values);
    changes[stage - 2] = change;
    values[G(stage)] = first * Math.exp(change);
    values[D(stage)] = change * plan.driverPerArgument + dot(plan.driverChanges[stage - 2], values);
  }
  const each = (rows: ReadonlyMap<string, Row>) =>
    Object.fromEntries([...rows].map(([name, row]) => [name, dot(row, values)]));
  const largestChange = Math.max(...changes.map(Math.abs));
  const atEnd = changes[3]!;
  const bends = changes.map((change, i) => Math.abs(change - NODES[i + 1]! * atEnd));
  return {
    first,
    largestChange,
    bent: Math.max(...bends),
    solution: each(plan.solutions),
    error: each(plan.errors),
  };
}

/** A random step, as planned and literally. */
function both(model: Model, points: Points) {
  const parameters = drawn(points, model.parameters);
  const state = drawn(points, model.state);
  const stimuli = drawn(points, model.stimuli);
  const [h] = points.uniform(1, 0.01, 0.2);
  const [derivatives, definitions] = [parsed(model.derivatives), parsed(model.definitions)];
  const { driver } = model;
  const plan = planSubstep(
    { derivatives, definitions, driver },
    new Map(Object.entries(parameters)),
    h,
  );
  const names = [...derivatives.keys()];
  const slopes = (y: readonly number[]): number[] => {
    const values = {
      ...parameters,
      ...stimuli,
      ...Object.fromEntries(names.map((n, i) => [n, y[i]])),
    };
    const whole: Record<string, number> = { ...values };
    for (const [name, e] of definitions) whole[name] = evaluate(e, whole);
    return names.map((name) => evaluate(derivatives.get(name)!, whole));
  };
  const y = names.map((name) => state[name]);
  const start = { ...state, ...stimuli };
  return {
    names,
    plan,
    start,
    ahead: planned(plan, start),
    literal: fehlbergStep(y, slopes(y), h, slopes),
  };
}

describe.each(Object.entries(MODELS))('%s', (_, model) => {
  test('solution and error estimates are those of the literal step', () => {
    const points = new Points(3);
    let steps = 0;
    for (let i = 0; i < 800; i++) {
      const { names, ahead: p, literal } = both(model, points);
      // Steps in which the exponential explodes are not what this is for.
      if (!(p.largestChange < 1)) continue;
      steps += 1;
      names.forEach((name, j) => {
        const scale = Math.max(100, Math.abs(literal.state[j]));
        expect(Math.abs(p.solution[name] - literal.state[j])).toBeLessThan(1e-12 * scale);
        expect(Math.abs(p.error[name] - literal.error[j])).toBeLessThan(1e-13 * scale);
      });
    }
    expect(steps).toBeGreaterThan(300);
  });

  test.each([
    ['shared', 1 / 8],
    ['closer', 1 / 4],
  ])('no error estimate exceeds the %s bound, which is not out of proportion', (kind, most) => {
    const points = new Points(4);
    let steps = 0;
    const ratios: number[] = [];
    let closer = 0;
    for (let i = 0; i < 1200; i++) {
      const { plan, start, ahead: p, literal } = both(model, points);
      const { largestChange: d, bent } = p;
      if (!(Math.max(d, bent) <= most)) continue;
      steps += 1;
      const { state, exponential, change, linear, quadratic, cubic, quartic } = plan.errorBound;
      const magnitude = Math.max(1, ...Object.values(start).map(Math.abs));
      const shared = exponential + change * d;
      const polynomial = exponential + linear * d + quadratic * d ** 2 + cubic * d ** 3;
      const close = polynomial + quartic * d ** 4 + plan.errorBound.bent * bent;
      closer += close < shared / 5 ? 1 : 0;
      const bound = state * magnitude + p.first * (kind === 'shared' ? shared : close);
      const largest = Math.max(...literal.error.map(Math.abs));
      // The literal estimate itself is only as exact as rounding lets it be.
      expect(largest).toBeLessThanOrEqual(bound + 1e-16 * magnitude);
      ratios.push(bound / largest);
    }
    expect(steps).toBeGreaterThan(300);
    expect(Math.min(...ratios)).toBeLessThan(1000);
    expect(closer / steps).toBeGreaterThan(0.5);
  });
});

test('a model without an exponential has no plan', () => {
  const derivatives = parsed({ V: '-V' });
  const model = { derivatives, definitions: new Map(), driver: 'V' };
  expect(() => planSubstep(model, new Map(), 0.1)).toThrow('needs an exponential');
});
