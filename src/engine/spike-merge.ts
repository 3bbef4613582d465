/** The spikes of all virtual processes in one order: by step, then by sender. */
import { SPIKE_WORDS, type SpikeList } from './spike-exchange.js';

/** In place of a sender where there is none; higher than any. */
export const NO_SENDER = 0x7fffffff;

/**
 * Each list is in that order already; so those that have spikes left form a heap, in which the one whose next
 * spike comes first is the first.
 */
export class SpikeMerge {
  private lists: readonly SpikeList[] = [];
  /** Numbers of lists. */
  private readonly heap: Uint32Array;
  private size = 0;
  /** Of each list, how many spikes were taken, and step and sender of the next. */
  private readonly taken: Uint32Array;
  private readonly steps: Int32Array;
  private readonly senders: Int32Array;

  constructor(processes: number) {
    this.heap = new Uint32Array(processes);
    this.taken = new Uint32Array(processes);
    this.steps = new Int32Array(processes);
    this.senders = new Int32Array(processes);
  }

  /** Begin with the first spikes of these lists. */
  begin(lists: readonly SpikeList[]): void {
    this.lists = lists;
    this.size = 0;
    for (let r = 0; r < lists.length; r++) {
      if (lists[r].count === 0) continue;
      this.taken[r] = 0;
      this.look(r);
      this.rise(r);
    }
  }

  /** Sender of the next spike, if it is of this step, else NO_SENDER. */
  senderIn(step: number): number {
    if (this.size === 0) return NO_SENDER;
    const first = this.heap[0];
    return this.steps[first] === step ? this.senders[first] : NO_SENDER;
  }

  /** Take the next spike; returns its multiplicity. */
  take(): number {
    const { heap, taken } = this;
    const first = heap[0];
    const { words, at, count } = this.lists[first];
    const multiplicity = words[at + taken[first] * SPIKE_WORDS + 2];
    taken[first] += 1;
    if (taken[first] < count) {
      this.look(first);
      if (this.size > 1) this.sink(first);
    } else {
      this.size -= 1;
      if (this.size > 0) this.sink(heap[this.size]);
    }
    return multiplicity;
  }

  private look(list: number): void {
    const { words, at } = this.lists[list];
    const next = at + this.taken[list] * SPIKE_WORDS;
    this.steps[list] = words[next];
    this.senders[list] = words[next + 1];
  }

  private isBefore(a: number, b: number): boolean {
    const { steps, senders } = this;
    return steps[a] < steps[b] || (steps[a] === steps[b] && senders[a] < senders[b]);
  }

  /** From below, to where nothing above comes later. */
  private rise(list: number): void {
    const { heap } = this;
    let place = this.size++;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.isBefore(list, heap[above])) break;
      heap[place] = heap[above];
      place = above;
    }
    heap[place] = list;
  }

  /** From the top, to where nothing below comes earlier. */
  private sink(list: number): void {
    const { heap, size } = this;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= size) break;
      if (below + 1 < size && this.isBefore(heap[below + 1], heap[below])) below += 1;
      if (!this.isBefore(heap[below], list)) break;
      heap[place] = heap[below];
      place = below;
    }
    heap[place] = list;
  }
}
