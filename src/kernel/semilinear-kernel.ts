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
import { EquationCode } from './equation-code.js';
import {
  CEILING,
  DRIVER_PER_ARGUMENT,
  ERROR_BOUND,
  type FastPath,
  FIRST_BOUND,
  FIRST_ROW,
  INHIBITORY_INPUT,
  INPUT,
  rowsOf,
  STEP,
  TOLERANCE,
} from './fast-path.js';
import { LATER_STAGES, NODES } from './fehlberg.js';
import { type F64, f64, type Int, int, type Kernel, type Mask } from './ir.js';
import { settled } from './settled.js';
import { D, type ErrorBound, G, planSubstep, type SubstepPlan } from './substep-plan.js';

/** The stage at the end of the step. */
const LAST_STAGE = 5;
/** Largest G1 d^8, of which what the polynomial leaves out is less than 1/40000: below 2e-12. */
const LARGEST_REMAINDER = 2 ** -24;
/** Of 16 vector registers, this many are left for the coefficients of a pass. */
const REGISTERS_FOR_COEFFICIENTS = 12;
/** 1/k! for e^d = 1 + d + ... + d^7/5040, |d| <= 1. */
const TAYLOR = [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040];

/** A row whose coefficients stand in memory, in the order of its names. */
interface StoredRow {
  readonly names: readonly string[];
  /** Number of the first coefficient. */
  readonly at: number;
}

/** Neurons of a block: what passes hand to each other stays in the first-level cache. */
const BLOCK = 64;

/** Quantities that passes hand to each other, beside G1 ... G6, D2 ... D6 and new values. */
const argumentChange = (stage: number): string => `argument change ${stage}`;
const newValue = (name: string): string => `new ${name}`;

/** Numbers of the scratch memory that the kernel needs. */
export function scratchLength(model: FastPath): number {
  return BLOCK * scratchNames(model).length;
}

function scratchNames(model: FastPath): string[] {
  const stages = LATER_STAGES.flatMap((stage) => [G(stage), D(stage), argumentChange(stage)]);
  const values = [...model.derivatives.keys()].map(newValue);
  return [G(1), ...stages, ...values];
}

/**
 * Kernel (columns, coefficients, input, inhibitory, count, list, scratch) -> length of the list.
 * `columns` is a table of the columns' addresses; `inhibitory` matters for signed input only. The work is done in passes over
 * blocks of neurons: a pass has few coefficients, which stay in registers, and its neurons do not
 * wait for each other.
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

/** A quantity of the neurons at hand, by name. */
type Quantity = (name: string) => F64;

class FastKernel {
  private readonly k: KernelBuilder;
  private readonly stored = new Map<Row, StoredRow>();
  private coefficients!: Int;
  /** Addresses of the block's first neuron, by name of the column or input. */
  private addresses = new Map<string, Int>();
  private scratch!: Int;
  /** Scratch memory of the pair of neurons at hand. */
  private here!: Int;
  /** Where quantities are in the scratch memory, in bytes. */
  private readonly offsets: ReadonlyMap<string, number>;
  private blockSize!: Int;

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
    this.offsets = new Map(scratchNames(model).map((name, i) => [name, 8 * BLOCK * i]));
  }

  build(): Kernel {
    const { k, model } = this;
    const table = k.parameter('columns');
    this.coefficients = k.parameter('coefficients');
    const input = k.parameter('input');
    const inhibitory = k.parameter('inhibitory');
    const count = k.parameter('count');
    const list = k.parameter('list');
    this.scratch = k.parameter('scratch');
    const listed = k.letInt(0);
    const columns = model.columns.map((name, i) => [name, k.loadInt(table.add(4 * i))] as const);
    const base = k.letInt(0);
    this.blockSize = k.letInt(0);
    k.whileInt(base.lt(count), () => {
      k.setInt(this.blockSize, count.sub(base));
      k.ifInt(int(BLOCK).lt(this.blockSize), () => k.setInt(this.blockSize, BLOCK));
      const offset = k.letInt(base.shl(3));
      for (const [name, column] of columns) this.addresses.set(name, k.letInt(column.add(offset)));
      this.addresses.set(INPUT, k.letInt(input.add(offset)));
      this.addresses.set(INHIBITORY_INPUT, k.letInt(inhibitory.add(offset)));
      this.stages();
      this.solutions();
      this.decide((mask, at) => k.append(mask, at.add(offset), count, list, listed));
      k.setInt(base, base.add(BLOCK));
    });
    return k.finish(listed);
  }

  /** One run over the block; `prepare` loads coefficients before it begins. */
  private pass(prepare: () => (quantity: Quantity, at: Int) => void): void {
    const { k } = this;
    const body = prepare();
    k.each(this.blockSize, (at) => {
      this.here = k.letInt(this.scratch.add(at));
      body(this.quantities(at), at);
    });
  }

  /** Quantities are loaded when they are first asked for. */
  private quantities(at: Int): Quantity {
    const { k, offsets, addresses, here } = this;
    const loaded = new Map<string, F64>();
    return (name) => {
      const offset = offsets.get(name);
      const address = offset === undefined ? addresses.get(name)!.add(at) : here;
      const known = loaded.get(name) ?? k.load(address, offset);
      loaded.set(name, known);
      return known;
    };
  }

  private store(name: string, at: Int, value: F64): void {
    const offset = this.offsets.get(name);
    if (offset !== undefined) this.k.store(this.here, value, offset);
    else this.k.store(this.addresses.get(name)!.add(at), value);
  }

  /** The exponential in all stages, and the driver's changes. */
  private stages(): void {
    const { k, plan } = this;
    this.pass(() => {
      const argument = this.dotOf(plan.argument);
      return (quantity, at) => {
        this.store(G(1), at, normalExp(k, argument(quantity)));
      };
    });
    for (const stage of LATER_STAGES) {
      this.pass(() => {
        const changeOf = this.dotOf(plan.argumentChanges[stage - 2]);
        const driverChange = this.dotOf(plan.driverChanges[stage - 2]);
        const perArgument = k.let(this.coefficient(DRIVER_PER_ARGUMENT));
        const taylor = TAYLOR.map((c) => k.variable(c));
        return (quantity, at) => {
          const change = k.let(changeOf(quantity));
          this.store(argumentChange(stage), at, change);
          this.store(G(stage), at, quantity(G(1)).mul(this.expOfChange(change, taylor)));
          this.store(D(stage), at, change.mul(perArgument).add(driverChange(quantity)));
        };
      });
    }
  }

  /** New values, as they are if the step is accepted. */
  private solutions(): void {
    const { k, plan } = this;
    for (const names of this.passesOfSolutions()) {
      this.pass(() => {
        const solutions = names.map(
          (name) => [name, this.dotOf(plan.solutions.get(name)!)] as const,
        );
        return (quantity, at) => {
          for (const [name, solution] of solutions) {
            const value = k.let(solution(quantity));
            this.store(newValue(name), at, this.withInput(name, value, quantity));
          }
        };
      });
    }
  }

  private withInput(name: string, value: F64, quantity: Quantity): F64 {
    const { receives, driver } = this.model;
    if (!Object.hasOwn(receives, name)) {
      // What only decays must not end as a denormal.
      return this.plan.solutions.get(name)!.size === 1 ? settled(value) : value;
    }
    const sum = value.add(quantity(receives[name]));
    return name === driver ? sum : settled(this.k.let(sum));
  }

  /** Variables by pass: as many as their coefficients fit into registers together. */
  private passesOfSolutions(): string[][] {
    const passes: string[][] = [];
    let coefficients = Number.POSITIVE_INFINITY;
    for (const [name, row] of this.plan.solutions) {
      if (coefficients + row.size > REGISTERS_FOR_COEFFICIENTS) {
        passes.push([]);
        coefficients = 0;
      }
      passes[passes.length - 1].push(name);
      coefficients += row.size;
    }
    return passes;
  }

  /** Take the new values of the neurons whose step is accepted; list the others. */
  private decide(list: (mask: Mask, at: Int) => void): void {
    const { k, model } = this;
    this.pass(() => (quantity, at) => {
      const ok = k.let(this.accepted(quantity, at).select(1, 0)).eq(1);
      for (const name of model.derivatives.keys()) {
        this.store(name, at, ok.select(quantity(newValue(name)), quantity(name)));
      }
      const suggestion = ok.select(this.coefficient(STEP), quantity(model.suggestion));
      this.store(model.suggestion, at, suggestion);
      list(ok.not(), at);
    });
  }

  private accepted(quantity: Quantity, at: Int): Mask {
    const { k, model } = this;
    const driver = quantity(model.driver);
    const ceiling = this.coefficient(CEILING);
    const overStages = (of: (stage: number) => F64): F64 =>
      LATER_STAGES.map(of).reduce((largest, value) => k.let(k.let(value).max(largest)), f64(0));
    const highest = overStages((stage) => quantity(D(stage)));
    const largestChange = overStages((stage) => quantity(argumentChange(stage)).abs());
    const state = new Map(model.columns.map((name) => [name, quantity(name)] as const));
    const suggestion = quantity(model.suggestion);
    let ok = new EquationCode(k, new Map(), new Map())
      .test(model.calm, state)
      .and(this.wellApproximated(quantity, largestChange))
      .and(this.accurate(quantity, at, largestChange))
      .and(driver.add(highest).lt(ceiling))
      .and(quantity(newValue(model.driver)).lt(ceiling))
      .and(suggestion.ge(this.coefficient(STEP)).or(suggestion.eq(0)));
    for (const [name, [low, high]] of model.bounds) {
      const value = quantity(newValue(name));
      if (Number.isFinite(low)) ok = ok.and(value.ge(low));
      if (Number.isFinite(high)) ok = ok.and(value.le(high));
    }
    return ok;
  }

  /** Whether the polynomial for e^d was good enough, in view of what it is multiplied with. */
  private wellApproximated(quantity: Quantity, d: F64): Mask {
    const { k } = this;
    const d2 = k.let(d.mul(d));
    const d4 = k.let(d2.mul(d2));
    return d.le(1).and(quantity(G(1)).mul(d4.mul(d4)).le(LARGEST_REMAINDER));
  }

  /**
   * Whether every error estimate is within the tolerance. Mostly a bound that all of them share
   * tells, or else a closer one; only if neither does for one of the neurons, they are computed.
   */
  private accurate(quantity: Quantity, at: Int, d: F64): Mask {
    const { k, model, plan } = this;
    const tolerance = this.coefficient(TOLERANCE);
    let largest = f64(1);
    for (const name of new Set([...plan.errors.values()].flatMap((row) => [...row.keys()]))) {
      if (!model.columns.includes(name)) continue;
      largest = k.let(k.let(quantity(name).abs()).max(largest));
    }
    const ofState = k.let(this.bound('state').mul(largest));
    const perExponential = this.bound('exponential').add(this.bound('change').mul(d));
    const first = k.let(ofState.add(quantity(G(1)).mul(perExponential)));
    const worst = k.variable(first);
    k.ifAny(worst.le(tolerance).not(), () => {
      // What is loaded here is not there for those who come by.
      const inside = this.quantities(at);
      k.set(worst, first.min(this.closerBound(inside, d, ofState)));
      k.ifAny(worst.le(tolerance).not(), () => {
        const estimate = k.variable(0);
        for (const row of plan.errors.values()) {
          k.set(estimate, k.let(this.dotOf(row, false)(inside).abs()).max(estimate));
        }
        // Only where it was asked for: whether the other neuron of the pair did must not matter.
        k.set(worst, worst.le(tolerance).select(worst, estimate));
      });
    });
    // Not if the bound was not a number.
    return worst.le(tolerance).and(first.ge(0));
  }

  /** See `ErrorBound`; infinite where it does not hold. */
  private closerBound(quantity: Quantity, d: F64, ofState: F64): F64 {
    const { k } = this;
    const last = quantity(argumentChange(LAST_STAGE));
    let bent = f64(0);
    for (const stage of LATER_STAGES) {
      if (stage === LAST_STAGE) continue;
      const difference = quantity(argumentChange(stage)).sub(last.mul(NODES[stage - 1]));
      bent = k.let(k.let(difference.abs()).max(bent));
    }
    const d2 = k.let(d.mul(d));
    const low = this.bound('exponential').add(this.bound('linear').mul(d));
    const high = this.bound('cubic').mul(d).add(this.bound('quadratic')).mul(d2);
    const highest = this.bound('quartic').mul(d2.mul(d2)).add(this.bound('bent').mul(bent));
    const bound = ofState.add(quantity(G(1)).mul(low.add(high).add(highest)));
    return d
      .max(bent)
      .le(1 / 4)
      .select(bound, Number.POSITIVE_INFINITY);
  }

  private bound(name: keyof ErrorBound): F64 {
    return this.coefficient(FIRST_BOUND + ERROR_BOUND.indexOf(name));
  }

  /** e^d for small d, by Estrin's scheme. */
  private expOfChange(d: F64, taylor: readonly F64[]): F64 {
    const { k } = this;
    const d2 = k.let(d.mul(d));
    const pair = (i: number): F64 => d.mul(taylor[i + 1]).add(taylor[i]);
    const low = d.add(taylor[0]).add(pair(2).mul(d2));
    const high = pair(4).add(pair(6).mul(d2));
    return low.add(high.mul(d2.mul(d2)));
  }

  private coefficient(i: number): F64 {
    return this.k.loadAll(this.coefficients, 8 * i);
  }

  /** Sum of coefficient times quantity, added up as a balanced tree; the coefficients are loaded now. */
  private dotOf(row: Row, loadNow = true): (quantity: Quantity) => F64 {
    const { names, at } = this.stored.get(row)!;
    const coefficients = names.map((_, i) => {
      const coefficient = this.coefficient(at + i);
      return loadNow ? this.k.let(coefficient) : coefficient;
    });
    return (quantity) =>
      sumOf(
        names.map((name, i) =>
          name === CONSTANT ? coefficients[i] : quantity(name).mul(coefficients[i]),
        ),
      );
  }
}

function sumOf(terms: readonly F64[]): F64 {
  if (terms.length === 0) return f64(0);
  if (terms.length === 1) return terms[0];
  const half = Math.ceil(terms.length / 2);
  return sumOf(terms.slice(0, half)).add(sumOf(terms.slice(half)));
}
