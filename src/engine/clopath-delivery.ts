/**
 * clopath_synapse at a presynaptic spike (MODELS: "clopath_synapse"), a whole row at a time.
 *
 * With m the row's last presynaptic spike, n the present one and d the delay, the synapse is
 * potentiated by what its target archived in the window (m - d, n - d], then depressed by the
 * target's value of step n - d, then transmits. The potentiation is
 *     x * sum over epochs e of exp(-(T0_e + d - m) h / tau_x) * (S at the window's end in e - S at its start in e),
 * so a synapse keeps S as it was at m - d (`lasts`), and the archive the ends of epochs. A row whose
 * source has been silent for as many epochs as count is settled: `lasts` then holds the amount that
 * waits to be added to the weight. A query must not see it before the next transmission.
 */
import type { KernelFunction } from '../kernel/compile.js';
import type { Kernel } from '../kernel/ir.js';
import { exp } from '../math/index.js';
import type { Segment } from '../memory/segment.js';
import {
  type ClopathArchive,
  type Entries,
  epochOf,
  MOST_EPOCHS,
  type Potentiation,
} from './clopath-archive.js';
import {
  clopathRowKernel,
  type EpochShare,
  earlierKernel,
  kernelName,
  type PotentiationForm,
} from './clopath-kernels.js';
import type { ConnectionTable } from './connection-table.js';
import type { KernelCache } from './kernel-cache.js';
import type { NodeGroup } from './node-group.js';
import type { PlasticTarget } from './plasticity.js';
import type { WeightRecord } from './records.js';
import * as R from './row.js';

/** Terms of the sum over the epochs of a window: factor and where in `sums` or `ends` to read S. */
interface Window {
  /** Step after which the window starts, and its epoch; and the last epoch that counts. */
  start: number;
  first: number;
  last: number;
  /** Last step that counts, wherever the window ends. */
  end: number;
  /** True if the window ends in the archive's recent history, false if at the end of `last`. */
  open: boolean;
}

const FORMS: readonly PotentiationForm[] = ['none', 'one', 'two', 'settled', 'more'];
const SHARES: readonly EpochShare[] = ['first', 'next'];
/** Whether targets are consecutive. */
const SHAPES = [true, false];

/** Kernels by what they do. */
type Kernels<Name extends string> = R.ByShape<Readonly<Record<Name, KernelFunction>>>;

/** Where a spike through a row leads, and what is archived there. */
export interface RowTarget extends PlasticTarget {
  archive: ClopathArchive;
  potentiation: Potentiation;
}

export class ClopathDelivery {
  private readonly window: Window = { start: 0, first: 0, last: 0, end: 0, open: true };
  /** By epoch of the window. */
  private readonly factors = new Float64Array(MOST_EPOCHS);
  private readonly scalars: Float64Array;
  private readonly scalarsAddress: number;
  /** Onto input that is one number, and onto such that takes positive weights and others apart. */
  private readonly plain: Kernels<PotentiationForm>;
  private signed!: Kernels<PotentiationForm>;
  private readonly shares: Kernels<EpochShare>;

  constructor(
    private readonly table: ConnectionTable,
    private readonly segment: Segment,
    private readonly kernels: KernelCache,
  ) {
    this.scalars = segment.allocateF64(4, 'scalars of delivery');
    this.scalarsAddress = this.scalars.byteOffset;
    const made = kernels.get('clopath rows', () => [
      ...rowKernels(false),
      ...SHAPES.flatMap((contiguous) => SHARES.map((share) => earlierKernel(share, contiguous))),
    ]);
    this.plain = byShape(made, FORMS);
    this.shares = byShape(made, SHARES);
  }

  /** Some neurons with plastic synapses have signed input. */
  serveSigned(): void {
    const made = this.kernels.get('clopath rows, signed input', () => rowKernels(true));
    this.signed = byShape(made, FORMS);
  }

  /**
   * A spike of multiplicity q, stamped n, through the row at word `at`: updates the weights and
   * adds them to the input of the targets.
   */
  deliver(at: number, n: number, q: number, to: RowTarget): void {
    const { f64, i32 } = this.segment;
    const { archive, potentiation } = to;
    const x = f64[(at + R.ROW_TRACE) / 2];
    const flags = i32[at + R.ROW_FLAGS];
    if (x > 0 && (flags & R.SETTLED) === 0) {
      this.open(at, n, archive, potentiation);
      this.weigh(at, potentiation, x);
    }
    const plain =
      i32[at + R.ROW_COUNT] >= R.LEAST_FOR_KERNEL &&
      !archive.hasEntries &&
      (flags & R.ABOVE_CAP) === 0;
    if (plain) this.runKernels(at, n, q, x, to);
    else this.runLiterally(at, n, q, x, to);
    this.advanceTrace(at, n, q, potentiation);
  }

  /** Of several spikes in a step, the first alone meets potentiation. */
  private runKernels(at: number, n: number, q: number, x: number, to: RowTarget): void {
    for (let j = 0; j < q; j++) {
      this.runKernel(at, n, j === 0 ? x : 0, to);
      if (to.record) this.note(at, n, to.group, to.record);
    }
  }

  private runKernel(at: number, n: number, x: number, to: RowTarget): void {
    const { i32 } = this.segment;
    const { window, factors, scalars, table } = this;
    const contiguous = (i32[at + R.ROW_FLAGS] & R.CONTIGUOUS) !== 0;
    const form = this.prepareRow(at, x, to);
    const { Wmin, Wmax } = table.variants[i32[at + R.ROW_VARIANT]].parameters;
    scalars[0] = factors[0];
    scalars[1] = factors[window.last - window.first];
    scalars[2] = Wmin;
    scalars[3] = Wmax;
    const { archive, potentiation: p } = to;
    const first = contiguous ? i32[at + R.ROW_TARGETS] : 0;
    const history = archive.historyAt(n - i32[at + R.ROW_DELAY]) + first;
    const end = (window.first % p.epochSlots) * archive.stride + first;
    const { run, list } = to.inhibitoryOffset === 0 ? this.plain : this.signed;
    const kernel = (contiguous ? run : list)[form];
    kernel(
      i32[at + R.ROW_WEIGHTS] * 8,
      i32[at + R.ROW_LASTS] * 8,
      p.sumsAddress + 8 * history,
      p.endsAddress + 8 * end,
      archive.depressionAddress + 8 * history,
      to.inputAddress + 8 * first,
      this.scalarsAddress,
      i32[at + R.ROW_TARGETS] * 4,
      i32[at + R.ROW_COUNT],
      8 * to.inhibitoryOffset,
    );
  }

  /** How the row's potentiation is to be found; what earlier epochs share in it is taken now. */
  private prepareRow(at: number, x: number, to: RowTarget): PotentiationForm {
    const { first, last, open } = this.window;
    if (x === 0) return 'none';
    if ((this.segment.i32[at + R.ROW_FLAGS] & R.SETTLED) !== 0) return 'settled';
    const ended = last - first;
    if (open && ended < 2) return ended === 0 ? 'one' : 'two';
    this.takeEarlier(at, to.archive, to.potentiation);
    return open ? 'more' : 'settled';
  }

  /** Instead of S, lasts get the potentiation of the window's epochs that have ended. */
  private takeEarlier(at: number, archive: ClopathArchive, p: Potentiation): void {
    const { window, factors, scalars } = this;
    const { i32 } = this.segment;
    const contiguous = (i32[at + R.ROW_FLAGS] & R.CONTIGUOUS) !== 0;
    const target = contiguous ? i32[at + R.ROW_TARGETS] : 0;
    const { run, list } = this.shares;
    const kernels = contiguous ? run : list;
    const ended = window.open ? window.last - 1 : window.last;
    for (let e = window.first; e <= ended; e++) {
      scalars[0] = factors[e - window.first];
      kernels[e === window.first ? 'first' : 'next'](
        i32[at + R.ROW_LASTS] * 8,
        p.endsAddress + 8 * ((e % p.epochSlots) * archive.stride + target),
        this.scalarsAddress,
        i32[at + R.ROW_TARGETS] * 4,
        i32[at + R.ROW_COUNT],
      );
    }
  }

  /** Synapse by synapse; spike by spike as the kernels, since sums of several into one target round. */
  private runLiterally(at: number, n: number, q: number, x: number, to: RowTarget): void {
    const { table } = this;
    const { f64, i32 } = this.segment;
    const { archive, potentiation, input, inputAt, inhibitoryOffset } = to;
    const { Wmin } = table.variants[i32[at + R.ROW_VARIANT]].parameters;
    const b = n - i32[at + R.ROW_DELAY];
    const history = archive.historyAt(b);
    const weights = i32[at + R.ROW_WEIGHTS];
    const lasts = i32[at + R.ROW_LASTS];
    for (let j = 0; j < q; j++) {
      for (let i = 0; i < i32[at + R.ROW_COUNT]; i++) {
        const target = table.targetOf(at, i);
        const raised =
          j === 0 ? this.potentiated(at, i, target, b, x, archive, potentiation) : f64[weights + i];
        const weight = Math.max(Wmin, raised - archive.depression[history + target]);
        input[inputAt + target + (weight > 0 ? 0 : inhibitoryOffset)] += weight;
        to.record?.note(n, i32[at + R.ROW_SOURCE], to.group.nodeId(target), weight);
        f64[weights + i] = weight;
        f64[lasts + i] = potentiation.sums[history + target];
      }
    }
  }

  /** The weight of synapse `i` after the potentiation of its window (m - d, b]. */
  private potentiated(
    at: number,
    i: number,
    target: number,
    b: number,
    x: number,
    archive: ClopathArchive,
    p: Potentiation,
  ): number {
    const { f64, i32 } = this.segment;
    const { window, table } = this;
    const { Wmax } = table.variants[i32[at + R.ROW_VARIANT]].parameters;
    const weight = f64[i32[at + R.ROW_WEIGHTS] + i];
    const settled = (i32[at + R.ROW_FLAGS] & R.SETTLED) !== 0;
    let raised = weight;
    // Before a row's first spike there is nothing to read: see `allocateResidentF64`.
    if (x > 0) {
      const last = f64[i32[at + R.ROW_LASTS] + i];
      const entries = archive.entries[target];
      if (settled) raised += last;
      else if (entries && window.open) {
        raised = this.entryByEntry(at, i, target, b, x, archive, p, entries);
      } else if (entries) {
        // As for a settled row, whether it was settled already or not.
        raised += this.entryByEntry(at, i, target, b, x, archive, p, entries) - weight;
      } else {
        raised += this.amount(archive, p, last, archive.historyAt(b), target);
      }
    }
    if (raised <= Wmax) return raised;
    // A weight above the cap stays there until there is potentiation, be it of amount 0.
    const above = (i32[at + R.ROW_FLAGS] & R.ABOVE_CAP) !== 0;
    const m = i32[at + R.ROW_LAST_SPIKE];
    const start = Math.max(0, archive.known.unknownTo(m), m - i32[at + R.ROW_DELAY]);
    return above && archive.latest[archive.historyAt(b) + target] <= start ? raised : Wmax;
  }

  /** Record the weights that a kernel transmitted. */
  private note(at: number, n: number, group: NodeGroup, record: WeightRecord): void {
    const { f64, i32 } = this.segment;
    for (let i = 0; i < i32[at + R.ROW_COUNT]; i++) {
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
    const { window } = this;
    const x = f64[(at + R.ROW_TRACE) / 2];
    if (x === 0 || (i32[at + R.ROW_FLAGS] & R.SETTLED) !== 0) return;
    this.open(at, now, archive, p);
    if (window.open) return;
    this.weigh(at, p, x);
    if (archive.hasEntries || i32[at + R.ROW_COUNT] < R.LEAST_FOR_KERNEL) {
      this.settleLiterally(at, x, archive, p);
    } else this.takeEarlier(at, archive, p);
    i32[at + R.ROW_FLAGS] |= R.SETTLED;
  }

  private settleLiterally(at: number, x: number, archive: ClopathArchive, p: Potentiation): void {
    const { f64, i32 } = this.segment;
    const weights = i32[at + R.ROW_WEIGHTS];
    const lasts = i32[at + R.ROW_LASTS];
    for (let i = 0; i < i32[at + R.ROW_COUNT]; i++) {
      const target = this.table.targetOf(at, i);
      const entries = archive.entries[target];
      f64[lasts + i] = entries
        ? this.entryByEntry(at, i, target, this.window.end, x, archive, p, entries) -
          f64[weights + i]
        : this.amount(archive, p, f64[lasts + i], 0, target);
    }
  }

  /** The epochs of the window (m - d, n - d] of the row at word `at`. */
  private open(at: number, n: number, archive: ClopathArchive, p: Potentiation): void {
    const { window } = this;
    const { i32 } = this.segment;
    const d = i32[at + R.ROW_DELAY];
    const m = i32[at + R.ROW_LAST_SPIKE];
    window.start = Math.max(archive.known.unknownTo(m), m - d);
    window.first = epochOf(window.start, p);
    const epochOfEnd = epochOf(Math.max(archive.known.oldest, n - d), p);
    window.open = epochOfEnd - window.first < p.windowEpochs;
    window.last = window.open ? epochOfEnd : window.first + p.windowEpochs - 1;
    window.end = (window.first + p.windowEpochs) * p.epochSteps - 1;
  }

  /** Their factors, for a trace of `x`. */
  private weigh(at: number, p: Potentiation, x: number): void {
    const { window, factors } = this;
    const { i32 } = this.segment;
    const d = i32[at + R.ROW_DELAY];
    const m = i32[at + R.ROW_LAST_SPIKE];
    for (let e = window.first; e <= window.last; e++) {
      factors[e - window.first] = x * exp(-((e * p.epochSteps + d - m) * p.decayPerStep));
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
      const s =
        e === window.last && window.open
          ? p.sums[history + target]
          : p.ends[(e % p.epochSlots) * archive.stride + target];
      sum += factors[e - window.first] * (s - before);
      before = 0;
    }
    return sum;
  }

  /**
   * The weight after the potentiation of the opened window, of which each archived entry is capped:
   * first what the running sums hold from before the entries were kept one by one.
   */
  private entryByEntry(
    at: number,
    i: number,
    target: number,
    b: number,
    x: number,
    archive: ClopathArchive,
    p: Potentiation,
    { steps, amounts }: Entries,
  ): number {
    const { f64, i32 } = this.segment;
    const { Wmax } = this.table.variants[i32[at + R.ROW_VARIANT]].parameters;
    const d = i32[at + R.ROW_DELAY];
    const m = i32[at + R.ROW_LAST_SPIKE];
    const last = f64[i32[at + R.ROW_LASTS] + i];
    const end = Math.min(b, this.window.end);
    const earlier = this.amount(archive, p, last, archive.historyAt(b), target);
    let weight = f64[i32[at + R.ROW_WEIGHTS] + i] + earlier;
    if (earlier > 0) weight = Math.min(Wmax, weight);
    for (let j = 0; j < steps.length; j++) {
      const k = steps[j];
      if (k <= this.window.start || k > end) continue;
      weight = Math.min(Wmax, weight + amounts[j] * x * exp(-(k + d - m) * p.decayPerStep));
    }
    return weight;
  }

  private advanceTrace(at: number, n: number, q: number, p: Potentiation): void {
    const { f64, i32 } = this.segment;
    const m = i32[at + R.ROW_LAST_SPIKE];
    let x = f64[(at + R.ROW_TRACE) / 2] * exp(-((n - m) * p.decayPerStep));
    for (let j = 0; j < q; j++) x += 1 / p.tau;
    f64[(at + R.ROW_TRACE) / 2] = x;
    i32[at + R.ROW_LAST_SPIKE] = n;
    i32[at + R.ROW_FLAGS] &= ~R.SETTLED;
  }
}

function rowKernels(signed: boolean): Kernel[] {
  return SHAPES.flatMap((contiguous) =>
    FORMS.map((form) => clopathRowKernel(form, contiguous, signed)),
  );
}

function byShape<Name extends PotentiationForm | EpochShare>(
  made: Readonly<Record<string, KernelFunction>>,
  names: readonly Name[],
): Kernels<Name> {
  const ofShape = (contiguous: boolean) =>
    Object.fromEntries(names.map((name) => [name, made[kernelName(name, contiguous)]])) as Record<
      Name,
      KernelFunction
    >;
  return { run: ofShape(true), list: ofShape(false) };
}
