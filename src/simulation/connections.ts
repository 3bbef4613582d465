/** Finding, reading and setting connections across workers. */
import type { ConnectionColumns, ConnectionFilter } from '../engine/connection-query.js';
import { UnknownKeyError, ValueError } from '../errors/index.js';
import { runChecks } from '../models/spec.js';
import type { WorkerTeam } from '../parallel/worker-team.js';
import { parseDistribution, Sampler, type Seed, streamKey } from '../random/index.js';
import type { ModelRegistry } from './model-registry.js';
import { isArrayLike, isRecord, plainNumber } from './values.js';

export async function readConnections(
  team: WorkerTeam,
  filter: ConnectionFilter,
): Promise<ConnectionColumns> {
  return mergeConnections(await team.all('getConnections', filter));
}

/** Each virtual process's connections are sorted, and all of one target are on one. */
function mergeConnections(parts: readonly ConnectionColumns[]): ConnectionColumns {
  if (parts.length === 1) return parts[0]!;
  const length = parts.reduce((sum, part) => sum + part.source.length, 0);
  const models = [...new Set(parts.flatMap((part) => part.models))];
  const names = [...new Set(parts.flatMap((part) => Object.keys(part.parameters)))].sort();
  const merged = {
    source: new Uint32Array(length),
    target: new Uint32Array(length),
    weight: new Float64Array(length),
    delay: new Float64Array(length),
    model: new Uint32Array(length),
    parameters: Object.fromEntries(names.map((name) => [name, new Float64Array(length)])),
  };
  const next = parts.map(() => 0);
  for (let i = 0; i < length; i++) {
    const part = lowest(parts, next);
    const from = parts[part]!;
    const j = next[part]!++;
    merged.source[i] = from.source[j]!;
    merged.target[i] = from.target[j]!;
    merged.weight[i] = from.weight[j]!;
    merged.delay[i] = from.delay[j]!;
    merged.model[i] = models.indexOf(from.models[from.model[j]!]!);
    for (const name of names)
      merged.parameters[name]![i] = from.parameters[name]?.[j] ?? Number.NaN;
  }
  return { ...merged, models };
}

/** The part whose next connection comes first by (source, target). */
function lowest(parts: readonly ConnectionColumns[], next: readonly number[]): number {
  let best = -1;
  for (let p = 0; p < parts.length; p++) {
    const j = next[p]!;
    if (j >= parts[p]!.source.length) continue;
    if (best >= 0) {
      const b = next[best]!;
      const bySource = parts[p]!.source[j]! - parts[best]!.source[b]!;
      if (bySource > 0) continue;
      if (bySource === 0 && parts[p]!.target[j]! > parts[best]!.target[b]!) continue;
    }
    best = p;
  }
  return best;
}

export interface WriteContext {
  readonly models: ModelRegistry;
  readonly seed: Seed;
  /** Running number of the call, which keys what its distributions draw. */
  readonly assignment: number;
  /** True once time has passed. */
  readonly started: boolean;
}

/** Checks values for all connections that the filter finds, then has the workers set them. */
export async function writeConnections(
  team: WorkerTeam,
  filter: ConnectionFilter,
  given: Readonly<Record<string, unknown>>,
  context: WriteContext,
): Promise<void> {
  const found = await readConnections(team, filter);
  const values = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, resolve(key, value, found, context)]),
  );
  checkValues(found, values, context);
  await team.change((rank) => {
    const own: Record<string, number | Float64Array> = {};
    for (const [key, value] of Object.entries(values)) {
      own[key] =
        typeof value === 'number'
          ? value
          : value.filter((_, i) => (found.target[i]! - 1) % team.processes === rank);
    }
    return team.call(rank, 'setConnections', filter, own);
  });
}

function resolve(
  key: string,
  value: unknown,
  found: ConnectionColumns,
  context: WriteContext,
): number | Float64Array {
  const where = `connections.${key}`;
  const length = found.source.length;
  if (isArrayLike(value)) {
    if (value.length !== length)
      throw new ValueError(where, value, `${length} values, one per connection`);
    return Float64Array.from(value, (v, i) => plainNumber(`${where}[${i}]`, v));
  }
  if (isRecord(value)) {
    const distribution = parseDistribution(where, value);
    const sampler = new Sampler(distribution, streamKey(context.seed, `set connection ${key}`));
    return Float64Array.from({ length }, (_, i) => sampler.sample(i, context.assignment, 0));
  }
  return plainNumber(where, value);
}

function checkValues(
  found: ConnectionColumns,
  values: Readonly<Record<string, number | Float64Array>>,
  context: WriteContext,
): void {
  if ('tau_x' in values && context.started) {
    throw new ValueError(
      'connections.tau_x',
      values.tau_x,
      'to stay as it is once time has passed: the targets have archived for the old one',
    );
  }
  const at = (value: number | Float64Array, i: number): number =>
    typeof value === 'number' ? value : value[i]!;
  const { length } = found.source;
  if (length === 0) checkNames(Object.keys(values), context);
  for (let i = 0; i < length; i++) {
    const { name, model } = context.models.synapse(found.models[found.model[i]!]!);
    const now: Record<string, number> = { weight: found.weight[i]! };
    for (const key of Object.keys(model.parameters)) now[key] = found.parameters[key]![i]!;
    for (const [key, value] of Object.entries(values)) {
      if (!Object.hasOwn(now, key))
        throw new UnknownKeyError(`synapse model ${name}`, key, Object.keys(now));
      now[key] = at(value, i);
    }
    if (model.checks.length > 0) runChecks(name, model.checks, now);
  }
}

/** Without a connection to tell what it has, whatever some synapse model has is a name. */
function checkNames(names: readonly string[], { models }: WriteContext): void {
  const entries = models.names('synapse').map((name) => models.synapse(name));
  const known = new Set(entries.flatMap(({ values }) => Object.keys(values)));
  for (const name of names) {
    if (!known.has(name)) throw new UnknownKeyError('connections', name, [...known]);
  }
}
