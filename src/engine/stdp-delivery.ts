/**
 * stdp_synapse at a presynaptic spike (docs/MODELS.md), a row at a time.
 *
 * With m the row's last presynaptic spike, n the present one and d the delay, the synapse is
 * potentiated at each spike of its target in the window (m - d, n - d], then depressed by the
 * target's K- at step n - d, then transmits. Here a weight is a share v of Wmax.
 *
 * Potentiation ends WINDOW_TAUS tau_plus after the presynaptic spike: what comes later is worth less
 * than exp(-48) of it, and is dropped, always. A row whose source has been silent for that long
 * can be settled: `lasts` then holds by how much v grows at the next spike, so that the archive may
 * forget. An unsettled row adds the same amount then. The weight itself stays as it was transmitted.
 * A weight above Wmax stays, too, until the target spikes.
 */
import { pow } from '../math/index.js';
import type { Segment } from '../memory/segment.js';
import type { ConnectionTable, Variant } from './connection-table.js';
import type { Decay, Decays } from './decay.js';
import type { InputRing } from './input-ring.js';
import type { PlasticTarget } from './plasticity.js';
import * as R from './row.js';
import { NO_SPIKE, type SpikeArchive } from './spike-archive.js';

const WINDOW_TAUS = 48;

/** Parameters of a variant, as delivery uses them. */
export interface StdpRule {
  readonly Wmax: number;
  readonly lambda: number;
  readonly mu_plus: number;
  readonly mu_minus: number;
  /** alpha lambda */
  readonly depression: number;
  /** Of K+. */
  readonly decay: Decay;
  /** Steps after a presynaptic spike in which the target's spikes potentiate. */
  readonly windowSteps: number;
}

/** How long after its spike a source can gain by spikes of the target, in steps. */
export function windowSteps(tauPlus: number, resolution: number): number {
  return Math.max(1, Math.floor((WINDOW_TAUS * tauPlus) / resolution));
}

export function stdpRule({ parameters }: Variant, resolution: number, known: Decays): StdpRule {
  const { Wmax, lambda, alpha, mu_plus, mu_minus, tau_plus } = parameters;
  return {
    Wmax,
    lambda,
    mu_plus,
    mu_minus,
    depression: alpha * lambda,
    decay: known.of(resolution / tau_plus),
    windowSteps: windowSteps(tau_plus, resolution),
  };
}

/** What a row's synapses have in common at a presynaptic spike, or when it is settled. */
interface RowState {
  rule: StdpRule;
  archive: SpikeArchive;
  /** m - d, the same or, if it was not known then, the last step that was not, and the last step that counts. */
  start: number;
  known: number;
  end: number;
  /** K+ after the spike in step m. */
  trace: number;
}

export class StdpDelivery {
  private readonly row = {} as RowState;
  private readonly segment: Segment;
  /** Positions of the target's spikes in the window, the latest first. */
  private readonly path: number[] = [];

  constructor(
    private readonly table: ConnectionTable,
    private readonly ring: InputRing,
  ) {
    this.segment = table.segment;
  }

  /** See Plasticity.deliver. */
  deliver(
    at: number,
    n: number,
    q: number,
    to: PlasticTarget,
    archive: SpikeArchive,
    rule: StdpRule,
  ): void {
    const { f64, i32 } = this.segment;
    const { table } = this;
    const b = n - i32[at + R.ROW_DELAY];
    const settled = (i32[at + R.ROW_FLAGS] & R.SETTLED) !== 0;
    const complete = n - i32[at + R.ROW_LAST_SPIKE] >= rule.windowSteps;
    this.open(at, archive, rule, b);
    const weights = i32[at + R.ROW_WEIGHTS];
    const lasts = i32[at + R.ROW_LASTS];
    const count = i32[at + R.ROW_COUNT];
    for (let i = 0; i < count; i++) {
      const target = table.targetOf(at, i);
      let v = f64[weights + i] / rule.Wmax;
      let Kminus = 0;
      if (b > archive.known.oldest) {
        const latest = archive.latestUpTo(target, b);
        const step = archive.stepOfLatest(target, latest);
        if (step > this.row.known) {
          if (settled) v = Math.min(1, Math.min(1, v) + f64[lasts + i]);
          else if (complete) v = Math.min(1, Math.min(1, v) + this.gain(v, latest));
          else v = this.potentiated(v, latest);
        }
        const before = step === b ? archive.latestUpTo(target, b - 1) : latest;
        Kminus = archive.traceAt(target, before, b);
      }
      for (let j = 0; j < q; j++) {
        v = Math.max(0, v - rule.depression * power(v, rule.mu_minus) * Kminus);
        f64[weights + i] = v * rule.Wmax;
        this.send(at, n, target, f64[weights + i], to);
        v = f64[weights + i] / rule.Wmax;
      }
    }
    this.advanceTrace(at, n, q, rule);
  }

  private open(at: number, archive: SpikeArchive, rule: StdpRule, b: number): void {
    const { f64, i32 } = this.segment;
    const { row } = this;
    row.rule = rule;
    row.archive = archive;
    const m = i32[at + R.ROW_LAST_SPIKE];
    row.start = m - i32[at + R.ROW_DELAY];
    row.known = Math.max(row.start, archive.known.unknownTo(m));
    row.end = Math.min(b, row.start + rule.windowSteps);
    row.trace = f64[(at + R.ROW_TRACE) / 2];
  }

  /** v after the spikes of the window; `latest` is the position of the target's last one. */
  private potentiated(v: number, latest: number): number {
    // Without a trace a spike does no more than cap.
    return this.row.trace === 0 ? Math.min(1, v) : this.climb(v, this.findPath(latest));
  }

  /** By how much v is above min(1, v) after the spikes of the window; 0 if there are none. */
  private gain(v: number, latest: number): number {
    if (this.row.trace === 0) return 0;
    const length = this.findPath(latest);
    return length === 0 ? 0 : this.climb(v, length) - Math.min(1, v);
  }

  /** Finds the spikes of the window, going back from `latest`; returns their number. */
  private findPath(latest: number): number {
    const { row, path } = this;
    const { archive, known: start, end } = row;
    let length = 0;
    for (let at = latest; at !== NO_SPIKE; at = archive.before(at)) {
      const step = archive.stepOf(at);
      if (step <= start) break;
      if (step <= end) path[length++] = at;
    }
    return length;
  }

  /** v after the spikes that were found. */
  private climb(v: number, length: number): number {
    const { row, path } = this;
    const { archive, rule, trace, start } = row;
    let share = v;
    for (let j = length - 1; j >= 0; j--) {
      const elapsed = archive.stepOf(path[j]) - start;
      const decayed = trace * rule.decay.over(elapsed);
      for (let k = archive.multiplicityOf(path[j]); k > 0; k--) {
        const room = power(Math.max(0, 1 - share), rule.mu_plus);
        share = Math.min(1, share + rule.lambda * room * decayed);
      }
    }
    return share;
  }

  /**
   * Settle the row if its window is over by step `now`, for whatever spike comes next; returns
   * whether it needs no more of the archive.
   */
  settleIfSilent(at: number, now: number, archive: SpikeArchive, rule: StdpRule): boolean {
    const { f64, i32 } = this.segment;
    if (f64[(at + R.ROW_TRACE) / 2] === 0 || (i32[at + R.ROW_FLAGS] & R.SETTLED) !== 0) return true;
    if (now - i32[at + R.ROW_LAST_SPIKE] < rule.windowSteps) return false;
    this.open(at, archive, rule, now - i32[at + R.ROW_DELAY]);
    const weights = i32[at + R.ROW_WEIGHTS];
    const lasts = i32[at + R.ROW_LASTS];
    for (let i = 0; i < i32[at + R.ROW_COUNT]; i++) {
      const latest = archive.latestUpTo(this.table.targetOf(at, i), this.row.end);
      f64[lasts + i] = this.gain(f64[weights + i] / rule.Wmax, latest);
    }
    i32[at + R.ROW_FLAGS] |= R.SETTLED;
    return true;
  }

  private send(at: number, n: number, target: number, weight: number, to: PlasticTarget): void {
    if (to.group.model.input === 'count') {
      this.ring.count(to.arrival, to.group.firstLocal + target, 1);
    } else {
      to.input[to.inputAt + target + (weight > 0 ? 0 : to.inhibitoryOffset)] += weight;
    }
    to.record?.note(n, this.segment.i32[at + R.ROW_SOURCE], to.group.nodeId(target), weight);
  }

  private advanceTrace(at: number, n: number, q: number, rule: StdpRule): void {
    const { f64, i32 } = this.segment;
    const elapsed = n - i32[at + R.ROW_LAST_SPIKE];
    let trace = f64[(at + R.ROW_TRACE) / 2] * rule.decay.over(elapsed);
    for (let j = 0; j < q; j++) trace += 1;
    f64[(at + R.ROW_TRACE) / 2] = trace;
    i32[at + R.ROW_LAST_SPIKE] = n;
    i32[at + R.ROW_FLAGS] &= ~R.SETTLED;
  }
}

/** v^mu; exponents 0 and 1 are the additive and the multiplicative rule. */
function power(v: number, mu: number): number {
  if (mu === 1) return v;
  return mu === 0 ? 1 : pow(v, mu);
}
