/** What a simulation would refuse of the connections of an experiment. */
import type { ConnectionValues } from '../../connectivity/connect-call.js';
import { type IdRange, type Ids, idsFrom } from '../../connectivity/id-set.js';
import {
  checkRuleKey,
  connectionCount,
  parseRule,
  type Rule,
  ruleName,
} from '../../connectivity/rule-spec.js';
import { UnknownKeyError, UnknownNameError } from '../../errors/index.js';
import { runChecks, type Values } from '../../models/spec.js';
import { commonValue, connectionValues, delaySteps } from '../../simulation/connect-spec.js';
import { checkShortest } from '../../simulation/connector.js';
import {
  checkEndpoints,
  checkNotEmpty,
  checkRecordables,
  checkRecorded,
  checkRecording,
  type EndBlock,
  recorderAmong,
} from '../../simulation/endpoints.js';
import type { TimeGrid } from '../../units/index.js';
import { firstIdsOf, idsOf } from '../node-ids.js';
import type { PlacedErrors, Places } from '../placement.js';
import type { ResolvedExperiment } from '../schema.js';
import type { ExperimentSynapse } from '../synapse-models.js';
import type { Params } from '../values.js';
import { independent } from './independent.js';
import type { CheckedPopulations } from './node-values.js';
import type { CheckedSynapses } from './synapses.js';

type Connection = ResolvedExperiment['connections'][number];

/** Both sides of a connection, none of them without nodes. */
interface Ends {
  readonly sources: Ids;
  readonly targets: Ids;
}

interface PopulationBlock extends EndBlock {
  readonly population: string;
}

/** What is known of weight, delay and parameters. */
type KnownValues = Readonly<Record<string, ConnectionValues>>;

/** What is there to connect. */
export interface Parts {
  readonly populations: CheckedPopulations;
  readonly synapses: CheckedSynapses;
  readonly grid: TimeGrid;
  /** Entries of `connections` whose slices or indices do not fit: nothing is said of their nodes. */
  readonly unfit: ReadonlySet<number>;
}

export class ConnectionChecks {
  private readonly firstIds: ReadonlyMap<string, number>;
  private readonly forcedSlice: number | undefined;

  constructor(
    private readonly experiment: ResolvedExperiment,
    private readonly parts: Parts,
    private readonly errors: PlacedErrors,
  ) {
    const { min_delay } = experiment.kernel;
    const path = 'kernel.min_delay';
    this.firstIds = firstIdsOf(experiment);
    this.forcedSlice =
      min_delay === undefined
        ? undefined
        : errors.at(path, () => parts.grid.delaySteps(path, min_delay));
  }

  /** Checks an entry of `connections`. */
  check(entry: number): void {
    const { errors } = this;
    const connection = this.experiment.connections[entry]!;
    const { pairs, syn_spec } = connection;
    const path = `connections.${entry}`;
    const places: Places = [
      { path, given: { pairs } },
      { path: `${path}.syn_spec`, given: syn_spec },
    ];
    const rule = this.rule(connection, `${path}.conn_spec`);
    const ends = this.parts.unfit.has(entry) ? undefined : this.ends(connection, places);
    const count =
      rule && ends && errors.try(places, () => connectionCount(rule, ends.sources, ends.targets));
    const synapse = errors.try(places, () => this.synapse(syn_spec.synapse_model));
    if (synapse === undefined) return;
    const values = this.values(synapse, syn_spec, rule, ends, places);
    if (rule && ends && this.checkNodes(ends, rule, synapse, places) === 'recorder') {
      // Recorders use nothing of a synapse, but what is said of it must not be nonsense.
      if (syn_spec.delay !== undefined) this.checkDelay(synapse, values, 0, places);
      return;
    }
    this.checkDelay(synapse, values, count, places);
    this.checkTogether(synapse, syn_spec, values, places);
  }

  private rule({ pairs, conn_spec }: Connection, path: string): Rule | undefined {
    if (pairs !== undefined) return parseRule('one_to_one');
    if (conn_spec === undefined) return parseRule('all_to_all');
    const { errors } = this;
    const places: Places = [{ path, given: { ...conn_spec } }];
    const name = errors.try(places, () => ruleName(conn_spec.rule));
    if (name === undefined) return undefined;
    const own = Object.entries(conn_spec).filter(([key]) =>
      errors.holds(places, () => checkRuleKey(name, key)),
    );
    return errors.try(places, () => parseRule(Object.fromEntries(own)));
  }

  /** Undefined if a collection is empty, as slices may be for some values of parameters. */
  private ends({ source, target, pairs }: Connection, places: Places): Ends | undefined {
    const { populations } = this.experiment;
    const ids = (collection: Connection['source'], indices?: readonly number[]) =>
      idsFrom(idsOf(collection, indices, populations, this.firstIds));
    if (ids(source).length === 0 || ids(target).length === 0) return undefined;
    const ends = { sources: ids(source, pairs?.source), targets: ids(target, pairs?.target) };
    return this.errors.holds(places, () => checkNotEmpty(ends.sources, ends.targets))
      ? ends
      : undefined;
  }

  private synapse(name: string): ExperimentSynapse | undefined {
    const { names, models } = this.parts.synapses;
    if (!names.includes(name)) throw new UnknownNameError('synapse model', name, names);
    return models.get(name);
  }

  /** Values of the model with those given, as far as they can be read. */
  private values(
    { name, values }: ExperimentSynapse,
    { synapse_model: _, ...given }: Connection['syn_spec'],
    rule: Rule | undefined,
    ends: Ends | undefined,
    places: Places,
  ): KnownValues {
    const known: Record<string, ConnectionValues> = {};
    // Of a synapse model that is wrong itself nothing is told again.
    const all = this.parts.synapses.sound.has(name) ? { ...values, ...given } : given;
    for (const [key, value] of Object.entries(all as Params)) {
      const where = `${name}.${key}`;
      const read = this.errors.try(places, () => {
        if (!Object.hasOwn(values, key)) {
          const keys = ['synapse_model', ...Object.keys(values)];
          throw new UnknownKeyError(`synapse model ${name}`, key, keys);
        }
        if (rule && ends) return connectionValues(where, value, rule, ends);
        return Array.isArray(value) ? undefined : commonValue(where, value);
      });
      if (read !== undefined) known[key] = read;
    }
    return known;
  }

  /** Whether models of nodes, rule and synapse fit each other. */
  private checkNodes(
    ends: Ends,
    rule: Rule,
    synapse: ExperimentSynapse,
    places: Places,
  ): 'recorder' | undefined {
    const { errors } = this;
    const [sources, targets] = [this.blocks(ends.sources), this.blocks(ends.targets)];
    if (sources === undefined || targets === undefined) return undefined;
    const recorder = errors.try(places, () => recorderAmong(sources, targets) ?? 'none');
    if (recorder === 'none') {
      errors.try(places, () => checkEndpoints(sources, targets, synapse));
      return undefined;
    }
    if (recorder === undefined) return 'recorder';
    errors.try(places, () => checkRecording(recorder, rule.rule, synapse));
    for (const block of recorder === 'multimeter' ? targets : sources) {
      errors.try(places, () => checkRecorded(recorder, block));
      if (recorder === 'multimeter') this.checkSampled(sources, block);
    }
    return 'recorder';
  }

  /** Whether nodes have what multimeters sample, which stands where these are created. */
  private checkSampled(multimeters: readonly PopulationBlock[], { neuron }: EndBlock): void {
    if (neuron === undefined) return;
    for (const { population } of multimeters) {
      const { record_from = [] } = this.experiment.populations[population]!.params;
      (record_from as readonly string[]).forEach((name, i) => {
        const path = `populations.${population}.params.record_from.${i}`;
        this.errors.at(path, () => checkRecordables(neuron, [name]));
      });
    }
  }

  /** The populations that nodes are of; undefined if the model of one is not known. */
  private blocks({ ranges }: Ids): PopulationBlock[] | undefined {
    const blocks: PopulationBlock[] = [];
    for (const [population, { size }] of Object.entries(this.experiment.populations)) {
      const firstId = this.firstIds.get(population)!;
      const isOf = (range: IdRange) =>
        range.first < firstId + size && range.first + range.count > firstId;
      if (!ranges.some(isOf)) continue;
      const model = this.parts.populations.get(population)?.model;
      if (model === undefined) return undefined;
      const [neuron, device] = model.kind === 'neuron' ? [model, undefined] : [undefined, model];
      blocks.push({ population, name: model.name, firstId, neuron, device });
    }
    return blocks;
  }

  /** @param count of connections; undefined if it is not known */
  private checkDelay(
    { name }: ExperimentSynapse,
    { delay }: KnownValues,
    count: number | undefined,
    places: Places,
  ): void {
    if (delay === undefined) return;
    const { grid } = this.parts;
    this.errors.try(places, () => {
      const steps = delaySteps(`${name}.delay`, delay, grid);
      const stated =
        typeof steps === 'number' ? [steps] : steps instanceof Float64Array ? steps : [];
      if (count === undefined || count === 0) return;
      for (const one of stated) checkShortest(one, this.forcedSlice, grid);
    });
  }

  /** Conditions on values that are not drawn. */
  private checkTogether(
    { name, model }: ExperimentSynapse,
    given: Readonly<Record<string, unknown>>,
    values: KnownValues,
    places: Places,
  ): void {
    const isStated = (key: string) =>
      typeof values[key] === 'number' || values[key] instanceof Float64Array;
    const checks = model.checks.filter(({ names }) => names.every(isStated));
    // Weights are looked at here for the first time, given or not.
    independent(checks, { weight: undefined, ...given }, (check) =>
      this.errors.holds(places, () => {
        for (const one of connectionsOf(check.names, values)) runChecks(name, [check], one);
      }),
    );
  }
}

/** The values of these names, connection by connection where they are given so. */
function* connectionsOf(names: readonly string[], values: KnownValues): Iterable<Values> {
  const columns = names.map((name) => [name, values[name] as number | Float64Array] as const);
  const lengths = columns.map(([, column]) => (typeof column === 'number' ? 1 : column.length));
  for (let i = 0; i < Math.max(...lengths); i++) {
    yield Object.fromEntries(
      columns.map(([name, column]) => [name, typeof column === 'number' ? column : column[i]!]),
    );
  }
}
