/**
 * The fast path of a semilinear model: whole grid steps in one sub-step, two neurons at a time, up to where
 * what arrives is added (arrival-kernels.ts).
 *
 * A neuron takes it if it is calm (no jump is under way), its whole step would be tried as one
 * sub-step and accepted, and it does not fire of itself: all that is decided per neuron, from its own state
 * alone, so that results do not depend on who sits beside whom. The others keep their state and go
 * to a list, for the kernel of rkf45-kernel.ts.
 */

import { Acceptance } from './acceptance.js';
import type { Row } from './affine.js';
import { KernelBuilder } from './builder.js';
import { cubicOfReduced, expOfReduced, reducedForExp } from './elementary.js';
import { type FastPath, firstRow, rowsOf, STEP } from './fast-path.js';
import {
  CERTAIN,
  Coefficients,
  changedColumns,
  oldValue,
  type Quantity,
  quantityNames,
  SQUARES,
} from './fast-quantities.js';
import { LATER_STAGES } from './fehlberg.js';
import { type F64, type Int, int, type Kernel, type Mask } from './ir.js';
import { settled } from './settled.js';
import { A, G, H, planSubstep, type SubstepPlan, slope } from './substep-plan.js';

/** Of 16 vector registers, this many are left for the coefficients of a pass. */
const REGISTERS_FOR_COEFFICIENTS = 12;
/** 1/k! for (e^d - 1) / d = 1 + d/2 + ... + d^6/5040, |d| <= 1. */
const TAYLOR = [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040];
/**
 * How many terms of it stages 2 to 6 need: fewer early in the step, where the argument has changed by less. Where the
 * first exponential times A^8 is up to 2^-24, those that are left out come to less than 3e-12.
 */
const TERMS = [5, 6, 7, 7, 6];

/** Neurons of a block: what passes hand to each other stays in the first-level cache. */
const BLOCK = 64;
/** Numbers that a list of words for a block takes. */
const LIST = BLOCK / 4;

/** Numbers of the scratch memory that the kernel needs. */
export function scratchLength(model: FastPath): number {
  return BLOCK * quantityNames(model).length + LIST;
}

/**
 * Kernel (columns, coefficients, count, list, scratch) -> length of the list. `columns` is a table of the
 * columns' addresses. The work is done in passes over blocks of neurons: a pass has so few constants that they
 * stay in registers, and its neurons do not wait for each other.
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

/** Where the first argument's parts wait, in places of stages that come later. */
const REDUCED = { n: A(2), hi: A(3), lo: A(4) };

class FastKernel {
  private readonly k: KernelBuilder;
  private coefficients!: Coefficients;
  private acceptance!: Acceptance;
  /** Addresses of the block's first neuron, by name of the column. */
  private addresses = new Map<string, Int>();
  private scratch!: Int;
  /** List of the pairs of a block, by their byte offset. */
  private pairs!: Int;
  /** Scratch memory of the pair of neurons at hand. */
  private here!: Int;
  /** Where quantities are in the scratch memory, in bytes. */
  private readonly offsets: ReadonlyMap<string, number>;
  private blockSize!: Int;
  /** Number of pairs that are set aside. */
  private doubtful!: Int;

  constructor(
    name: string,
    private readonly model: FastPath,
    private readonly plan: SubstepPlan,
  ) {
    this.k = new KernelBuilder(name, 2);
    this.offsets = new Map(quantityNames(model).map((name, i) => [name, 8 * BLOCK * i]));
  }

  build(): Kernel {
    const { k, model } = this;
    const table = k.parameter('columns');
    this.coefficients = new Coefficients(
      k,
      k.parameter('coefficients'),
      rowsOf(this.plan),
      firstRow(model, this.plan),
    );
    this.acceptance = new Acceptance(k, model, this.plan, this.coefficients);
    const count = k.parameter('count');
    const list = k.parameter('list');
    this.scratch = k.parameter('scratch');
    this.pairs = k.letInt(this.scratch.add(8 * BLOCK * this.offsets.size));
    const listed = k.letInt(0);
    const columns = model.columns.map((name, i) => [name, k.loadInt(table.add(4 * i))] as const);
    const base = k.letInt(0);
    this.blockSize = k.letInt(0);
    this.doubtful = k.letInt(0);
    k.whileInt(base.lt(count), () => {
      k.setInt(this.blockSize, count.sub(base));
      k.ifInt(int(BLOCK).lt(this.blockSize), () => k.setInt(this.blockSize, BLOCK));
      const offset = k.letInt(base.shl(3));
      for (const [name, column] of columns) this.addresses.set(name, k.letInt(column.add(offset)));
      this.stages();
      this.setDoubtfulAside();
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

  /** The exponential in all stages. */
  private stages(): void {
    const { k, plan, coefficients } = this;
    this.pass(() => {
      const argument = coefficients.dotOf(plan.argument);
      return (quantity, at) => {
        const { n, hi, lo } = reducedForExp(k, argument(quantity));
        this.store(REDUCED.n, at, n);
        this.store(REDUCED.hi, at, hi);
        this.store(REDUCED.lo, at, lo);
      };
    });
    this.pass(() => (quantity, at) => {
      const [hi, lo] = [REDUCED.hi, REDUCED.lo].map(quantity);
      this.store(G(1), at, cubicOfReduced(k, hi, lo));
    });
    this.pass(() => (quantity, at) => {
      const [n, hi, lo] = [REDUCED.n, REDUCED.hi, REDUCED.lo].map(quantity);
      this.store(G(1), at, expOfReduced(k, { n, hi, lo }, quantity(G(1))));
    });
    this.rows(passesOf([...plan.slopes].map((row) => [row])), (name, dot) => [slope(name), dot]);
    for (const stage of LATER_STAGES) {
      this.pass(() => {
        const changeOf = coefficients.dotOf(plan.argumentChanges[stage - 2]);
        return (quantity, at) => this.store(A(stage), at, changeOf(quantity));
      });
      this.pass(() => {
        const taylor = TAYLOR.slice(0, TERMS[stage - 2]).map((c) => k.variable(c));
        return (quantity, at) =>
          this.store(H(stage), at, this.excess(quantity(G(1)), quantity(A(stage)), taylor));
      });
    }
  }

  /** New values of all, as they are if the step is accepted. */
  private solutions(): void {
    const { plan } = this;
    this.rows(passesOf(inSafeOrder(plan.solutions)), (name, dot, quantity) => {
      const value = plan.increased.has(name) ? quantity(name).add(dot) : dot;
      return [name, this.onlyDecays(name) ? settled(this.k.let(value)) : value];
    });
  }

  /** Passes over rows; `take` says what is stored of each, and where. */
  private rows(
    passes: readonly NamedRow[][],
    take: (name: string, dot: F64, quantity: Quantity) => readonly [name: string, value: F64],
  ): void {
    const { k, coefficients } = this;
    for (const rows of passes) {
      this.pass(() => {
        const dots = rows.map(([name, row]) => [name, coefficients.dotOf(row)] as const);
        return (quantity, at) => {
          const taken = dots.map(([name, dot]) => take(name, dot(quantity), quantity));
          const values = taken.map(([name, value]) => [name, k.let(value)] as const);
          for (const [name, value] of values) this.store(name, at, value);
        };
      });
    }
  }

  /** What only decays must not end as a denormal; what is added to it comes first (arrival-kernels.ts). */
  private onlyDecays(name: string): boolean {
    return this.plan.solutions.get(name)!.size === 1 && !Object.hasOwn(this.model.receives, name);
  }

  /** The columns of pairs in which a step is not certain to be accepted, while they still are what they were. */
  private setDoubtfulAside(): void {
    const { k, model, acceptance, pairs, doubtful } = this;
    k.setInt(doubtful, 0);
    this.pass(() => (quantity, at) => this.store(SQUARES, at, acceptance.squares(quantity)));
    this.pass(() => {
      const isCertain = acceptance.certain();
      return (quantity, at) => this.store(CERTAIN, at, isCertain(quantity).select(1, 0));
    });
    this.pass(() => (quantity, at) => {
      k.ifAny(quantity(CERTAIN).eq(0), () => {
        const old = this.quantities(at);
        for (const name of changedColumns(model)) this.store(oldValue(name), at, old(name));
        k.storeInt(pairs.add(doubtful.shl(2)), at);
        k.setInt(doubtful, doubtful.add(1));
      });
    });
  }

  /** A second look at those: what is not accepted is given back, and listed. */
  private decide(list: (mask: Mask, at: Int) => void): void {
    const { k, model, pairs, acceptance, doubtful } = this;
    const names = changedColumns(model);
    const number = k.letInt(0);
    k.whileInt(number.lt(doubtful), () => {
      const at = k.letInt(k.loadInt(pairs.add(number.shl(2))));
      this.here = k.letInt(this.scratch.add(at));
      const taken = this.quantities(at);
      const before =
        (of: Quantity): Quantity =>
        (name) =>
          of(names.includes(name) ? oldValue(name) : name);
      const old = before(taken);
      // What is in doubt for one neuron of the pair must not matter to the other.
      const certain = taken(CERTAIN);
      const accepted = k.variable(certain);
      const isOpen = certain.eq(0).and(acceptance.isTried(old));
      k.ifAny(isOpen, () => {
        // What is asked for here first is loaded for some pairs only.
        const after = this.quantities(at);
        k.set(accepted, isOpen.and(acceptance.holds(before(after), after)).select(1, certain));
      });
      const ok = accepted.eq(1);
      for (const name of names) this.store(name, at, ok.select(taken(name), old(name)));
      const { suggestion } = model;
      const whole = taken(suggestion).max(this.coefficients.number(STEP));
      this.store(suggestion, at, ok.select(whole, taken(suggestion)));
      list(ok.not(), at);
      k.setInt(number, number.add(1));
    });
  }

  /** first * (e^d - 1) for small d, by Estrin's scheme. */
  private excess(first: F64, d: F64, taylor: readonly F64[]): F64 {
    const { k } = this;
    const d2 = k.let(d.mul(d));
    const [low, middle, high] = [0, 2, 4].map((i) => {
      const next = taylor.at(i + 1);
      return next ? d.mul(next).add(taylor[i]) : taylor[i];
    });
    const last = taylor.at(6);
    const highest = last ? high.add(d2.mul(last)) : high;
    return first.mul(d).mul(low.add(middle.mul(d2)).add(highest.mul(d2.mul(d2))));
  }
}

type NamedRow = readonly [name: string, row: Row];

/** Units of rows by pass: as many as their coefficients fit into registers together. */
function passesOf(units: readonly NamedRow[][]): NamedRow[][] {
  const passes: NamedRow[][] = [];
  let coefficients = Number.POSITIVE_INFINITY;
  for (const unit of units) {
    const size = unit.reduce((sum, [, row]) => sum + row.size, 0);
    if (coefficients + size > REGISTERS_FOR_COEFFICIENTS) {
      passes.push([]);
      coefficients = 0;
    }
    passes[passes.length - 1].push(...unit);
    coefficients += size;
  }
  return passes;
}

/**
 * New values replace old ones in an order in which nobody needs what is gone: first those that no other row
 * holds. Where each of several is in the row of another, they are one unit, for the same pass.
 */
function inSafeOrder(solutions: ReadonlyMap<string, Row>): NamedRow[][] {
  const units: NamedRow[][] = [];
  let waiting = [...solutions];
  while (waiting.length > 0) {
    const isFree = ([name]: NamedRow): boolean =>
      waiting.every(([other, row]) => other === name || !row.has(name));
    const free = waiting.filter(isFree);
    if (free.length === 0) return [...units, waiting];
    units.push(...free.map((row) => [row]));
    waiting = waiting.filter((row) => !free.includes(row));
  }
  return units;
}
