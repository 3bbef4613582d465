/** What is kept of each connection from a Poisson generator, in columns: a million of them is not rare. */

/** What a connection is made with. */
export interface PoissonConnection {
  readonly generator: number;
  /** Node id of the target. */
  readonly target: number;
  /** Group of the target and index within it; group -1 for a spike recorder. */
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

  /** Make room for `count` connections more. */
  reserve(count: number): void {
    const { generator, length } = this;
    if (length + count > generator.length) {
      this.renew((column) => resized(column, Math.max(length + count, GROWTH * length)));
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
    this.renew((column) => permuted(column, order));
  }

  private renew(change: (column: Column) => Column): void {
    for (const [name, column] of Object.entries(this)) {
      if (ArrayBuffer.isView(column)) Object.assign(this, { [name]: change(column as Column) });
    }
  }
}

type Column = Uint32Array | Int32Array | Float64Array;

const GROWTH = 1.5;

/** Bytes of a connection in all columns. */
export const POISSON_CONNECTION_BYTES = 14 * 4 + 2 * 8;

function resized<T extends Column>(column: T, length: number): T {
  const larger = new (column.constructor as new (length: number) => T)(Math.ceil(length));
  larger.set(column);
  return larger;
}

function permuted<T extends Column>(column: T, order: Uint32Array): T {
  const moved = new (column.constructor as new (length: number) => T)(order.length);
  for (let i = 0; i < order.length; i++) moved[i] = column[order[i]];
  return moved;
}
