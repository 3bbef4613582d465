/**
 * One Runge-Kutta-Fehlberg sub-step of a semilinear model, worked out ahead of time.
 *
 * In a model whose derivatives are affine but for one exponential, what a sub-step adds to a variable is, in
 * every stage and at the end, a linear combination of the slopes at its beginning and of H2 ... H6, by which the
 * exponential in stages 2 to 6 differs from G1, that of stage 1; and so is every error estimate. The coefficients
 * depend on parameters and step size only, so a step is a few dot products. Variables that feed nothing back
 * into the exponential ("followers") are combinations of themselves and of the stage values of the
 * variable that drives them, written as V, the changes A2 ... A6 of the exponential's argument, and what
 * else the argument depends on.
 */
import {
  affineForm,
  CONSTANT,
  constant,
  EXPONENTIAL,
  itself,
  plus,
  type Row,
  scaled,
  substitute,
} from './affine.js';
import type { Equation } from './equation.js';
import {
  ERROR_WEIGHTS,
  LATER_STAGES,
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
  /** Slopes, in stage 1, of the variables that the exponential depends on, directly or not. */
  readonly slopes: ReadonlyMap<string, Row>;
  /** By how much the argument differs from that in stages 2 to 6. */
  readonly argumentChanges: readonly Row[];
  /** New value of each integrated variable, or what is added to it if it is one of those `increased`. */
  readonly solutions: ReadonlyMap<string, Row>;
  readonly increased: ReadonlySet<string>;
  /** Error estimate of each. */
  readonly errors: ReadonlyMap<string, Row>;
  /** The same over variables, stimuli and G1 ... G6. */
  readonly estimates: readonly Row[];
  /** What the driver changes by until stages 2 to 6. */
  readonly driverChanges: readonly Row[];
}

/**
 * Names of the exponential's value in a stage (G1 to G6), and of how it and its argument differ from the first
 * (H2 to H6, A2 to A6). Nobody's variable can be called so.
 */
export const G = (stage: number): string => `exponential in stage ${stage}`;
export const H = (stage: number): string => `its change until stage ${stage}`;
export const A = (stage: number): string => `change of the argument until stage ${stage}`;
/** Name of a variable's slope in stage 1. */
export const slope = (variable: string): string => `slope of ${variable}`;

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
  const followers = [...rates.keys()].filter((name) => !core.includes(name));
  const everything = stagesOf([...rates.keys()], rates, h, (name, stage) =>
    itself(name === EXPONENTIAL ? G(stage) : name),
  );
  const slopes = new Map(core.map((name) => [name, slopeOf(rates.get(name)!)] as const));

  const coreIncrements = incrementsOf(core, rates, h, {
    slope: (name) => itself(slope(name)),
    outside: (name, stage) => (name === EXPONENTIAL ? itself(H(stage)) : new Map()),
  });
  const changesOf = (row: Row) => (stage: number) =>
    substitute(row, (name) => coreIncrements.values[stage - 1].get(name) ?? new Map());
  const perDriver = argument.get(model.driver)!;
  const others = new Map([...argument].filter(([name]) => name !== model.driver));
  /** Beside the part that is in proportion to the argument's change. */
  const driverChange = changesOf(scaled(others, -1 / perDriver));

  const driverMove = (stage: number): Row =>
    plus(new Map([[A(stage), 1 / perDriver]]), driverChange(stage));

  const followerIncrements = incrementsOf(followers, rates, h, {
    slope: (name) => rates.get(name)!,
    outside: (name, stage) =>
      name === model.driver
        ? driverMove(stage)
        : (coreIncrements.values[stage - 1].get(name) ?? new Map()),
  });
  /** What depends on itself alone is a multiple of itself; followers hold themselves, too. */
  const isFree = (name: string): boolean =>
    [...rates.get(name)!.keys()].every((other) => other === name || other === CONSTANT);
  const increased = new Set(core.filter((name) => !isFree(name)));
  const solution = ([name, increment]: readonly [string, Row]) => {
    if (increased.has(name)) return [name, increment] as const;
    const whole = isFree(name) ? everything.solutions.get(name)! : plus(itself(name), increment);
    return [name, whole] as const;
  };
  return {
    argument,
    slopes,
    argumentChanges: LATER_STAGES.map(changesOf(argument)),
    solutions: new Map(
      [...coreIncrements.solutions, ...followerIncrements.solutions].map(solution),
    ),
    increased,
    errors: new Map([...coreIncrements.errors, ...followerIncrements.errors]),
    estimates: [...everything.errors.values()],
    driverChanges: LATER_STAGES.map(driverMove),
  };
}

/** A variable's slope in stage 1, over variables, stimuli and G1. */
function slopeOf(rate: Row): Row {
  return substitute(rate, (name) => itself(name === EXPONENTIAL ? G(1) : name));
}

const exponentials = new Set([1, ...LATER_STAGES].map(G));
/** Whether it is the name of the exponential in one of the stages. */
export const isExponential = (name: string): boolean => exponentials.has(name);

/** The variables on which the exponential depends, directly or not. */
export function coreOf(rates: ReadonlyMap<string, Row>, argument: Row): string[] {
  const core = new Set([...argument.keys()].filter((name) => rates.has(name)));
  for (const name of core) {
    for (const other of rates.get(name)!.keys()) if (rates.has(other)) core.add(other);
  }
  return [...rates.keys()].filter((name) => core.has(name));
}

/**
 * The tableau over what stages add to some variables: in each stage, by the solution, and the error estimate.
 * @param from what their slopes are in stage 1, and by how much other quantities differ from that stage
 */
function incrementsOf(
  names: readonly string[],
  rates: ReadonlyMap<string, Row>,
  h: number,
  from: { slope(name: string): Row; outside(name: string, stage: number): Row },
) {
  const change = (name: string, stage: number, increments: ReadonlyMap<string, Row>): Row => {
    if (name === CONSTANT || stage === 1) return new Map();
    return increments.get(name) ?? from.outside(name, stage);
  };
  return tableau(names, h, {
    start: () => new Map(),
    slope: (name, stage, increments) =>
      plus(
        from.slope(name),
        substitute(rates.get(name)!, (other) => change(other, stage, increments)),
      ),
  });
}

/** The tableau over variables themselves: stage values, solution and error estimate. */
export function stagesOf(
  names: readonly string[],
  rates: ReadonlyMap<string, Row>,
  h: number,
  outside: (name: string, stage: number) => Row,
) {
  return tableau(names, h, {
    start: itself,
    slope: (name, stage, values) =>
      substitute(rates.get(name)!, (other) =>
        other === CONSTANT ? constant(1) : (values.get(other) ?? outside(other, stage)),
      ),
  });
}

interface Stages {
  readonly values: readonly ReadonlyMap<string, Row>[];
  readonly solutions: ReadonlyMap<string, Row>;
  readonly errors: ReadonlyMap<string, Row>;
}

/** The tableau over rows. */
function tableau(
  names: readonly string[],
  h: number,
  of: {
    start(name: string): Row;
    slope(name: string, stage: number, values: ReadonlyMap<string, Row>): Row;
  },
): Stages {
  const values: Map<string, Row>[] = [];
  const slopes: Map<string, Row>[] = [];
  const weighted = (name: string, weights: readonly number[], start: Row): Row =>
    weights.reduce<Row>(
      (sum, weight, j) => (weight === 0 ? sum : plus(sum, slopes[j].get(name)!, h * weight)),
      start,
    );
  for (let stage = 1; stage <= STAGES; stage++) {
    const weights = stage === 1 ? [] : STAGE_WEIGHTS[stage - 2];
    const value = new Map(names.map((name) => [name, weighted(name, weights, of.start(name))]));
    values.push(value);
    slopes.push(new Map(names.map((name) => [name, of.slope(name, stage, value)])));
  }
  return {
    values,
    solutions: new Map(
      names.map((name) => [name, weighted(name, SOLUTION_WEIGHTS, of.start(name))]),
    ),
    errors: new Map(names.map((name) => [name, weighted(name, ERROR_WEIGHTS, new Map())])),
  };
}
