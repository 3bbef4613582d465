/** What the passes of the fast path (semilinear-kernel.ts) hand to each other, and the numbers they read. */
import { CONSTANT, type Row } from './affine.js';
import type { KernelBuilder } from './builder.js';
import { type FastPath, TOLERANCE } from './fast-path.js';
import { LATER_STAGES } from './fehlberg.js';
import { type F64, f64, type Int, type Mask } from './ir.js';
import { A, G, H, slope } from './substep-plan.js';

/** A quantity of the neurons at hand, by name. */
export type Quantity = (name: string) => F64;

/** Name of what was in a column before the step. */
export const oldValue = (name: string): string => `old ${name}`;

/** Names of the sum of squares of variables and stimuli, and of 1 where the step is certain to be accepted, else 0. */
export const SQUARES = 'squares';
export const CERTAIN = 'certain';

/** What a step changes in the columns; of a certain step, what is suggested was the whole step and stays so. */
export function changedColumns(model: FastPath): string[] {
  return [...model.derivatives.keys()];
}

/** Quantities that are handed from pass to pass. */
export function quantityNames(model: FastPath): string[] {
  const stages = LATER_STAGES.flatMap((stage) => [H(stage), A(stage)]);
  const slopes = [...model.derivatives.keys()].map(slope);
  return [G(1), ...stages, ...slopes, SQUARES, CERTAIN, ...changedColumns(model).map(oldValue)];
}

/** A row whose coefficients stand in memory, in the order of its names. */
interface StoredRow {
  readonly names: readonly string[];
  /** Number of the first coefficient. */
  readonly at: number;
}

/** The numbers that hold for all neurons (`fastPathCoefficients`), at an address. */
export class Coefficients {
  private readonly rows = new Map<Row, StoredRow>();

  /**
   * @param rows in the order of their coefficients
   * @param first number of the first coefficient
   */
  constructor(
    private readonly k: KernelBuilder,
    private readonly address: Int,
    rows: readonly Row[],
    first: number,
  ) {
    let at = first;
    for (const row of rows) {
      this.rows.set(row, { names: [...row.keys()], at });
      at += row.size;
    }
  }

  number(i: number): F64 {
    return this.k.loadAll(this.address, 8 * i);
  }

  /** Whether every error estimate is within the tolerance. */
  isAccurate(errors: ReadonlyMap<string, Row>): (quantity: Quantity) => Mask {
    const tolerance = this.number(TOLERANCE);
    return (quantity) =>
      [...errors.values()]
        .map((row) => this.dotOf(row, false)(quantity).abs().le(tolerance))
        .reduce((all, one) => all.and(one));
  }

  /** Sum of coefficient times quantity, added up as a balanced tree; the coefficients are loaded now. */
  dotOf(row: Row, loadNow = true): (quantity: Quantity) => F64 {
    const { names, at } = this.rows.get(row)!;
    const coefficients = names.map((_, i) => {
      const coefficient = this.number(at + i);
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
