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
import { expOfReduced, reducedForExp } from './elementary.js';
import { type FastPath, STEP } from './fast-path.js';
import {
  Coefficients,
  changedColumns,
  newValue,
  oldValue,
  type Quantity,
  quantityNames,
} from './fast-quantities.js';
import { LATER_STAGES } from './fehlberg.js';
import { type F64, type Int, int, type Kernel, type Mask } from './ir.js';
import { settled } from './settled.js';
import { A, G, H, planSubstep, type SubstepPlan, slope } from './substep-plan.js';

/** Of 16 vector registers, this many are left for the coefficients of a pass. */
const REGISTERS_FOR_COEFFICIENTS = 12;
/** 1/k! for (e^d - 1) / d = 1 + d/2 + ... + d^6/5040, |d| <= 1. */
const TAYLOR = [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040];

/** Neurons of a block: what passes hand to each other stays in the first-level cache. */
const BLOCK = 64;
/** Numbers that a list of words for a block takes. */
const LIST = BLOCK / 2;

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
    this.coefficients = new Coefficients(k, k.parameter('coefficients'), this.plan);
    this.acceptance = new Acceptance(k, model, this.plan, this.coefficients);
    const count = k.parameter('count');
    const list = k.parameter('list');
    this.scratch = k.parameter('scratch');
    this.pairs = k.letInt(this.scratch.add(8 * BLOCK * this.offsets.size));
    const listed = k.letInt(0);
    const columns = model.columns.map((name, i) => [name, k.loadInt(table.add(4 * i))] as const);
    const base = k.letInt(0);
    this.blockSize = k.letInt(0);
    k.whileInt(base.lt(count), () => {
      k.setInt(this.blockSize, count.sub(base));
      k.ifInt(int(BLOCK).lt(this.blockSize), () => k.setInt(this.blockSize, BLOCK));
      const offset = k.letInt(base.shl(3));
      for (const [name, column] of columns) this.addresses.set(name, k.letInt(column.add(offset)));
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
      const [n, hi, lo] = [REDUCED.n, REDUCED.hi, REDUCED.lo].map(quantity);
      this.store(G(1), at, expOfReduced(k, { n, hi, lo }));
    });
    this.rows(plan.slopes, (name, at, value) => this.store(slope(name), at, value));
    for (const stage of LATER_STAGES) {
      this.pass(() => {
        const changeOf = coefficients.dotOf(plan.argumentChanges[stage - 2]);
        return (quantity, at) => this.store(A(stage), at, changeOf(quantity));
      });
      this.pass(() => {
        const taylor = TAYLOR.map((c) => k.variable(c));
        return (quantity, at) =>
          this.store(H(stage), at, this.excess(quantity(G(1)), quantity(A(stage)), taylor));
      });
    }
  }

  /** New values, as they are if the step is accepted. */
  private solutions(): void {
    const { k, plan } = this;
    this.rows(plan.solutions, (name, at, dot, quantity) => {
      const value = k.let(plan.increased.has(name) ? quantity(name).add(dot) : dot);
      this.store(newValue(name), at, this.onlyDecays(name) ? settled(value) : value);
    });
  }

  /** Passes that work out rows, as many in each as their coefficients fit into registers together. */
  private rows(
    rows: ReadonlyMap<string, Row>,
    take: (name: string, at: Int, dot: F64, quantity: Quantity) => void,
  ): void {
    const { coefficients } = this;
    for (const names of groups(rows)) {
      this.pass(() => {
        const dots = names.map((name) => [name, coefficients.dotOf(rows.get(name)!)] as const);
        return (quantity, at) => {
          for (const [name, dot] of dots) take(name, at, dot(quantity), quantity);
        };
      });
    }
  }

  /** What only decays must not end as a denormal; what is added to it comes first (arrival-kernels.ts). */
  private onlyDecays(name: string): boolean {
    return this.plan.solutions.get(name)!.size === 1 && !Object.hasOwn(this.model.receives, name);
  }

  /**
   * Take the new values of all neurons, and give those back whose step is not accepted: they are listed.
   * Mostly it is certain to be; what else there is to ask waits for a second look at the pairs of which it
   * is not.
   */
  private decide(list: (mask: Mask, at: Int) => void): void {
    const { k, model, pairs, acceptance } = this;
    const names = changedColumns(model);
    const doubtful = k.letInt(0);
    this.pass(() => (quantity, at) => {
      k.ifAny(acceptance.isCertain(quantity).not(), () => {
        const old = this.quantities(at);
        for (const name of names) this.store(oldValue(name), at, old(name));
        k.storeInt(pairs.add(doubtful.shl(2)), at);
        k.setInt(doubtful, doubtful.add(1));
      });
      // Loaded once more, lest what the question needed be kept until here.
      const taken = this.quantities(at);
      for (const name of model.derivatives.keys()) this.store(name, at, taken(newValue(name)));
      this.store(model.suggestion, at, this.coefficients.number(STEP));
    });
    const number = k.letInt(0);
    k.whileInt(number.lt(doubtful), () => {
      const at = k.letInt(k.loadInt(pairs.add(number.shl(2))));
      this.here = k.letInt(this.scratch.add(at));
      const taken = this.quantities(at);
      // All columns are asked for before anything is that only some pairs need.
      const old: Quantity = (name) => taken(names.includes(name) ? oldValue(name) : name);
      // Both are asked of each: what is in doubt for one neuron of the pair must not matter to the other.
      const holds = acceptance.isCertain(old).or(acceptance.holds(old));
      const ok = k.let(holds.select(1, 0)).eq(1);
      for (const name of names) this.store(name, at, ok.select(taken(name), old(name)));
      list(ok.not(), at);
      k.setInt(number, number.add(1));
    });
  }

  /** first * (e^d - 1) for small d, by Estrin's scheme. */
  private excess(first: F64, d: F64, taylor: readonly F64[]): F64 {
    const { k } = this;
    const d2 = k.let(d.mul(d));
    const pair = (i: number): F64 => d.mul(taylor[i + 1]).add(taylor[i]);
    const low = pair(0).add(pair(2).mul(d2));
    const high = pair(4).add(d2.mul(taylor[6]));
    return first.mul(d).mul(low.add(high.mul(d2.mul(d2))));
  }
}

/** Names of rows by pass. */
function groups(rows: ReadonlyMap<string, Row>): string[][] {
  const passes: string[][] = [];
  let coefficients = Number.POSITIVE_INFINITY;
  for (const [name, row] of rows) {
    if (coefficients + row.size > REGISTERS_FOR_COEFFICIENTS) {
      passes.push([]);
      coefficients = 0;
    }
    passes[passes.length - 1].push(name);
    coefficients += row.size;
  }
  return passes;
}
