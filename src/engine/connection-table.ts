/** The synapses onto a virtual process's nodes, as rows by source (layout: row.ts). */
import type { ConnectCall } from '../connectivity/connect-call.js';
import type { Segment } from '../memory/segment.js';
import type { SynapseModel } from '../models/spec.js';
import * as R from './row.js';

/** Parameters of a synapse that are kept per row: all but the weight and the delay. */
export type RowParameters = Readonly<Record<string, number>>;

/** What the rows of one synapse model with equal parameters have in common. */
export class Variant {
  constructor(
    readonly index: number,
    /** Name as the user gave it, and the model behind it. */
    readonly synapse: string,
    readonly model: SynapseModel,
    /** Node id of the weight recorder, 0 for none. */
    readonly recorder: number,
    readonly parameters: RowParameters,
  ) {}
}

/** The words of a new row that its maker decides. */
export interface RowDescription {
  readonly source: number;
  readonly call: number;
  readonly group: number;
  readonly count: number;
  readonly delay: number;
  readonly variant: number;
  readonly targets: number;
  readonly contiguous: boolean;
  readonly weights: number;
  readonly lasts: number;
  readonly positions: number;
  readonly base: number;
}

export class ConnectionTable {
  readonly variants: Variant[] = [];
  private readonly variantsByKey = new Map<string, Variant>();
  /** Number of synapses. */
  connectionCount = 0;
  rowCount = 0;
  /** Word index in the segment of the first row. */
  rowsAt: number;
  /** Rows of source s are firstRow[s] ... firstRow[s + 1] - 1, once `sortRows` has run. */
  firstRow = new Uint32Array(2);
  private rows: Int32Array;
  /** 0, 1, 2, ..., for `targetsOf`. */
  private consecutive = new Uint32Array(0);
  private sorted = true;
  /** Changes whenever rows are added. */
  version = 0;

  constructor(readonly segment: Segment) {
    this.rows = segment.allocateI32(R.ROW_WORDS, 'rows of connections');
    this.rowsAt = this.rows.byteOffset / 4;
  }

  variant(call: ConnectCall, model: SynapseModel, parameters: RowParameters): Variant {
    const { name, recorder } = call.synapse;
    return this.variantOf(name, model, recorder, parameters);
  }

  /** The variant that differs from `old` in its parameters. */
  variantWith(old: Variant, parameters: RowParameters): Variant {
    return this.variantOf(old.synapse, old.model, old.recorder, parameters);
  }

  private variantOf(
    synapse: string,
    model: SynapseModel,
    recorder: number,
    parameters: RowParameters,
  ): Variant {
    // The last blank separates name and numbers, as numbers hold none. 0 and -0 are written alike.
    const key = `${synapse} ${[recorder, ...Object.values(parameters)].join()}`;
    const known = this.variantsByKey.get(key);
    if (known) return known;
    const own = Object.fromEntries(
      Object.entries(parameters).map(([parameter, x]) => [parameter, x + 0]),
    );
    const added = new Variant(this.variants.length, synapse, model, recorder, own);
    this.variants.push(added);
    this.variantsByKey.set(key, added);
    return added;
  }

  addRow(row: RowDescription): void {
    if ((this.rowCount + 1) * R.ROW_WORDS > this.rows.length) this.resize(grown(this.rowCount));
    const at = this.rowCount * R.ROW_WORDS;
    // A row that was dropped may have been here.
    this.rows.fill(0, at, at + R.ROW_WORDS);
    this.rows[at + R.ROW_SOURCE] = row.source;
    this.rows[at + R.ROW_CALL] = row.call;
    this.rows[at + R.ROW_GROUP] = row.group;
    this.rows[at + R.ROW_COUNT] = row.count;
    this.rows[at + R.ROW_DELAY] = row.delay;
    this.rows[at + R.ROW_VARIANT] = row.variant;
    this.rows[at + R.ROW_TARGETS] = row.targets;
    this.rows[at + R.ROW_FLAGS] = row.contiguous ? R.CONTIGUOUS : 0;
    this.rows[at + R.ROW_WEIGHTS] = row.weights;
    this.rows[at + R.ROW_LASTS] = row.lasts;
    this.rows[at + R.ROW_POSITIONS] = row.positions;
    this.rows[at + R.ROW_BASE] = row.base;
    this.rows[at + R.ROW_RANK] = this.rowCount;
    this.rowCount += 1;
    this.connectionCount += row.count;
    this.flagAboveCap(this.rowCount - 1);
    this.sorted = false;
    this.version += 1;
  }

  /** Order rows by source, keeping their order otherwise, and index them for `nodes` ids. */
  sortRows(nodes: number): void {
    if (this.sorted && this.firstRow.length === nodes + 2) return;
    const { rows, rowCount } = this;
    const firstRow = new Uint32Array(nodes + 2);
    for (let r = 0; r < rowCount; r++) firstRow[rows[r * R.ROW_WORDS + R.ROW_SOURCE] + 1] += 1;
    for (let s = 1; s < firstRow.length; s++) firstRow[s] += firstRow[s - 1];
    const next = firstRow.slice();
    const sorted = this.segment.allocateI32(
      Math.max(1, rowCount) * R.ROW_WORDS,
      'rows of connections',
    );
    for (let r = 0; r < rowCount; r++) {
      const at = r * R.ROW_WORDS;
      const to = next[rows[at + R.ROW_SOURCE]]++ * R.ROW_WORDS;
      sorted.set(rows.subarray(at, at + R.ROW_WORDS), to);
    }
    this.adopt(sorted);
    this.firstRow = firstRow;
    this.sorted = true;
  }

  largestSource(): number {
    let largest = 0;
    for (let r = 0; r < this.rowCount; r++) {
      largest = Math.max(largest, this.rows[r * R.ROW_WORDS + R.ROW_SOURCE]);
    }
    return largest;
  }

  /** Word index of a row in the segment. */
  rowAt(row: number): number {
    return this.rowsAt + row * R.ROW_WORDS;
  }

  /** Note if a plastic row has weights above its Wmax. */
  flagAboveCap(row: number): void {
    const { i32, f64 } = this.segment;
    const at = this.rowAt(row);
    const { model, parameters } = this.variants[i32[at + R.ROW_VARIANT]];
    const { Wmax } = parameters;
    if (i32[at + R.ROW_LASTS] === 0 || model.archive !== 'clopath') return;
    const weights = i32[at + R.ROW_WEIGHTS];
    const end = weights + i32[at + R.ROW_COUNT];
    for (let i = weights; i < end; i++) {
      if (f64[i] <= Wmax) continue;
      i32[at + R.ROW_FLAGS] |= R.ABOVE_CAP;
      return;
    }
  }

  /** Index within its group of the target of synapse `i` of the row at word `at`. */
  targetOf(at: number, i: number): number {
    const { i32, u32 } = this.segment;
    const targets = i32[at + R.ROW_TARGETS];
    const contiguous = (i32[at + R.ROW_FLAGS] & R.CONTIGUOUS) !== 0;
    return contiguous ? targets + i : u32[targets + i];
  }

  setVariant(row: number, variant: Variant): void {
    this.segment.i32[this.rowAt(row) + R.ROW_VARIANT] = variant.index;
    this.flagAboveCap(row);
    this.version += 1;
  }

  /** Leave a row without synapses, until `restoreOrder` drops it. */
  removeRow(row: number): void {
    const { i32 } = this.segment;
    const at = this.rowAt(row);
    this.connectionCount -= i32[at + R.ROW_COUNT];
    i32[at + R.ROW_COUNT] = 0;
  }

  /**
   * Drop emptied rows and put rows in the order (source, call, delay, parameters). What comes to be alike in these
   * stays in the order in which it was: so the order of two synapses follows from what was set for them, and not
   * from which others were in their row.
   */
  restoreOrder(): void {
    const { rows } = this;
    const word = (row: number, at: number): number => rows[row * R.ROW_WORDS + at];
    const kept = Array.from({ length: this.rowCount }, (_, row) => row).filter(
      (row) => word(row, R.ROW_COUNT) > 0,
    );
    kept.sort(
      (a, b) =>
        word(a, R.ROW_SOURCE) - word(b, R.ROW_SOURCE) ||
        word(a, R.ROW_CALL) - word(b, R.ROW_CALL) ||
        word(a, R.ROW_DELAY) - word(b, R.ROW_DELAY) ||
        compareParameters(
          this.variants[word(a, R.ROW_VARIANT)].parameters,
          this.variants[word(b, R.ROW_VARIANT)].parameters,
        ) ||
        word(a, R.ROW_RANK) - word(b, R.ROW_RANK),
    );
    const old = rows.slice(0, this.rowCount * R.ROW_WORDS);
    kept.forEach((row, to) => {
      const at = row * R.ROW_WORDS;
      rows.set(old.subarray(at, at + R.ROW_WORDS), to * R.ROW_WORDS);
      rows[to * R.ROW_WORDS + R.ROW_RANK] = to;
    });
    this.rowCount = kept.length;
    this.sorted = false;
  }

  /** Indices within their group of all targets of the row at word `at`. */
  targetsOf(at: number): Uint32Array {
    const { i32, u32 } = this.segment;
    const count = i32[at + R.ROW_COUNT];
    const targets = i32[at + R.ROW_TARGETS];
    if ((i32[at + R.ROW_FLAGS] & R.CONTIGUOUS) === 0) return u32.subarray(targets, targets + count);
    if (targets + count > this.consecutive.length) {
      this.consecutive = new Uint32Array(2 * (targets + count)).map((_, i) => i);
    }
    return this.consecutive.subarray(targets, targets + count);
  }

  /** Make room for so many rows more. */
  reserve(more: number): void {
    const rowCount = this.rowCount + more;
    if (rowCount * R.ROW_WORDS > this.rows.length) this.resize(rowCount);
  }

  private resize(rowCount: number): void {
    const larger = this.segment.allocateI32(rowCount * R.ROW_WORDS, 'rows of connections');
    larger.set(this.rows.subarray(0, this.rowCount * R.ROW_WORDS));
    this.adopt(larger);
  }

  private adopt(rows: Int32Array): void {
    this.segment.release(this.rows);
    this.rows = rows;
    this.rowsAt = rows.byteOffset / 4;
  }
}

/** Room for rows when `rows` are there and one more comes. */
function grown(rows: number): number {
  return 2 * rows + 16;
}

/**
 * Most bytes that the table of `rows` rows takes before it is sorted: its last two sizes, for the
 * others fit where earlier ones were, and a copy when it is sorted.
 */
export function growingTableBytes(rows: number): number {
  let capacity = 1;
  while (capacity < rows) capacity = grown(capacity);
  return 2 * capacity * R.ROW_BYTES;
}

/** Of all rows by source, once sorted: in the segment, and for the index of `nodes` ids outside. */
export function sortedTableBytes(rows: number): number {
  return rows * R.ROW_BYTES;
}
export function rowIndexBytes(nodes: number): number {
  return 4 * (nodes + 2);
}

/** Order of parameter combinations by value, names in the order the model states them. */
export function compareParameters(a: RowParameters, b: RowParameters): number {
  const differing = Object.keys(a).find((name) => a[name] !== b[name]);
  return differing === undefined ? 0 : a[differing] - b[differing];
}
