/** Plastic rows and their archive without a network: states and spikes are given step by step. */
import { ClopathArchive, type Potentiation } from '../../src/engine/clopath-archive.js';
import { ClopathDelivery } from '../../src/engine/clopath-delivery.js';
import { DelayLines } from '../../src/engine/delay-lines.js';
import type { Engine } from '../../src/engine/engine.js';
import * as R from '../../src/engine/row.js';
import { synapseModels } from '../../src/models/registry.js';
import { AEIF, connectCall, makeEngine, neurons, type Setting } from './in-process.js';

export const STATES = ['V_m', 'u_bar_plus', 'u_bar_minus', 'u_bar_bar'] as const;
export type States = Readonly<Record<(typeof STATES)[number], Float64Array>>;

/** One source onto some neurons, given by their indices; ascending, repetitions allowed. */
export interface RowSpec {
  readonly targets: readonly number[];
  readonly weights: readonly number[];
  readonly delay: number;
  readonly tau_x: number;
  readonly Wmin: number;
  readonly Wmax: number;
}

export class PlasticRows {
  readonly engine: Engine;
  readonly archive: ClopathArchive;
  readonly lines: DelayLines;
  private readonly delivery: ClopathDelivery;
  private readonly input: Float64Array;
  private readonly longestDelay: number;

  constructor(
    readonly size: number,
    readonly rows: readonly RowSpec[],
    given: Readonly<Record<string, number | Float64Array>> = {},
    setting: Setting = {},
  ) {
    this.engine = makeEngine(setting);
    const { engine } = this;
    const { segment } = engine;
    engine.createNeurons(neurons(AEIF, 1, size, given));
    this.lines = new DelayLines(engine.groups[0], segment);
    this.archive = new ClopathArchive(engine.groups[0], this.lines, segment);
    rows.forEach((row, source) => {
      this.addRow(row, source + 1);
    });
    for (let row = 0; row < rows.length; row++) {
      const at = engine.table.rowAt(row);
      this.archive.usedBy(segment.i32[at + R.ROW_VARIANT], rows[row].tau_x, rows[row].targets);
    }
    this.longestDelay = Math.max(1, ...rows.map(({ delay }) => delay));
    this.archive.resize(0, this.longestDelay, 1);
    this.delivery = new ClopathDelivery(engine.table, segment, engine.kernels);
    this.delivery.serveSigned();
    // The second half is where weights go that are not positive.
    this.input = segment.allocateF64(2 * this.archive.stride, 'test');
  }

  private addRow(row: RowSpec, source: number): void {
    const { segment, table } = this.engine;
    const { targets: ids, Wmin, Wmax, tau_x } = row;
    const all = [{ first: 1, count: this.size }];
    const rule = { rule: 'all_to_all', allow_autapses: true, allow_multapses: true } as const;
    const call = connectCall({ rule, sources: all, targets: all, model: 'clopath_synapse' });
    const contiguous = ids.every((id, i) => id === ids[0] + i);
    const list = segment.allocateU32(ids.length, 'test');
    list.set(ids);
    const weights = segment.allocateF64(ids.length, 'test');
    weights.set(row.weights);
    table.addRow({
      source,
      call: 0,
      group: 0,
      count: ids.length,
      delay: row.delay,
      variant: table.variant(call, synapseModels.get('clopath_synapse')!, { tau_x, Wmin, Wmax })
        .index,
      targets: contiguous ? ids[0] : list.byteOffset / 4,
      contiguous,
      weights: weights.byteOffset / 8,
      lasts: segment.allocateF64(ids.length, 'test').byteOffset / 8,
      positions: 0,
      base: 0,
    });
  }

  /** What the neurons are like at the end of a step. */
  step(step: number, states: States): void {
    for (const name of STATES) this.engine.groups[0].state(name).set(states[name]);
    for (const tile of this.engine.groups[0].tiles) {
      this.lines.endStep(step, tile);
      this.archive.endStep(step, tile);
    }
  }

  private at(row: number): number {
    return this.engine.table.rowAt(row);
  }

  potentiationOf(row: number): Potentiation {
    return this.archive.potentiationOf(this.engine.segment.i32[this.at(row) + R.ROW_VARIANT]);
  }

  /**
   * A presynaptic spike through a row; returns what it adds to the neurons' input, and then, if that is
   * `signed`, what of it are weights that are not positive.
   */
  spike(row: number, step: number, multiplicity = 1, signed = false): number[] {
    const { archive, input } = this;
    input.fill(0);
    this.delivery.deliver(this.at(row), step, multiplicity, {
      group: this.engine.groups[0],
      groupIndex: 0,
      arrival: step + this.rows[row].delay,
      archive,
      potentiation: this.potentiationOf(row),
      input,
      inputAt: 0,
      inputAddress: input.byteOffset,
      inhibitoryOffset: signed ? archive.stride : 0,
      record: undefined,
    });
    return Array.from(input);
  }

  /** What the cycle does once per epoch. */
  settle(step: number): void {
    for (let row = 0; row < this.rows.length; row++) {
      this.delivery.settleIfSilent(this.at(row), step, this.archive, this.potentiationOf(row));
    }
  }

  isSettled(row: number): boolean {
    return (this.engine.segment.i32[this.at(row) + R.ROW_FLAGS] & R.SETTLED) !== 0;
  }

  weights(row: number): Float64Array {
    return this.column(row, R.ROW_WEIGHTS);
  }

  /** All that a row keeps from one spike to the next. */
  everything(row: number): number[] {
    const { segment } = this.engine;
    const at = this.at(row);
    const trace = segment.f64[(at + R.ROW_TRACE) / 2];
    const words = [segment.i32[at + R.ROW_LAST_SPIKE], segment.i32[at + R.ROW_FLAGS]];
    return [...this.weights(row), ...this.column(row, R.ROW_LASTS), trace, ...words];
  }

  private column(row: number, word: number): Float64Array {
    const start = this.engine.segment.i32[this.at(row) + word];
    return this.engine.segment.f64.slice(start, start + this.rows[row].targets.length);
  }
}
