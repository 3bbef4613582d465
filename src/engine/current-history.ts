/** What a current generator has emitted and will emit, step by step. */
import type { CurrentState } from './device-state.js';

/** A state, which holds for steps after `since`. */
interface Period {
  readonly since: number;
  readonly state: CurrentState;
}

export class CurrentHistory {
  /** Oldest first. None is dropped: a connection made later may have any delay. */
  private readonly periods: Period[];

  constructor(state: CurrentState) {
    this.periods = [{ since: Number.NEGATIVE_INFINITY, state }];
  }

  /** New parameters after step `since`, which is no earlier than the last such step. */
  change(state: CurrentState, since: number): void {
    this.periods.push({ since, state });
  }

  /** Bytes of all amplitudes with their steps. */
  get bytes(): number {
    return this.periods.reduce(
      (sum, { state: { steps, amplitudes } }) => sum + steps.byteLength + amplitudes.byteLength,
      0,
    );
  }

  /** What is emitted in a step. */
  amplitude(step: number): number {
    const { periods } = this;
    let p = periods.length - 1;
    while (periods[p].since >= step) p -= 1;
    const { first, end, steps, amplitudes } = periods[p].state;
    if (step < Math.max(1, first) || step >= end) return 0;
    const past = countUpTo(steps, step);
    return past === 0 ? 0 : amplitudes[past - 1];
  }

  /** The first step after `step` in which a state, be it superseded, begins, changes or ends. */
  nextChange(step: number): number {
    const { periods } = this;
    let next = Number.POSITIVE_INFINITY;
    for (let p = 0; p < periods.length; p++) {
      const { since, state } = periods[p];
      const { first, end, steps } = state;
      next = earlier(next, since + 1, step);
      next = earlier(next, first, step);
      next = earlier(next, 1, step);
      next = earlier(next, end, step);
      const past = countUpTo(steps, step);
      if (past < steps.length) next = earlier(next, steps[past], step);
    }
    return next;
  }
}

/** `candidate`, if it is before `next` and after `step`. */
function earlier(next: number, candidate: number, step: number): number {
  return candidate > step && candidate < next ? candidate : next;
}

/** How many of some steps, which ascend, are not after `step`. */
function countUpTo(steps: Int32Array, step: number): number {
  let [from, to] = [0, steps.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (steps[middle] <= step) from = middle + 1;
    else to = middle;
  }
  return from;
}
