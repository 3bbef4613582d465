/** Creating nodes, and getting and setting their values: checks here, storage in the workers. */
import { IdSet } from '../connectivity/id-set.js';
import type { GroupValues } from '../engine/node-group.js';
import { Partition } from '../engine/partition.js';
import { UnknownKeyError, UnknownNameError, ValueError } from '../errors/index.js';
import type { NeuronModel } from '../models/spec.js';
import type { WorkerTeam } from '../parallel/worker-team.js';
import { type Seed, streamKey } from '../random/index.js';
import type { TimeGrid } from '../units/index.js';
import {
  checkDevice,
  type DeviceValues,
  deviceState,
  isScalar,
  parseDeviceValue,
} from './device-values.js';
import type { ModelRegistry, NodeModelEntry } from './model-registry.js';
import type { NodeValues } from './node-collection.js';
import {
  checkNeuronKeys,
  checkNeuronParameters,
  type NodeBlock,
  type NodeRegistry,
} from './node-registry.js';
import { isArrayLike, type Params, resolveValues } from './values.js';

type Resolved = Record<string, number | Float64Array>;

export class Nodes {
  /** Running number of calls that assign values, which keys what their distributions draw. */
  private assignments = 0;

  constructor(
    private readonly registry: NodeRegistry,
    private readonly models: ModelRegistry,
    private readonly grid: TimeGrid,
    private readonly seed: Seed,
    private readonly team: WorkerTeam,
  ) {}

  create(modelName: string, n: number, params: Params): IdSet {
    const entry = this.models.node(modelName);
    this.registry.checkCount(n);
    const ids = new IdSet([{ first: this.registry.nodeCount + 1, count: n }]);
    if (entry.model.kind === 'neuron') this.createNeurons(entry, entry.model, ids, params);
    else this.createDevices(entry, ids, params);
    return ids;
  }

  private createNeurons(
    entry: NodeModelEntry,
    model: NeuronModel,
    ids: IdSet,
    params: Params,
  ): void {
    checkNeuronKeys(entry.name, model, Object.keys(params));
    const given = this.resolve(entry.name, model, ids, params);
    const pick = (names: readonly string[]): Resolved =>
      Object.fromEntries(names.map((name) => [name, given[name] ?? entry.values[name]!]));
    const parameters = pick(Object.keys(model.parameters));
    const state = pick(Object.keys(model.state));
    checkNeuronParameters(entry.name, model, parameters, ids.id(0));
    const block = this.registry.add(entry, ids.length, parameters, []);
    this.send((rank) =>
      this.team.post(rank, 'createNeurons', {
        model: model.name,
        firstId: block.firstId,
        size: block.size,
        parameters: this.ownOf(block, parameters, rank),
        state: this.ownOf(block, state, rank),
      }),
    );
  }

  private createDevices(entry: NodeModelEntry, ids: IdSet, params: Params): void {
    const values = Array.from({ length: ids.length }, () => ({ ...entry.device }));
    this.assignDeviceValues(entry, ids, params, values);
    const block = this.registry.add(entry, ids.length, {}, values);
    const states = values.map((v) => deviceState(block.device!, v, this.grid));
    this.send((rank) => this.team.post(rank, 'createDevices', block.firstId, states));
  }

  /** Writes to `values`, one record per device, only after all is checked. */
  private assignDeviceValues(
    entry: Pick<NodeModelEntry, 'name' | 'model'>,
    ids: IdSet,
    params: Params,
    values: DeviceValues[],
  ): void {
    const model = entry.model as Exclude<NodeModelEntry['model'], NeuronModel>;
    const assignment = this.assignments++;
    const changed = values.map((v) => ({ ...v }));
    for (const [key, value] of Object.entries(params)) {
      const spec = model.parameters[key];
      if (spec === undefined)
        throw new UnknownKeyError(entry.name, key, Object.keys(model.parameters));
      const each = this.valuePerDevice(
        `${entry.name}.${key}`,
        key,
        value,
        isScalar(spec),
        ids,
        assignment,
      );
      changed.forEach((v, i) => {
        v[key] = parseDeviceValue(model, key, each(i), this.grid);
      });
    }
    for (const v of changed) checkDevice(model, v);
    changed.forEach((v, i) => {
      Object.assign(values[i]!, v);
    });
  }

  /** Scalars: as for neurons. Lists: one list for all devices, or a list of lists. */
  private valuePerDevice(
    where: string,
    key: string,
    value: unknown,
    scalar: boolean,
    ids: IdSet,
    assignment: number,
  ): (device: number) => unknown {
    if (!scalar) {
      const perDevice =
        isArrayLike(value) &&
        value.length === ids.length &&
        value.length > 0 &&
        isArrayLike(value[0]);
      return perDevice ? (i) => (value as ArrayLike<unknown>)[i] : () => value;
    }
    if (typeof value !== 'object' || value === null) return () => value;
    const resolved = resolveValues(where, value, ids, () => this.key(key), assignment);
    return (i) => (typeof resolved === 'number' ? resolved : resolved[i]);
  }

  set(ids: IdSet, params: Params): void {
    const parts = this.registry.parts(ids);
    const assignment = this.assignments;
    // Check everything before anything changes.
    const changes = parts.map(({ block, ids: own, offset }) => {
      const mine = Object.fromEntries(
        Object.entries(params).map(([key, value]) => [
          key,
          partOf(key, value, ids.length, offset, own.length),
        ]),
      );
      this.assignments = assignment;
      return block.neuron
        ? this.neuronChange(block, block.neuron, own, mine)
        : this.deviceChange(block, own, mine);
    });
    this.assignments = assignment + 1;
    for (const apply of changes) apply();
  }

  private neuronChange(
    block: NodeBlock,
    model: NeuronModel,
    ids: IdSet,
    params: Params,
  ): () => void {
    checkNeuronKeys(block.name, model, Object.keys(params));
    const given = this.resolve(block.name, model, ids, params);
    const from = ids.id(0) - block.firstId;
    const changed: Resolved = {};
    for (const name of Object.keys(model.parameters)) {
      const value = given[name];
      if (value === undefined) continue;
      changed[name] = replaced(block.parameters[name]!, block.size, from, ids.length, value);
    }
    checkNeuronParameters(block.name, model, { ...block.parameters, ...changed }, block.firstId);
    return () => {
      Object.assign(block.parameters, changed);
      if (Object.keys(changed).length > 0) {
        this.send((rank) =>
          this.team.post(rank, 'setParameters', block.group, this.ownOf(block, changed, rank)),
        );
      }
      for (const name of Object.keys(model.state)) {
        const value = given[name];
        if (value === undefined) continue;
        this.send((rank) => {
          const own = this.ownIndices(block, rank).filter(
            (i) => i >= from && i < from + ids.length,
          );
          const first = this.ownIndices(block, rank)[0] ?? 0;
          const indices = Uint32Array.from(own, (i) => (i - first) / this.team.size);
          const values =
            typeof value === 'number' ? value : Float64Array.from(own, (i) => value[i - from]!);
          this.team.post(rank, 'setState', block.group, name, indices, values);
        });
      }
    };
  }

  private deviceChange(block: NodeBlock, ids: IdSet, params: Params): () => void {
    const { n_events, ...others } = params;
    if (n_events !== undefined && (block.device!.kind !== 'recorder' || n_events !== 0)) {
      throw new ValueError(
        `${block.name}.n_events`,
        n_events,
        '0, on a recorder: it empties the recorder',
      );
    }
    if (block.device!.name === 'multimeter' && 'record_from' in others) {
      throw new ValueError(
        `${block.name}.record_from`,
        others.record_from,
        'to be given when the multimeter is created',
      );
    }
    const from = ids.id(0) - block.firstId;
    const values = block.deviceValues.slice(from, from + ids.length).map((v) => ({ ...v }));
    this.assignDeviceValues(
      { name: block.name, model: block.device! },
      ids,
      others as Params,
      values,
    );
    return () => {
      values.forEach((v, i) => {
        const id = ids.id(i);
        block.deviceValues[from + i] = v;
        if (Object.keys(others).length > 0) {
          const state = deviceState(block.device!, v, this.grid);
          this.send((rank) => this.team.post(rank, 'setDevice', id, state));
        }
        if (n_events === 0) this.send((rank) => this.team.post(rank, 'clearRecord', id));
      });
    };
  }

  async get(ids: IdSet, names: readonly string[]): Promise<Record<string, NodeValues>> {
    const columns = await Promise.all(names.map((name) => this.column(ids, name)));
    return Object.fromEntries(names.map((name, i) => [name, columns[i]!]));
  }

  private async column(ids: IdSet, name: string): Promise<NodeValues> {
    const parts = await Promise.all(
      this.registry.parts(ids).map(({ block, ids: own }) => this.partColumn(block, own, name)),
    );
    if (parts.every((part) => part instanceof Float64Array)) {
      return Float64Array.from(parts.flatMap((part) => Array.from(part as Float64Array)));
    }
    return parts.flat() as NodeValues;
  }

  private async partColumn(block: NodeBlock, ids: IdSet, name: string): Promise<NodeValues> {
    const from = ids.id(0) - block.firstId;
    if (block.device) return this.deviceColumn(block, from, ids, name);
    const { parameters, state } = block.neuron!;
    if (parameters[name]) {
      const column = block.parameters[name]!;
      const values = Float64Array.from({ length: ids.length }, (_, i) =>
        typeof column === 'number' ? column : column[from + i]!,
      );
      return parameters[name].flag ? Array.from(values, (v) => v !== 0) : values;
    }
    if (!state[name]?.recordable && !state[name]?.settable) {
      const visible = Object.keys(state).filter(
        (key) => state[key]!.recordable || state[key]!.settable,
      );
      throw new UnknownKeyError(block.name, name, [...Object.keys(parameters), ...visible]);
    }
    const { team } = this;
    const answers = await team.all('readState', block.group, [name]);
    const values = new Float64Array(ids.length);
    answers.forEach(([column], rank) => {
      this.ownIndices(block, rank).forEach((i, j) => {
        if (i >= from && i < from + ids.length) values[i - from] = column![j]!;
      });
    });
    return values;
  }

  private async deviceColumn(
    block: NodeBlock,
    from: number,
    ids: IdSet,
    name: string,
  ): Promise<NodeValues> {
    const known = Object.keys(block.device!.parameters);
    if (block.device!.kind === 'recorder' && name === 'n_events') {
      const lengths = await Promise.all(
        Array.from(ids.toArray(), (id) => this.team.all('recordLength', id)),
      );
      return Float64Array.from(lengths, (answers) => answers.reduce((sum, n) => sum + n, 0));
    }
    if (!known.includes(name)) throw new UnknownKeyError(block.name, name, [...known, 'n_events']);
    const values = block.deviceValues.slice(from, from + ids.length).map((v) => v[name]!);
    if (values.every((v) => typeof v === 'number')) return Float64Array.from(values);
    return values.map((v) => [...(v as readonly number[])]);
  }

  async spikeCounts(ids: IdSet): Promise<Float64Array> {
    const { team } = this;
    const answers = await team.all('spikeCounts');
    return Float64Array.from(ids.toArray(), (id) => {
      const rank = (id - 1) % team.size;
      return answers[rank]![new Partition(rank, team.size).localIndex(id)]!;
    });
  }

  private resolve(name: string, model: NeuronModel, ids: IdSet, params: Params): Resolved {
    const assignment = this.assignments++;
    return Object.fromEntries(
      Object.entries(params).map(([key, value]) => {
        const flag = model.parameters[key]?.flag ?? false;
        return [
          key,
          resolveValues(`${name}.${key}`, value, ids, () => this.key(key), assignment, flag),
        ];
      }),
    );
  }

  private key(parameter: string) {
    return streamKey(this.seed, `node ${parameter}`);
  }

  /** Indices within a block of the nodes that a worker owns. */
  private ownIndices(block: NodeBlock, rank: number): number[] {
    const { size: workers } = this.team;
    const first = (rank - ((block.firstId - 1) % workers) + workers) % workers;
    const own: number[] = [];
    for (let i = first; i < block.size; i += workers) own.push(i);
    return own;
  }

  private ownOf(block: NodeBlock, values: Resolved, rank: number): Record<string, GroupValues> {
    const own = this.ownIndices(block, rank);
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : Float64Array.from(own, (i) => value[i]!),
      ]),
    );
  }

  /** Queue a command on every worker; it was checked here, so the workers cannot refuse it. */
  private send(post: (rank: number) => void): void {
    for (let rank = 0; rank < this.team.size; rank++) post(rank);
  }

  /** Throws unless every name is a recordable of the model. */
  static checkRecordables(model: NeuronModel, names: readonly string[]): void {
    const known = Object.keys(model.state).filter((name) => model.state[name]!.recordable);
    for (const name of names) {
      if (!known.includes(name))
        throw new UnknownNameError(`recordable of ${model.name}`, name, known);
    }
  }
}

/** The part of a value given for `length` nodes that concerns `count` of them from `offset` on. */
function partOf(
  key: string,
  value: Params[string],
  length: number,
  offset: number,
  count: number,
): Params[string] {
  if (!isArrayLike(value) || count === length) return value;
  if (value.length !== length)
    throw new ValueError(key, value, `one value for each of ${length} nodes`);
  return Array.from(value as ArrayLike<number>).slice(offset, offset + count);
}

/** A block's values with `count` of them from `from` on replaced. */
function replaced(
  old: number | Float64Array,
  size: number,
  from: number,
  count: number,
  value: number | Float64Array,
): number | Float64Array {
  if (count === size) return value;
  const column = typeof old === 'number' ? new Float64Array(size).fill(old) : old.slice();
  if (typeof value === 'number') column.fill(value, from, from + count);
  else column.set(value, from);
  return column;
}
