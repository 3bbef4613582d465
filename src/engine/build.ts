/**
 * From the sorted connections of a batch to what delivers them: rows for sources that spike,
 * single connections for Poisson and current generators.
 */
import type { ConnectCall } from '../connectivity/connect-call.js';
import type { SynapseModel } from '../models/spec.js';
import type { ConnectionBatch } from './connection-batch.js';
import type { ConnectionTable, Variant } from './connection-table.js';
import type { NodeGroup } from './node-group.js';

/** A list is kept unless its targets fall into few runs of consecutive ones. */
export const MEAN_RUN_LENGTH_WORTH_SPLITTING = 16;

/** A stretch of the sorted batch that has source, delay, parameters and group in common. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly source: number;
  readonly delay: number;
  readonly variant: number;
  readonly group: number;
}

/** Cuts the sorted batch into stretches. `groupOf` maps a local node index to its group. */
export function* stretches(
  batch: ConnectionBatch,
  order: Uint32Array,
  groups: readonly NodeGroup[],
  groupOf: (local: number) => number,
): Generator<Stretch> {
  let from = 0;
  while (from < order.length) {
    const first = order[from];
    const source = batch.sources[first];
    const delay = batch.delays[first];
    const variant = batch.variantOf[first];
    const group = groupOf(batch.targets[first]);
    const end = groups[group].firstLocal + groups[group].size;
    let to = from + 1;
    while (to < order.length) {
      const next = order[to];
      if (
        batch.sources[next] !== source ||
        batch.delays[next] !== delay ||
        batch.variantOf[next] !== variant ||
        batch.targets[next] >= end
      ) {
        break;
      }
      to += 1;
    }
    yield { from, to, source, delay, variant, group };
    from = to;
  }
}

/** Turns stretches into rows, with the synapses of the whole batch in contiguous blocks. */
export class RowBuilder {
  private readonly weights: Float64Array;
  private readonly lasts: Float64Array | undefined;
  private readonly positions: Uint32Array | undefined;
  private readonly variants: Variant[];
  private targetLists: Uint32Array | undefined;
  private used = 0;

  constructor(
    private readonly table: ConnectionTable,
    private readonly call: ConnectCall,
    model: SynapseModel,
    private readonly batch: ConnectionBatch,
    private readonly order: Uint32Array,
    /** Number of synapses that will be added. */
    count: number,
  ) {
    const { segment } = table;
    this.variants = batch.variants.map((parameters) => table.variant(call, model, parameters));
    this.weights = segment.allocateF64(count, 'weights');
    if (model.archive) this.lasts = segment.allocateF64(count, 'states of plastic synapses');
    if (batch.needsPositions(order))
      this.positions = segment.allocateU32(count, 'places of synapses');
  }

  add(stretch: Stretch, firstLocal: number): void {
    const { batch, order } = this;
    const { from, to } = stretch;
    const start = this.used;
    for (let j = from; j < to; j++) {
      this.weights[this.used] = batch.weights[order[j]];
      if (this.positions) this.positions[this.used] = order[j];
      this.used += 1;
    }
    const runs = this.consecutiveRuns(from, to);
    if (runs.length * MEAN_RUN_LENGTH_WORTH_SPLITTING <= to - from || runs.length === 1) {
      for (const [runFrom, runTo] of runs) {
        const first = batch.targets[order[runFrom]] - firstLocal;
        this.addRow(stretch, start, runFrom - from, runTo - runFrom, first, true);
      }
      return;
    }
    const { lists } = this;
    for (let j = from; j < to; j++) {
      lists[start + j - from] = batch.targets[order[j]] - firstLocal;
    }
    this.addRow(stretch, start, 0, to - from, lists.byteOffset / 4 + start, false);
  }

  /** Target lists, beside the weights; made when the first row needs one. */
  private get lists(): Uint32Array {
    this.targetLists ??= this.table.segment.allocateU32(this.weights.length, 'targets of synapses');
    return this.targetLists;
  }

  /** [from, to) of stretches of consecutive targets. */
  private consecutiveRuns(from: number, to: number): [number, number][] {
    const { targets } = this.batch;
    const runs: [number, number][] = [];
    let start = from;
    for (let j = from + 1; j <= to; j++) {
      if (j < to && targets[this.order[j]] === targets[this.order[j - 1]] + 1) continue;
      runs.push([start, j]);
      start = j;
    }
    return runs;
  }

  /** `count` synapses from place `base` of a stretch that starts at synapse `start` of the batch. */
  private addRow(
    s: Stretch,
    start: number,
    base: number,
    count: number,
    targets: number,
    contiguous: boolean,
  ): void {
    const at = start + base;
    this.table.addRow({
      source: s.source,
      call: this.call.call,
      group: s.group,
      count,
      delay: s.delay,
      variant: this.variants[s.variant].index,
      targets,
      contiguous,
      weights: this.weights.byteOffset / 8 + at,
      lasts: this.lasts ? this.lasts.byteOffset / 8 + at : 0,
      positions: this.positions ? this.positions.byteOffset / 4 + at : 0,
      base,
    });
  }
}
