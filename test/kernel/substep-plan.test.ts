/** The sub-step worked out ahead of time, against a literal Runge-Kutta-Fehlberg step. */
import { describe, expect, test } from 'vitest';
import type { Row } from '../../src/kernel/affine.js';
import { parseEquation } from '../../src/kernel/equation.js';
import { NODES } from '../../src/kernel/fehlberg.js';
import {
  A,
  type ErrorBound,
  G,
  planSubstep,
  type SubstepPlan,
} from '../../src/kernel/substep-plan.js';
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

/** Here the driver's changes hold exponentials beside the argument's change. */
const FOLLOWING: Model = {
  derivatives: {
    V: '(E - V + D * exp((V - T) / D)) / tau',
    T: '(c * (V - E) + T_rest - T) / tau_T',
    f: '(V - f) / tau',
  },
  definitions: {},
  driver: 'V',
  parameters: {
    ...{ E: [-75, -60], D: [0.5, 5], T_rest: [-55, -45], tau: [2, 30] },
    ...{ c: [-0.5, 0.5], tau_T: [1, 20] },
  },
  state: { V: [-90, -50], T: [-55, -45], f: [-90, -50] },
  stimuli: {},
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
    values[A(stage)] = change;
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
  const driverAt: number[] = [];
  const noted = (values: readonly number[]): number[] => {
    driverAt.push(values[names.indexOf(driver)]);
    return slopes(values);
  };
  return {
    names,
    plan,
    start,
    ahead: planned(plan, start),
    literal: fehlbergStep(y, slopes(y), h, noted),
    driverAt,
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

test.each([
  ...Object.entries(MODELS),
  ['with a threshold that follows the voltage', FOLLOWING] as const,
])(
  'in no stage is the driver further than its bound, which is not out of proportion: %s',
  (_, model) => {
    const points = new Points(6);
    const ratios: number[] = [];
    for (let i = 0; i < 800; i++) {
      const { plan, start, ahead: p, driverAt } = both(model, points);
      if (!(p.largestChange < 1)) continue;
      const { argument, state, exponential } = plan.driverBound;
      const magnitude = Math.max(1, ...Object.values(start).map(Math.abs));
      const bound = argument * p.largestChange + state * magnitude + exponential * p.first;
      const largest = Math.max(...driverAt.map((V) => Math.abs(V - start[model.driver]!)));
      expect(largest).toBeLessThanOrEqual(bound + 1e-15 * magnitude);
      ratios.push(bound / largest);
    }
    expect(ratios.length).toBeGreaterThan(300);
    expect(Math.min(...ratios)).toBeLessThan(30);
  },
);

/**
 * In random steps the closer bound is mostly its part for bends. So here changes of the argument are
 * chosen: in proportion to time but for bends, all of which make the estimate larger.
 */
describe('the closer bound, for the worst changes', () => {
  const BENDS = [0, 1 / 16, 1 / 4];
  const CHANGES = [1, -1].flatMap((sign) => [sign / 4, sign / 16, sign / 64, sign / 1024]);

  /** Rows in which the exponentials are, as their coefficients in the six stages. */
  function stagesOf(plan: SubstepPlan): number[][] {
    return [...plan.errors.values()]
      .map((row) => NODES.map((_, i) => row.get(G(i + 1)) ?? 0))
      .filter((g) => g.some((value) => value !== 0));
  }

  /** The largest sum of coefficients times exponentials, if the first of these is 1. */
  function worst(g: readonly number[], d: number, m: number): number {
    const sums = [m, -m].map((bend) =>
      g.reduce((sum, value, i) => {
        // The change is 0 in the first stage and d in the fifth.
        const bends = i !== 0 && i !== 4;
        return sum + value * Math.exp(NODES[i]! * d + (bends ? bend * Math.sign(value) : 0));
      }, 0),
    );
    return Math.max(...sums.map(Math.abs));
  }

  function closer(bound: ErrorBound, d: number, m: number): number {
    const { exponential, linear, quadratic, cubic, quartic, bent } = bound;
    const powers = linear * d + quadratic * d ** 2 + cubic * d ** 3 + quartic * d ** 4;
    return exponential + powers + bent * m;
  }

  /** Checks the bound; returns how many times the largest sum it is. */
  function excess(plan: SubstepPlan, d: number, m: number): number {
    const rows = stagesOf(plan);
    const bound = closer(plan.errorBound, Math.abs(d), m);
    const largest = Math.max(...rows.map((g) => worst(g, d, m)));
    const size = Math.max(...rows.map((g) => g.reduce((sum, value) => sum + Math.abs(value), 0)));
    // Sums in which almost everything cancels are only as exact as their terms.
    expect(largest, `d = ${d}, m = ${m}`).toBeLessThanOrEqual(bound + 1e-15 * size);
    return bound / largest;
  }

  test.each(Object.entries(MODELS))('%s', (_, model) => {
    const points = new Points(5);
    for (let i = 0; i < 100; i++) {
      const { plan } = both(model, points);
      for (const d of CHANGES) {
        for (const m of BENDS) excess(plan, d, m);
        expect(excess(plan, d, 1 / 4)).toBeLessThan(5);
      }
    }
  });

  /**
   * Where the exponential reaches V through a chain of variables, one more is one power of the change
   * less that the estimate cancels. V counts for much more than what it comes through.
   */
  test.each([
    ['quartic', ['V']],
    ['cubic', ['x', 'V']],
    ['quadratic', ['x', 'y', 'V']],
    ['linear', ['x', 'y', 'z', 'V']],
    ['exponential', ['x', 'y', 'z', 'u', 'V']],
  ] as const)('where it is the %s part that matters', (part, chain) => {
    const rates = chain.map((name, i) => {
      const source = i === 0 ? 'exp(V)' : chain[i - 1]!;
      return [name, name === 'V' ? `1000 * ${source}` : source];
    });
    const derivatives = parsed(Object.fromEntries(rates));
    const plan = planSubstep({ derivatives, definitions: new Map(), driver: 'V' }, new Map(), 1);
    for (const d of CHANGES) {
      for (const m of BENDS) excess(plan, d, m);
      expect(excess(plan, d, 1 / 4)).toBeLessThan(5);
    }
    // Nothing else would do: without it the bound is a small part of what it is.
    const without = { ...plan.errorBound, [part]: 0 };
    const d = 1 / 64;
    expect(closer(without, d, 0)).toBeLessThan(0.5 * closer(plan.errorBound, d, 0));
    // Of the fourth power, the bound takes all terms to be of one sign.
    expect(excess(plan, d, 0)).toBeLessThan(part === 'quartic' ? 1000 : 5);
  });
});

test('a model without an exponential has no plan', () => {
  const derivatives = parsed({ V: '-V' });
  const model = { derivatives, definitions: new Map(), driver: 'V' };
  expect(() => planSubstep(model, new Map(), 0.1)).toThrow('needs an exponential');
});
