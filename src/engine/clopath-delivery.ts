/**
 * clopath_synapse at a presynaptic spike (MODELS: "clopath_synapse"), a whole row at a time.
 *
 * With m the row's last presynaptic spike, n the present one and d the delay, the synapse is
 * potentiated by what its target archived in the window (m - d, n - d], then depressed by the
 * target's value of step n - d, then transmits. The potentiation is
 *     x * sum over epochs e of exp(-(T0_e + d - m) h / tau_x) * (S at the window's end in e - S at its start in e),
 * so a synapse keeps S as it was at m - d (`lasts`), and the archive the ends of epochs. A row whose
 * source has been silent for WINDOW_EPOCHS epochs is settled: `lasts` then holds the amount that
 * waits to be added to the weight. A query must not see it before the next transmission.
 */
import type { KernelFunction } from '../kernel/compile.js';
import { exp } from '../math/index.js';
import type { Segment } from '../memory/segment.js';
import {
  type ClopathArchive,
  type Entries,
  type Potentiation,
  WINDOW_EPOCHS,
} from './clopath-archive.js';
import { clopathRowKernel, type PotentiationForm } from './clopath-kernels.js';
import type { ConnectionTable } from './connection-table.js';
import type { KernelCache } from './kernel-cache.js';
import type { NodeGroup } from './node-group.js';
import type { WeightRecord } from './records.js';
import * as R from './row.js';

/** Terms of the sum over the epochs of a window: factor and where in `sums` or `ends` to read S. */
interface Window {
  /** Epoch in which the window starts, and the last epoch that counts. */
  first: number;
  last: number;
  /** Last step that counts, wherever the window ends. */
  end: number;
  /** True if the window ends in the archive's recent history, false if at the end of `last`. */
  open: boolean;
}

const FORMS: readonly PotentiationForm[] = ['none', 'one', 'two', 'settled'];

/** Shorter rows, and what is left of pairs, are not worth a call. */
const LEAST_FOR_KERNEL = 8;

/** Where a spike through a row leads. */
export interface RowTarget {
  group: NodeGroup;
  archive: ClopathArchive;
  potentiation: Potentiation;
  /** Input ring, and the index in it of the group's first neuron at the time of arrival. */
  input: Float64Array;
  inputAt: number;
  /** Distance to where negative weights go. */
  inhibitoryOffset: number;
  record: WeightRecord | undefined;
}

export class ClopathDelivery {
  private readonly window: Window = { first: 0, last: 0, end: 0, open: true };
  private readonly factors = new Float64Array(WINDOW_EPOCHS);
  private readonly scalars: Float64Array;
  /** Kernels of contiguous rows and of others. */
  private readonly runs: Record<PotentiationForm, KernelFunction>;
  private readonly lists: Record<PotentiationForm, KernelFunction>;

  constructor(
    private readonly table: ConnectionTable,
    private readonly segment: Segment,
    kernels: KernelCache,
  ) {
    this.scalars = segment.allocateF64(4, 'scalars of delivery');
    const made = kernels.get('clopath rows', () =>
      FORMS.flatMap((form) => [clopathRowKernel(form, true), clopathRowKernel(form, false)]),
    );
    const byForm = (shape: 'run' | 'list') =>
      Object.fromEntries(FORMS.map((form) => [form, made[`clopath_${form}_${shape}`]])) as Record<
        PotentiationForm,
        KernelFunction
      >;
    this.runs = byForm('run');
    this.lists = byForm('list');
  }

  /**
   * A spike of multiplicity q, stamped n, through the row at word `at`: updates the weights and
   * adds them to the input of the targets.
   */
  deliver(at: number, n: number, q: number, to: RowTarget): void {
    const { f64, i32 } = this.segment;
    const m = i32[at + R.ROW_LAST_SPIKE];
    const x = f64[(at + R.ROW_TRACE) / 2];
    const d = i32[at + R.ROW_DELAY];
    const settled = i32[at + R.ROW_SETTLED] === 1;
    if (x > 0 && !settled) this.open(to.potentiation, m, n - d, d, x);
    const plain = q === 1 && to.inhibitoryOffset === 0 && !to.archive.entries && n > d;
    const done = plain ? this.runKernel(at, n, x, settled, to) : 0;
    this.runLiterally(at, n, q, x, done, to);
    if (to.record) this.note(at, n, to.group, done, to.record);
    this.advanceTrace(at, n, q, to.potentiation);
  }

  /** As many of the row's synapses as a kernel can take; returns how many. */
  private runKernel(at: number, n: number, x: number, settled: boolean, to: RowTarget): number {
    const { i32 } = this.segment;
    const { window, factors, scalars, table } = this;
    const contiguous = i32[at + R.ROW_CONTIGUOUS] === 1;
    const count = contiguous ? i32[at + R.ROW_COUNT] & ~1 : i32[at + R.ROW_COUNT];
    const epochs = window.last - window.first + 1;
    if (count < LEAST_FOR_KERNEL || (x > 0 && !settled && (epochs > 2 || !window.open))) return 0;
    const form = x === 0 ? 'none' : settled ? 'settled' : epochs === 1 ? 'one' : 'two';
    const { Wmin, Wmax } = table.variants[i32[at + R.ROW_VARIANT]].parameters;
    scalars[0] = factors[0];
    scalars[1] = factors[1];
    scalars[2] = Wmin;
    scalars[3] = Wmax;
    const { archive, potentiation: p } = to;
    const first = contiguous ? i32[at + R.ROW_TARGETS] : 0;
    const history = archive.historyAt(n - i32[at + R.ROW_DELAY]) + first;
    const end = (window.first % p.epochSlots) * archive.stride + first;
    const kernel = (contiguous ? this.runs : this.lists)[form];
    kernel(
      i32[at + R.ROW_WEIGHTS] * 8,
      i32[at + R.ROW_LASTS] * 8,
      p.sums.byteOffset + 8 * history,
      p.ends.byteOffset + 8 * end,
      archive.depression.byteOffset + 8 * history,
      to.input.byteOffset + 8 * (to.inputAt + first),
      scalars.byteOffset,
      i32[at + R.ROW_TARGETS] * 4,
      count,
    );
    return count;
  }

  /** Synapses from number `from` on, one by one. */
  private runLiterally(
    at: number,
    n: number,
    q: number,
    x: number,
    from: number,
    to: RowTarget,
  ): void {
    const { table, window } = this;
    const { f64, i32 } = this.segment;
    const { archive, potentiation, input, inputAt, inhibitoryOffset } = to;
    const { Wmin, Wmax } = table.variants[i32[at + R.ROW_VARIANT]].parameters;
    const d = i32[at + R.ROW_DELAY];
    const m = i32[at + R.ROW_LAST_SPIKE];
    const settled = i32[at + R.ROW_SETTLED] === 1;
    const history = n > d ? archive.historyAt(n - d) : -1;
    const weights = i32[at + R.ROW_WEIGHTS];
    const lasts = i32[at + R.ROW_LASTS];
    for (let i = from; i < i32[at + R.ROW_COUNT]; i++) {
      const target = table.targetOf(at, i);
      let weight = f64[weights + i];
      if (x > 0) {
        const last = f64[lasts + i];
        const amount = settled ? last : this.amount(archive, potentiation, last, history, target);
        weight = capped(weight, amount, Wmax);
        if (archive.entries && !settled) {
          const end = Math.min(n - d, window.end);
          weight = entryByEntry(archive.entries[target], weight, x, m, end, d, potentiation, Wmax);
        }
      }
      const depression = history >= 0 ? archive.depression[history + target] : 0;
      for (let j = 0; j < q; j++) {
        weight = Math.max(Wmin, weight - depression);
        input[inputAt + target + (weight > 0 ? 0 : inhibitoryOffset)] += weight;
        to.record?.note(n, i32[at + R.ROW_SOURCE], to.group.nodeId(target), weight);
      }
      f64[weights + i] = weight;
      f64[lasts + i] = history >= 0 ? potentiation.sums[history + target] : 0;
    }
  }

  /** Record the weights that a kernel transmitted. */
  private note(at: number, n: number, group: NodeGroup, count: number, record: WeightRecord): void {
    const { f64, i32 } = this.segment;
    for (let i = 0; i < count; i++) {
      const target = group.nodeId(this.table.targetOf(at, i));
      record.note(n, i32[at + R.ROW_SOURCE], target, f64[i32[at + R.ROW_WEIGHTS] + i]);
    }
  }

  /**
   * Settle the row if no spike that can still come would reach into the first epochs of its
   * window. The result does not depend on when this is done, only on the row's last spike.
   */
  settleIfSilent(at: number, now: number, archive: ClopathArchive, p: Potentiation): void {
    const { f64, i32 } = this.segment;
    const x = f64[(at + R.ROW_TRACE) / 2];
    if (x === 0 || i32[at + R.ROW_SETTLED] === 1) return;
    const d = i32[at + R.ROW_DELAY];
    const m = i32[at + R.ROW_LAST_SPIKE];
    const first = Math.floor(Math.max(0, m - d) / p.epochSteps);
    if (Math.floor((now - d) / p.epochSteps) - first < WINDOW_EPOCHS) return;
    this.open(p, m, now - d, d, x);
    const count = i32[at + R.ROW_COUNT];
    const weights = i32[at + R.ROW_WEIGHTS];
    const lasts = i32[at + R.ROW_LASTS];
    const { Wmax } = this.table.variants[i32[at + R.ROW_VARIANT]].parameters;
    for (let i = 0; i < count; i++) {
      const target = this.table.targetOf(at, i);
      let amount = this.amount(archive, p, f64[lasts + i], 0, target);
      if (archive.entries) {
        const weight = f64[weights + i];
        const start = capped(weight, amount, Wmax);
        const { end } = this.window;
        amount = entryByEntry(archive.entries[target], start, x, m, end, d, p, Wmax) - weight;
      }
      f64[lasts + i] = amount;
    }
    i32[at + R.ROW_SETTLED] = 1;
  }

  /** Prepare the factors of the window (m - d, b]. */
  private open(p: Potentiation, m: number, b: number, d: number, x: number): void {
    const { window, factors } = this;
    window.first = Math.floor(Math.max(0, m - d) / p.epochSteps);
    const epochOfEnd = Math.max(window.first, Math.floor(b / p.epochSteps));
    window.open = epochOfEnd - window.first < WINDOW_EPOCHS;
    window.last = window.open ? epochOfEnd : window.first + WINDOW_EPOCHS - 1;
    window.end = (window.first + WINDOW_EPOCHS) * p.epochSteps - 1;
    for (let e = window.first; e <= window.last; e++) {
      factors[e - window.first] = x * exp(-(e * p.epochSteps + d - m) * p.decayPerStep);
    }
  }

  /** Potentiation of a synapse in the opened window; `last` is S at the window's start. */
  private amount(
    archive: ClopathArchive,
    p: Potentiation,
    last: number,
    history: number,
    target: number,
  ): number {
    const { window, factors } = this;
    let sum = 0;
    let before = last;
    for (let e = window.first; e <= window.last; e++) {
      const at =
        e === window.last && window.open
          ? history < 0
            ? 0
            : p.sums[history + target]
          : p.ends[(e % p.epochSlots) * archive.stride + target];
      sum += factors[e - window.first] * (at - before);
      before = 0;
    }
    return sum;
  }

  private advanceTrace(at: number, n: number, q: number, p: Potentiation): void {
    const { f64, i32 } = this.segment;
    const m = i32[at + R.ROW_LAST_SPIKE];
    let x = f64[(at + R.ROW_TRACE) / 2] * exp(-(n - m) * p.decayPerStep);
    for (let j = 0; j < q; j++) x += 1 / p.tau;
    f64[(at + R.ROW_TRACE) / 2] = x;
    i32[at + R.ROW_LAST_SPIKE] = n;
    i32[at + R.ROW_SETTLED] = 0;
  }
}

/** The cap applies only if there was potentiation: a weight set above Wmax stays until then. */
function capped(weight: number, amount: number, Wmax: number): number {
  return amount > 0 ? Math.min(Wmax, weight + amount) : weight + amount;
}

/** Potentiation by the archived entries of the window (m - d, end], each capped. */
function entryByEntry(
  { steps, amounts }: Entries,
  start: number,
  x: number,
  m: number,
  end: number,
  d: number,
  p: Potentiation,
  Wmax: number,
): number {
  let weight = start;
  for (let j = 0; j < steps.length; j++) {
    const k = steps[j];
    if (k <= m - d || k > end) continue;
    weight = Math.min(Wmax, weight + amounts[j] * x * exp(-(k + d - m) * p.decayPerStep));
  }
  return weight;
}
