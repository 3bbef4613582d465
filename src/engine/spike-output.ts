/** What happens when a node of this virtual process fires: counted, digested, recorded, and sent. */
import { IntList } from '../memory/columns.js';
import { NodeAccumulators } from './digest.js';
import type { NodeGroup } from './node-group.js';
import type { Partition } from './partition.js';
import type { SpikeRecords } from './records.js';
import type { SpikeExchange } from './spike-exchange.js';

/** Per node, outside the segment: count and accumulator. */
export const OUTPUT_BYTES = 16;

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

  constructor(
    private readonly partition: Partition,
    private readonly exchange: SpikeExchange,
    private readonly records: SpikeRecords,
  ) {}

  get bytes(): number {
    return this.counts.byteLength + this.accumulators.words.byteLength;
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

  /** Send what waits, of steps first ... last; spikes of a step are in the order of nodes. */
  release(first: number, last: number): void {
    const { groups, indices, steps, multiplicities } = this;
    for (let step = first; step <= last && indices.length > 0; step++) {
      for (let j = 0; j < indices.length; j++) {
        if (steps.values[j] !== step) continue;
        this.send(groups[j], indices.values[j], step, multiplicities.values[j]);
      }
    }
    for (const list of [indices, steps, multiplicities]) list.clear();
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
