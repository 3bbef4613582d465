/** Creating nodes, and getting and setting their values: checks here, storage in the workers. */
import { IdSet } from '../connectivity/id-set.js';
import type { GroupValues } from '../engine/node-group.js';
import { Partition } from '../engine/partition.js';
import { UnknownKeyError, ValueError } from '../errors/index.js';
import type { NeuronModel } from '../models/spec.js';
import type { WorkerTeam } from '../parallel/worker-team.js';
import type { Seed } from '../random/index.js';
import type { TimeGrid } from '../units/index.js';
import { isScalar } from './device-values.js';
import { Devices, isListOfLists } from './devices.js';
import { groupShape, type MemoryBudget } from './memory.js';
import type { ModelRegistry, NodeModelEntry } from './model-registry.js';
import type { NodeValues, Rate, Times } from './node-collection.js';
import { NodeDraws } from './node-draws.js';
import {
  checkNeuronKeys,
  checkNeuronValues,
  checkNodeCount,
  type NodeBlock,
  type NodeRegistry,
  readableNames,
} from './node-registry.js';
import { collapsed, isArrayLike, namedValues, type Params, type ParamValue } from './values.js';

type Resolved = Record<string, number | Float64Array>;

/** A state variable of `count` nodes of a block from index `from` on. */
interface StatePart {
  readonly name: string;
  readonly from: number;
  readonly count: number;
  readonly value: number | Float64Array;
}

/** What `set` changes in a block of neurons: parameters of the whole block as they will be, and states. */
interface NeuronChange {
  readonly model: NeuronModel;
  readonly parameters: Resolved;
  readonly states: StatePart[];
}

export class Nodes {
  private readonly draws: NodeDraws;
  private readonly devices: Devices;

  constructor(
    private readonly registry: NodeRegistry,
    private readonly models: ModelRegistry,
    private readonly grid: TimeGrid,
    seed: Seed,
    private readonly team: WorkerTeam,
    private readonly memory: MemoryBudget,
    /** The last step computed. */
    now: () => number,
  ) {
    this.draws = new NodeDraws(seed);
    this.devices = new Devices(registry, grid, this.draws, team, memory, now);
  }

  create(modelName: string, n: number, given: Params): IdSet {
    const entry = this.models.node(modelName);
    const { model } = entry;
    checkNodeCount(n, this.registry.nodeCount);
    const params = namedValues(entry.name, given) as Params;
    const ids = new IdSet([{ first: this.registry.nodeCount + 1, count: n }]);
    if (model.kind === 'neuron') this.createNeurons(entry, model, ids, params);
    else this.devices.create(entry, model, ids, params);
    this.draws.count(params);
    return ids;
  }

  private createNeurons(
    entry: NodeModelEntry,
    model: NeuronModel,
    ids: IdSet,
    params: Params,
  ): void {
    checkNeuronKeys(entry.name, model, Object.keys(params));
    const values = Object.values(params);
    // The length of delay lines is known once they are drawn.
    const asGiven = {
      model,
      differing: Object.keys(params).filter(
        (key) => key in model.parameters && isEach(params[key]!),
      ),
      lineSteps: 0,
    };
    this.memory.checkNeurons(ids.length, asGiven, values.filter(isEach).length);
    const given = this.resolve(entry.name, model, ids, params);
    const pick = (names: readonly string[]): Resolved =>
      Object.fromEntries(names.map((name) => [name, given[name] ?? entry.values[name]!]));
    const parameters = pick(Object.keys(model.parameters));
    const state = pick(Object.keys(model.state));
    checkNeuronValues(entry.name, model.checks, { ...parameters, ...state }, ids.id(0));
    const shape = groupShape(model, parameters, this.grid.resolutionMs);
    this.memory.checkNeurons(ids.length, shape, values.filter(isEach).length);
    const block = this.registry.add(entry, ids.length, parameters, []);
    this.memory.addNeurons(ids.length, shape);
    for (const rank of this.team.ranks()) {
      this.team.post(rank, 'createNeurons', {
        model: model.name,
        firstId: block.firstId,
        size: block.size,
        parameters: this.ownOf(block, parameters, rank),
        state: this.ownOf(block, state, rank),
      });
    }
  }

  set(ids: IdSet, given: Params): void {
    const params = namedValues('parameters', given) as Params;
    // Check everything before anything changes.
    const neurons = new Map<NodeBlock, NeuronChange>();
    const changes: (() => void)[] = [];
    for (const { block, ids: own, offset } of this.registry.parts(ids)) {
      const mine = Object.fromEntries(
        Object.entries(params).map(([key, value]) => [
          key,
          partOf(block, key, value, { length: ids.length, offset, count: own.length }),
        ]),
      );
      if (block.device) changes.push(this.devices.change(block, block.device, own, mine));
      else {
        const change = neurons.get(block) ?? { model: block.neuron!, parameters: {}, states: [] };
        neurons.set(block, change);
        this.addPart(change, block, own, mine);
      }
    }
    for (const [block, change] of neurons) changes.push(this.neuronChange(block, change));
    this.draws.count(params);
    for (const apply of changes) apply();
  }

  scheduleRates(ids: IdSet, times: Times, rates: readonly Rate[]): void {
    const parts = this.registry.parts(ids);
    const other = parts.find(({ block }) => block.device?.name !== 'poisson_generator');
    if (other) {
      throw new ValueError('scheduleRates', other.block.name, 'nodes that are poisson_generators');
    }
    if (!isArrayLike(rates)) throw new ValueError('rates', rates, 'a list of rates');
    // Check everything before anything changes.
    const changes = parts.map(({ block, ids: own, offset }) => {
      const range = { length: ids.length, offset, count: own.length };
      const mine = Array.from(rates, (rate, i) => partOf(block, `rates[${i}]`, rate, range));
      return this.devices.rateChanges(block, own, times, mine as Rate[]);
    });
    for (const apply of changes) apply();
  }

  /** What changes in a part of a block; a set of nodes can have several parts of one. */
  private addPart(
    { model, parameters, states }: NeuronChange,
    block: NodeBlock,
    ids: IdSet,
    params: Params,
  ): void {
    checkNeuronKeys(block.name, model, Object.keys(params));
    const given = this.resolve(block.name, model, ids, params);
    const from = ids.id(0) - block.firstId;
    const ofThese = (column: number | Float64Array): number | Float64Array =>
      typeof column === 'number' ? column : column.subarray(from, from + ids.length);
    const checked: Resolved = {};
    for (const name of Object.keys(model.parameters)) {
      const value = given[name];
      checked[name] = value ?? ofThese(block.parameters[name]!);
      if (value === undefined) continue;
      const old = parameters[name] ?? block.parameters[name]!;
      parameters[name] = replaced(old, block.size, from, ids.length, value);
    }
    checkNeuronValues(block.name, model.checks, { ...given, ...checked }, ids.id(0));
    for (const name of Object.keys(model.state)) {
      const value = given[name];
      if (value !== undefined) states.push({ name, from, count: ids.length, value });
    }
  }

  /** Checks that there is memory for it; returns what carries it out. */
  private neuronChange(block: NodeBlock, { model, parameters, states }: NeuronChange): () => void {
    const { resolutionMs } = this.grid;
    const before = groupShape(model, block.parameters, resolutionMs);
    const after = groupShape(model, { ...block.parameters, ...parameters }, resolutionMs);
    const longer = after.lineSteps > before.lineSteps;
    if (longer) this.memory.checkLonger(block.size, before, after);
    return () => {
      if (longer) this.memory.addLonger(block.size, before, after);
      Object.assign(block.parameters, parameters);
      for (const rank of this.team.ranks()) {
        if (Object.keys(parameters).length > 0) {
          this.team.post(rank, 'setParameters', block.group, this.ownOf(block, parameters, rank));
        }
        for (const state of states) this.setState(block, rank, state);
      }
    };
  }

  /** State of some nodes of a block, as far as a virtual process owns them. */
  private setState(block: NodeBlock, rank: number, { name, from, count, value }: StatePart): void {
    const own = this.ownIndices(block, rank, from, from + count);
    if (own.length === 0) return;
    const indices = own.map((i) => this.indexInPart(block, rank, i));
    const values =
      typeof value === 'number' ? value : Float64Array.from(own, (i) => value[i - from]!);
    this.team.post(rank, 'setState', block.group, name, indices, values);
  }

  async get(ids: IdSet, names: readonly string[]): Promise<Record<string, NodeValues>> {
    if (!isArrayLike(names)) throw new ValueError('get', names, 'a name or a list of names');
    const columns = await Promise.all(Array.from(names, (name) => this.column(ids, String(name))));
    return Object.fromEntries(Array.from(names, (name, i) => [name, columns[i]!]));
  }

  private async column(ids: IdSet, name: string): Promise<NodeValues> {
    const parts = await Promise.all(
      this.registry.parts(ids).map(({ block, ids: own }) => this.partColumn(block, own, name)),
    );
    if (parts.length === 1) return parts[0]!;
    if (parts.every((part) => part instanceof Float64Array)) {
      const column = new Float64Array(ids.length);
      let at = 0;
      for (const part of parts as Float64Array[]) {
        column.set(part, at);
        at += part.length;
      }
      return column;
    }
    return parts.flatMap((part) => Array.from(part as ArrayLike<unknown>)) as NodeValues;
  }

  private async partColumn(block: NodeBlock, ids: IdSet, name: string): Promise<NodeValues> {
    if (block.device) return this.devices.column(block, block.device, ids, name);
    const from = ids.id(0) - block.firstId;
    const { parameters } = block.neuron!;
    if (Object.hasOwn(parameters, name)) {
      const column = block.parameters[name]!;
      const values =
        typeof column === 'number'
          ? new Float64Array(ids.length).fill(column)
          : column.slice(from, from + ids.length);
      return parameters[name]!.flag ? Array.from(values, (v) => v !== 0) : values;
    }
    const known = readableNames(block);
    if (!known.includes(name)) throw new UnknownKeyError(block.name, name, known);
    return this.stateColumn(block, from, ids.length, name);
  }

  private async stateColumn(block: NodeBlock, from: number, count: number, name: string) {
    const answers = await this.team.all('readState', block.group, [name]);
    const values = new Float64Array(count);
    answers.forEach(([column], rank) => {
      for (const i of this.ownIndices(block, rank, from, from + count)) {
        values[i - from] = column![this.indexInPart(block, rank, i)]!;
      }
    });
    return values;
  }

  async spikeCounts(ids: IdSet): Promise<Float64Array> {
    const { team } = this;
    const answers = await team.all('spikeCounts');
    return Float64Array.from(ids.toArray(), (id) => {
      const rank = (id - 1) % team.processes;
      return answers[rank]![new Partition(rank, team.processes).localIndex(id)]!;
    });
  }

  private resolve(name: string, model: NeuronModel, ids: IdSet, params: Params): Resolved {
    return Object.fromEntries(
      Object.entries(params).map(([key, value]) => {
        const spec = model.parameters[key];
        return [key, this.draws.resolve(`${name}.${key}`, key, value, ids, spec)];
      }),
    );
  }

  /** Index of the first node of a block that a virtual process owns, from `from` on; it owns every N-th. */
  private firstOwn(block: NodeBlock, rank: number, from: number): number {
    const { processes } = this.team;
    return from + ((rank - ((block.firstId - 1 + from) % processes) + processes) % processes);
  }

  /** Indices within a block, from `from` up to `end`, of the nodes that a virtual process owns. */
  private ownIndices(block: NodeBlock, rank: number, from: number, end: number): Uint32Array {
    const { processes } = this.team;
    const first = this.firstOwn(block, rank, from);
    const length = Math.max(0, Math.ceil((end - first) / processes));
    return Uint32Array.from({ length }, (_, j) => first + j * processes);
  }

  /** From an index within a block to the index within the part of the block that its virtual process has. */
  private indexInPart(block: NodeBlock, rank: number, index: number): number {
    return (index - this.firstOwn(block, rank, 0)) / this.team.processes;
  }

  private ownOf(block: NodeBlock, values: Resolved, rank: number): Record<string, GroupValues> {
    const own = Object.values(values).some((value) => typeof value !== 'number')
      ? this.ownIndices(block, rank, 0, block.size)
      : new Uint32Array(0);
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : Float64Array.from(own, (i) => value[i]!),
      ]),
    );
  }
}

/** Whether a value may differ between nodes. */
function isEach(value: ParamValue): boolean {
  return typeof value === 'object';
}

/** The part of a value given for `length` nodes that concerns `count` of them, in one block. */
function partOf(
  block: NodeBlock,
  key: string,
  value: ParamValue,
  { length, offset, count }: { length: number; offset: number; count: number },
): ParamValue {
  if (!isArrayLike(value) || count === length) return value;
  const spec = block.device && Object.hasOwn(block.device.parameters, key);
  // One list for all devices.
  if (spec && !isScalar(block.device!.parameters[key]!) && !isListOfLists(value)) return value;
  if (value.length !== length) {
    const each = isListOfLists(value) ? 'one list' : 'one value';
    throw new ValueError(key, value, `${each} for each of ${length} nodes`);
  }
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
  if (count === size || value === old) return value;
  const column = typeof old === 'number' ? new Float64Array(size).fill(old) : old.slice();
  if (typeof value === 'number') column.fill(value, from, from + count);
  else column.set(value, from);
  return collapsed(column);
}
