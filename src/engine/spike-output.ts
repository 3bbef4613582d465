/** What happens when a node of this virtual process fires: counted, digested, recorded, and sent. */
import { NodeAccumulators } from './digest.js';
import type { Partition } from './partition.js';
import type { SpikeRecords } from './records.js';
import type { SpikeExchange } from './spike-exchange.js';

/** Per node, outside the segment: count and accumulator. */
export const OUTPUT_BYTES = 16;

export class SpikeOutput {
  /** The step that is being computed. */
  step = 0;
  /** Spikes so far, per local node. */
  counts = new Float64Array(0);
  accumulators = new NodeAccumulators(0);

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

  emit(local: number, multiplicity: number): void {
    this.counts[local] += multiplicity;
    this.accumulators.feed(local, this.step);
    this.accumulators.feed(local, multiplicity);
    const id = this.partition.idOf(local);
    this.records.note(id, this.step, multiplicity);
    this.exchange.push(this.step, id, multiplicity);
  }
}
