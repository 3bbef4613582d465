/**
 * What a group whose neurons have plastic input remembers of their spikes: step, multiplicity, and
 * the trace K- that the spike left, in which K- decays with the neuron's tau_minus and grows by 1 at
 * each spike (A. Morrison, A. Aertsen, M. Diesmann, Neural Comput. 19 (2007) 1437-1467).
 *
 * All spikes of the group are one log in the order of time, each with the distance back to the same
 * neuron's spike before. The log is a ring: what nobody can ask for any more leaves it at its old
 * end, where the last spike that left stays known per neuron. A spike is named by its position in
 * the log, counted modulo 2^30.
 */
import { assert } from '../errors/index.js';
import { blockBytes, type Segment } from '../memory/segment.js';
import { ArchiveReach } from './archive-reach.js';
import type { Decay, Decays } from './decay.js';
import type { NodeGroup } from './node-group.js';

const WHAT = 'archive of spikes';
/** Position of no spike. */
export const NO_SPIKE = -1;
/** Step of no spike: before all steps, whatever is subtracted from them. */
const NEVER = -(2 ** 31);
const POSITIONS = 2 ** 30;
/** Layout of a spike: K- as a f64, then words of 32 bits. */
const SPIKE_WORDS = 6;
const STEP = 2;
const MULTIPLICITY = 3;
const BACK = 4;
const NEURON = 5;
const FIRST_CAPACITY = 16;

/**
 * What the archive of `nodes` neurons takes that keeps at most `spikes` spikes in all: the log grows
 * by doubling.
 */
export function spikeArchiveBytes(nodes: number, spikes: number): number {
  let capacity = FIRST_CAPACITY;
  while (capacity < spikes) capacity *= 2;
  const perNeuron = 2 * blockBytes(4 * nodes) + blockBytes(8 * nodes);
  return perNeuron + blockBytes(4 * SPIKE_WORDS * capacity);
}

export class SpikeArchive {
  /** Spikes up to its `oldest` step count for nothing, be they in the log or not. */
  readonly known = new ArchiveReach();
  /** Whether there are synapses that ask; until then only what delays can reach is kept. */
  isRead = false;
  private slice = 1;
  /** 1 for neurons that have plastic input. */
  private readonly active: Uint8Array;
  /** How many of them are. */
  private activeCount = 0;
  /** Position of the latest spike of each neuron, if it is in the log. */
  private readonly latest: Int32Array;
  /** The last spike of each neuron that has left the log. */
  private readonly leftStep: Int32Array;
  private readonly leftTrace: Float64Array;
  private words: Int32Array;
  private traces: Float64Array;
  private capacity = FIRST_CAPACITY;
  private head = 0;
  private length = 0;
  /** Of K-, of each neuron or of all. */
  private decays!: readonly Decay[];

  constructor(
    private readonly group: NodeGroup,
    private readonly segment: Segment,
    private readonly allDecays: Decays,
  ) {
    const { size } = group;
    this.active = new Uint8Array(size);
    this.latest = segment.allocateI32(size, WHAT).fill(NO_SPIKE);
    this.leftStep = segment.allocateI32(size, WHAT).fill(NEVER);
    this.leftTrace = segment.allocateF64(size, WHAT);
    this.refresh();
    this.traces = segment.allocateF64((this.capacity * SPIKE_WORDS) / 2, WHAT);
    this.words = wordsOf(this.traces);
  }

  /** Read the parameters again. */
  refresh(): void {
    const { group, allDecays } = this;
    this.decays = Array.from(group.parameter('tau_minus'), (tau) =>
      allDecays.of(group.resolution / tau),
    );
  }

  /** Neurons have plastic input: from now on their spikes are kept. True if by now all have. */
  activate(neurons: ArrayLike<number>): boolean {
    for (let j = 0; j < neurons.length; j++) {
      if (this.active[neurons[j]] === 0) this.activeCount += 1;
      this.active[neurons[j]] = 1;
    }
    return this.activeCount === this.active.length;
  }

  /**
   * Serve delays of up to `delay` steps in slices of `slice` steps, from step `now` on. How far back
   * the archive reaches depends on the delays that there were, never on the slices.
   */
  resize(now: number, delay: number, slice: number): void {
    this.known.serve(now, delay);
    this.slice = slice;
  }

  /** Neuron `index` spikes, `multiplicity` times. Steps must not decrease. */
  note(index: number, step: number, multiplicity: number): void {
    if (this.active[index] === 0) return;
    if (this.length === this.capacity) this.makeRoom(step);
    const before = this.latest[index];
    let trace = this.traceAt(index, before, step);
    for (let j = 0; j < multiplicity; j++) trace += 1;
    const position = (this.head + this.length) & (POSITIONS - 1);
    const at = this.wordAt(position);
    const { words } = this;
    this.traces[at / 2] = trace;
    words[at + STEP] = step;
    words[at + MULTIPLICITY] = multiplicity;
    words[at + BACK] = before === NO_SPIKE ? 0 : distance(before, position);
    words[at + NEURON] = index;
    this.latest[index] = position;
    this.length += 1;
  }

  /** Position of a neuron's latest spike up to a step, or NO_SPIKE if that has left the log. */
  latestUpTo(index: number, step: number): number {
    let position = this.latest[index];
    while (position !== NO_SPIKE && this.stepOf(position) > step) position = this.before(position);
    return position;
  }

  /** Position of the same neuron's spike before, or NO_SPIKE. */
  before(position: number): number {
    const back = this.words[this.wordAt(position) + BACK];
    if (back === 0 || back > distance(this.head, position)) return NO_SPIKE;
    return (position - back) & (POSITIONS - 1);
  }

  stepOf(position: number): number {
    return this.words[this.wordAt(position) + STEP];
  }

  multiplicityOf(position: number): number {
    return this.words[this.wordAt(position) + MULTIPLICITY];
  }

  /** Step of a neuron's spike that `latestUpTo` found, also where that has left the log. */
  stepOfLatest(index: number, position: number): number {
    return position === NO_SPIKE ? this.leftStep[index] : this.stepOf(position);
  }

  /** K- of a neuron at a step, from its spike at `position` or the last one that left the log. */
  traceAt(index: number, position: number, step: number): number {
    const { decays } = this;
    const left = position === NO_SPIKE;
    const trace = left ? this.leftTrace[index] : this.traces[this.wordAt(position) / 2];
    if (trace === 0) return 0;
    const elapsed = step - (left ? this.leftStep[index] : this.stepOf(position));
    return trace * decays[decays.length > 1 ? index : 0].over(elapsed);
  }

  /** Forget the spikes up to a step, but for the last one of each neuron. */
  dropUpTo(step: number): void {
    const { words, latest } = this;
    while (this.length > 0) {
      const at = this.wordAt(this.head);
      if (words[at + STEP] > step) return;
      const index = words[at + NEURON];
      this.leftStep[index] = words[at + STEP];
      this.leftTrace[index] = this.traces[at / 2];
      if (latest[index] === this.head) latest[index] = NO_SPIKE;
      this.head = (this.head + 1) & (POSITIONS - 1);
      this.length -= 1;
    }
  }

  private wordAt(position: number): number {
    return (position & (this.capacity - 1)) * SPIKE_WORDS;
  }

  /** Called in the slice that holds `step`: delivery will ask from its beginning on. */
  private makeRoom(step: number): void {
    if (!this.isRead) this.dropUpTo(this.known.reach(step - this.slice));
    if (2 * this.length <= this.capacity) return;
    const { words: old, traces: oldTraces, capacity: oldCapacity } = this;
    assert(2 * oldCapacity < POSITIONS, 'a log of spikes within its positions');
    this.capacity = 2 * oldCapacity;
    this.traces = this.segment.allocateF64((this.capacity * SPIKE_WORDS) / 2, WHAT);
    this.words = wordsOf(this.traces);
    for (let j = 0; j < this.length; j++) {
      const position = this.head + j;
      const from = (position & (oldCapacity - 1)) * SPIKE_WORDS;
      this.words.set(old.subarray(from, from + SPIKE_WORDS), this.wordAt(position));
    }
    this.segment.release(oldTraces);
  }
}

/** From a position to a later one. */
function distance(from: number, to: number): number {
  return (to - from) & (POSITIONS - 1);
}

function wordsOf(traces: Float64Array): Int32Array {
  return new Int32Array(traces.buffer, traces.byteOffset, 2 * traces.length);
}
