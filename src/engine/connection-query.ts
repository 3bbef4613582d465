/** Finding connections on a virtual process by source, target and model; reading and setting them. */
import { type IdData, idsFrom } from '../connectivity/id-set.js';
import type { Variant } from './connection-table.js';
import type { Engine } from './engine.js';
import type { PoissonColumns } from './poisson-columns.js';
import * as R from './row.js';
import { splitRow } from './split-row.js';

export interface ConnectionFilter {
  readonly sources?: IdData | undefined;
  readonly targets?: IdData | undefined;
  /** Name of a synapse model, built-in or a copy. */
  readonly synapse?: string | undefined;
  /** Connections of later connect calls are left out. */
  readonly lastCall: number;
}

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

/** Where a connection is kept: synapse `i` of the row at word `at`, or that of a generator. */
interface Found {
  readonly source: number;
  readonly target: number;
  readonly call: number;
  readonly position: number;
  readonly at: number;
  readonly i: number;
  readonly device: DeviceConnection | undefined;
}

interface DeviceConnection {
  readonly generator: number;
  readonly target: number;
  readonly call: number;
  readonly position: number;
  readonly delay: number;
  readonly synapse: string;
  weight: number;
}

function membership(ids: IdData | undefined): (id: number) => boolean {
  if (ids === undefined) return () => true;
  const set = new Set(idsFrom(ids).toArray());
  return (id) => set.has(id);
}

/** All connections of the process that pass the filter, in the order (source, target, creation). */
function find(engine: Engine, filter: ConnectionFilter): Found[] {
  const isSource = membership(filter.sources);
  const isTarget = membership(filter.targets);
  const found: Found[] = [];
  const { table, segment } = engine;
  for (let row = 0; row < table.rowCount; row++) {
    const at = table.rowAt(row);
    const source = segment.i32[at + R.ROW_SOURCE];
    const call = segment.i32[at + R.ROW_CALL];
    const variant = table.variants[segment.i32[at + R.ROW_VARIANT]];
    if (!isSource(source) || call > filter.lastCall) continue;
    if (filter.synapse !== undefined && variant.synapse !== filter.synapse) continue;
    const group = engine.groups[segment.i32[at + R.ROW_GROUP]];
    const positions = segment.i32[at + R.ROW_POSITIONS];
    for (let i = 0; i < segment.i32[at + R.ROW_COUNT]; i++) {
      const target = group.nodeId(table.targetOf(at, i));
      if (!isTarget(target)) continue;
      const base = segment.i32[at + R.ROW_BASE];
      const position = positions === 0 ? base + i : segment.u32[positions + i];
      found.push({ source, target, call, position, at, i, device: undefined });
    }
  }
  for (const device of deviceConnections(engine)) {
    const { generator: source, target, call, position, synapse } = device;
    if (!isSource(source) || !isTarget(target) || call > filter.lastCall) continue;
    if (filter.synapse !== undefined && synapse !== filter.synapse) continue;
    found.push({ source, target, call, position, at: -1, i: 0, device });
  }
  return found.sort(
    (a, b) =>
      a.source - b.source || a.target - b.target || a.call - b.call || a.position - b.position,
  );
}

/** Connections of Poisson and current generators; those to recorders are not among them. */
function* deviceConnections({ poisson, currents }: Engine): Generator<DeviceConnection> {
  for (let c = 0; c < poisson.length; c++) {
    if (poisson.columns.group[c] >= 0) yield new PoissonConnectionView(poisson.columns, c);
  }
  yield* currents.connections;
}

class PoissonConnectionView implements DeviceConnection {
  constructor(
    private readonly columns: PoissonColumns,
    private readonly c: number,
  ) {}

  get generator(): number {
    return this.columns.generator[this.c];
  }

  get target(): number {
    return this.columns.target[this.c];
  }

  get call(): number {
    return this.columns.call[this.c];
  }

  get position(): number {
    return this.columns.position[this.c];
  }

  get delay(): number {
    return this.columns.delay[this.c];
  }

  get synapse(): string {
    return this.columns.synapses[this.columns.synapse[this.c]];
  }

  get weight(): number {
    return this.columns.weight[this.c];
  }

  set weight(value: number) {
    this.columns.weight[this.c] = value;
  }
}

export function getConnections(engine: Engine, filter: ConnectionFilter): ConnectionColumns {
  const found = find(engine, filter);
  const { table, segment } = engine;
  const names = new Set(table.variants.flatMap((variant) => Object.keys(variant.parameters)));
  const models: string[] = [];
  const modelIndex = (name: string): number => {
    const known = models.indexOf(name);
    return known >= 0 ? known : models.push(name) - 1;
  };
  const parameters: Record<string, Float64Array> = {};
  for (const name of names) parameters[name] = new Float64Array(found.length).fill(Number.NaN);
  const columns = {
    source: Uint32Array.from(found, (c) => c.source),
    target: Uint32Array.from(found, (c) => c.target),
    weight: new Float64Array(found.length),
    delay: new Float64Array(found.length),
    model: new Uint32Array(found.length),
  };
  found.forEach(({ at, i, device }, c) => {
    if (device) {
      columns.weight[c] = device.weight;
      columns.delay[c] = engine.grid.ms(device.delay);
      columns.model[c] = modelIndex(device.synapse);
      return;
    }
    const variant = table.variants[segment.i32[at + R.ROW_VARIANT]];
    columns.weight[c] = segment.f64[segment.i32[at + R.ROW_WEIGHTS] + i];
    columns.delay[c] = engine.grid.ms(segment.i32[at + R.ROW_DELAY]);
    columns.model[c] = modelIndex(variant.synapse);
    for (const [name, value] of Object.entries(variant.parameters)) parameters[name][c] = value;
  });
  return { ...columns, models, parameters };
}

/** Set weights or parameters of the connections that pass the filter, one value for all or one each. */
export function setConnections(
  engine: Engine,
  filter: ConnectionFilter,
  values: Readonly<Record<string, number | Float64Array>>,
): void {
  engine.beforeConnectionsChange();
  const found = find(engine, filter);
  const { weight, ...parameters } = values;
  const valueAt = (value: number | Float64Array, c: number): number =>
    typeof value === 'number' ? value : value[c];
  if (weight !== undefined) {
    const { segment } = engine;
    found.forEach(({ at, i, device }, c) => {
      if (device) device.weight = valueAt(weight, c);
      else segment.f64[segment.i32[at + R.ROW_WEIGHTS] + i] = valueAt(weight, c);
    });
    for (const at of new Set(found.filter(({ device }) => !device).map((c) => c.at))) {
      engine.table.flagAboveCap((at - engine.table.rowsAt) / R.ROW_WORDS);
    }
    engine.currents.touch();
  }
  if (Object.keys(parameters).length > 0) {
    regroup(engine, found, (c, name) => {
      const value = parameters[name];
      return value === undefined ? undefined : valueAt(value, c);
    });
  }
}

/**
 * Parameters belong to rows: synapses of a row that come to differ are moved to rows of their own,
 * with the row's presynaptic trace.
 */
function regroup(
  engine: Engine,
  found: readonly Found[],
  newValue: (connection: number, name: string) => number | undefined,
): void {
  const { table, segment } = engine;
  const byRow = new Map<number, Map<number, Variant>>();
  found.forEach(({ at, i, device }, c) => {
    if (device) return;
    const old = table.variants[segment.i32[at + R.ROW_VARIANT]];
    const parameters = Object.fromEntries(
      Object.entries(old.parameters).map(([name, value]) => [name, newValue(c, name) ?? value]),
    );
    const changes = byRow.get(at) ?? new Map<number, Variant>();
    changes.set(i, table.variantWith(old, parameters));
    byRow.set(at, changes);
  });
  // Row addresses move when rows are added, so collect first, by number.
  const rows = [...byRow].map(
    ([at, changes]) => [(at - table.rowsAt) / R.ROW_WORDS, changes] as const,
  );
  for (const [row, changes] of rows) splitRow(table, row, changes);
  table.restoreOrder();
}
