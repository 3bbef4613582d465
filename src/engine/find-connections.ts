/** Finding connections on a virtual process by source, target and model: where each is kept, in columns. */
import { type IdData, idsFrom } from '../connectivity/id-set.js';
import { IntList } from '../memory/columns.js';
import {
  type DeviceConnection,
  deviceConnection,
  deviceConnectionCount,
} from './device-connection.js';
import type { Engine } from './engine.js';
import * as R from './row.js';
import { stableSortBy } from './stable-sort.js';

export interface ConnectionFilter {
  readonly sources?: IdData | undefined;
  readonly targets?: IdData | undefined;
  /** Name of a synapse model, built-in or a copy. */
  readonly synapse?: string | undefined;
  /** Connections of later connect calls are left out. */
  readonly lastCall: number;
}

/** Instead of a row, that of connections of Poisson and current generators. */
export const DEVICE = -1;

/** Where connections are kept: in which row, as which of its synapses; or by the number of device-connection.ts. */
interface Places {
  readonly rows: Int32Array;
  readonly synapses: Int32Array;
}

/** With the ids of their ends. */
export interface Found extends Places {
  readonly sources: Uint32Array;
  readonly targets: Uint32Array;
}

/** All connections of the process that pass the filter, in the order (source, target, creation). */
export function findConnections(engine: Engine, filter: ConnectionFilter): Found {
  const rows = new IntList();
  const synapses = new IntList();
  const sources = membership(filter.sources);
  const targets = membership(filter.targets);
  const count = engine.table.rowCount;
  for (let row = 0; row < count; row++) {
    if (rowPasses(engine, row, filter, sources)) collect(engine, row, targets, rows, synapses);
  }
  for (let d = 0; d < deviceConnectionCount(engine); d++) {
    const device = deviceConnection(engine, d);
    if (!device || !devicePasses(device, filter, sources, targets)) continue;
    rows.push(DEVICE);
    synapses.push(d);
  }
  return inOrder(engine, {
    rows: rows.values.subarray(0, rows.length),
    synapses: synapses.values.subarray(0, synapses.length),
  });
}

/** By id, 1 for each of these; undefined if all belong. */
function membership(ids: IdData | undefined): Uint8Array | undefined {
  if (ids === undefined) return undefined;
  const members = idsFrom(ids).toArray();
  const marks = new Uint8Array(members.reduce((most, id) => Math.max(most, id), 0) + 1);
  for (let i = 0; i < members.length; i++) marks[members[i]] = 1;
  return marks;
}

function belongs(id: number, marks: Uint8Array | undefined): boolean {
  return marks === undefined || (id < marks.length && marks[id] === 1);
}

function rowPasses(
  { table, segment }: Engine,
  row: number,
  filter: ConnectionFilter,
  sources: Uint8Array | undefined,
): boolean {
  const at = table.rowAt(row);
  return (
    belongs(segment.i32[at + R.ROW_SOURCE], sources) &&
    segment.i32[at + R.ROW_CALL] <= filter.lastCall &&
    (filter.synapse === undefined ||
      table.variants[segment.i32[at + R.ROW_VARIANT]].synapse === filter.synapse)
  );
}

function devicePasses(
  { generator, target, call, synapse }: DeviceConnection,
  filter: ConnectionFilter,
  sources: Uint8Array | undefined,
  targets: Uint8Array | undefined,
): boolean {
  return (
    belongs(generator, sources) &&
    belongs(target, targets) &&
    call <= filter.lastCall &&
    (filter.synapse === undefined || synapse === filter.synapse)
  );
}

/** The synapses of a row onto some targets. */
function collect(
  { table, segment, groups }: Engine,
  row: number,
  targets: Uint8Array | undefined,
  rows: IntList,
  synapses: IntList,
): void {
  const at = table.rowAt(row);
  const group = groups[segment.i32[at + R.ROW_GROUP]];
  const count = segment.i32[at + R.ROW_COUNT];
  for (let i = 0; i < count; i++) {
    if (targets && !belongs(group.nodeId(table.targetOf(at, i)), targets)) continue;
    rows.push(row);
    synapses.push(i);
  }
}

/** A number by which connections are ordered: of synapse `i` of the row at word `at`, and of a generator's. */
interface Key {
  ofSynapse(engine: Engine, at: number, i: number): number;
  ofDevice(connection: DeviceConnection): number;
}

const SOURCE: Key = {
  ofSynapse: ({ segment }, at) => segment.i32[at + R.ROW_SOURCE],
  ofDevice: ({ generator }) => generator,
};
const TARGET: Key = {
  ofSynapse: ({ segment, table, groups }, at, i) =>
    groups[segment.i32[at + R.ROW_GROUP]].nodeId(table.targetOf(at, i)),
  ofDevice: ({ target }) => target,
};
const CALL: Key = {
  ofSynapse: ({ segment }, at) => segment.i32[at + R.ROW_CALL],
  ofDevice: ({ call }) => call,
};
const PLACE: Key = {
  ofSynapse: ({ segment: { i32, u32 } }, at, i) => {
    const places = i32[at + R.ROW_POSITIONS];
    return places === 0 ? i32[at + R.ROW_BASE] + i : u32[places + i];
  },
  ofDevice: ({ position }) => position,
};

/** Sorted by one key after the other, the least important first. */
function inOrder(engine: Engine, places: Places): Found {
  const { length } = places.rows;
  const sources = readKeys(engine, places, SOURCE);
  const targets = readKeys(engine, places, TARGET);
  let order: Uint32Array = new Uint32Array(length);
  for (let c = 0; c < length; c++) order[c] = c;
  order = stableSortBy(readKeys(engine, places, PLACE), order);
  order = stableSortBy(readKeys(engine, places, CALL), order);
  order = stableSortBy(targets, order);
  order = stableSortBy(sources, order);
  return {
    rows: permuted(places.rows, order, new Int32Array(length)),
    synapses: permuted(places.synapses, order, new Int32Array(length)),
    sources: permuted(sources, order, new Uint32Array(length)),
    targets: permuted(targets, order, new Uint32Array(length)),
  };
}

function readKeys(engine: Engine, { rows, synapses }: Places, key: Key): Uint32Array {
  const keys = new Uint32Array(rows.length);
  for (let c = 0; c < keys.length; c++) {
    keys[c] =
      rows[c] === DEVICE
        ? key.ofDevice(deviceConnection(engine, synapses[c])!)
        : key.ofSynapse(engine, engine.table.rowAt(rows[c]), synapses[c]);
  }
  return keys;
}

function permuted<T extends Int32Array | Uint32Array>(column: T, order: Uint32Array, into: T): T {
  for (let c = 0; c < order.length; c++) into[c] = column[order[c]];
  return into;
}
