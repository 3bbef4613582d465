/**
 * One sub-step of Runge-Kutta-Fehlberg 4(5) for equations of any kind: E. Fehlberg, NASA TR R-315
 * (1969), with the error measure of the GNU Scientific Library's standard step control.
 */
import type { KernelBuilder } from './builder.js';
import type { Equation } from './equation.js';
import { EquationCode } from './equation-code.js';
import { ERROR_WEIGHTS, SOLUTION_WEIGHTS, STAGE_WEIGHTS } from './fehlberg.js';
import { type F64, f64 } from './ir.js';

/** Component i of an error estimate may be `absolute` + `relative` * |change in the sub-step|. */
export interface ErrorControl {
  readonly absolute: Tolerance;
  readonly relative: Tolerance;
}

/** A number, or the name of a parameter. */
export type Tolerance = number | string;

/** Values of all state variables of a neuron. */
export type State = Readonly<Record<string, F64>>;

/** What is integrated, and how exactly. */
export interface SubstepModel {
  readonly derivatives: ReadonlyMap<string, Equation>;
  readonly definitions: ReadonlyMap<string, Equation>;
  readonly errorControl: ErrorControl;
}

export class SubstepCode {
  /** Names of the integrated variables. */
  readonly names: readonly string[];
  private readonly code: EquationCode;

  /** What follows from parameters alone is computed where the builder stands. */
  constructor(
    private readonly k: KernelBuilder,
    private readonly model: SubstepModel,
    private readonly parameters: Readonly<Record<string, F64>>,
  ) {
    this.names = [...model.derivatives.keys()];
    this.code = new EquationCode(k, model.definitions, new Map(Object.entries(parameters)));
    this.code.hoist(model.derivatives.values());
  }

  /** All six stages: the fifth-order solution and the largest ratio of estimated to allowed error. */
  try(
    state: State,
    firstSlopes: readonly F64[],
    tried: F64,
  ): { solution: F64[]; ratio: F64; slopesAtEnd: F64[] | undefined } {
    const { k } = this;
    const stages = [firstSlopes];
    const combined = (weights: readonly number[], i: number): F64 => {
      const terms = weights.flatMap((weight, j) =>
        weight === 0 ? [] : [stages[j][i].mul(weight)],
      );
      return terms.reduce((sum, term) => sum.add(term)).mul(tried);
    };
    for (const weights of STAGE_WEIGHTS) {
      const values = this.names.map((name, i) => k.let(state[name].add(combined(weights, i))));
      stages.push(this.slopes(this.replaced(state, values)));
    }
    const solution = this.names.map((name, i) =>
      k.let(state[name].add(combined(SOLUTION_WEIGHTS, i))),
    );
    const errors = this.names.map((_, i) => combined(ERROR_WEIGHTS, i).abs());
    // Where the allowed error depends on the derivatives at the end, they serve the next sub-step too.
    const slopesAtEnd =
      this.model.errorControl.relative === 0
        ? undefined
        : this.slopes(this.replaced(state, solution));
    return { solution, slopesAtEnd, ratio: this.errorRatio(errors, slopesAtEnd, tried) };
  }

  private errorRatio(
    errors: readonly F64[],
    slopesAtEnd: readonly F64[] | undefined,
    tried: F64,
  ): F64 {
    const { k } = this;
    const { absolute, relative } = this.model.errorControl;
    if (slopesAtEnd === undefined) return k.let(this.largest(errors).div(this.tolerance(absolute)));
    const allowed = slopesAtEnd.map((slope) => {
      const change = slope.mul(tried).abs();
      if (absolute === relative) return change.add(1).mul(this.tolerance(absolute));
      return change.mul(this.tolerance(relative)).add(this.tolerance(absolute));
    });
    return this.largest(errors.map((error, i) => error.div(allowed[i])));
  }

  /** The largest of numbers that are not negative, or NaN if there is one. */
  private largest(values: readonly F64[]): F64 {
    const { k } = this;
    const largest = k.variable(0);
    for (const value of values) {
      const v = k.let(value);
      k.set(largest, v.le(largest).or(largest.eq(largest).not()).select(largest, v));
    }
    return largest;
  }

  private tolerance(given: Tolerance): F64 {
    return typeof given === 'number' ? f64(given) : this.parameters[given];
  }

  /** Derivatives of the integrated variables. */
  slopes(state: State): F64[] {
    const scope = new Map(Object.entries(state));
    return [...this.model.derivatives.values()].map((e) => this.k.let(this.code.value(e, scope)));
  }

  /** State variables that are not integrated keep their values through a sub-step. */
  private replaced(state: State, integrated: readonly F64[]): State {
    const values = this.names.map((name, i) => [name, integrated[i]] as const);
    return { ...state, ...Object.fromEntries(values) };
  }
}
