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
import { exp } from '../math/index.js';
import type { Segment } from '../memory/segment.js';
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
  /** S at the end of recent epochs: epoch e is at (e % epochSlots) * size. */
  ends: Float64Array;
  epochSlots: number;
}

/** Potentiation entries of one neuron one by one, for A_LTP < 0 (see `entries`). */
export interface Entries {
  readonly steps: number[];
  readonly amounts: number[];
}

export class ClopathArchive {
  readonly size: number;
  readonly potentiations: Potentiation[] = [];
  /** Depression value by slot of the history, one per neuron. */
  depression: Float64Array;
  historySlots = 1;
  /**
   * With A_LTP < 0 the cap at Wmax does not commute with the sum, so entries are kept one by one
   * from the moment a negative A_LTP appears, and the running sums stay as they are.
   */
  entries: Entries[] | undefined;

  private readonly V_m: Float64Array;
  private readonly u_bar_plus: Float64Array;
  private readonly u_bar_minus: Float64Array;
  private readonly u_bar_bar: Float64Array;
  /** u_bar_plus and u_bar_minus of the last steps, slot by slot. */
  private delayedPlus: Float64Array;
  private delayedMinus: Float64Array;
  private delaySlots = 1;
  private delaySteps = new Int32Array(1);
  private columns: Readonly<Record<ArchiveParameter, Float64Array>>;

  constructor(
    private readonly group: NodeGroup,
    private readonly segment: Segment,
  ) {
    this.size = group.size;
    this.V_m = group.state('V_m');
    this.u_bar_plus = group.state('u_bar_plus');
    this.u_bar_minus = group.state('u_bar_minus');
    this.u_bar_bar = group.state('u_bar_bar');
    this.depression = segment.allocateF64(this.size, ARCHIVE);
    this.delayedPlus = segment.allocateF64(this.size, ARCHIVE);
    this.delayedMinus = segment.allocateF64(this.size, ARCHIVE);
    this.columns = this.readColumns();
    this.refresh(0);
  }

  private readColumns(): Readonly<Record<ArchiveParameter, Float64Array>> {
    const entries = ARCHIVE_PARAMETERS.map((name) => [name, this.group.parameter(name)] as const);
    return Object.fromEntries(entries) as Record<ArchiveParameter, Float64Array>;
  }

  /** Read the parameters again, after step `now`. */
  refresh(now: number): void {
    const { group } = this;
    this.columns = this.readColumns();
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
      this.entries = Array.from({ length: this.size }, () => ({ steps: [], amounts: [] }));
    }
  }

  /** Make sure that the sums for a tau_x exist; returns their index. */
  potentiationIndex(tau: number): number {
    const known = this.potentiations.findIndex((p) => p.tau === tau);
    if (known >= 0) return known;
    const { resolution } = this.group;
    this.potentiations.push({
      tau,
      decayPerStep: resolution / tau,
      epochSteps: Math.max(1, Math.floor((EPOCH_TAUS * tau) / resolution)),
      sums: this.segment.allocateF64(this.historySlots * this.size, ARCHIVE),
      ends: this.segment.allocateF64(this.size, ARCHIVE),
      epochSlots: 1,
    });
    return this.potentiations.length - 1;
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
    return (step % this.historySlots) * this.size;
  }

  /** Archive the state at the end of a step. */
  update(step: number): void {
    for (const p of this.potentiations) this.carrySums(p, step);
    const { size, delaySlots, delaySteps, delayedPlus, delayedMinus } = this;
    const { theta_plus, theta_minus, A_LTP } = this.columns;
    const now = (step % delaySlots) * size;
    delayedPlus.set(this.u_bar_plus, now);
    delayedMinus.set(this.u_bar_minus, now);
    const dep = this.historyAt(step);
    for (let i = 0; i < size; i++) {
      // Slots of steps before the first are still zero, as the delay lines of NEST are.
      const delayed = ((step + delaySlots - valueAt(delaySteps, i)) % delaySlots) * size + i;
      const up = delayedPlus[delayed];
      const um = delayedMinus[delayed];
      const low = valueAt(theta_minus, i);
      const high = valueAt(theta_plus, i);
      this.depression[dep + i] = um > low ? this.depressionOf(i, um - low) : 0;
      if (this.V_m[i] > high && up > low) {
        const rate = valueAt(A_LTP, i) * (this.V_m[i] - high) * (up - low);
        this.potentiate(i, step, rate * this.group.resolution);
      }
    }
  }

  private depressionOf(i: number, excess: number): number {
    const { A_LTD, A_LTD_const, u_ref_squared } = this.columns;
    const value = valueAt(A_LTD, i) * excess;
    if (valueAt(A_LTD_const, i) !== 0) return value;
    return (value * this.u_bar_bar[i] * this.u_bar_bar[i]) / valueAt(u_ref_squared, i);
  }

  /** S of the new step is that of the step before, or 0 if an epoch begins. */
  private carrySums(p: Potentiation, step: number): void {
    const { size } = this;
    const from = this.historyAt(step - 1);
    const to = this.historyAt(step);
    if (step % p.epochSteps === 0) {
      const ended = step / p.epochSteps - 1;
      p.ends.set(p.sums.subarray(from, from + size), (ended % p.epochSlots) * size);
      p.sums.fill(0, to, to + size);
    } else {
      p.sums.copyWithin(to, from, from + size);
    }
  }

  private potentiate(i: number, step: number, amount: number): void {
    if (this.entries) {
      this.entries[i].steps.push(step);
      this.entries[i].amounts.push(amount);
      return;
    }
    const at = this.historyAt(step) + i;
    for (const p of this.potentiations) {
      p.sums[at] += amount * exp(-(step % p.epochSteps) * p.decayPerStep);
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
    const { size } = this;
    const ring = this.segment.allocateF64(slots * size, ARCHIVE);
    for (let step = Math.max(0, now - oldSlots + 1); step <= now; step++) {
      const from = (step % oldSlots) * size;
      ring.set(old.subarray(from, from + size), (step % slots) * size);
    }
    this.segment.release(old);
    return ring;
  }
}

const ARCHIVE = 'archive of plastic synapses';

const ARCHIVE_PARAMETERS = [
  'A_LTD',
  'A_LTP',
  'A_LTD_const',
  'theta_plus',
  'theta_minus',
  'u_ref_squared',
] as const;
type ArchiveParameter = (typeof ARCHIVE_PARAMETERS)[number];

/** Value for neuron i of a column that holds one value per neuron or one for all. */
function valueAt(column: Float64Array | Int32Array, i: number): number {
  return column[column.length > 1 ? i : 0];
}
