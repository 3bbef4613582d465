/** Making and finding connections, on behalf of a Simulation. */
import type { ConnectCall } from '../connectivity/connect-call.js';
import { IdSet, type Ids } from '../connectivity/id-set.js';
import { connectionCount } from '../connectivity/rule-spec.js';
import type { ConnectionFilter } from '../engine/connection-query.js';
import { BadConnectionError, ValueError } from '../errors/index.js';
import type { WorkerTeam } from '../parallel/worker-team.js';
import type { Seed } from '../random/index.js';
import type { TimeGrid } from '../units/index.js';
import {
  type ConnectSpecParser,
  type ConnSpec,
  type Endpoints,
  idData,
  idList,
  type SynSpec,
} from './connect-spec.js';
import { readConnections, writeConnections } from './connections.js';
import type { MemoryBudget } from './memory.js';
import type { ModelRegistry } from './model-registry.js';
import { NodeCollection } from './node-collection.js';
import type { NodeBlock, NodeRegistry } from './node-registry.js';
import { Nodes } from './nodes.js';
import { isArrayLike, namedValues } from './values.js';

/** A node collection, or a list of node ids that may repeat. */
export type Ends = NodeCollection | ArrayLike<number>;

/** Steps. */
interface DelayRange {
  readonly min: number;
  readonly max: number;
}

export interface FilterSpec {
  readonly source?: Ends;
  readonly target?: Ends;
  readonly synapse_model?: string;
}

/** A filter as `getConnections` is given it: an object, or by place as in PyNEST, where null stands for all. */
export type FilterArguments =
  | [filter?: FilterSpec | undefined]
  | [
      source: Ends | null | undefined,
      target?: Ends | null | undefined,
      synapse_model?: string | null | undefined,
    ];

function named(given: FilterArguments): unknown {
  const [first = {}] = given;
  const byPlace = given.length > 1 || isArrayLike(first) || first instanceof NodeCollection;
  if (!byPlace) return first;
  const [source, target, synapse_model] = given.map((value) => value ?? undefined);
  return { source, target, synapse_model };
}

export class Connector {
  /** Delays of the connections that exist, in steps. */
  minDelay: number | undefined;
  maxDelay: number | undefined;
  /** Longest delay of plastic connections, 0 if there are none. */
  maxPlasticDelay = 0;
  /**
   * Connect calls so far, and `set` calls. Their numbers key what is drawn, so those that fail and
   * those to recorders do not count: whether something is recorded must not change what happens.
   */
  private calls = 0;
  private writes = 0;

  constructor(
    private readonly team: WorkerTeam,
    private readonly registry: NodeRegistry,
    private readonly models: ModelRegistry,
    private readonly parser: ConnectSpecParser,
    private readonly grid: TimeGrid,
    private readonly seed: Seed,
    /** Slice length that was asked for, in steps. */
    private readonly forcedSlice: number | undefined,
    private readonly memory: MemoryBudget,
    /** Ids of a collection of nodes of this simulation, undefined for anything else. */
    private readonly idSetOf: (nodes: unknown) => IdSet | undefined,
  ) {}

  async connect(
    pre: Ends,
    post: Ends,
    conn: string | ConnSpec,
    syn: string | SynSpec,
  ): Promise<void> {
    const ends = { sources: this.idsOf('pre', pre), targets: this.idsOf('post', post) };
    if (ends.sources.length === 0 || ends.targets.length === 0) {
      throw new BadConnectionError('connect needs at least one source and one target');
    }
    const rule = this.parser.rule(conn, ends);
    // Whether the rule fits the populations at all.
    connectionCount(rule, ends.sources, ends.targets);
    const device = this.recorderAmong(ends);
    if (device) {
      this.parser.unusedSynapse(rule, ends, syn);
      return this.record(device, ends, rule.rule);
    }
    const call = this.parser.call(this.calls, rule, ends, syn);
    const blocks = new Set([...this.blocksOf(ends.sources), ...this.blocksOf(ends.targets)]);
    const bytes = this.memory.checkConnections(call, [...blocks]);
    await this.build(call);
    this.memory.addConnections(bytes);
    this.calls += 1;
  }

  /** All virtual processes make their part, and use it only if none of them failed. */
  private async build(call: ConnectCall): Promise<void> {
    let delays: DelayRange[];
    try {
      const outcomes = await this.team.all('stageConnections', call);
      delays = outcomes.flatMap((outcome) => outcome.delays ?? []);
      this.checkDelays(delays);
    } catch (error) {
      await this.team.all('discardConnections').catch(() => undefined);
      throw error;
    }
    await this.team.change((rank) => this.team.call(rank, 'commitConnections'));
    const isPlastic = this.models.synapse(call.synapse.name).model.archive !== undefined;
    for (const { min, max } of delays) {
      this.minDelay = Math.min(this.minDelay ?? min, min);
      this.maxDelay = Math.max(this.maxDelay ?? max, max);
      if (isPlastic) this.maxPlasticDelay = Math.max(this.maxPlasticDelay, max);
    }
  }

  private checkDelays(delays: readonly DelayRange[]): void {
    const shortest = Math.min(...delays.map(({ min }) => min));
    if (this.forcedSlice !== undefined && shortest < this.forcedSlice) {
      throw new BadConnectionError(
        `a delay is ${this.grid.ms(shortest)} ms, shorter than the min_delay of ${this.grid.ms(this.forcedSlice)} ms that was asked for`,
      );
    }
    const longest = Math.max(0, ...delays.map(({ max }) => max));
    if (longest > (this.maxDelay ?? 0)) {
      const { nodeCount: nodes, inputPlanes: planes } = this.registry;
      this.memory.checkInputRing({ nodes, maxDelaySteps: longest, planes });
    }
  }

  /** The recorder of the connection, if one side is all recorders. */
  private recorderAmong({
    sources,
    targets,
  }: Endpoints): 'spike_recorder' | 'multimeter' | undefined {
    const all = (ids: Ids, name: string): boolean =>
      this.blocksOf(ids).every(({ device }) => device?.name === name);
    if (all(targets, 'spike_recorder')) return 'spike_recorder';
    if (all(sources, 'multimeter')) return 'multimeter';
    const weightRecorder = [...this.blocksOf(sources), ...this.blocksOf(targets)].find(
      ({ device }) => device?.name === 'weight_recorder',
    );
    if (weightRecorder) {
      throw new BadConnectionError(
        "a weight_recorder is not connected: name it in a synapse model, copyModel('clopath_synapse', 'recorded', { weight_recorder })",
      );
    }
    return undefined;
  }

  private async record(
    device: 'spike_recorder' | 'multimeter',
    ends: Endpoints,
    rule: string,
  ): Promise<void> {
    if (rule !== 'all_to_all' && rule !== 'one_to_one') {
      throw new BadConnectionError(
        `a ${device} is connected by all_to_all or one_to_one; given ${rule}`,
      );
    }
    const recorders = device === 'multimeter' ? ends.sources : ends.targets;
    const nodes = device === 'multimeter' ? ends.targets : ends.sources;
    for (const block of this.blocksOf(nodes)) this.checkRecordable(device, recorders, block);
    for (let i = 0; i < recorders.length; i++) {
      const id = recorders.id(i);
      const recorded = rule === 'one_to_one' ? [{ first: nodes.id(i), count: 1 }] : idData(nodes);
      await this.team.change((rank) =>
        device === 'multimeter'
          ? this.team.call(rank, 'recordTraces', id, recorded)
          : this.team.call(rank, 'recordSpikes', id, recorded, this.calls),
      );
      if (device === 'multimeter') this.registry.connectedMeters.add(id);
    }
  }

  private checkRecordable(
    device: 'spike_recorder' | 'multimeter',
    recorders: Ids,
    block: NodeBlock,
  ): void {
    if (device === 'spike_recorder') {
      if (block.neuron || block.device?.emits === 'spikes') return;
      throw new BadConnectionError(
        `${block.name} (node ${block.firstId}) emits no spikes to record`,
      );
    }
    if (!block.neuron) {
      throw new BadConnectionError(
        `${block.name} (node ${block.firstId}) has nothing for a multimeter`,
      );
    }
    for (const id of recorders.toArray()) {
      const { firstId, deviceValues } = this.registry.blockOf(id);
      Nodes.checkRecordables(
        block.neuron,
        deviceValues[id - firstId]!.record_from as readonly string[],
      );
    }
  }

  /** Checks a filter and turns it into what the workers take. */
  filter(given: FilterArguments): ConnectionFilter {
    const {
      source,
      target,
      synapse_model: synapse,
    } = namedValues('getConnections', named(given), [
      'source',
      'target',
      'synapse_model',
    ]) as FilterSpec;
    if (synapse !== undefined) this.models.synapse(synapse);
    return {
      sources: source === undefined ? undefined : idData(this.idsOf('source', source)),
      targets: target === undefined ? undefined : idData(this.idsOf('target', target)),
      synapse,
      lastCall: this.calls - 1,
    };
  }

  read(filter: ConnectionFilter) {
    return readConnections(this.team, filter);
  }

  async write(
    filter: ConnectionFilter,
    values: Readonly<Record<string, unknown>>,
    started: boolean,
  ): Promise<void> {
    const { models, seed, writes: assignment } = this;
    await writeConnections(this.team, filter, values, { models, seed, assignment, started });
    this.writes += 1;
  }

  private blocksOf(ids: Ids): NodeBlock[] {
    return [...new Set(this.registry.parts(new IdSet(ids.ranges)).map(({ block }) => block))];
  }

  private idsOf(where: string, ends: Ends): Ids {
    const own = this.idSetOf(ends);
    if (own) return own;
    if (!isArrayLike(ends)) {
      throw new ValueError(
        where,
        ends,
        'a node collection of this simulation or a list of node ids',
      );
    }
    return idList(where, ends, this.registry);
  }
}
