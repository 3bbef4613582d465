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
import { exp } from '../math/index.js';
import type { Segment } from '../memory/segment.js';
import {
  type ClopathArchive,
  type Entries,
  type Potentiation,
  WINDOW_EPOCHS,
} from './clopath-archive.js';
import type { ConnectionTable } from './connection-table.js';
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

export class ClopathDelivery {
  private readonly window: Window = { first: 0, last: 0, end: 0, open: true };
  private readonly factors = new Float64Array(WINDOW_EPOCHS);

  constructor(
    private readonly table: ConnectionTable,
    private readonly segment: Segment,
  ) {}

  /**
   * A spike of multiplicity q, stamped n, through the row at word `at`: updates the weights and
   * adds them to `input`, where the group's first neuron has index `inputAt` (negative weights
   * `inhibitoryOffset` further on).
   */
  deliver(
    at: number,
    n: number,
    q: number,
    archive: ClopathArchive,
    potentiation: Potentiation,
    input: Float64Array,
    inputAt: number,
    inhibitoryOffset: number,
    record: WeightRecord | undefined,
    group: NodeGroup,
  ): void {
    const { table } = this;
    const { f64, i32 } = this.segment;
    const { Wmin, Wmax } = table.variants[i32[at + R.ROW_VARIANT]].parameters;
    const d = i32[at + R.ROW_DELAY];
    const m = i32[at + R.ROW_LAST_SPIKE];
    const x = f64[(at + R.ROW_TRACE) / 2];
    const count = i32[at + R.ROW_COUNT];
    const weights = i32[at + R.ROW_WEIGHTS];
    const lasts = i32[at + R.ROW_LASTS];
    const settled = i32[at + R.ROW_SETTLED] === 1;
    const b = n - d;
    const history = b > 0 ? archive.historyAt(b) : -1;
    if (x > 0 && !settled) this.open(potentiation, m, b, d, x);

    for (let i = 0; i < count; i++) {
      const target = table.targetOf(at, i);
      let weight = f64[weights + i];
      if (x > 0) {
        const amount = settled
          ? f64[lasts + i]
          : this.amount(archive, potentiation, f64[lasts + i], history, target);
        weight = capped(weight, amount, Wmax);
        if (archive.entries && !settled) {
          const end = Math.min(b, this.window.end);
          weight = entryByEntry(archive.entries[target], weight, x, m, end, d, potentiation, Wmax);
        }
      }
      const depression = history >= 0 ? archive.depression[history + target] : 0;
      for (let j = 0; j < q; j++) {
        weight = Math.max(Wmin, weight - depression);
        input[inputAt + target + (weight > 0 ? 0 : inhibitoryOffset)] += weight;
        record?.note(n, i32[at + R.ROW_SOURCE], group.nodeId(target), weight);
      }
      f64[weights + i] = weight;
      f64[lasts + i] = history >= 0 ? potentiation.sums[history + target] : 0;
    }
    this.advanceTrace(at, n, q, potentiation);
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
