/**
 * From an experiment to the shape of its network, without building anything: what would be created
 * and connected, in the order of the file.
 */
import type { ConnectCall, ConnectionValues } from '../connectivity/connect-call.js';
import { type IdData, IdSet, idsFrom } from '../connectivity/id-set.js';
import { connectionCount, parseRule, type Rule } from '../connectivity/rule-spec.js';
import { ExperimentError } from '../errors/index.js';
import { connectionNames, populationsOf } from '../experiment/collections.js';
import { nodeModelsOf } from '../experiment/neuron-models.js';
import { firstIdsOf, idsOf } from '../experiment/node-ids.js';
import type { ResolvedExperiment } from '../experiment/schema.js';
import { type ExperimentSynapses, synapseModelsOf } from '../experiment/synapse-models.js';
import { numbersOf, type Params } from '../experiment/values.js';
import { keepsWeights } from '../experiment/weights.js';
import type { NodeModel } from '../models/registry.js';
import { type Distribution, isDistribution, support } from '../random/index.js';
import { groupShape, sendsOf } from '../simulation/memory.js';
import { type BlockShape, delayRange, type NetworkShape } from '../simulation/network-memory.js';
import { TimeGrid } from '../units/index.js';

type Connection = ResolvedExperiment['connections'][number];

export interface PlannedPopulation {
  readonly name: string;
  readonly model: NodeModel;
  readonly block: BlockShape;
}

/** An entry of `connections` between neurons, or from generators to neurons. */
export interface PlannedConnection {
  readonly name: string;
  readonly call: ConnectCall;
  readonly count: number;
  /** Whether a recorder notes each transmission, and whether the results hold its weights. */
  readonly recorded: boolean;
  readonly keepsWeights: boolean;
  /** Entry of `connections`. */
  readonly entry: number;
}

/** Nodes that a spike recorder or a multimeter listens to. */
export interface PlannedRecording {
  readonly recorder: string;
  readonly nodes: IdSet;
}

export interface PlannedNetwork {
  readonly experiment: ResolvedExperiment;
  readonly populations: readonly PlannedPopulation[];
  readonly connections: readonly PlannedConnection[];
  readonly recordings: readonly PlannedRecording[];
  readonly nodes: number;
  readonly shape: NetworkShape;
}

export function plannedNetwork(experiment: ResolvedExperiment): PlannedNetwork {
  return new Outline(experiment).network();
}

/** The same of a variation of an experiment; undefined if the file has mistakes at these values. */
export async function networkUnlessWrong(
  experiment: () => Promise<ResolvedExperiment>,
): Promise<PlannedNetwork | undefined> {
  try {
    return plannedNetwork(await experiment());
  } catch (error) {
    if (error instanceof ExperimentError) return undefined;
    throw error;
  }
}

class Outline {
  private readonly grid: TimeGrid;
  private readonly populations = new Map<string, PlannedPopulation>();
  private readonly synapses: ExperimentSynapses;
  private readonly firstIds: ReadonlyMap<string, number>;
  private readonly connections: PlannedConnection[] = [];
  private readonly recordings: PlannedRecording[] = [];
  private nodes = 0;

  constructor(private readonly experiment: ResolvedExperiment) {
    this.grid = new TimeGrid(experiment.kernel.resolution);
    this.synapses = synapseModelsOf(experiment);
    this.firstIds = firstIdsOf(experiment);
  }

  network(): PlannedNetwork {
    const { experiment, grid } = this;
    this.addPopulations();
    connectionNames(experiment.connections).forEach((name, entry) => {
      this.connect(name, entry);
    });
    const populations = [...this.populations.values()];
    const calls = this.connections.map(({ call }) => call);
    const resolution = grid.resolutionMs;
    const { min_delay } = experiment.kernel;
    const sliceSteps =
      min_delay === undefined
        ? delayRange(calls, resolution).min
        : grid.delaySteps('kernel.min_delay', min_delay);
    return {
      experiment,
      populations,
      connections: this.connections,
      recordings: this.recordings,
      nodes: this.nodes,
      shape: { resolution, blocks: populations.map(({ block }) => block), calls, sliceSteps },
    };
  }

  private addPopulations(): void {
    const models = nodeModelsOf(this.experiment);
    const { populations } = this.experiment;
    for (const [name, { model: named, size, params }] of Object.entries(populations)) {
      const model = models.get(named)!;
      const range = { first: this.firstIds.get(name)!, count: size };
      const block =
        model.kind === 'neuron'
          ? { ...range, neurons: this.groupOf(model, numbersOf(params)) }
          : { ...range, sends: sendsOf(model) };
      this.populations.set(name, { name, model, block });
      this.nodes += size;
    }
  }

  private groupOf(model: Extract<NodeModel, { kind: 'neuron' }>, params: Params) {
    const values = Object.entries(model.parameters).map(([name, spec]) => {
      const given = params[name] ?? spec.default;
      if (typeof given === 'number' || typeof given === 'boolean') return [name, Number(given)];
      return [name, largest(given)];
    });
    return groupShape(model, Object.fromEntries(values), this.grid.resolutionMs);
  }

  private connect(name: string, entry: number): void {
    const { experiment } = this;
    const connection = experiment.connections[entry]!;
    const { conn_spec = { rule: 'all_to_all' }, pairs } = connection;
    const sources = this.ids(connection.source, pairs?.source);
    const targets = this.ids(connection.target, pairs?.target);
    if (idsFrom(sources).length === 0 || idsFrom(targets).length === 0) return;
    const recorder = this.recorderOf(connection);
    if (recorder !== undefined) {
      const nodes = recorder.model.name === 'multimeter' ? targets : sources;
      this.recordings.push({ recorder: recorder.name, nodes: new IdSet(idsFrom(nodes).ranges) });
      return;
    }
    const rule = parseRule(pairs === undefined ? { ...conn_spec } : 'one_to_one');
    const call = this.callOf(connection, rule, sources, targets);
    const count = connectionCount(rule, idsFrom(sources), idsFrom(targets));
    const recorded = call.synapse.recorder > 0;
    const keeps = keepsWeights(experiment, entry);
    this.connections.push({ name, call, count, recorded, keepsWeights: keeps, entry });
  }

  private recorderOf({ source, target }: Connection): PlannedPopulation | undefined {
    const involved = [...populationsOf(source), ...populationsOf(target)];
    return involved
      .map((population) => this.populations.get(population)!)
      .find(({ model }) => model.kind === 'recorder');
  }

  private ids(collection: Connection['source'], indices?: readonly number[]): IdData {
    return idsOf(collection, indices, this.experiment.populations, this.firstIds);
  }

  private callOf(
    connection: Connection,
    rule: Rule,
    sources: IdData,
    targets: IdData,
  ): ConnectCall {
    const { synapse_model: name, ...given } = connection.syn_spec;
    const { model, values, weightRecorder } = this.synapses.get(name)!;
    const { weight, delay, ...others } = { ...values, ...given } as Record<string, Given>;
    const parameters = Object.keys(model.parameters).map((key) => [key, plain(others[key]!)]);
    return {
      call: this.connections.length,
      rule,
      sources,
      targets,
      synapse: {
        name,
        model: model.name,
        weight: plain(weight!),
        delay: this.delaySteps(plain(delay!)),
        parameters: Object.fromEntries(parameters),
        recorder: weightRecorder === undefined ? 0 : this.firstIds.get(weightRecorder)!,
      },
    };
  }

  private delaySteps(delay: ConnectionValues): ConnectionValues {
    if (typeof delay === 'number') return this.grid.delaySteps('delay', delay);
    if (!(delay instanceof Float64Array)) return delay;
    return delay.map((ms, i) => this.grid.delaySteps(`delay[${i}]`, ms));
  }
}

type Given = number | readonly number[] | Distribution;

function plain(value: Given): ConnectionValues {
  return Array.isArray(value) ? Float64Array.from(value) : (value as number | Distribution);
}

/** Stands for values that differ; only the largest of them matters. */
function largest(given: unknown): Float64Array {
  if (!isDistribution(given)) return Float64Array.from(given as readonly number[]);
  const [, most] = support(given);
  return Float64Array.of(Number.isFinite(most) ? most : 0);
}
