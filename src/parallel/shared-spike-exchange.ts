/**
 * The spike exchange between the threads of one simulation: every virtual process writes the spikes
 * of a slice to its own ring, all threads cross a barrier, every process reads every ring. Rings are
 * double-buffered by the parity of the slice: while slow threads still read those of slice k, fast
 * ones write those of slice k + 1. Nobody can write those of slice k + 2, which reuse the memory of
 * slice k, before all have arrived at barrier k + 1, and thus have finished reading slice k. So one
 * barrier per slice suffices. Counts and the decision to stop are double-buffered likewise.
 */
import {
  type ExchangeOutcome,
  SPIKE_WORDS,
  type SpikeExchange,
  type SpikeList,
} from '../engine/spike-exchange.js';
import { assert } from '../errors/index.js';
import { Barrier } from './barrier.js';
import { WORD } from './control-words.js';

const MAGIC = 0x5b1ce5;
const HEADER_WORDS = 16;
/** Words of a cache line, of which no two rings have one in common. */
const LINE_WORDS = 16;

interface RingList extends SpikeList {
  count: number;
  /** Word that holds the count. */
  readonly countWord: number;
}

/** What rings for so many virtual processes with at most `capacity` spikes each per slice take. */
export function spikeRingBytes(processes: number, capacity: number): number {
  return 4 * (HEADER_WORDS + 2 * processes * ringWords(capacity));
}

/** A ring is its count and, from the next word on, its spikes: the first few are on the count's cache line. */
function ringWords(capacity: number): number {
  return LINE_WORDS * Math.ceil((1 + capacity * SPIKE_WORDS) / LINE_WORDS);
}

export function createSpikeRings(processes: number, capacity: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(spikeRingBytes(processes, capacity));
  new Int32Array(buffer).set([MAGIC, processes, capacity]);
  return buffer;
}

export class SharedSpikeExchange implements SpikeExchange {
  lists: readonly RingList[] = [];
  /** Those of slices of either parity. */
  private byParity: readonly (readonly RingList[])[] = [];
  private rings = new Int32Array(new SharedArrayBuffer(0));
  private capacity = 0;
  private parity = 0;
  /** Spikes pushed in the present slice. */
  private pushed = 0;
  /** Word of this process's ring for the present slice. */
  private at = 0;
  /** Last step of the slice that was published. */
  private reached = 0;
  private readonly barrier: Barrier;

  constructor(
    private readonly control: Int32Array<SharedArrayBuffer>,
    private readonly rank: number,
    private readonly processes: number,
    threads: number,
  ) {
    this.barrier = new Barrier(control, threads);
  }

  /** Use other rings from the next slice on; all processes must do so between the same slices. */
  attach(buffer: SharedArrayBuffer): void {
    const rings = new Int32Array(buffer);
    assert(rings[0] === MAGIC && rings[1] === this.processes, 'these are not rings of this run');
    this.rings = rings;
    this.capacity = rings[2];
    this.byParity = [0, 1].map((parity) =>
      Array.from({ length: this.processes }, (_, process) => {
        const countWord = HEADER_WORDS + (2 * process + parity) * ringWords(this.capacity);
        return { words: rings, at: countWord + 1, count: 0, countWord };
      }),
    );
    this.lists = this.byParity[0];
    this.begin(0);
  }

  push(step: number, sender: number, multiplicity: number): void {
    if (this.pushed === this.capacity) throw overflow(this.rank, this.pushed + 1, this.capacity);
    const { rings } = this;
    const at = this.at + this.pushed * SPIKE_WORDS;
    rings[at] = step;
    rings[at + 1] = sender;
    rings[at + 2] = multiplicity;
    this.pushed += 1;
  }

  publish(reached: number): void {
    const { control, rings, parity } = this;
    this.reached = reached;
    rings[this.byParity[parity][this.rank].countWord] = this.pushed;
    if (this.rank === 0) this.decide(Atomics.load(control, WORD.stopRequested));
  }

  /** Written only if it changes, as all others read it in each slice. */
  private decide(stop: number): void {
    const { control, decision } = this;
    if (control[decision] !== stop) control[decision] = stop;
  }

  /** Makes the spikes, the count and the decision of each visible to all who have met; see Barrier. */
  arrive(): boolean {
    return this.barrier.arrive();
  }

  meet(): void {
    this.barrier.meet();
  }

  take(): ExchangeOutcome {
    const { control, rings, parity, decision } = this;
    // For those who look now and then: no need for everybody to see it at once, which would take time.
    if (this.rank === 0) control[WORD.progress] = this.reached;
    const lists = this.byParity[parity];
    this.lists = lists;
    for (let process = 0; process < lists.length; process++) {
      const list = lists[process];
      list.count = rings[list.countWord];
      if (list.count > this.capacity) throw overflow(process, list.count, this.capacity);
    }
    this.begin(1 - parity);
    return control[decision] === 1 ? 'stop' : 'continue';
  }

  private begin(parity: number): void {
    this.parity = parity;
    this.pushed = 0;
    this.at = this.byParity[parity][this.rank].at;
  }

  /** Word that says whether the next slice is the last. */
  private get decision(): number {
    return this.parity === 0 ? WORD.stopEven : WORD.stopOdd;
  }
}

/** Not by `assert`: its text would be made for every spike. */
function overflow(process: number, spikes: number, capacity: number): Error {
  return new Error(
    `isospike internal error: ${spikes} spikes of process ${process} in a slice, room for ${capacity}`,
  );
}
