/** A set of nodes, in order: what `create` returns, and what `connect`, `get` and `set` take. */
import { type IdRange, IdSet } from '../connectivity/id-set.js';
import { closest, ValueError } from '../errors/index.js';
import type { SpikeEvents, TraceEvents, WeightEvents } from '../recording/merge.js';
import { Guarded, insteadOfAssigning, insteadOfReading, isIndex } from './guarded.js';
import { NODE_ATTRIBUTES } from './pynest-names.js';
import type { Params, ParamValue } from './values.js';

/** Values of one parameter or state variable, one per node. */
export type NodeValues = Float64Array | boolean[] | (number[] | string[])[];

export type Events = SpikeEvents & Partial<WeightEvents> & Partial<TraceEvents>;

/** Times in ms. */
export type Times = ArrayLike<number>;
/** Of several generators, in spikes/s: the same for all, or one each. */
export type Rate = number | ArrayLike<number>;

/** Nodes with consecutive ids, made by one `create` call. */
export interface NodeRun extends IdRange {
  readonly model: string;
}

/** What a collection asks of its simulation. */
export interface NodeAccess {
  runsOf(ids: IdSet): NodeRun[];
  /** Names of what the nodes of a set have. */
  namesOf(ids: IdSet): string[];
  setNodes(ids: IdSet, params: Params): void;
  scheduleRates(ids: IdSet, times: Times, rates: readonly Rate[]): void;
  getNodes(ids: IdSet, names: readonly string[]): Promise<Record<string, NodeValues>>;
  spikeCounts(ids: IdSet): Promise<Float64Array>;
  events(ids: IdSet): Promise<Events>;
}

/** As many runs as are printed. */
const MOST_RUNS = 8;

/** The ids of a collection of nodes of the simulation behind `access`; undefined for anything else. */
export let idSetOf: (nodes: unknown, access: NodeAccess) => IdSet | undefined;

export class NodeCollection extends Guarded implements Iterable<NodeCollection> {
  readonly #idSet: IdSet;
  readonly #access: NodeAccess;

  /** Collections come from `Simulation.create`, `slice`, `at` and `concat`. */
  constructor(access: NodeAccess, idSet: IdSet) {
    super();
    this.#access = access;
    this.#idSet = idSet;
  }

  static {
    idSetOf = (nodes, access) =>
      nodes instanceof NodeCollection && nodes.#access === access ? nodes.#idSet : undefined;
  }

  get length(): number {
    return this.#idSet.length;
  }

  /** All node ids, in order. */
  get ids(): Uint32Array {
    return this.#idSet.toArray();
  }

  /** The first node's id. */
  get first(): number {
    return this.#idSet.id(0);
  }

  /** Name of the model; several names, joined by commas, if nodes differ. */
  get model(): string {
    const names = this.#access.runsOf(this.#idSet).map(({ model }) => model);
    return [...new Set(names)].join(', ');
  }

  /** The node at an index; negative ones count from the end. Throws ValueError beyond the ends. */
  at(index: number): NodeCollection {
    const i = index < 0 ? this.length + index : index;
    if (!Number.isInteger(i) || i < 0 || i >= this.length) {
      throw new ValueError(
        'index',
        index,
        `a whole number from ${-this.length} to ${this.length - 1}`,
      );
    }
    return new NodeCollection(this.#access, new IdSet([{ first: this.#idSet.id(i), count: 1 }]));
  }

  /** Nodes from index `from` up to, not including, `to`; negative ones count from the end. */
  slice(from = 0, to = this.length): NodeCollection {
    const clip = (i: number): number =>
      Math.min(this.length, Math.max(0, i < 0 ? this.length + i : i));
    const start = clip(from);
    const end = clip(to);
    if (!Number.isInteger(from) || !Number.isInteger(to) || end <= start) {
      throw new ValueError(
        'slice',
        `${from}:${to}`,
        `a part of the ${this.length} nodes with at least one`,
      );
    }
    const ranges = [];
    let offset = 0;
    for (const { first, count } of this.#idSet.ranges) {
      const low = Math.max(0, start - offset);
      const high = Math.min(count, end - offset);
      if (high > low) ranges.push({ first: first + low, count: high - low });
      offset += count;
    }
    return new NodeCollection(this.#access, new IdSet(ranges));
  }

  /** These nodes followed by others (`+` in PyNEST). Throws ValueError if they share a node. */
  concat(...others: readonly NodeCollection[]): NodeCollection {
    const ranges = [this, ...others].flatMap((nodes) => {
      const idSet = idSetOf(nodes, this.#access);
      if (idSet) return idSet.ranges;
      throw new ValueError('concat', nodes, 'node collections of the same simulation');
    });
    const ascending = [...ranges].sort((a, b) => a.first - b.first);
    ascending.forEach((range, i) => {
      const next = ascending[i + 1];
      if (next && range.first + range.count > next.first) {
        throw new ValueError('concat', `node ${next.first}`, 'collections that share no node');
      }
    });
    return new NodeCollection(this.#access, new IdSet(ranges));
  }

  *[Symbol.iterator](): Iterator<NodeCollection> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  /**
   * Set parameters or state variables: a number for all nodes, one value per node, or a
   * distribution from which each node draws. All or nothing: on an error nothing has changed.
   * Throws UnknownKeyError, ValueError, OffGridError or BadParametersError.
   */
  set(params: Params): void {
    this.#access.setNodes(this.#idSet, params);
  }

  /**
   * Rates (spikes/s) that Poisson generators have from some times (ms) on, which ascend and are not before the
   * present one: for each time a number for all of them, or one for each. What comes of it is the same as with
   * `set` between calls of `simulate` that end there, but one call can go through all of them. A rate that is
   * set meanwhile holds until the next of these times. All or nothing. Throws ValueError or OffGridError.
   */
  scheduleRates(times: Times, rates: readonly Rate[]): void {
    this.#access.scheduleRates(this.#idSet, times, rates);
  }

  /** Values of a parameter or state variable, or of several by name: one per node. */
  get(name: string): Promise<NodeValues>;
  get(names: readonly string[]): Promise<Record<string, NodeValues>>;
  async get(names: string | readonly string[]): Promise<NodeValues | Record<string, NodeValues>> {
    if (typeof names === 'string')
      return (await this.#access.getNodes(this.#idSet, [names]))[names]!;
    return this.#access.getNodes(this.#idSet, names);
  }

  /** Number of spikes of each node since the beginning, recorded or not. */
  spikeCounts(): Promise<Float64Array> {
    return this.#access.spikeCounts(this.#idSet);
  }

  /**
   * What a recorder (or several of a kind) has recorded, as columns in the order of time: `senders`,
   * `times` (ms), and `targets` and `weights`, or one column per recordable. After a failed run: what
   * was recorded before the slice that failed. Rejects with ValueError for other nodes.
   */
  events(): Promise<Events> {
    return this.#access.events(this.#idSet);
  }

  /** Model, number of nodes, first and last id, of each run of consecutive ids. */
  override toString(): string {
    const runs = this.#access.runsOf(this.#idSet);
    const shown = runs.slice(0, MOST_RUNS).map(({ model, first, count }) => {
      const last = count > 1 ? `, last=${first + count - 1}` : '';
      return `model=${model}, size=${count}, first=${first}${last}`;
    });
    const more = runs.length - shown.length;
    if (more > 0) shown.push(`and ${more} more`);
    return `NodeCollection(${shown.join('; ')})`;
  }

  override [insteadOfReading](property: string): string | undefined {
    if (isIndex(property)) return `use nodes.at(${property})`;
    const isName = this.#access.namesOf(this.#idSet).includes(property);
    return isName ? `use await nodes.get('${property}')` : NODE_ATTRIBUTES.get(property);
  }

  override [insteadOfAssigning](property: string): string {
    if (isIndex(property)) return `use nodes.at(${property}).set({ ... })`;
    const meant = closest(property, this.#access.namesOf(this.#idSet)) ?? property;
    return `use nodes.set({ ${meant}: ... })`;
  }
}

export type { Params, ParamValue };
