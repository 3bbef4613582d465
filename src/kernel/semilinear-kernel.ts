/**
 * The fast path of a semilinear model: whole grid steps in one sub-step, two neurons at a time.
 *
 * A neuron takes it if it is calm (no jump is under way), its whole step would be tried as one
 * sub-step and accepted, and it does not fire: all that is decided per neuron, from its own state
 * alone, so that results do not depend on who sits beside whom. The others keep their state and go
 * to a list, for the kernel of rkf45-kernel.ts.
 */

import { CONSTANT, type Row } from './affine.js';
import { KernelBuilder } from './builder.js';
import { normalExp } from './elementary.js';
import type { Condition } from './equation.js';
import { EquationCode } from './equation-code.js';
import { STAGES } from './fehlberg.js';
import { type F64, f64, type Int, type Kernel, type Mask } from './ir.js';
import { D, G, planSubstep, type SemilinearModel, type SubstepPlan } from './substep-plan.js';

/** Beyond this change of its argument within a step, the exponential is not approximated. */
const LARGEST_CHANGE = 1 / 8;
/** 1/k! for k >= 2, for e^d = 1 + d + ... + d^7/5040: the rest is below 2e-12 for |d| <= 1/8. */
const TAYLOR = [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040];

export interface FastPath extends SemilinearModel {
  /** Columns in the order of the table of addresses: state variables and stimuli. */
  readonly columns: readonly string[];
  /** Column of the sub-step that the error control suggests, 0 for none yet. */
  readonly suggestion: string;
  /** No jump is under way: a condition on columns. */
  readonly calm: Condition;
  /** Parameter below which the driver must stay, and what its input adds to. */
  readonly ceiling: string;
  /** Tolerance of the error estimates: absolute, and times the change per step. */
  readonly tolerance: string;
  /** Ranges outside which a variable is unstable. */
  readonly bounds: ReadonlyMap<string, readonly [low: number, high: number]>;
}

/** A row whose coefficients stand in memory, in the order of its names. */
interface StoredRow {
  readonly names: readonly string[];
  /** Number of the first coefficient. */
  readonly at: number;
}

/** Coefficients of the plan for a set of parameters, in the order in which the kernel expects them. */
export function fastPathCoefficients(
  model: FastPath,
  values: ReadonlyMap<string, number>,
  h: number,
): Float64Array {
  const plan = planSubstep(model, values, h);
  const { state, exponential, change } = plan.errorBound;
  const numbers = [
    ...[h, values.get(model.ceiling)!, values.get(model.tolerance)!, plan.driverPerArgument],
    ...[state, exponential, change],
  ];
  for (const row of rowsOf(plan)) numbers.push(...row.values());
  return Float64Array.from(numbers);
}

const STEP = 0;
const CEILING = 1;
const TOLERANCE = 2;
const DRIVER_PER_ARGUMENT = 3;
const BOUND_STATE = 4;
const BOUND_EXPONENTIAL = 5;
const BOUND_CHANGE = 6;
const FIRST_ROW = 7;

function rowsOf(plan: SubstepPlan): Row[] {
  return [
    plan.argument,
    ...plan.argumentChanges,
    ...plan.driverChanges,
    ...plan.solutions.values(),
    ...plan.errors.values(),
  ];
}

/**
 * Kernel (columns, coefficients, input, count, list) -> length of the list. `columns` is a table of
 * the columns' addresses; `input` is added to the driver.
 *
 * @param values any valid parameters: the shape of the plan does not depend on them
 */
export function semilinearKernel(
  name: string,
  model: FastPath,
  values: ReadonlyMap<string, number>,
): Kernel {
  return new FastKernel(name, model, planSubstep(model, values, 0.1)).build();
}

class FastKernel {
  private readonly k: KernelBuilder;
  private readonly stored = new Map<Row, StoredRow>();
  private coefficients!: Int;

  constructor(
    name: string,
    private readonly model: FastPath,
    private readonly plan: SubstepPlan,
  ) {
    this.k = new KernelBuilder(name, 2);
    let at = FIRST_ROW;
    for (const row of rowsOf(plan)) {
      this.stored.set(row, { names: [...row.keys()], at });
      at += row.size;
    }
  }

  build(): Kernel {
    const { k, model } = this;
    const table = k.parameter('columns');
    this.coefficients = k.parameter('coefficients');
    const input = k.parameter('input');
    const count = k.parameter('count');
    const list = k.parameter('list');
    const listed = k.letInt(0);
    const columns = new Map(model.columns.map((name, i) => [name, k.loadInt(table.add(4 * i))]));
    k.each(count, (at) => {
      const old = new Map<string, F64>([[CONSTANT, f64(1)]]);
      for (const [name, column] of columns) old.set(name, k.load(column.add(at)));
      const { solutions, ok } = this.step(old, k.load(input.add(at)));
      for (const [name, value] of solutions) {
        k.store(columns.get(name)!.add(at), ok.select(value, old.get(name)!));
      }
      const suggestion = ok.select(this.coefficient(STEP), old.get(model.suggestion)!);
      k.store(columns.get(model.suggestion)!.add(at), suggestion);
      k.append(ok.not(), at, count, list, listed);
    });
    return k.finish(listed);
  }

  private step(old: Map<string, F64>, input: F64): { solutions: Map<string, F64>; ok: Mask } {
    const { k, model, plan } = this;
    const driver = old.get(model.driver)!;
    const quantities = new Map(old);
    const first = normalExp(k, this.dot(plan.argument, quantities));
    quantities.set(G(1), first);
    let largestChange = f64(0);
    let highest = k.let(f64(0).mul(driver));
    for (let stage = 2; stage <= STAGES; stage++) {
      const change = k.let(this.dot(plan.argumentChanges[stage - 2], quantities));
      quantities.set(G(stage), k.let(first.mul(this.expOfChange(change))));
      largestChange = k.let(k.let(change.abs()).max(largestChange));
      const extra = this.dot(plan.driverChanges[stage - 2], quantities);
      const moved = k.let(change.mul(this.coefficient(DRIVER_PER_ARGUMENT)).add(extra));
      quantities.set(D(stage), moved);
      highest = k.let(moved.max(highest));
    }
    const solutions = new Map<string, F64>();
    for (const [name, row] of plan.solutions) solutions.set(name, k.let(this.dot(row, quantities)));
    solutions.set(model.driver, k.let(solutions.get(model.driver)!.add(input)));

    const accurate = this.accurate(quantities, largestChange);
    const ceiling = this.coefficient(CEILING);
    let ok = new EquationCode(k, new Map(), new Map())
      .test(model.calm, old)
      .and(largestChange.le(LARGEST_CHANGE))
      .and(accurate)
      .and(driver.add(highest).lt(ceiling))
      .and(solutions.get(model.driver)!.lt(ceiling));
    const suggestion = old.get(model.suggestion)!;
    ok = ok.and(suggestion.ge(this.coefficient(STEP)).or(suggestion.eq(0)));
    for (const [name, [low, high]] of model.bounds) {
      const value = solutions.get(name)!;
      if (Number.isFinite(low)) ok = ok.and(value.ge(low));
      if (Number.isFinite(high)) ok = ok.and(value.le(high));
    }
    // As a number, so that it is worked out once for all its uses.
    return { solutions, ok: k.let(ok.select(1, 0)).eq(1) };
  }

  /**
   * Whether every error estimate is within the tolerance. Mostly a bound that all of them share
   * tells; only if it does not for one of the neurons, they are computed.
   */
  private accurate(quantities: ReadonlyMap<string, F64>, largestChange: F64): Mask {
    const { k, model, plan } = this;
    const tolerance = this.coefficient(TOLERANCE);
    let largest = f64(1);
    for (const name of new Set([...plan.errors.values()].flatMap((row) => [...row.keys()]))) {
      if (name === CONSTANT || !model.columns.includes(name)) continue;
      largest = k.let(k.let(quantities.get(name)!.abs()).max(largest));
    }
    const perExponential = this.coefficient(BOUND_EXPONENTIAL).add(
      this.coefficient(BOUND_CHANGE).mul(largestChange),
    );
    const bound = k.let(
      this.coefficient(BOUND_STATE)
        .mul(largest)
        .add(quantities.get(G(1))!.mul(perExponential)),
    );
    const worst = k.variable(0);
    k.ifAny(bound.le(tolerance).not(), () => {
      for (const row of plan.errors.values()) {
        k.set(worst, k.let(this.dot(row, quantities).abs()).max(worst));
      }
    });
    return bound.le(tolerance).or(bound.gt(tolerance).and(worst.le(tolerance)));
  }

  /** e^d for small d, by Estrin's scheme. */
  private expOfChange(d: F64): F64 {
    const { k } = this;
    const d2 = k.let(d.mul(d));
    const pair = (i: number): F64 => d.mul(TAYLOR[i + 1]).add(TAYLOR[i]);
    const low = d.add(1).add(pair(2).mul(d2));
    const high = pair(4).add(pair(6).mul(d2));
    return low.add(high.mul(d2.mul(d2)));
  }

  private coefficient(i: number): F64 {
    return this.k.loadAll(this.coefficients, 8 * i);
  }

  /** Sum of coefficient times quantity, added up as a balanced tree. */
  private dot(row: Row, quantities: ReadonlyMap<string, F64>): F64 {
    const { names, at } = this.stored.get(row)!;
    const terms = names.map((name, i) => {
      const coefficient = this.coefficient(at + i);
      return name === CONSTANT ? coefficient : quantities.get(name)!.mul(coefficient);
    });
    return sumOf(terms);
  }
}

function sumOf(terms: readonly F64[]): F64 {
  if (terms.length === 0) return f64(0);
  if (terms.length === 1) return terms[0];
  const half = Math.ceil(terms.length / 2);
  return sumOf(terms.slice(0, half)).add(sumOf(terms.slice(half)));
}
