/**
 * Delivery of a slice: all spikes that can reach this virtual process, in the canonical order (sending step,
 * sender, connect call, place in the call), go through the process's own rows into its input ring.
 * That order, and hence every rounded sum, is the same on any partition.
 */
import type { KernelFunction } from '../kernel/compile.js';
import type { ArchiveKind } from '../models/spec.js';
import type { ConnectionTable } from './connection-table.js';
import type { InputRing } from './input-ring.js';
import type { KernelCache } from './kernel-cache.js';
import type { NodeGroup } from './node-group.js';
import type { Plasticity, PlasticTarget } from './plasticity.js';
import type { PoissonConnections } from './poisson.js';
import { NO_GROUP } from './poisson-columns.js';
import { type CountedTrain, LEAST_TOGETHER } from './poisson-counts.js';
import { isActive, type SpikeRecords, type WeightRecord } from './records.js';
import * as R from './row.js';
import type { SpikeList } from './spike-exchange.js';
import { NO_SENDER, SpikeMerge } from './spike-merge.js';
import type { SpikeTrains } from './spike-trains.js';
import { staticName, staticRowKernel } from './static-kernels.js';

/** Where delivery leads; owned by the engine. */
export interface DeliveryTargets {
  readonly table: ConnectionTable;
  readonly ring: InputRing;
  readonly groups: readonly NodeGroup[];
  readonly plasticity: Readonly<Record<ArchiveKind, Plasticity>>;
  readonly poisson: PoissonConnections;
  readonly trains: SpikeTrains;
  readonly spikeRecords: SpikeRecords;
  readonly weightRecords: ReadonlyMap<number, WeightRecord>;
}

export class Delivery {
  /** Onto input that is one number, and onto such that takes positive weights and others apart. */
  private readonly plain: R.ByShape<KernelFunction>;
  private readonly signed: R.ByShape<KernelFunction>;
  private readonly scale: Float64Array;
  private readonly scaleAddress: number;
  /** Filled anew for each plastic row. */
  private readonly plasticTarget = {} as PlasticTarget;
  private readonly spikes: SpikeMerge;
  /** Synapses delivered to: several spikes of a source in one step are one event. */
  events = 0;

  constructor(
    private readonly to: DeliveryTargets,
    kernels: KernelCache,
    processes: number,
  ) {
    this.spikes = new SpikeMerge(processes);
    this.scale = to.table.segment.allocateF64(1, 'scalars of delivery');
    this.scaleAddress = this.scale.byteOffset;
    const made = kernels.get('static rows', () =>
      [true, false].flatMap((contiguous) => [
        staticRowKernel(contiguous, false),
        staticRowKernel(contiguous, true),
      ]),
    );
    const ofInput = (signed: boolean): R.ByShape<KernelFunction> => ({
      run: made[staticName(true, signed)],
      list: made[staticName(false, signed)],
    });
    this.plain = ofInput(false);
    this.signed = ofInput(true);
  }

  /** Deliver the spikes of steps first ... last: those of all processes and of the generators. */
  deliver(first: number, last: number, lists: readonly SpikeList[]): void {
    const { spikes } = this;
    const { poisson, trains } = this.to;
    spikes.begin(lists);
    for (let step = first; step <= last; step++) {
      poisson.fire(step);
      trains.fire(step);
      const fires = poisson.fires || trains.senders.length > 0;
      if (fires || spikes.senderIn(step) !== NO_SENDER) this.deliverStep(step);
    }
  }

  /**
   * Merge of senders, each kind ascending: neurons of all processes, spike generators, Poisson
   * generators that wait and such that count.
   */
  private deliverStep(step: number): void {
    const { spikes } = this;
    const { poisson, trains, spikeRecords } = this.to;
    const { counts, firing, multiplicities } = poisson;
    let p = 0;
    let q = 0;
    let t = 0;
    for (;;) {
      const neuron = spikes.senderIn(step);
      const train = t < trains.senders.length ? trains.senders[t] : NO_SENDER;
      const waiting = p < firing.length ? poisson.columns.generator[firing.values[p]] : NO_SENDER;
      while (q < counts.trains.length && !isActive(counts.trains[q].state.active, step)) q += 1;
      const counting = q < counts.trains.length ? counts.trains[q].generator : NO_SENDER;
      const generator = Math.min(waiting, counting);
      if (neuron < train && neuron < generator) {
        this.send(neuron, step, spikes.take(), 1);
      } else if (train < generator) {
        spikeRecords.note(train, step, trains.multiplicities[t]);
        this.send(train, step, trains.multiplicities[t], trains.factors[t]);
        t += 1;
      } else if (counting < NO_SENDER && counting === generator) {
        this.sendCounts(counts.trains[q], step);
        q += 1;
      } else if (generator < NO_SENDER) {
        this.sendPoisson(firing.values[p], step, multiplicities.values[p]);
        p += 1;
      } else {
        return;
      }
    }
  }

  /** Through all rows of a source; `factor` scales static weights. */
  private send(sender: number, step: number, multiplicity: number, factor: number): void {
    const { table, groups } = this.to;
    const end = table.firstRow[sender + 1];
    for (let row = table.firstRow[sender]; row < end; row++) {
      const at = table.rowAt(row);
      const { i32 } = table.segment;
      this.events += i32[at + R.ROW_COUNT];
      const group = groups[i32[at + R.ROW_GROUP]];
      if (i32[at + R.ROW_LASTS] !== 0) this.sendPlastic(at, group, step, multiplicity);
      else if (group.model.input === 'count') this.sendToCounting(at, group, step, multiplicity);
      else this.sendStatic(at, group, step, multiplicity * factor);
    }
  }

  private sendPlastic(at: number, group: NodeGroup, step: number, multiplicity: number): void {
    const { table, ring, plasticity, weightRecords } = this.to;
    const { i32 } = table.segment;
    const { recorder, model } = table.variants[i32[at + R.ROW_VARIANT]];
    const { plasticTarget: target } = this;
    target.group = group;
    target.groupIndex = i32[at + R.ROW_GROUP];
    target.arrival = step + i32[at + R.ROW_DELAY];
    target.input = ring.data;
    target.inputAt = ring.toFill(target.arrival) + group.firstLocal;
    target.inputAddress = ring.address + 8 * target.inputAt;
    target.inhibitoryOffset = group.model.input === 'signed' ? ring.planeStride : 0;
    target.record = recorder === 0 ? undefined : weightRecords.get(recorder);
    plasticity[model.archive!].deliver(at, step, multiplicity, target);
  }

  private sendToCounting(at: number, group: NodeGroup, step: number, multiplicity: number): void {
    const { table, ring } = this.to;
    const { i32 } = table.segment;
    const arrival = step + i32[at + R.ROW_DELAY];
    for (let i = 0; i < i32[at + R.ROW_COUNT]; i++) {
      ring.count(arrival, group.firstLocal + table.targetOf(at, i), multiplicity);
    }
  }

  private sendStatic(at: number, group: NodeGroup, step: number, scale: number): void {
    const { table, ring } = this.to;
    const { i32 } = table.segment;
    const input = ring.toFill(step + i32[at + R.ROW_DELAY]) + group.firstLocal;
    const inhibitory = group.model.input === 'signed' ? ring.planeStride : 0;
    const short = i32[at + R.ROW_COUNT] < R.LEAST_FOR_KERNEL;
    if (short) this.addWeights(at, input, inhibitory, scale);
    else this.runStaticKernel(at, input, inhibitory, scale);
  }

  private runStaticKernel(at: number, input: number, inhibitory: number, scale: number): void {
    const { table, ring } = this.to;
    const { i32 } = table.segment;
    const contiguous = (i32[at + R.ROW_FLAGS] & R.CONTIGUOUS) !== 0;
    const targets = i32[at + R.ROW_TARGETS];
    const { run, list } = inhibitory === 0 ? this.plain : this.signed;
    const kernel = contiguous ? run : list;
    this.scale[0] = scale;
    kernel(
      i32[at + R.ROW_WEIGHTS] * 8,
      ring.address + 8 * (contiguous ? input + targets : input),
      this.scaleAddress,
      targets * 4,
      i32[at + R.ROW_COUNT],
      8 * inhibitory,
    );
  }

  /** Synapse by synapse. */
  private addWeights(at: number, input: number, inhibitory: number, scale: number): void {
    const { table, ring } = this.to;
    const { i32, f64 } = table.segment;
    const { data } = ring;
    const count = i32[at + R.ROW_COUNT];
    const weights = i32[at + R.ROW_WEIGHTS];
    for (let i = 0; i < count; i++) {
      const weight = f64[weights + i] * scale;
      data[input + table.targetOf(at, i) + (weight > 0 ? 0 : inhibitory)] += weight;
    }
  }

  /** What a Poisson generator's counts of a step are to one group. */
  private sendCounts(train: CountedTrain, step: number): void {
    const { poisson, ring, groups } = this.to;
    const { from, to, group, delay } = train;
    if (
      group !== NO_GROUP &&
      groups[group].model.input !== 'count' &&
      to - from >= LEAST_TOGETHER
    ) {
      const { firstLocal, model } = groups[group];
      const input = ring.address + 8 * (ring.toFill(step + delay) + firstLocal);
      const inhibitory = model.input === 'signed' ? 8 * ring.planeStride : 0;
      this.events += poisson.counts.addTo(input, inhibitory, train);
      return;
    }
    const { drawn } = poisson.columns;
    for (let c = from; c < to; c++) {
      if (drawn[c] > 0) this.sendPoisson(c, step, drawn[c]);
    }
  }

  private sendPoisson(c: number, step: number, multiplicity: number): void {
    const { poisson, ring, groups, spikeRecords } = this.to;
    const { generator, target, group, index, weight, delay } = poisson.columns;
    if (group[c] === NO_GROUP) {
      spikeRecords.noteFor(target[c], generator[c], step, multiplicity);
      return;
    }
    this.events += 1;
    const { firstLocal, model } = groups[group[c]];
    if (model.input === 'count') {
      ring.count(step + delay[c], firstLocal + index[c], multiplicity);
    } else {
      const at = ring.toFill(step + delay[c]) + firstLocal + index[c];
      const scaled = weight[c] * multiplicity;
      ring.data[at + (model.input === 'signed' && !(scaled > 0) ? ring.planeStride : 0)] += scaled;
    }
  }
}
