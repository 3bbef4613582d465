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
import {
  type ConnectedRecorder,
  checkNotEmpty,
  checkRecordables,
  checkRecorded,
  recorderAmong,
} from './endpoints.js';
import type { MemoryBudget } from './memory.js';
import type { ModelRegistry } from './model-registry.js';
import { NodeCollection } from './node-collection.js';
import type { NodeBlock, NodeRegistry } from './node-registry.js';
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
    checkNotEmpty(ends.sources, ends.targets);
    const rule = this.parser.rule(conn, ends);
    // Whether the rule fits the populations at all.
    connectionCount(rule, ends.sources, ends.targets);
    const device = recorderAmong(this.blocksOf(ends.sources), this.blocksOf(ends.targets));
    if (device) {
      this.parser.unusedSynapse(device, rule, ends, syn);
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
    checkShortest(shortest, this.forcedSlice, this.grid);
    const longest = Math.max(0, ...delays.map(({ max }) => max));
    if (longest > (this.maxDelay ?? 0)) {
      const { nodeCount: nodes, inputPlanes: planes } = this.registry;
      this.memory.checkInputRing({ nodes, maxDelaySteps: longest, planes });
    }
  }

  private async record(device: ConnectedRecorder, ends: Endpoints, rule: string): Promise<void> {
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

  private checkRecordable(device: ConnectedRecorder, recorders: Ids, block: NodeBlock): void {
    checkRecorded(device, block);
    if (device === 'spike_recorder') return;
    for (const id of recorders.toArray()) {
      const { firstId, deviceValues } = this.registry.blockOf(id);
      checkRecordables(block.neuron!, deviceValues[id - firstId]!.record_from as readonly string[]);
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

/** Whether slices can be as long as was asked for, with so short a delay; in steps. Throws BadConnectionError. */
export function checkShortest(
  delaySteps: number,
  forcedSlice: number | undefined,
  grid: TimeGrid,
): void {
  if (forcedSlice === undefined || delaySteps >= forcedSlice) return;
  throw new BadConnectionError(
    `a delay is ${grid.ms(delaySteps)} ms, shorter than the min_delay of ${grid.ms(forcedSlice)} ms that was asked for`,
  );
}
