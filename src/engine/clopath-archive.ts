/**
 * What a group with plastic synapses remembers of its recent past, so that a synapse can be updated
 * at presynaptic spikes alone (docs/MODELS.md; J. Stapmanns et al., Frontiers in Neuroinformatics 15
 * (2021)).
 *
 * Potentiation between two presynaptic spikes is a sum over steps k of dw(k) exp(-(k - T0) h/tau_x).
 * The archive keeps the running sum S of each neuron, so that a synapse needs a difference of two
 * values only. S starts anew at every epoch of 8 tau_x (T0 is the epoch's first step): over longer
 * stretches the exponential would make late terms vanish against early ones. The value of S at the
 * end of each recent epoch joins windows that reach across epochs.
 *
 * A neuron's columns stay zero until it has a plastic synapse, and its S for a tau_x until it has
 * one with that tau_x: so they do not depend on what other neurons share the archive.
 */
import type { KernelFunction } from '../kernel/compile.js';
import { exp } from '../math/index.js';
import { blockBytes, type Segment } from '../memory/segment.js';
import type { Tile } from '../models/spec.js';
import { ArchiveReach } from './archive-reach.js';
import {
  ARCHIVE_COLUMNS,
  ARCHIVE_PARAMETERS,
  accumulateKernel,
  archiveKernel,
  carryKernel,
} from './clopath-kernels.js';
import type { DelayLines } from './delay-lines.js';
import type { NodeGroup } from './node-group.js';
import type { StepKeeper } from './plasticity.js';

/** Length of an epoch in units of tau_x. */
const EPOCH_TAUS = 8;
/** A window is summed over its first epochs only: terms this many tau_x after its start are below exp(-40) of its first. */
const WINDOW_TAUS = 40;
/** No window counts more: an epoch is more than half as long as 8 tau_x, or a step where those are less. */
export const MOST_EPOCHS = 1 + (2 * WINDOW_TAUS) / EPOCH_TAUS;
/** Ends of epochs are kept this much longer than windows reach, for rows not yet settled. */
const SPARE_EPOCHS = 4;
const WHAT = 'archive of plastic synapses';

/** Running sums of potentiation for one tau_x; addresses are in bytes. */
export interface Potentiation {
  readonly tau: number;
  /** h / tau_x */
  readonly decayPerStep: number;
  readonly epochSteps: number;
  /** How many epochs of a window count. */
  readonly windowEpochs: number;
  /** 1 for neurons that have a synapse with this tau_x. */
  readonly active: Float64Array;
  readonly activeAddress: number;
  /** How many those are. */
  activeCount: number;
  /** S by slot of the history, one value per neuron. */
  sums: Float64Array;
  sumsAddress: number;
  /** S at the end of recent epochs: epoch e is at (e % epochSlots) * stride. */
  ends: Float64Array;
  endsAddress: number;
  epochSlots: number;
}

/** The epoch of a step. Divided without remainder, as V8 would compile its users anew for the first fraction. */
export function epochOf(step: number, { epochSteps }: Potentiation): number {
  return (step - (step % epochSteps)) / epochSteps;
}

/** Potentiation entries of one neuron one by one. */
export interface Entries {
  readonly steps: number[];
  readonly amounts: number[];
}

/**
 * What the archive of `nodes` neurons takes, for delays of up to `delay` steps, in slices of `slice`
 * steps, with synapses of each `tau` (in steps).
 */
export function clopathArchiveBytes(
  nodes: number,
  delay: number,
  slice: number,
  taus: readonly number[],
): number {
  const columns = (n: number) => blockBytes(8 * n * (nodes + (nodes & 1)));
  const slots = historySlots(delay, slice);
  let bytes = 2 * columns(slots) + 2 * columns(1);
  for (const tau of taus) {
    const epochs = epochSlotsFor(delay, slice, epochsFor(tau));
    bytes += columns(slots) + columns(epochs) + columns(1);
  }
  return bytes;
}

function historySlots(delay: number, slice: number): number {
  return delay + slice + 2;
}

type Epochs = Pick<Potentiation, 'epochSteps' | 'windowEpochs'>;

/** Epochs for a tau_x of `tau` steps: whole steps, so the shorter tau_x, the further they are from 8 tau_x. */
function epochsFor(tau: number): Epochs {
  const epochSteps = Math.max(1, Math.floor(EPOCH_TAUS * tau));
  // A window may start at the end of its first epoch.
  return { epochSteps, windowEpochs: 1 + Math.ceil((WINDOW_TAUS * tau) / epochSteps) };
}

function epochSlotsFor(delay: number, slice: number, { epochSteps, windowEpochs }: Epochs): number {
  return windowEpochs + SPARE_EPOCHS + Math.ceil((delay + slice) / epochSteps);
}

export class ClopathArchive implements StepKeeper {
  /** Distance between slots: the number of neurons, made even so that pairs stay in their slot. */
  readonly stride: number;
  readonly potentiations: Potentiation[] = [];
  private readonly byVariant: Potentiation[] = [];
  /** Depression value by slot of the history, one per neuron. */
  depression: Float64Array;
  /** Byte address of the whole history of it. */
  depressionAddress = 0;
  /** Latest step with potentiation, 0 for none, likewise. */
  latest: Float64Array;
  /** The history knows steps after its `oldest`; for it and all before, S is that of this step, depression 0. */
  readonly known = new ArchiveReach();
  /** The same number, as each step asks for it. */
  private oldest = 0;
  /**
   * With A_LTP < 0 the cap at Wmax does not commute with the sum: from the moment A_LTP is negative,
   * a neuron's entries are kept one by one, and its running sums stay as they are.
   */
  readonly entries: (Entries | undefined)[] = [];
  hasEntries = false;

  private slots = 1;
  /** 1 for neurons that have plastic synapses. */
  private readonly active: Float64Array;
  private inUse = false;
  /** Potentiation of the present step. */
  private readonly amount: Float64Array;
  private readonly columnTable: Int32Array;
  private readonly parameterTable: Int32Array;
  /** Byte addresses. */
  private latestAddress = 0;
  private readonly amountAddress: number;
  private readonly columnTableAddress: number;
  private readonly parameterTableAddress: number;
  private readonly timeAddress: number;
  private readonly factorAddress: number;
  /** Resolution in ms, and the present step. */
  private readonly time: Float64Array;
  private readonly factor: Float64Array;
  private archive!: KernelFunction;
  private accumulate!: KernelFunction;
  private carry!: KernelFunction;

  constructor(
    private readonly group: NodeGroup,
    private readonly lines: DelayLines,
    private readonly segment: Segment,
  ) {
    this.stride = group.size + (group.size & 1);
    this.depression = segment.allocateF64(this.stride, WHAT);
    this.latest = segment.allocateF64(this.stride, WHAT);
    this.active = segment.allocateF64(this.stride, WHAT);
    this.amount = segment.allocateF64(this.stride, WHAT);
    this.columnTable = segment.allocateI32(ARCHIVE_COLUMNS.length, WHAT);
    this.columnTable[V_M] = group.state('V_m').byteOffset;
    this.columnTable[U_BAR_BAR] = group.state('u_bar_bar').byteOffset;
    this.columnTable[AMOUNT] = this.amount.byteOffset;
    this.columnTable[ACTIVE] = this.active.byteOffset;
    this.parameterTable = segment.allocateI32(ARCHIVE_PARAMETERS.length, WHAT);
    this.time = segment.allocateF64(2, WHAT);
    this.time[0] = group.resolution;
    this.factor = segment.allocateF64(1, WHAT);
    this.amountAddress = this.amount.byteOffset;
    this.columnTableAddress = this.columnTable.byteOffset;
    this.parameterTableAddress = this.parameterTable.byteOffset;
    this.timeAddress = this.time.byteOffset;
    this.factorAddress = this.factor.byteOffset;
    this.refresh();
  }

  /** Read the parameters again. */
  refresh(): void {
    const { group } = this;
    const columns = ARCHIVE_PARAMETERS.map((name) => group.parameter(name));
    const each = ARCHIVE_PARAMETERS.filter((_, i) => columns[i].length > 1);
    const kernels = group.compile(`clopath archive ${each.join()}`, () => [
      archiveKernel(new Set(each)),
      accumulateKernel(),
      carryKernel(),
    ]);
    this.archive = kernels.archive;
    this.accumulate = kernels.accumulate;
    this.carry = kernels.carry;
    this.parameterTable.set(columns.map((column) => column.byteOffset));
    for (const i of this.neuronsToKeep()) {
      this.entries[i] = { steps: [], amounts: [] };
      this.hasEntries = true;
    }
  }

  /** Neurons whose A_LTP has become negative, so that their entries must be kept. */
  neuronsToKeep(): number[] {
    const { group, entries } = this;
    const A_LTP = group.parameter('A_LTP');
    const found: number[] = [];
    for (let i = 0; i < group.size; i++) {
      if (A_LTP[A_LTP.length > 1 ? i : 0] < 0 && entries[i] === undefined) found.push(i);
    }
    return found;
  }

  /** The sums that rows of a variant read, once `usedBy` was told of it. */
  potentiationOf(variant: number): Potentiation {
    return this.byVariant[variant];
  }

  /** Neurons `targets` have synapses of a variant with this tau_x; true if by now all have some. */
  usedBy(variant: number, tau: number, targets: ArrayLike<number>): boolean {
    this.byVariant[variant] ??= this.potentiations.find((p) => p.tau === tau) ?? this.add(tau);
    this.inUse = true;
    const used = this.byVariant[variant];
    for (let j = 0; j < targets.length; j++) {
      if (used.active[targets[j]] === 0) used.activeCount += 1;
      this.active[targets[j]] = 1;
      used.active[targets[j]] = 1;
    }
    return used.activeCount === this.group.size;
  }

  private add(tau: number): Potentiation {
    const { resolution } = this.group;
    const [active, sums, ends] = [1, this.slots, 1].map((slots) =>
      this.segment.allocateF64(slots * this.stride, WHAT),
    );
    const added = {
      tau,
      decayPerStep: resolution / tau,
      ...epochsFor(tau / resolution),
      ...{ active, activeAddress: active.byteOffset, activeCount: 0 },
      ...{ sums, sumsAddress: sums.byteOffset },
      ...{ ends, endsAddress: ends.byteOffset, epochSlots: 1 },
    };
    this.potentiations.push(added);
    return added;
  }

  /**
   * Serve delays of up to `delay` steps in slices of `slice` steps, from step `now` on. How far back
   * the history reaches depends on the delays that there were, never on the slices.
   */
  resize(now: number, delay: number, slice: number): void {
    const isLonger = this.known.serve(now, delay);
    this.oldest = this.known.oldest;
    const slots = Math.max(historySlots(delay, slice), this.slots);
    for (const p of this.potentiations) {
      p.sums = this.stretch(p.sums, this.slots, slots, now);
      p.sumsAddress = p.sums.byteOffset;
      const epochSlots = epochSlotsFor(delay, slice, p);
      if (epochSlots > p.epochSlots) {
        p.ends = this.stretch(p.ends, p.epochSlots, epochSlots, epochOf(now, p) - 1);
        p.endsAddress = p.ends.byteOffset;
        p.epochSlots = epochSlots;
      }
    }
    this.depression = this.stretch(this.depression, this.slots, slots, now);
    this.latest = this.stretch(this.latest, this.slots, slots, now);
    this.depressionAddress = this.depression.byteOffset;
    this.latestAddress = this.latest.byteOffset;
    this.slots = slots;
    if (isLonger) {
      const from = this.historyAt(this.oldest);
      this.depression.fill(0, from, from + this.stride);
    }
  }

  /** Index of the first neuron's value in `depression`, `latest` and `sums` for a step. */
  historyAt(step: number): number {
    return (Math.max(step, this.oldest) % this.slots) * this.stride;
  }

  /** Archive the state at the end of a step, once the delay lines have. */
  endStep(step: number, tile: Tile): void {
    if (!this.inUse) return;
    const { columnTable, lines } = this;
    const now = 8 * this.historyAt(step);
    columnTable[DELAYED_PLUS] = lines.plusAddress;
    columnTable[DELAYED_MINUS] = lines.minusAddress;
    columnTable[DEPRESSION] = this.depressionAddress + now;
    columnTable[LATEST_BEFORE] = this.latestAddress + 8 * this.historyAt(step - 1);
    columnTable[LATEST] = this.latestAddress + now;
    this.time[1] = step;
    const any = this.archive(
      this.columnTableAddress,
      this.parameterTableAddress,
      this.timeAddress,
      8 * tile.from,
      tile.size,
    );
    if (any !== 0 && this.hasEntries) this.noteEntries(step, tile);
    for (let j = 0; j < this.potentiations.length; j++) {
      this.carrySums(this.potentiations[j], step, tile, any !== 0);
    }
  }

  /** S of the new step: that of the step before, or 0 if an epoch begins, and the present amounts. */
  private carrySums(p: Potentiation, step: number, tile: Tile, potentiated: boolean): void {
    const { stride } = this;
    const first = tile.from;
    const from = this.historyAt(step - 1) + first;
    const to = this.historyAt(step) + first;
    const inEpoch = step % p.epochSteps;
    const even = tile.size + (tile.size & 1);
    if (inEpoch === 0) {
      const ended = epochOf(step, p) - 1;
      p.ends.set(p.sums.subarray(from, from + even), (ended % p.epochSlots) * stride + first);
      p.sums.fill(0, to, to + even);
    } else if (!potentiated) {
      this.carry(p.sumsAddress + 8 * from, p.sumsAddress + 8 * to, even);
    }
    if (!potentiated) return;
    // The product first: -0 is no whole number, for which V8 would compile this once more.
    this.factor[0] = exp(-(inEpoch * p.decayPerStep));
    this.accumulate(
      p.sumsAddress + 8 * (inEpoch === 0 ? to : from),
      p.sumsAddress + 8 * to,
      this.amountAddress + 8 * first,
      p.activeAddress + 8 * first,
      this.factorAddress,
      tile.size,
    );
  }

  private noteEntries(step: number, { from, size }: Tile): void {
    const { entries, amount } = this;
    for (let i = from; i < from + size; i++) {
      const own = entries[i];
      if (own === undefined || amount[i] === 0) continue;
      own.steps.push(step);
      own.amounts.push(amount[i]);
      amount[i] = 0;
    }
  }

  /** Forget entries that no window can reach any more: those up to `step`. */
  dropEntriesUpTo(step: number): void {
    for (const own of this.entries) {
      if (own === undefined) continue;
      let old = 0;
      while (old < own.steps.length && own.steps[old] <= step) old += 1;
      own.steps.splice(0, old);
      own.amounts.splice(0, old);
    }
  }

  /** A ring with more slots, holding what the old one held of the slots up to `now`. */
  private stretch(old: Float64Array, oldSlots: number, slots: number, now: number): Float64Array {
    if (slots === oldSlots) return old;
    const { stride } = this;
    const ring = this.segment.allocateF64(slots * stride, WHAT);
    for (let step = Math.max(0, now - oldSlots + 1); step <= now; step++) {
      const from = (step % oldSlots) * stride;
      ring.set(old.subarray(from, from + stride), (step % slots) * stride);
    }
    this.segment.release(old);
    return ring;
  }
}

/** Places in the archive kernel's table of columns. */
const [
  V_M,
  U_BAR_BAR,
  DELAYED_PLUS,
  DELAYED_MINUS,
  ACTIVE,
  LATEST_BEFORE,
  DEPRESSION,
  AMOUNT,
  LATEST,
] = ARCHIVE_COLUMNS.map((_, i) => i);
