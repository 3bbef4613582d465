/** What is kept of each connection from a Poisson generator, in columns: a million of them is not rare. */
import { blockBytes, type Segment } from '../memory/segment.js';

/** The group of what is in none: devices. */
export const NO_GROUP = -1;

/** What a connection is made with. */
export interface PoissonConnection {
  readonly generator: number;
  /** Node id of the target. */
  readonly target: number;
  /** Group of the target and index within it; NO_GROUP for a spike recorder. */
  readonly group: number;
  readonly index: number;
  readonly weight: number;
  /** Steps. */
  readonly delay: number;
  readonly call: number;
  /** Place among the connections of its call on this virtual process. */
  readonly position: number;
  readonly synapse: string;
}

const none = new Uint32Array(0);

export class PoissonColumns {
  /** Number of connections; columns may have room for more. */
  length = 0;
  generator = none;
  target = none;
  group = new Int32Array(0);
  index = none;
  weight = new Float64Array(0);
  delay = none;
  call = none;
  position = none;
  /** Index into `synapses`. */
  synapse = none;
  readonly synapses: string[] = [];
  /** Which connection between its generator and target it is, from 0. */
  ordinal = none;
  /** Number of waits begun, which keys the next draw. */
  begun = none;
  /** Cumulative mean, from step `since` on, at which the next spike falls due. */
  due = new Float64Array(0);
  since = none;
  nextStep = none;
  /** The next connection in the same slot of the calendar. */
  following = new Int32Array(0);
  /** Count drawn for the present step. */
  drawn = none;

  constructor(private readonly segment: Segment) {}

  /** Bytes of the columns beside the segment, room for more included. */
  get bytes(): number {
    const { buffer } = this.segment.memory;
    return Object.values(this).reduce(
      (n, c) => n + (ArrayBuffer.isView(c) && c.buffer !== buffer ? c.byteLength : 0),
      0,
    );
  }

  /** Make room for `count` connections more. */
  reserve(count: number): void {
    const { generator, length } = this;
    if (length + count > generator.length) {
      const room = Math.ceil(Math.max(length + count, GROWTH * length));
      this.renew(room, (column, larger) => larger.set(column));
    }
  }

  /** Appends a connection that has not begun to wait. */
  push(connection: PoissonConnection, now: number): void {
    this.reserve(1);
    const c = this.length++;
    this.generator[c] = connection.generator;
    this.target[c] = connection.target;
    this.group[c] = connection.group;
    this.index[c] = connection.index;
    this.weight[c] = connection.weight;
    this.delay[c] = connection.delay;
    this.call[c] = connection.call;
    this.position[c] = connection.position;
    const known = this.synapses.indexOf(connection.synapse);
    this.synapse[c] = known >= 0 ? known : this.synapses.push(connection.synapse) - 1;
    this.since[c] = now;
  }

  /** Puts connection order[i] at place i. */
  permute(order: Uint32Array): void {
    this.renew(order.length, (column, moved) => {
      for (let i = 0; i < order.length; i++) moved[i] = column[order[i]];
    });
  }

  private renew(length: number, fill: (old: Column, column: Column) => void): void {
    for (const [name, old] of Object.entries(this) as [ColumnName, Column][]) {
      if (!ArrayBuffer.isView(old)) continue;
      const column = this.column(name, old, length);
      fill(old, column);
      if (inKernels(name) && old.length > 0) this.segment.release(old);
      Object.assign(this, { [name]: column });
    }
  }

  private column(name: ColumnName, old: Column, length: number): Column {
    const Kind = old.constructor as new (...given: unknown[]) => Column;
    if (!inKernels(name)) return new Kind(length);
    const bytes = KERNEL_COLUMNS[name] * (length + SPARE);
    const start = this.segment.allocate(bytes, 'Poisson connections');
    return new Kind(this.segment.memory.buffer, start, length);
  }
}

type Column = Uint32Array | Int32Array | Float64Array;
type ColumnName = keyof PoissonColumns;

/** What kernels read and write is in the segment: bytes by column. */
const KERNEL_COLUMNS = {
  generator: 4,
  target: 4,
  ordinal: 4,
  index: 4,
  weight: 8,
  drawn: 4,
} as const;

function inKernels(name: ColumnName): name is keyof typeof KERNEL_COLUMNS {
  return Object.hasOwn(KERNEL_COLUMNS, name);
}

/** Kernels read a few words beyond those of the last connection. */
const SPARE = 3;
const GROWTH = 1.5;

/** Bytes of a connection in columns outside the segment. */
export const POISSON_CONNECTION_BYTES = 9 * 4 + 8;

/** Bytes of connections in the segment. */
export function poissonColumnBytes(connections: number): number {
  if (connections === 0) return 0;
  return Object.values(KERNEL_COLUMNS).reduce(
    (sum, bytes) => sum + blockBytes(bytes * (connections + SPARE)),
    0,
  );
}
