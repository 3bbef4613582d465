/** What happens when a node of this virtual process fires: counted, digested, recorded, and sent. */
import { cleared, IntList } from '../memory/columns.js';
import { NodeAccumulators } from './digest.js';
import type { NodeGroup } from './node-group.js';
import type { Partition } from './partition.js';
import type { SpikeRecords } from './records.js';
import type { SpikeExchange } from './spike-exchange.js';

/** Per node, outside the segment: count and accumulator. */
export const OUTPUT_BYTES = 16;
/** What a spike takes while it waits: lists have room for twice as many at most. */
export const WAITING_SPIKE_BYTES = 2 * (4 * 4 + 8);

export class SpikeOutput {
  /** The step that is being computed. */
  step = 0;
  /** Whether spikes come in another order than that of steps and nodes, and wait for `release`. */
  waits = false;
  /** Spikes so far, per local node. */
  counts = new Float64Array(0);
  accumulators = new NodeAccumulators(0);
  /** Spikes that wait: whose they are, in which group, when, and how many. */
  private readonly groups: NodeGroup[] = [];
  private readonly indices = new IntList();
  private readonly steps = new IntList();
  private readonly multiplicities = new IntList();
  /** For `release`: numbers of waiting spikes, in the order of steps, and how far those of each step have come. */
  private order = new Int32Array(0);
  private places: Int32Array = new Int32Array(0);

  constructor(
    private readonly partition: Partition,
    private readonly exchange: SpikeExchange,
    private readonly records: SpikeRecords,
  ) {}

  get bytes(): number {
    const { counts, accumulators, order, places, groups } = this;
    const waiting = [this.indices, this.steps, this.multiplicities].map(({ values }) => values);
    const columns = [counts, accumulators.words, order, places, ...waiting];
    return columns.reduce((sum, { byteLength }) => sum + byteLength, 8 * groups.length);
  }

  resize(localNodes: number): void {
    const counts = new Float64Array(localNodes);
    counts.set(this.counts);
    this.counts = counts;
    this.accumulators = new NodeAccumulators(localNodes, this.accumulators);
  }

  /** Node `index` of a group fires in the present step. */
  emit(group: NodeGroup, index: number, multiplicity: number): void {
    if (!this.waits) return this.send(group, index, this.step, multiplicity);
    this.groups[this.indices.length] = group;
    this.indices.push(index);
    this.steps.push(this.step);
    this.multiplicities.push(multiplicity);
  }

  /** Send what waits, of steps first ... last, by step; of a step, it came in the order of nodes. */
  release(first: number, last: number): void {
    const { groups, indices, steps, multiplicities } = this;
    this.sortBySteps(first, last);
    for (let i = 0; i < indices.length; i++) {
      const j = this.order[i];
      this.send(groups[j], indices.values[j], steps.values[j], multiplicities.values[j]);
    }
    indices.clear();
    steps.clear();
    multiplicities.clear();
  }

  private sortBySteps(first: number, last: number): void {
    const { values, length } = this.steps;
    if (this.order.length < length) this.order = new Int32Array(values.length);
    this.places = cleared(this.places, last - first + 2);
    const { order, places } = this;
    for (let j = 0; j < length; j++) places[values[j] - first + 1] += 1;
    for (let step = first; step < last; step++) places[step - first + 1] += places[step - first];
    for (let j = 0; j < length; j++) order[places[values[j] - first]++] = j;
  }

  private send(group: NodeGroup, index: number, step: number, multiplicity: number): void {
    group.spikes?.note(index, step, multiplicity);
    const local = group.firstLocal + index;
    this.counts[local] += multiplicity;
    this.accumulators.feed(local, step);
    this.accumulators.feed(local, multiplicity);
    const id = this.partition.idOf(local);
    this.records.note(id, step, multiplicity);
    this.exchange.push(step, id, multiplicity);
  }
}
