/** Exponential decay over whole steps, from a table where that is short; the same bits as without. */
import { exp } from '../math/index.js';

/** Steps; longer ones are rare, and then exp is called. */
const TABLE_STEPS = 2048;
/** Rates beyond these get no table: where each synapse has its own, tables would cost more. */
const MOST_TABLES = 32;

export class Decay {
  constructor(
    private readonly perStep: number,
    private readonly table: Float64Array,
  ) {}

  /** exp(-steps * perStep) */
  over(steps: number): number {
    return steps < this.table.length ? this.table[steps] : exp(-steps * this.perStep);
  }
}

export class Decays {
  private readonly byRate = new Map<number, Decay>();

  /** @param perStep resolution / time constant */
  of(perStep: number): Decay {
    const known = this.byRate.get(perStep);
    if (known) return known;
    if (this.byRate.size >= MOST_TABLES) return new Decay(perStep, NO_TABLE);
    const table = Float64Array.from({ length: TABLE_STEPS }, (_, steps) => exp(-steps * perStep));
    const made = new Decay(perStep, table);
    this.byRate.set(perStep, made);
    return made;
  }
}

const NO_TABLE = new Float64Array(0);
