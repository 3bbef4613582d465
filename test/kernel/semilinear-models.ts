/** Semilinear models with random parameters and states, and their steps as planned and literally. */
import type { Row } from '../../src/kernel/affine.js';
import { parseEquation } from '../../src/kernel/equation.js';
import { A, G, H, planSubstep, type SubstepPlan, slope } from '../../src/kernel/substep-plan.js';
import type { Points } from '../math/points.js';
import { fehlbergStep } from '../oracle/rkf45.js';
import { evaluate } from './interpret.js';

type Numbers = Readonly<Record<string, number>>;

export interface Model {
  readonly derivatives: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, string>>;
  readonly driver: string;
  /** Ranges of parameters, of state variables and of what is constant within a step. */
  readonly parameters: Readonly<Record<string, readonly [number, number]>>;
  readonly state: Readonly<Record<string, readonly [number, number]>>;
  readonly stimuli: Readonly<Record<string, readonly [number, number]>>;
}

export const MODELS: Record<string, Model> = {
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
export const FOLLOWING: Model = {
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

export function drawn(points: Points, ranges: Model['state']): Record<string, number> {
  return Object.fromEntries(
    Object.entries(ranges).map(([name, [low, high]]) => [name, points.uniform(1, low, high)[0]]),
  );
}

export function parsed(texts: Readonly<Record<string, string>>) {
  return new Map(Object.entries(texts).map(([name, text]) => [name, parseEquation(text)] as const));
}

export function dot(row: Row, values: Readonly<Record<string, number>>): number {
  return [...row].reduce((sum, [name, c]) => sum + c * (name === '1' ? 1 : values[name]!), 0);
}

/** What the plan says of a step from `start`. */
function planned(plan: SubstepPlan, start: Record<string, number>) {
  const values = { ...start };
  const first = Math.exp(dot(plan.argument, values));
  values[G(1)] = first;
  for (const [name, row] of plan.slopes) values[slope(name)] = dot(row, values);
  const changes = plan.argumentChanges.map((row, i) => {
    const change = dot(row, values);
    values[H(i + 2)] = first * Math.expm1(change);
    values[A(i + 2)] = change;
    return change;
  });
  const each = (rows: ReadonlyMap<string, Row>) =>
    Object.fromEntries([...rows].map(([name, row]) => [name, dot(row, values)]));
  const solution = Object.fromEntries(
    Object.entries(each(plan.solutions)).map(([name, value]) => [
      name,
      plan.increased.has(name) ? values[name]! + value : value,
    ]),
  );
  return {
    first,
    changes,
    slopes: each(plan.slopes),
    driverChanges: plan.driverChanges.map((row) => dot(row, values)),
    largestChange: Math.max(...changes.map(Math.abs)),
    solution,
    error: each(plan.errors),
  };
}

/** A random step, as planned and literally. */
export function both(model: Model, points: Points) {
  const parameters = drawn(points, model.parameters);
  const [h] = points.uniform(1, 0.01, 0.2);
  const plan = planOf(model, parameters, h);
  const start = { ...drawn(points, model.state), ...drawn(points, model.stimuli) };
  return { plan, start, ...stepsFrom(model, parameters, h, plan, start) };
}

export function planOf(model: Model, parameters: Numbers, h: number): SubstepPlan {
  const [derivatives, definitions] = [parsed(model.derivatives), parsed(model.definitions)];
  const { driver } = model;
  return planSubstep({ derivatives, definitions, driver }, new Map(Object.entries(parameters)), h);
}

/** The step from `start`, as planned and literally. */
export function stepsFrom(
  model: Model,
  parameters: Numbers,
  h: number,
  plan: SubstepPlan,
  start: Record<string, number>,
) {
  const [derivatives, definitions] = [parsed(model.derivatives), parsed(model.definitions)];
  const { driver } = model;
  const names = [...derivatives.keys()];
  const slopes = (y: readonly number[]): number[] => {
    const values = {
      ...parameters,
      ...start,
      ...Object.fromEntries(names.map((n, i) => [n, y[i]])),
    };
    const whole: Record<string, number> = { ...values };
    for (const [name, e] of definitions) whole[name] = evaluate(e, whole);
    return names.map((name) => evaluate(derivatives.get(name)!, whole));
  };
  const y = names.map((name) => start[name]!);
  const driverAt: number[] = [];
  const noted = (values: readonly number[]): number[] => {
    driverAt.push(values[names.indexOf(driver)]);
    return slopes(values);
  };
  return {
    names,
    ahead: planned(plan, start),
    literal: fehlbergStep(y, slopes(y), h, noted),
    driverAt,
  };
}
