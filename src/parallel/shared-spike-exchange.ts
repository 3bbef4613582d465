/**
 * The spike exchange between workers of one process: every worker writes the spikes of a slice to
 * its own ring, all cross a barrier, everyone reads everyone's ring. Rings are double-buffered by
 * the parity of the slice: while slow workers still read those of slice k, fast ones write those of
 * slice k + 1. Nobody can write those of slice k + 2, which reuse the memory of slice k, before all
 * have arrived at barrier k + 1, and thus have finished reading slice k. So one barrier per slice
 * suffices. Counts and the decision to stop are double-buffered likewise.
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
/** Words between the counts of two rings, so that no two lie on one cache line. */
const COUNT_STRIDE = 16;

interface MutableSpikeList extends SpikeList {
  at: number;
  count: number;
}

/** What rings for `workers` workers with at most `capacity` spikes each per slice take. */
export function spikeRingBytes(workers: number, capacity: number): number {
  return 4 * (HEADER_WORDS + 2 * workers * (COUNT_STRIDE + capacity * SPIKE_WORDS));
}

export function createSpikeRings(workers: number, capacity: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(spikeRingBytes(workers, capacity));
  new Int32Array(buffer).set([MAGIC, workers, capacity]);
  return buffer;
}

export class SharedSpikeExchange implements SpikeExchange {
  lists: readonly MutableSpikeList[] = [];
  private rings = new Int32Array(new SharedArrayBuffer(0));
  private capacity = 0;
  private parity = 0;
  /** Spikes pushed in the present slice. */
  private pushed = 0;
  /** Word of this worker's ring for the present slice. */
  private at = 0;
  /** Last step of the slice that was published. */
  private reached = 0;
  private readonly barrier: Barrier;

  constructor(
    private readonly control: Int32Array<SharedArrayBuffer>,
    private readonly rank: number,
    private readonly workers: number,
  ) {
    this.barrier = new Barrier(control, workers);
  }

  /** Use other rings from the next slice on; all workers must do so between the same slices. */
  attach(buffer: SharedArrayBuffer): void {
    const rings = new Int32Array(buffer);
    assert(rings[0] === MAGIC && rings[1] === this.workers, 'these are not rings of this run');
    this.rings = rings;
    this.capacity = rings[2];
    this.lists = Array.from({ length: this.workers }, () => ({ words: rings, at: 0, count: 0 }));
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
    rings[this.countAt(this.rank, parity)] = this.pushed;
    if (this.rank === 0) control[this.decision] = Atomics.load(control, WORD.stopRequested);
  }

  /** Makes the spikes, the count and the decision of each visible to all; see Barrier.cross. */
  meet(): void {
    this.barrier.cross();
  }

  take(): ExchangeOutcome {
    const { control, rings, parity, decision } = this;
    if (this.rank === 0) Atomics.store(control, WORD.progress, this.reached);
    for (let worker = 0; worker < this.workers; worker++) {
      const list = this.lists[worker];
      list.at = this.ringAt(worker, parity);
      list.count = rings[this.countAt(worker, parity)];
      if (list.count > this.capacity) throw overflow(worker, list.count, this.capacity);
    }
    this.begin(1 - parity);
    return control[decision] === 1 ? 'stop' : 'continue';
  }

  private begin(parity: number): void {
    this.parity = parity;
    this.pushed = 0;
    this.at = this.ringAt(this.rank, parity);
  }

  /** Word that says whether this slice is the last. */
  private get decision(): number {
    return this.parity === 0 ? WORD.stopEven : WORD.stopOdd;
  }

  private countAt(worker: number, parity: number): number {
    return HEADER_WORDS + (2 * worker + parity) * COUNT_STRIDE;
  }

  private ringAt(worker: number, parity: number): number {
    const counts = 2 * this.workers * COUNT_STRIDE;
    return HEADER_WORDS + counts + (2 * worker + parity) * this.capacity * SPIKE_WORDS;
  }
}

/** Not by `assert`: its text would be made for every spike. */
function overflow(worker: number, spikes: number, capacity: number): Error {
  return new Error(
    `isospike internal error: ${spikes} spikes of worker ${worker} in a slice, room for ${capacity}`,
  );
}
