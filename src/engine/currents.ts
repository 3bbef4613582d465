/**
 * Currents from devices. What a device emits in step n arrives with the connection's delay d in
 * step n + d and acts from the next step on. Amplitudes are piecewise constant, so the sum at a
 * neuron is computed anew only in steps in which one of its contributions changes.
 */
import { CurrentHistory } from './current-history.js';
import type { CurrentState } from './device-state.js';
import type { NodeGroup } from './node-group.js';

/** What a connection takes, measured: its object, and its share of what is arranged. */
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

/** What one generator sends with one delay. */
interface Feed {
  readonly history: CurrentHistory;
  readonly delay: number;
  /** Numbers of the neurons at which it arrives. */
  readonly targets: number[];
  /** The next step in which what arrives may change. */
  next: number;
  /** The last one, while currents are renewed. */
  changed: number;
}

/** A neuron with currents: where their sum goes, and which of the contributions are its own. */
interface Target {
  readonly sum: Float64Array;
  readonly index: number;
  readonly from: number;
  to: number;
  /** The step in which the sum was last renewed. */
  renewed: number;
}

export class Currents {
  readonly connections: CurrentConnection[] = [];
  private readonly histories = new Map<number, CurrentHistory>();
  private feeds: Feed[] = [];
  /** What arrives of each feed at present. */
  private amplitudes = new Float64Array(0);
  private targets: Target[] = [];
  /** Contributions by target, those of each in the order (sending step, generator, call). */
  private weights = new Float64Array(0);
  private feedOf = new Uint32Array(0);
  /** Whether feeds, targets and contributions are those of the connections. */
  private arranged = true;
  /** Whether anything at all has changed. */
  private stale = false;
  /** The next step at whose end anything changes. */
  nextChange = Number.POSITIVE_INFINITY;

  add(connection: CurrentConnection): void {
    this.connections.push(connection);
    this.touch();
  }

  /** New parameters of a generator after step `now`; what it sent before is still on its way. */
  setState(generator: number, state: CurrentState, now: number): void {
    const history = this.histories.get(generator);
    if (history) history.change(state, now);
    else this.histories.set(generator, new CurrentHistory(state));
    this.stale = true;
  }

  /** Weights changed. */
  touch(): void {
    this.arranged = false;
    this.stale = true;
  }

  get bytes(): number {
    let bytes = this.connections.length * CURRENT_CONNECTION_BYTES;
    for (const history of this.histories.values()) bytes += history.bytes;
    return bytes;
  }

  /** Have all currents renewed in the step after `now` if anything has changed. */
  prepare(now: number): void {
    if (!this.stale) return;
    if (!this.arranged) this.arrange();
    for (const feed of this.feeds) feed.next = now + 1;
    this.nextChange = this.feeds.length > 0 ? now + 1 : Number.POSITIVE_INFINITY;
    this.stale = false;
  }

  private arrange(): void {
    const sorted = this.connections.toSorted(
      (a, b) =>
        a.target - b.target || b.delay - a.delay || a.generator - b.generator || a.call - b.call,
    );
    this.weights = Float64Array.from(sorted, ({ weight }) => weight);
    this.feedOf = new Uint32Array(sorted.length);
    this.feeds = [];
    this.targets = [];
    const feedNumbers = new Map<string, number>();
    sorted.forEach((connection, c) => {
      if (c === 0 || connection.target !== sorted[c - 1].target) this.addTarget(connection, c);
      const target = this.targets.length - 1;
      this.targets[target].to = c + 1;
      const key = `${connection.generator} ${connection.delay}`;
      const feed = feedNumbers.get(key) ?? this.addFeed(connection);
      feedNumbers.set(key, feed);
      this.feedOf[c] = feed;
      const { targets } = this.feeds[feed];
      if (targets.at(-1) !== target) targets.push(target);
    });
    this.amplitudes = new Float64Array(this.feeds.length);
    this.arranged = true;
  }

  private addTarget({ group, index }: CurrentConnection, from: number): void {
    this.targets.push({ sum: group.state('I_stim'), index, from, to: from, renewed: 0 });
  }

  private addFeed({ generator, delay }: CurrentConnection): number {
    const history = this.histories.get(generator)!;
    return this.feeds.push({ history, delay, targets: [], next: 0, changed: 0 }) - 1;
  }

  /** At the end of a step: renew I_stim of the neurons for which something changes. */
  update(step: number): void {
    if (step !== this.nextChange) return;
    const { feeds, amplitudes } = this;
    this.nextChange = Number.POSITIVE_INFINITY;
    for (let f = 0; f < feeds.length; f++) {
      const feed = feeds[f];
      if (feed.next === step) {
        amplitudes[f] = feed.history.amplitude(step - feed.delay);
        feed.next = feed.history.nextChange(step - feed.delay) + feed.delay;
        feed.changed = step;
      }
      if (feed.next < this.nextChange) this.nextChange = feed.next;
    }
    for (let f = 0; f < feeds.length; f++) {
      if (feeds[f].changed === step) this.renew(feeds[f].targets, step);
    }
  }

  private renew(numbers: readonly number[], step: number): void {
    const { targets, weights, feedOf, amplitudes } = this;
    for (let i = 0; i < numbers.length; i++) {
      const target = targets[numbers[i]];
      if (target.renewed === step) continue;
      target.renewed = step;
      let sum = 0;
      for (let c = target.from; c < target.to; c++) sum += weights[c] * amplitudes[feedOf[c]];
      target.sum[target.index] = sum;
    }
  }
}
