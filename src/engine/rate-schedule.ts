/** Rates of Poisson generators that change after steps known beforehand, so that a run need not stop there. */
import { MAX_STEP } from '../units/index.js';
import type { PoissonConnections } from './poisson.js';

/** What changes after a step: expected spikes per step, by generator. */
interface Change {
  readonly step: number;
  readonly generators: Uint32Array;
  readonly means: Float64Array;
}

export class RateSchedule {
  /** By step, the next last; changes after the same step in the order in which they were added. */
  private changes: Change[] = [];

  constructor(private readonly poisson: PoissonConnections) {}

  /** Of the rates that are still to come. */
  get bytes(): number {
    return this.changes.reduce((sum, { means }) => sum + means.byteLength, 0);
  }

  /**
   * Changes after `steps`, ascending and none in the past. `means` holds those of all generators for the
   * first step, then those for the next.
   */
  add(generators: Uint32Array, steps: Int32Array, means: Float64Array): void {
    const { length } = generators;
    const added = Array.from(steps, (step, i) => {
      return { step, generators, means: means.slice(i * length, (i + 1) * length) };
    });
    this.changes = [...this.changes.reverse(), ...added].sort((a, b) => a.step - b.step).reverse();
  }

  /**
   * Makes the changes that are due after step `now`; returns the step after which there are others, if only
   * the last there can be.
   */
  take(now: number): number {
    const { changes, poisson } = this;
    let next = changes.at(-1);
    const due = next !== undefined && next.step <= now;
    while (next && next.step <= now) {
      const { generators, means } = next;
      for (let i = 0; i < generators.length; i++) poisson.setMean(generators[i], means[i], now);
      changes.pop();
      next = changes.at(-1);
    }
    if (due) poisson.prepare(now);
    // A step like others: V8 would compile the cycle anew for any other kind of number.
    return next?.step ?? MAX_STEP;
  }
}
