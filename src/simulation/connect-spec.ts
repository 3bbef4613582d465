/** What a user says about connections, checked, and turned into a ConnectCall for the workers. */
import {
  type ConnectCall,
  type ConnectionValues,
  elementCount,
} from '../connectivity/connect-call.js';
import { type IdData, IdList, IdSet, type Ids } from '../connectivity/id-set.js';
import { parseRule, RULE_KEYS, type Rule } from '../connectivity/rule-spec.js';
import { BadConnectionError, UnknownKeyError, ValueError } from '../errors/index.js';
import { runChecks, type Values } from '../models/spec.js';
import { type Distribution, parseDistribution } from '../random/index.js';
import type { TimeGrid } from '../units/index.js';
import { type ConnectedRecorder, checkEndpoints, checkRecording } from './endpoints.js';
import type { ModelRegistry, SynapseModelEntry } from './model-registry.js';
import type { NodeBlock, NodeRegistry } from './node-registry.js';
import { isArrayLike, isRecord, namedValues, plainNumber } from './values.js';

/** A connection rule by name, or with its arguments (names and meaning as in NEST). */
export interface ConnSpec {
  readonly rule?: string;
  readonly indegree?: number;
  readonly outdegree?: number;
  readonly N?: number;
  readonly p?: number;
  readonly allow_autapses?: boolean;
  readonly allow_multapses?: boolean;
}

/**
 * A number for all connections, a distribution, or one value each: a plain list, or NEST's matrix of
 * (targets, sources), (targets, indegree) or (sources, outdegree), row by row.
 */
export type SynValue = number | ArrayLike<number> | ArrayLike<ArrayLike<number>> | Distribution;

/** Synapse model and its values; weight in the unit of the target's input, delay and time constants in ms. */
export interface SynSpec {
  readonly synapse_model?: string;
  readonly weight?: SynValue;
  readonly delay?: SynValue;
  readonly Wmax?: SynValue;
  /** Of clopath_synapse. */
  readonly tau_x?: SynValue;
  readonly Wmin?: SynValue;
  /** Of stdp_synapse. */
  readonly tau_plus?: SynValue;
  readonly lambda?: SynValue;
  readonly alpha?: SynValue;
  readonly mu_plus?: SynValue;
  readonly mu_minus?: SynValue;
}

export interface Endpoints {
  readonly sources: Ids;
  readonly targets: Ids;
}

export function idData(ids: Ids): IdData {
  return ids instanceof IdList ? ids.toArray() : ids.ranges;
}

/** The ids of explicit lists: whole numbers of existing nodes. */
export function idList(where: string, given: ArrayLike<unknown>, nodes: NodeRegistry): IdList {
  const ids = new Uint32Array(given.length);
  for (let i = 0; i < ids.length; i++) {
    const id = given[i];
    if (!Number.isSafeInteger(id) || (id as number) < 1 || (id as number) > nodes.nodeCount) {
      throw new ValueError(`${where}[${i}]`, id, `a node id from 1 to ${nodes.nodeCount}`);
    }
    ids[i] = id as number;
  }
  return new IdList(ids);
}

export class ConnectSpecParser {
  constructor(
    private readonly models: ModelRegistry,
    private readonly nodes: NodeRegistry,
    private readonly grid: TimeGrid,
  ) {}

  rule(conn: string | ConnSpec, { sources, targets }: Endpoints): Rule {
    const explicit = sources instanceof IdList || targets instanceof IdList;
    const rule = parseRule(typeof conn === 'string' ? conn : this.ruleSpec(conn));
    if (explicit && rule.rule !== 'one_to_one') {
      throw new BadConnectionError(
        `lists of node ids can be connected by one_to_one only; given ${rule.rule} (use node collections)`,
      );
    }
    return rule;
  }

  private ruleSpec(conn: ConnSpec): Readonly<Record<string, unknown>> {
    const spec = namedValues('connection rule', conn);
    const keys = Object.keys(spec);
    const both = keys.find((key) => key === 'conn_spec' || key === 'syn_spec');
    if (both) {
      const hint = 'rule and synapse are arguments of their own: connect(pre, post, rule, synapse)';
      throw new UnknownKeyError('connection rule', both, RULE_KEYS, hint);
    }
    const ofSynapses = this.synapseKeys();
    const strayed = keys.find((key) => ofSynapses.has(key));
    if (strayed) {
      const hint = `it belongs to the synapse, the fourth argument: connect(pre, post, rule, { ${strayed}: ... })`;
      throw new UnknownKeyError('connection rule', strayed, RULE_KEYS, hint);
    }
    return spec;
  }

  /** Keys that the fourth argument of connect can have. */
  private synapseKeys(): Set<string> {
    const entries = this.models.names('synapse').map((name) => this.models.synapse(name));
    return new Set(['synapse_model', ...entries.flatMap(({ values }) => Object.keys(values))]);
  }

  /** Checks models and values of a call between neurons, or from generators to neurons. */
  call(call: number, rule: Rule, ends: Endpoints, syn: string | SynSpec): ConnectCall {
    const { entry, given } = this.synapse(syn);
    checkEndpoints(this.blocksOf(ends.sources), this.blocksOf(ends.targets), entry);
    const value = (key: string): ConnectionValues => {
      const chosen = given[key] === undefined ? entry.values[key] : given[key];
      return connectionValues(`${entry.name}.${key}`, chosen, rule, ends);
    };
    const parameters = Object.fromEntries(
      Object.keys(entry.model.parameters).map((key) => [key, value(key)]),
    );
    const weight = value('weight');
    const fixed = Object.entries({ ...parameters, weight }).filter(
      ([, v]) => typeof v === 'number',
    );
    const numbers = Object.fromEntries(fixed) as Values;
    const checks = entry.model.checks.filter((c) => c.names.every((name) => name in numbers));
    runChecks(entry.name, checks, numbers);
    return {
      call,
      rule,
      sources: idData(ends.sources),
      targets: idData(ends.targets),
      synapse: {
        name: entry.name,
        model: entry.model.name,
        weight,
        delay: delaySteps(`${entry.name}.delay`, value('delay'), this.grid),
        parameters,
        recorder: entry.weightRecorder,
      },
    };
  }

  /** The synapse model of a call, and the values given beside it. */
  private synapse(syn: string | SynSpec): {
    entry: SynapseModelEntry;
    given: Readonly<Record<string, unknown>>;
  } {
    const spec = typeof syn === 'string' ? { synapse_model: syn } : namedValues('synapse', syn);
    const { synapse_model = 'static_synapse', ...given } = spec;
    const entry = this.models.synapse(synapse_model as string);
    const known = Object.keys(entry.values);
    for (const key of Object.keys(given)) {
      if (!known.includes(key)) {
        throw new UnknownKeyError(`synapse model ${entry.name}`, key, ['synapse_model', ...known]);
      }
    }
    return { entry, given };
  }

  /** Checks the synapse of a connection to a recorder, which then uses none of it (as in NEST). */
  unusedSynapse(
    recorder: ConnectedRecorder,
    rule: Rule,
    ends: Endpoints,
    syn: string | SynSpec,
  ): void {
    const { entry, given } = this.synapse(syn);
    checkRecording(recorder, rule.rule, entry);
    for (const [key, value] of Object.entries(given)) {
      if (value === undefined) continue;
      const checked = connectionValues(`${entry.name}.${key}`, value, rule, ends);
      if (key === 'delay') delaySteps(`${entry.name}.delay`, checked, this.grid);
    }
  }

  private blocksOf(ids: Ids): Set<NodeBlock> {
    return ids instanceof IdSet
      ? new Set(this.nodes.parts(ids).map(({ block }) => block))
      : new Set(ids.ranges.map(({ first }) => this.nodes.blockOf(first)));
  }
}

/** What a call says of its connections: a number, one for each, or a distribution. Throws ValueError. */
export function connectionValues(
  where: string,
  given: unknown,
  rule: Rule,
  { sources, targets }: Endpoints,
): ConnectionValues {
  if (isArrayLike(given)) {
    const wanted = elementCount(rule, sources.length, targets.length);
    if (wanted === undefined) {
      throw new ValueError(
        where,
        given,
        `a number or distribution: ${rule.rule} does not know its number of connections`,
      );
    }
    const flat = flatten(given);
    if (flat.length !== wanted)
      throw new ValueError(where, given, `${wanted} values, one per connection`);
    // One copy for all virtual processes.
    const shared = new Float64Array(new SharedArrayBuffer(8 * wanted));
    for (let i = 0; i < wanted; i++) shared[i] = plainNumber(`${where}[${i}]`, flat[i]);
    return shared;
  }
  return commonValue(where, given);
}

/** What is said of all connections alike: a number or a distribution. Throws ValueError. */
export function commonValue(where: string, given: unknown): number | Distribution {
  if (isRecord(given)) return plainData(parseDistribution(where, given));
  return plainNumber(where, given);
}

/** Delays in ms as steps; those that are drawn are rounded when they are. Throws ValueError, OffGridError. */
export function delaySteps(
  where: string,
  delay: ConnectionValues,
  grid: TimeGrid,
): ConnectionValues {
  if (typeof delay === 'number') return grid.delaySteps(where, delay);
  if (!(delay instanceof Float64Array)) return delay;
  for (let i = 0; i < delay.length; i++) delay[i] = grid.delaySteps(`${where}[${i}]`, delay[i]!);
  return delay;
}

/** Arrays of arrays (NEST's matrices, row by row) and plain arrays alike as one list. */
function flatten(given: ArrayLike<unknown>): unknown[] {
  return Array.from(given).flatMap((item) => (isArrayLike(item) ? Array.from(item) : [item]));
}

/** A distribution without methods, as messages between threads need it. */
function plainData(distribution: Distribution): Distribution {
  return JSON.parse(JSON.stringify(distribution)) as Distribution;
}
