/**
 * What a group with plastic synapses remembers of its recent past, so that a synapse can be updated
 * at presynaptic spikes alone (MODELS: "Archive of a Clopath neuron"; Stapmanns et al. 2021).
 *
 * Potentiation between two presynaptic spikes is a sum over steps k of dw(k) exp(-(k - T0) h/tau_x).
 * The archive keeps the running sum S of each neuron, so that a synapse needs a difference of two
 * values only. S starts anew at every epoch of 8 tau_x (T0 is the epoch's first step): over longer
 * stretches the exponential would make late terms vanish against early ones. The value of S at the
 * end of each recent epoch joins windows that reach across epochs.
 */
import type { KernelFunction } from '../kernel/compile.js';
import { exp } from '../math/index.js';
import type { Segment } from '../memory/segment.js';
import {
  ARCHIVE_COLUMNS,
  ARCHIVE_PARAMETERS,
  accumulateKernel,
  archiveKernel,
} from './clopath-kernels.js';
import type { NodeGroup } from './node-group.js';

/** Length of an epoch in units of tau_x. */
const EPOCH_TAUS = 8;
/** A window is summed over its first epochs only: later terms are below exp(-40) of the first. */
export const WINDOW_EPOCHS = 6;
/** Ends of epochs are kept this much longer than windows reach, for rows not yet settled. */
const SPARE_EPOCHS = 4;

/** Running sums of potentiation for one tau_x. */
export interface Potentiation {
  readonly tau: number;
  /** h / tau_x */
  readonly decayPerStep: number;
  readonly epochSteps: number;
  /** S by slot of the history, one value per neuron. */
  sums: Float64Array;
  /** S at the end of recent epochs: epoch e is at (e % epochSlots) * stride. */
  ends: Float64Array;
  epochSlots: number;
}

/** Potentiation entries of one neuron one by one, for A_LTP < 0 (see `entries`). */
export interface Entries {
  readonly steps: number[];
  readonly amounts: number[];
}

export class ClopathArchive {
  /** Distance between slots: the number of neurons, made even so that pairs stay in their slot. */
  readonly stride: number;
  readonly potentiations: Potentiation[] = [];
  private readonly byVariant: Potentiation[] = [];
  /** Depression value by slot of the history, one per neuron. */
  depression: Float64Array;
  historySlots = 1;
  /**
   * With A_LTP < 0 the cap at Wmax does not commute with the sum, so entries are kept one by one
   * from the moment a negative A_LTP appears, and the running sums stay as they are.
   */
  entries: Entries[] | undefined;

  /** u_bar_plus and u_bar_minus of the last steps, slot by slot. */
  private delayedPlus: Float64Array;
  private delayedMinus: Float64Array;
  private delaySlots = 1;
  private delaySteps = new Int32Array(1);
  /** u_bar_plus and u_bar_minus as they enter the rule, if neurons differ in their delays. */
  private readonly gathered: readonly [Float64Array, Float64Array];
  /** Potentiation of the present step. */
  private readonly amount: Float64Array;
  private readonly u_bar_plus: Float64Array;
  private readonly u_bar_minus: Float64Array;
  private readonly columnTable: Int32Array;
  private readonly parameterTable: Int32Array;
  private readonly resolution: Float64Array;
  private readonly factor: Float64Array;
  private archive!: KernelFunction;
  private accumulate!: KernelFunction;

  constructor(
    private readonly group: NodeGroup,
    private readonly segment: Segment,
  ) {
    this.stride = group.size + (group.size & 1);
    const column = (): Float64Array => segment.allocateF64(this.stride, ARCHIVE);
    this.depression = column();
    this.delayedPlus = column();
    this.delayedMinus = column();
    this.gathered = [column(), column()];
    this.amount = column();
    this.u_bar_plus = group.state('u_bar_plus');
    this.u_bar_minus = group.state('u_bar_minus');
    this.columnTable = segment.allocateI32(ARCHIVE_COLUMNS.length, ARCHIVE);
    this.columnTable[V_M] = group.state('V_m').byteOffset;
    this.columnTable[U_BAR_BAR] = group.state('u_bar_bar').byteOffset;
    this.columnTable[AMOUNT] = this.amount.byteOffset;
    this.parameterTable = segment.allocateI32(ARCHIVE_PARAMETERS.length, ARCHIVE);
    this.resolution = segment.allocateF64(1, ARCHIVE);
    this.resolution[0] = group.resolution;
    this.factor = segment.allocateF64(1, ARCHIVE);
    this.refresh(0);
  }

  /** Read the parameters again, after step `now`. */
  refresh(now: number): void {
    const { group } = this;
    const columns = ARCHIVE_PARAMETERS.map((name) => group.parameter(name));
    const each = ARCHIVE_PARAMETERS.filter((_, i) => columns[i].length > 1);
    const kernels = group.compile(`clopath archive ${each.join()}`, () => [
      archiveKernel(new Set(each)),
      accumulateKernel(),
    ]);
    this.archive = kernels.archive;
    this.accumulate = kernels.accumulate;
    this.parameterTable.set(columns.map((column) => column.byteOffset));
    const delays = Int32Array.from(group.parameter('delay_u_bars'), (ms) =>
      Math.round(ms / group.resolution),
    );
    const slots = delays.reduce((most, steps) => Math.max(most, steps + 1), 1);
    this.delaySteps = delays;
    if (slots > this.delaySlots) {
      this.delayedPlus = this.stretch(this.delayedPlus, this.delaySlots, slots, now);
      this.delayedMinus = this.stretch(this.delayedMinus, this.delaySlots, slots, now);
      this.delaySlots = slots;
    }
    if (!this.entries && group.parameter('A_LTP').some((amplitude) => amplitude < 0)) {
      this.entries = Array.from({ length: group.size }, () => ({ steps: [], amounts: [] }));
    }
  }

  /** The sums that rows of a variant read, once `usedBy` was told of it. */
  potentiationOf(variant: number): Potentiation {
    return this.byVariant[variant];
  }

  /** Make sure that the sums for a tau_x exist, and remember that rows of a variant read them. */
  usedBy(variant: number, tau: number): void {
    this.byVariant[variant] ??= this.potentiations.find((p) => p.tau === tau) ?? this.add(tau);
  }

  private add(tau: number): Potentiation {
    const { resolution } = this.group;
    const added = {
      tau,
      decayPerStep: resolution / tau,
      epochSteps: Math.max(1, Math.floor((EPOCH_TAUS * tau) / resolution)),
      sums: this.segment.allocateF64(this.historySlots * this.stride, ARCHIVE),
      ends: this.segment.allocateF64(this.stride, ARCHIVE),
      epochSlots: 1,
    };
    this.potentiations.push(added);
    return added;
  }

  /** Keep `steps` steps of history after step `now`: the longest plastic delay plus a slice. */
  resize(now: number, steps: number): void {
    const slots = Math.max(steps + 1, this.historySlots);
    for (const p of this.potentiations) {
      p.sums = this.stretch(p.sums, this.historySlots, slots, now);
      const epochSlots = WINDOW_EPOCHS + SPARE_EPOCHS + Math.ceil(steps / p.epochSteps);
      if (epochSlots > p.epochSlots) {
        p.ends = this.stretch(p.ends, p.epochSlots, epochSlots, Math.floor(now / p.epochSteps) - 1);
        p.epochSlots = epochSlots;
      }
    }
    this.depression = this.stretch(this.depression, this.historySlots, slots, now);
    this.historySlots = slots;
  }

  /** Index of the first neuron's value in `depression` and `sums` for a step > 0. */
  historyAt(step: number): number {
    return (step % this.historySlots) * this.stride;
  }

  /** Archive the state at the end of a step. */
  update(step: number): void {
    const { group, columnTable } = this;
    this.delay(step);
    columnTable[DEPRESSION] = this.depression.byteOffset + 8 * this.historyAt(step);
    const any = this.archive(
      columnTable.byteOffset,
      this.parameterTable.byteOffset,
      this.resolution.byteOffset,
      group.size,
    );
    const potentiated = any !== 0 && this.entries === undefined;
    for (let j = 0; j < this.potentiations.length; j++) {
      this.carrySums(this.potentiations[j], step, potentiated);
    }
    if (any !== 0 && this.entries !== undefined) this.noteEntries(step, this.entries);
  }

  /** Enter the new u_bars into the delay lines, and tell the kernel where those are that leave them. */
  private delay(step: number): void {
    const { stride, delaySteps, delayedPlus, delayedMinus, columnTable } = this;
    const now = (step % this.delaySlots) * stride;
    delayedPlus.set(this.u_bar_plus, now);
    delayedMinus.set(this.u_bar_minus, now);
    if (delaySteps.length === 1) {
      const bytes = 8 * this.delayedAt(step, delaySteps[0]);
      columnTable[DELAYED_PLUS] = delayedPlus.byteOffset + bytes;
      columnTable[DELAYED_MINUS] = delayedMinus.byteOffset + bytes;
      return;
    }
    const [up, um] = this.gathered;
    for (let i = 0; i < delaySteps.length; i++) {
      const at = this.delayedAt(step, delaySteps[i]) + i;
      up[i] = delayedPlus[at];
      um[i] = delayedMinus[at];
    }
    columnTable[DELAYED_PLUS] = up.byteOffset;
    columnTable[DELAYED_MINUS] = um.byteOffset;
  }

  /** Slots of steps before the first are still zero, as the delay lines of NEST are. */
  private delayedAt(step: number, delay: number): number {
    return ((step + this.delaySlots - delay) % this.delaySlots) * this.stride;
  }

  /** S of the new step: that of the step before, or 0 if an epoch begins, and the present amounts. */
  private carrySums(p: Potentiation, step: number, potentiated: boolean): void {
    const { stride } = this;
    const from = this.historyAt(step - 1);
    const to = this.historyAt(step);
    const inEpoch = step % p.epochSteps;
    if (inEpoch === 0) {
      const ended = step / p.epochSteps - 1;
      p.ends.set(p.sums.subarray(from, from + stride), (ended % p.epochSlots) * stride);
      p.sums.fill(0, to, to + stride);
    } else if (!potentiated) {
      p.sums.copyWithin(to, from, from + stride);
    }
    if (!potentiated) return;
    this.factor[0] = exp(-inEpoch * p.decayPerStep);
    const start = p.sums.byteOffset;
    const toAddress = start + 8 * to;
    const fromAddress = inEpoch === 0 ? toAddress : start + 8 * from;
    this.accumulate(
      fromAddress,
      toAddress,
      this.amount.byteOffset,
      this.factor.byteOffset,
      this.group.size,
    );
  }

  private noteEntries(step: number, entries: readonly Entries[]): void {
    for (let i = 0; i < entries.length; i++) {
      if (this.amount[i] === 0) continue;
      entries[i].steps.push(step);
      entries[i].amounts.push(this.amount[i]);
    }
  }

  /** Forget entries that no window can reach any more. */
  dropEntriesBefore(step: number): void {
    for (const { steps, amounts } of this.entries ?? []) {
      let old = 0;
      while (old < steps.length && steps[old] < step) old += 1;
      steps.splice(0, old);
      amounts.splice(0, old);
    }
  }

  /** A ring with more slots, holding what the old one held of the slots up to `now`. */
  private stretch(old: Float64Array, oldSlots: number, slots: number, now: number): Float64Array {
    if (slots === oldSlots) return old;
    const { stride } = this;
    const ring = this.segment.allocateF64(slots * stride, ARCHIVE);
    for (let step = Math.max(0, now - oldSlots + 1); step <= now; step++) {
      const from = (step % oldSlots) * stride;
      ring.set(old.subarray(from, from + stride), (step % slots) * stride);
    }
    this.segment.release(old);
    return ring;
  }
}

const ARCHIVE = 'archive of plastic synapses';

/** Places in the archive kernel's table of columns. */
const [V_M, U_BAR_BAR, DELAYED_PLUS, DELAYED_MINUS, DEPRESSION, AMOUNT] = ARCHIVE_COLUMNS.map(
  (_, i) => i,
);
