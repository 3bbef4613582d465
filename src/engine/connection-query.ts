/** Reading and setting the connections of a virtual process that a filter finds. */
import type { Variant } from './connection-table.js';
import { deviceConnection } from './device-connection.js';
import type { Engine } from './engine.js';
import { type ConnectionFilter, DEVICE, type Found, findConnections } from './find-connections.js';
import * as R from './row.js';
import { splitRow } from './split-row.js';

export type { ConnectionFilter } from './find-connections.js';

/** Connections in the order (source, target, creation). */
export interface ConnectionColumns {
  readonly source: Uint32Array;
  readonly target: Uint32Array;
  readonly weight: Float64Array;
  /** ms */
  readonly delay: Float64Array;
  /** Index into `models` for each connection. */
  readonly model: Uint32Array;
  readonly models: readonly string[];
  /** Parameters of plastic synapses; NaN where a connection has no such parameter. */
  readonly parameters: Readonly<Record<string, Float64Array>>;
}

export function getConnections(engine: Engine, filter: ConnectionFilter): ConnectionColumns {
  const { table, segment } = engine;
  const { i32, f64 } = segment;
  const { rows, synapses, sources, targets } = findConnections(engine, filter);
  const { length } = rows;
  const models: string[] = [];
  const modelIndex = (name: string): number => {
    const known = models.indexOf(name);
    return known >= 0 ? known : models.push(name) - 1;
  };
  const weight = new Float64Array(length);
  const delay = new Float64Array(length);
  const model = new Uint32Array(length);
  for (let c = 0; c < length; c++) {
    if (rows[c] === DEVICE) {
      const device = deviceConnection(engine, synapses[c])!;
      weight[c] = device.weight;
      delay[c] = engine.grid.ms(device.delay);
      model[c] = modelIndex(device.synapse);
      continue;
    }
    const at = table.rowAt(rows[c]);
    weight[c] = f64[i32[at + R.ROW_WEIGHTS] + synapses[c]];
    delay[c] = engine.grid.ms(i32[at + R.ROW_DELAY]);
    model[c] = modelIndex(table.variants[i32[at + R.ROW_VARIANT]].synapse);
  }
  const parameters = readParameters(engine, rows);
  return { source: sources, target: targets, weight, delay, model, models, parameters };
}

/** All parameters that synapses of the process have, of each connection. */
function readParameters(
  { table, segment }: Engine,
  rows: Int32Array,
): Record<string, Float64Array> {
  const { i32 } = segment;
  const models = new Set(table.variants.map(({ model }) => model));
  // Which of them came first depends on who owns what.
  const names = [...new Set([...models].flatMap((model) => Object.keys(model.parameters)))].sort();
  const parameters: Record<string, Float64Array> = {};
  for (const name of names) {
    const values = new Float64Array(rows.length).fill(Number.NaN);
    for (let c = 0; c < rows.length; c++) {
      if (rows[c] === DEVICE) continue;
      const variant = table.variants[i32[table.rowAt(rows[c]) + R.ROW_VARIANT]];
      values[c] = variant.parameters[name] ?? Number.NaN;
    }
    parameters[name] = values;
  }
  return parameters;
}

/** Set weights or parameters of the connections that pass the filter, one value for all or one each. */
export function setConnections(
  engine: Engine,
  filter: ConnectionFilter,
  values: Readonly<Record<string, number | Float64Array>>,
): void {
  engine.beforeConnectionsChange();
  const found = findConnections(engine, filter);
  const { weight, ...parameters } = values;
  if (weight !== undefined) setWeights(engine, found, weight);
  if (Object.keys(parameters).length > 0) regroup(engine, found, parameters);
}

function valueAt(values: number | Float64Array, c: number): number {
  return typeof values === 'number' ? values : values[c];
}

function setWeights(
  engine: Engine,
  { rows, synapses }: Found,
  weight: number | Float64Array,
): void {
  const { table, segment } = engine;
  for (let c = 0; c < rows.length; c++) {
    const value = valueAt(weight, c);
    if (rows[c] === DEVICE) deviceConnection(engine, synapses[c])!.weight = value;
    else segment.f64[segment.i32[table.rowAt(rows[c]) + R.ROW_WEIGHTS] + synapses[c]] = value;
  }
  const distinct = new Set(rows);
  distinct.delete(DEVICE);
  for (const row of distinct) table.flagAboveCap(row);
  engine.currents.touch();
}

/**
 * Parameters belong to rows: synapses of a row that come to differ are moved to rows of their own,
 * with the row's presynaptic trace.
 */
function regroup(
  { table, segment }: Engine,
  { rows, synapses }: Found,
  values: Readonly<Record<string, number | Float64Array>>,
): void {
  const byRow = new Map<number, Map<number, Variant>>();
  for (let c = 0; c < rows.length; c++) {
    if (rows[c] === DEVICE) continue;
    const old = table.variants[segment.i32[table.rowAt(rows[c]) + R.ROW_VARIANT]];
    const parameters = { ...old.parameters };
    for (const name of Object.keys(parameters)) {
      if (values[name] !== undefined) parameters[name] = valueAt(values[name], c);
    }
    const changes = byRow.get(rows[c]) ?? new Map<number, Variant>();
    changes.set(synapses[c], table.variantWith(old, parameters));
    byRow.set(rows[c], changes);
  }
  for (const [row, changes] of byRow) splitRow(table, row, changes);
  table.restoreOrder();
}
