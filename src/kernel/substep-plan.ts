/**
 * One Runge-Kutta-Fehlberg sub-step of a semilinear model, worked out ahead of time.
 *
 * In a model whose derivatives are affine but for one exponential, every stage value, the new state
 * and every error estimate is an affine combination of the old state, the constant, the stimulus
 * and the six values G1 ... G6 that the exponential takes in the stages. The coefficients depend on
 * parameters and step size only, so a step is a few dot products. Variables that feed nothing back
 * into the exponential ("followers") are combinations of themselves and of the stage values of the
 * variable that drives them, written as V, the changes A2 ... A6 of the exponential's argument, and what
 * else the argument depends on.
 */
import {
  affineForm,
  CONSTANT,
  constant,
  EXPONENTIAL,
  plus,
  type Row,
  scaled,
  substitute,
} from './affine.js';
import type { Equation } from './equation.js';
import {
  ERROR_WEIGHTS,
  LATER_STAGES,
  NODES,
  SOLUTION_WEIGHTS,
  STAGE_WEIGHTS,
  STAGES,
} from './fehlberg.js';

export interface SemilinearModel {
  /** Derivatives of the integrated variables, in order. */
  readonly derivatives: ReadonlyMap<string, Equation>;
  /** Names that stand for expressions. */
  readonly definitions: ReadonlyMap<string, Equation>;
  /** The integrated variable that drives the followers. */
  readonly driver: string;
}

export interface SubstepPlan {
  /** Argument of the exponential in stage 1. */
  readonly argument: Row;
  /** By how much the argument differs from that in stages 2 to 6. */
  readonly argumentChanges: readonly Row[];
  /** New value and error estimate of each integrated variable. */
  readonly solutions: ReadonlyMap<string, Row>;
  readonly errors: ReadonlyMap<string, Row>;
  readonly errorBound: ErrorBound;
  readonly driverBound: DriverBound;
}

/**
 * The driver changes by at most argument * d + state * M + exponential * G1, with d and M as in
 * `ErrorBound`.
 */
export interface DriverBound {
  readonly argument: number;
  readonly state: number;
  readonly exponential: number;
}

/**
 * Two bounds that hold for all error estimates, where M is the largest magnitude among the variables,
 * the stimuli and 1, and d <= 1 that of the argument's changes:
 *
 *   state * M + G1 * (exponential + change * d)
 *
 * and, as estimates cancel what is a polynomial of third degree in time, a closer one for d <= 1/4, if no
 * change of the argument differs by more than m <= 1/4 from that in proportion to time:
 *
 *   state * M + G1 * (exponential + linear * d + quadratic * d^2 + cubic * d^3 + quartic * d^4 + bent * m)
 */
export interface ErrorBound {
  readonly state: number;
  readonly exponential: number;
  readonly change: number;
  readonly linear: number;
  readonly quadratic: number;
  readonly cubic: number;
  readonly quartic: number;
  readonly bent: number;
}

const allStages = [1, ...LATER_STAGES];

/** Name of the exponential's value in a stage (1 to 6), and of the change of its argument. */
export const G = (stage: number): string => `G${stage}`;
export const A = (stage: number): string => `A${stage}`;

/** The plan for parameters `values` and a sub-step of `h` ms; variables and stimuli stay names. */
export function planSubstep(
  model: SemilinearModel,
  values: ReadonlyMap<string, number>,
  h: number,
): SubstepPlan {
  const rates = new Map<string, Row>();
  let argument: Row | undefined;
  for (const [name, equation] of model.derivatives) {
    const form = affineForm(equation, values, model.definitions);
    rates.set(name, form.row);
    argument ??= form.argument;
  }
  if (argument === undefined) throw new Error('a semilinear model needs an exponential');

  const core = coreOf(rates, argument);
  const coreStages = stagesOf(core, rates, h, (name, stage) =>
    name === EXPONENTIAL ? new Map([[G(stage), 1]]) : new Map([[name, 1]]),
  );
  const at = (stage: number, row: Row): Row =>
    substitute(row, (name) => coreStages.values[stage - 1].get(name) ?? new Map([[name, 1]]));
  const first = argument;
  const argumentChanges = LATER_STAGES.map((stage) => plus(at(stage, first), first, -1));

  const perDriver = first.get(model.driver)!;
  const others = new Map([...first].filter(([name]) => name !== model.driver && name !== CONSTANT));
  /** Beside the part that is in proportion to the argument's change. */
  const driverChanges = LATER_STAGES.map((stage) =>
    scaled(plus(at(stage, others), others, -1), -1 / perDriver),
  );
  const driverChange = (stage: number): Row =>
    plus(new Map([[A(stage), 1 / perDriver]]), driverChanges[stage - LATER_STAGES[0]]);

  const followers = [...rates.keys()].filter((name) => !core.includes(name));
  const followerStages = stagesOf(followers, rates, h, (name, stage) => {
    const unchanged: Row = new Map([[name, 1]]);
    return name === model.driver && stage > 1 ? plus(unchanged, driverChange(stage)) : unchanged;
  });
  const everything = stagesOf([...rates.keys()], rates, h, (name, stage) =>
    name === EXPONENTIAL ? new Map([[G(stage), 1]]) : new Map([[name, 1]]),
  );
  return {
    argument: first,
    argumentChanges,
    solutions: new Map([...coreStages.solutions, ...followerStages.solutions]),
    errors: new Map([...coreStages.errors, ...followerStages.errors]),
    errorBound: boundOf([...everything.errors.values()]),
    driverBound: driverBoundOf(perDriver, driverChanges),
  };
}

/**
 * With Gs = G1 e^ds, an estimate is G1 times the sum of gs e^ds, beside terms of the state. For the closer
 * bound, ds = cs d + rs with the nodes cs of the tableau and |rs| <= m: the sum of gs e^(cs d) has
 * moments of the gs for coefficients, and |e^ds - e^(cs d)| <= e^d (e^m - 1) <= 1.5 m for d, m <= 1/4.
 */
function boundOf(errors: readonly Row[]): ErrorBound {
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + Math.abs(b), 0);
  const largest = (of: (stages: readonly number[]) => number): number =>
    Math.max(...errors.map((row) => of(allStages.map((stage) => row.get(G(stage)) ?? 0))));
  /** The largest sum of weighted coefficients. */
  const moment = (weights: readonly number[]): number =>
    largest((g) => Math.abs(g.reduce((total, value, i) => total + value * weights[i], 0)));
  const squares = NODES.map((c) => c * c);
  return {
    state: Math.max(
      ...errors.map((row) => sumOfMagnitudes([...row].filter(([name]) => !isStage(name)))),
    ),
    exponential: moment(NODES.map(() => 1)),
    // |e^d - 1| <= 1.72 |d| for |d| <= 1.
    change: 1.72 * largest(sum),
    linear: moment(NODES),
    quadratic: moment(squares) / 2,
    cubic: moment(squares.map((c2, i) => c2 * NODES[i])) / 6,
    // e^(1/4) / 24
    quartic: 0.054 * largest(sum),
    bent: 1.5 * largest(sum),
  };
}

function driverBoundOf(perDriver: number, changes: readonly Row[]): DriverBound {
  const largest = (isExponential: boolean): number =>
    Math.max(
      ...changes.map((row) =>
        sumOfMagnitudes([...row].filter(([name]) => isStage(name) === isExponential)),
      ),
    );
  // Stages are at most e G1 for |d| <= 1.
  const exponential = largest(true) * Math.E;
  return { argument: Math.abs(1 / perDriver), state: largest(false), exponential };
}

const isStage = (name: string): boolean => /^G\d$/.test(name);

const sumOfMagnitudes = (row: readonly (readonly [string, number])[]): number =>
  row.reduce((sum, [, value]) => sum + Math.abs(value), 0);

/** The variables on which the exponential depends, directly or not. */
function coreOf(rates: ReadonlyMap<string, Row>, argument: Row): string[] {
  const core = new Set([...argument.keys()].filter((name) => rates.has(name)));
  for (const name of core) {
    for (const other of rates.get(name)!.keys()) if (rates.has(other)) core.add(other);
  }
  return [...rates.keys()].filter((name) => core.has(name));
}

/** The tableau over rows: stage values, solution and error estimate of some variables. */
function stagesOf(
  names: readonly string[],
  rates: ReadonlyMap<string, Row>,
  h: number,
  outside: (name: string, stage: number) => Row,
): { values: Map<string, Row>[]; solutions: Map<string, Row>; errors: Map<string, Row> } {
  const values: Map<string, Row>[] = [];
  const slopes: Map<string, Row>[] = [];
  const weighted = (name: string, weights: readonly number[], start: Row): Row =>
    weights.reduce<Row>(
      (sum, weight, j) => (weight === 0 ? sum : plus(sum, slopes[j].get(name)!, h * weight)),
      start,
    );
  for (let stage = 1; stage <= STAGES; stage++) {
    const weights = stage === 1 ? [] : STAGE_WEIGHTS[stage - 2];
    const value = new Map(
      names.map((name) => [name, weighted(name, weights, new Map([[name, 1]]))]),
    );
    values.push(value);
    const slope = (name: string): Row =>
      substitute(rates.get(name)!, (other) =>
        other === CONSTANT ? constant(1) : (value.get(other) ?? outside(other, stage)),
      );
    slopes.push(new Map(names.map((name) => [name, slope(name)])));
  }
  const solutions = new Map(
    names.map((name) => [name, weighted(name, SOLUTION_WEIGHTS, new Map([[name, 1]]))]),
  );
  const errors = new Map(names.map((name) => [name, weighted(name, ERROR_WEIGHTS, new Map())]));
  return { values, solutions, errors };
}
