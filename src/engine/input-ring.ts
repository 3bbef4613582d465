/**
 * What is on its way to the nodes of this virtual process: for each of the next max_delay steps, one number
 * per node (summed weights or spike counts), and a second plane for models that take positive and
 * negative weights apart. Slot by slot, so that a step's input is contiguous. For nodes that only
 * count spikes, the ring also lists who gets any, so that they cost nothing while nothing arrives.
 */
import { IntList } from '../memory/columns.js';
import { blockBytes, type Segment } from '../memory/segment.js';
import type { NeuronModel, TileInput } from '../models/spec.js';

/** Kernels read a few numbers beyond those of the last node. */
const SPARE = 4;
/** Up to this length a loop is quicker than the call of a built-in method. */
const SHORT = 48;

/** What a step that input can be on its way to takes in the heap: a list, and a flag. */
export const SLOT_HEAP_BYTES = 64;

/** Numbers per node: signed input takes two, and then all nodes have two. */
export function inputPlanes(models: readonly Pick<NeuronModel, 'input'>[]): 1 | 2 {
  return models.some(({ input }) => input === 'signed') ? 2 : 1;
}

/** What the ring for `nodes` nodes takes. */
export function inputRingBytes(nodes: number, maxDelaySteps: number, planes: number): number {
  return blockBytes(8 * (maxDelaySteps * planes * nodes + SPARE));
}

/** What `tell` writes. */
export type ToldInput = { -readonly [key in keyof TileInput]: TileInput[key] };

export class InputRing {
  data: Float64Array;
  /** Byte address of `data`. */
  address: number;
  private slots = 1;
  private planes = 1;
  private nodes = 0;
  /** Local indices of counting nodes at which spikes arrive, by slot. */
  private arrivals = [new IntList()];
  /** Whether anything may have been added to what the others get, by slot. */
  private filled = new Uint8Array(1);

  constructor(private readonly segment: Segment) {
    this.data = segment.allocateF64(SPARE, 'input ring');
    this.address = this.data.byteOffset;
  }

  /** Distance from a node's first to its second (inhibitory) number. */
  get planeStride(): number {
    return this.nodes;
  }

  /** Index in `data` of the first node's number for a step. */
  at(step: number): number {
    return (step % this.slots) * this.planes * this.nodes;
  }

  /** The same, of a step to whose input of other than counting nodes something is added now. */
  toFill(step: number): number {
    this.filled[step % this.slots] = 1;
    return this.at(step);
  }

  /** Spikes that arrive at a counting node. */
  count(step: number, local: number, multiplicity: number): void {
    const at = this.at(step) + local;
    if (this.data[at] === 0) this.arrivals[step % this.slots].push(local);
    this.data[at] += multiplicity;
  }

  /** Local indices of the counting nodes at which spikes arrive in a step, ascending after `sortArrivals`. */
  arrivalsAt(step: number): IntList {
    return this.arrivals[step % this.slots];
  }

  sortArrivals(step: number): void {
    this.arrivals[step % this.slots].sort();
  }

  /** Tell kernels where input is, until the ring is resized. */
  tellPlace(input: ToldInput): void {
    input.data = this.data;
    input.inhibitoryOffset = this.nodes;
  }

  /** Tell them of what arrives in a step at the nodes from local index `first` on. */
  tell(step: number, first: number, input: ToldInput): void {
    const at = this.at(step) + first;
    input.at = at;
    input.address = this.address + 8 * at;
    input.inhibitoryAddress = input.address + 8 * this.nodes;
    input.firstLocal = first;
    input.filled = this.filled[step % this.slots] === 1;
  }

  /** Forget what arrives at `size` nodes that do not count, the first of which has its number at `at`. */
  empty(at: number, size: number): void {
    for (let plane = 0; plane < this.planes; plane++) {
      this.zero(at + plane * this.nodes, at + plane * this.nodes + size);
    }
  }

  /** Forget a step's arrivals at counting nodes; that of all others has been emptied. */
  clear(step: number): void {
    const at = this.at(step);
    const slot = step % this.slots;
    const arrivals = this.arrivals[slot];
    for (let i = 0; i < arrivals.length; i++) this.data[at + arrivals.values[i]] = 0;
    arrivals.clear();
    this.filled[slot] = 0;
  }

  private zero(from: number, to: number): void {
    const { data } = this;
    if (to - from > SHORT) data.fill(0, from, to);
    else for (let i = from; i < to; i++) data[i] = 0;
  }

  /** Make room for more nodes or longer delays; what is on its way after step `now` is kept. */
  resize(now: number, maxDelaySteps: number, nodes: number, planes: 1 | 2): void {
    const { slots: oldSlots, planes: oldPlanes, nodes: oldNodes, data: old } = this;
    const slots = Math.max(maxDelaySteps, oldSlots);
    if (slots === oldSlots && planes === oldPlanes && nodes === oldNodes) return;
    const data = this.segment.allocateResidentF64(slots * planes * nodes + SPARE, 'input ring');
    const arrivals = Array.from({ length: slots }, () => new IntList());
    for (let step = now + 1; step <= now + oldSlots; step++) {
      arrivals[step % slots] = this.arrivals[step % oldSlots];
      for (let plane = 0; plane < oldPlanes; plane++) {
        const from = ((step % oldSlots) * oldPlanes + plane) * oldNodes;
        const to = ((step % slots) * planes + plane) * nodes;
        data.set(old.subarray(from, from + oldNodes), to);
      }
    }
    this.segment.release(old);
    const filled = new Uint8Array(slots).fill(1);
    const address = data.byteOffset;
    Object.assign(this, { data, address, arrivals, filled, slots, planes, nodes });
  }
}
