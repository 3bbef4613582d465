/**
 * One sub-step of Runge-Kutta-Fehlberg 4(5) for equations of any kind: E. Fehlberg, NASA TR R-315
 * (1969), with the error measure of the GNU Scientific Library's standard step control.
 */
import type { KernelBuilder } from './builder.js';
import type { Equation } from './equation.js';
import { EquationCode, type Scope } from './equation-code.js';
import { ERROR_WEIGHTS, NODES, SOLUTION_WEIGHTS, STAGE_WEIGHTS, STAGES } from './fehlberg.js';
import { type F64, f64, type Int, type Lanes } from './ir.js';

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

/** Memory for what a sub-step computes on its way. */
export class Scratch {
  private used = 0;

  constructor(
    private readonly k: KernelBuilder,
    private readonly address: Int,
    private readonly lanes: Lanes,
  ) {}

  /** Numbers that it needs for `variables` integrated variables: slopes and values of all stages and errors. */
  static length(variables: number, lanes: Lanes): number {
    return variables * (2 * STAGES + 2) * lanes;
  }

  keep(value: F64): { now: F64; later: F64 } {
    const offset = 8 * this.lanes * this.used;
    this.used += 1;
    return this.k.keep(value, this.address, offset);
  }
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
    private readonly scratch: Scratch,
    /** Equations beside the derivatives that `value` will be asked for. */
    others: readonly Equation[] = [],
  ) {
    this.names = [...model.derivatives.keys()];
    this.code = new EquationCode(k, model.definitions, new Map(Object.entries(parameters)));
    this.code.hoist([...model.derivatives.values(), ...others]);
  }

  value(equation: Equation, state: State): F64 {
    return this.k.let(this.code.value(equation, new Map(Object.entries(state))));
  }

  /** The derivative of one variable. */
  slope(name: string, state: State): F64 {
    return this.value(this.model.derivatives.get(name)!, state);
  }

  /** All six stages: the fifth-order solution and the largest ratio of estimated to allowed error. */
  try(
    state: State,
    firstSlopes: readonly F64[],
    tried: F64,
  ): { solution: F64[]; ratio: F64; slopesAtEnd: F64[] | undefined } {
    const { k, model } = this;
    const scopes = [scopeOf(state)];
    this.code.expand(model.derivatives.values(), scopes[0], new Set(this.names));
    const stages = firstSlopes.map((slope) => [slope]);
    let newest = firstSlopes;
    /** Sums of slopes, times the sub-step; the newest slope comes last, as all wait for it. */
    const combined = (weights: readonly number[], from: (i: number) => F64 | undefined): F64[] => {
      // Once for all variables.
      const factors = weights.map((w) => (w === 0 ? undefined : k.let(tried.mul(w))));
      const last = factors.at(-1)!;
      return this.names.map((_, i) => {
        const terms = factors.slice(0, -1).flatMap((f, j) => (f ? [stages[i][j].mul(f)] : []));
        const start = from(i);
        const early = [...(start ? [start] : []), ...terms].reduce((sum, term) => sum.add(term));
        return this.scratch.keep(early.add(newest[i].mul(last))).now;
      });
    };
    const advanced = (i: number): F64 => state[this.names[i]];
    /** Slopes at values of the variables at this node; exponentials follow from those of an earlier stage. */
    const slopesAt = (values: readonly F64[], node: number): { now: F64; later: F64 }[] => {
      const scope = scopeOf(this.replaced(state, values));
      this.code.follow(scope, scopes[nearest(NODES.slice(0, scopes.length), node)]);
      scopes.push(scope);
      return this.keptSlopes(scope);
    };
    for (const weights of STAGE_WEIGHTS) {
      const values = combined(weights, advanced);
      const slopes = slopesAt(values, NODES[scopes.length]);
      slopes.forEach(({ later }, i) => {
        stages[i].push(later);
      });
      newest = slopes.map(({ now }) => now);
    }
    const solution = combined(SOLUTION_WEIGHTS, advanced);
    const errors = combined(ERROR_WEIGHTS, () => undefined).map((error) => error.abs());
    // Where the allowed error depends on the derivatives at the end, they serve the next sub-step too.
    const slopesAtEnd =
      this.model.errorControl.relative === 0
        ? undefined
        : slopesAt(solution, 1).map(({ now }) => now);
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
  private largest(given: readonly F64[]): F64 {
    const { k } = this;
    const values = given.map((value) => k.let(value));
    // The first last: it is mostly the one that takes longest.
    const largest = values.reduceRight((a, b) => k.let(a.max(b)));
    // NaN only if one of them is.
    const sum = k.let(values.reduceRight((a, b) => a.add(b)));
    return k.let(sum.eq(sum).select(largest, sum));
  }

  private tolerance(given: Tolerance): F64 {
    return typeof given === 'number' ? f64(given) : this.parameters[given];
  }

  /** Derivatives of the integrated variables. */
  slopes(state: State): F64[] {
    return this.keptSlopes(scopeOf(state)).map(({ now }) => now);
  }

  private keptSlopes(scope: Scope): { now: F64; later: F64 }[] {
    return [...this.model.derivatives.values()].map((e) =>
      this.scratch.keep(this.code.value(e, scope)),
    );
  }

  /** State variables that are not integrated keep their values through a sub-step. */
  private replaced(state: State, integrated: readonly F64[]): State {
    const values = this.names.map((name, i) => [name, integrated[i]] as const);
    return { ...state, ...Object.fromEntries(values) };
  }
}

function scopeOf(state: State): Scope {
  return new Map(Object.entries(state));
}

/** Which of the numbers is nearest; the last, if several are. */
function nearest(numbers: readonly number[], to: number): number {
  const distances = numbers.map((number) => Math.abs(number - to));
  return distances.lastIndexOf(Math.min(...distances));
}
