/**
 * Currents from devices. What a device emits in step n arrives with the connection's delay d in
 * step n + d and acts from the next step on. Amplitudes are piecewise constant, so the sum at a
 * neuron is computed anew only in steps in which one of its contributions changes.
 */
import { MAX_STEP } from '../units/index.js';
import type { CurrentState } from './device-state.js';
import type { NodeGroup } from './node-group.js';

/** What a connection takes as objects, measured: itself, its places in lists. */
export const CURRENT_CONNECTION_BYTES = 200;

export interface CurrentConnection {
  readonly generator: number;
  readonly target: number;
  readonly group: NodeGroup;
  readonly index: number;
  weight: number;
  readonly delay: number;
  readonly call: number;
  /** Place among the connections of its call on this virtual process. */
  readonly position: number;
  readonly synapse: string;
}

export class Currents {
  readonly connections: CurrentConnection[] = [];
  /** States of each generator, oldest first; each holds for steps after `since`. */
  private readonly states = new Map<number, { since: number; state: CurrentState }[]>();
  /** Contributions by target, each list in the order (sending step, generator, call). */
  private byTarget: CurrentConnection[][] = [];
  /** Steps in which something changes, ascending, and the targets concerned. */
  private changes: { step: number; targets: number[] }[] = [];
  private next = 0;
  private stale = true;

  add(connection: CurrentConnection): void {
    this.connections.push(connection);
    this.stale = true;
  }

  /** New parameters of a generator after step `now`; what it sent before is still on its way. */
  setState(generator: number, state: CurrentState, now: number): void {
    const history = this.states.get(generator);
    if (history) history.push({ since: now, state });
    else this.states.set(generator, [{ since: Number.NEGATIVE_INFINITY, state }]);
    this.stale = true;
  }

  /** Weights changed. */
  touch(): void {
    this.stale = true;
  }

  /** Make the list of changes after step `now`. */
  prepare(now: number): void {
    if (!this.stale) return;
    const targets = new Map<string, CurrentConnection[]>();
    for (const c of this.connections) {
      const list = targets.get(String(c.target));
      if (list) list.push(c);
      else targets.set(String(c.target), [c]);
    }
    this.byTarget = [...targets.values()];
    for (const list of this.byTarget) {
      list.sort((a, b) => b.delay - a.delay || a.generator - b.generator || a.call - b.call);
    }
    this.changes = this.listChanges(now);
    this.next = 0;
    this.stale = false;
  }

  /** The next step at whose end anything changes. */
  get nextChange(): number {
    return this.next < this.changes.length ? this.changes[this.next].step : MAX_STEP;
  }

  /** At the end of a step: renew I_stim of the neurons for which something changes. */
  update(step: number): void {
    while (this.next < this.changes.length && this.changes[this.next].step === step) {
      for (const t of this.changes[this.next].targets) this.renew(this.byTarget[t], step);
      this.next += 1;
    }
  }

  private renew(list: CurrentConnection[], step: number): void {
    let sum = 0;
    for (const c of list) {
      sum += c.weight * this.amplitude(c.generator, step - c.delay);
    }
    list[0].group.state('I_stim')[list[0].index] = sum;
  }

  /** What a generator emits in a step. */
  private amplitude(generator: number, step: number): number {
    const { state } = this.states.get(generator)!.findLast(({ since }) => since < step)!;
    if (step < Math.max(1, state.first) || step >= state.end) return 0;
    let last = -1;
    while (last + 1 < state.steps.length && state.steps[last + 1] <= step) last += 1;
    return last < 0 ? 0 : state.amplitudes[last];
  }

  private listChanges(now: number): { step: number; targets: number[] }[] {
    const targetsByStep = new Map<number, Set<number>>();
    const note = (step: number, target: number): void => {
      if (step <= now || !Number.isFinite(step)) return;
      const targets = targetsByStep.get(step);
      if (targets) targets.add(target);
      else targetsByStep.set(step, new Set([target]));
    };
    this.byTarget.forEach((list, t) => {
      for (const { generator, delay } of list) {
        for (const { since, state } of this.states.get(generator)!) {
          const { first, end, steps } = state;
          for (const change of [since + 1, first, 1, end, ...steps]) note(change + delay, t);
        }
        note(now + 1, t);
      }
    });
    return [...targetsByStep]
      .map(([step, targets]) => ({ step, targets: [...targets] }))
      .sort((a, b) => a.step - b.step);
  }
}
