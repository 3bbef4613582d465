/** From a resolved experiment to nodes and connections, in the order of the file. */
import { UnknownKeyError } from '../errors/index.js';
import type { NodeModel } from '../models/registry.js';
import type { NodeCollection, Simulation } from '../simulation/index.js';
import { connectionNames, slicesOf } from './collections.js';
import { definitionsOf, nodeModelsOf } from './neuron-models.js';
import { PlacedErrors } from './placement.js';
import type { ResolvedExperiment } from './schema.js';
import { numbersOf } from './values.js';
import { initialWeights, keepsWeights, type RecordedWeights } from './weights.js';

type Populations = ReadonlyMap<string, NodeCollection>;

/** What was built. */
export interface Network {
  readonly populations: Populations;
  /** Initial weights of the entries of `connections` that keep theirs. */
  readonly weights: readonly RecordedWeights[];
}

/**
 * Defines neuron models, creates populations, copies synapse models and connects. Names of models, rules and parameters
 * are checked here, by the simulation.
 * @throws ExperimentError with the paths in the file; the simulation is then of no further use
 */
export async function buildNetwork(
  simulation: Simulation,
  experiment: ResolvedExperiment,
): Promise<Network> {
  const errors = new PlacedErrors(experiment.name);
  for (const definition of definitionsOf(experiment)) {
    const path = `neuron_models.${definition.name}`;
    errors.try([{ path, given: {} }], () => simulation.defineNeuron(definition));
  }
  errors.throwIfAny();
  const populations = createPopulations(simulation, experiment, errors);
  checkProtocolNames(experiment, errors);
  errors.throwIfAny();
  copySynapseModels(simulation, experiment, populations, errors);
  errors.throwIfAny();
  const weights: RecordedWeights[] = [];
  const names = connectionNames(experiment.connections);
  for (const [index, name] of names.entries()) {
    const recorded = await connectEntry(simulation, experiment, populations, index, name, errors);
    if (recorded !== undefined) weights.push(recorded);
  }
  errors.throwIfAny();
  return { populations, weights };
}

function createPopulations(
  simulation: Simulation,
  experiment: ResolvedExperiment,
  errors: PlacedErrors,
): Populations {
  const populations = new Map<string, NodeCollection>();
  for (const [name, { model, size, params }] of Object.entries(experiment.populations)) {
    const path = `populations.${name}`;
    const places = [
      { path, given: { model, size } },
      { path: `${path}.params`, given: params },
    ] as const;
    const nodes = errors.try([...places], () => simulation.create(model, size, numbersOf(params)));
    if (nodes !== undefined) populations.set(name, nodes);
  }
  return populations;
}

/** A slip in an interval's parameter names is told now, not when the run gets there. */
function checkProtocolNames(experiment: ResolvedExperiment, errors: PlacedErrors): void {
  const models = nodeModelsOf(experiment);
  const modelOf = (population: string) => models.get(experiment.populations[population]!.model);
  experiment.protocol.forEach(({ set, stimulus }, index) => {
    const path = `protocol.${index}`;
    for (const [population, params] of Object.entries(set)) {
      const at = `${path}.set.${population}`;
      for (const key of Object.keys(params)) {
        errors.try([{ path: at, given: params }], () =>
          checkSettable(modelOf(population), key, at),
        );
      }
    }
    if (stimulus === undefined) return;
    const at = `${path}.stimulus.population`;
    errors.try([{ path: at, given: {} }], () =>
      checkSettable(modelOf(stimulus.population), 'rate', at),
    );
  });
}

function checkSettable(model: NodeModel | undefined, key: string, where: string): void {
  if (model === undefined) return;
  const known = Object.keys(model.parameters);
  if (model.kind === 'neuron') {
    const settable = Object.entries(model.state).filter(([, spec]) => spec.settable === true);
    known.push(...settable.map(([name]) => name));
  }
  if (!known.includes(key)) throw new UnknownKeyError(where, key, known);
}

function copySynapseModels(
  simulation: Simulation,
  experiment: ResolvedExperiment,
  populations: Populations,
  errors: PlacedErrors,
): void {
  for (const [name, definition] of Object.entries(experiment.synapse_models)) {
    const { base, params, weight_recorder } = definition;
    const path = `synapse_models.${name}`;
    const recorder = weight_recorder === undefined ? undefined : populations.get(weight_recorder);
    errors.try(
      [
        { path, given: { [name]: name, base, weight_recorder } },
        { path: `${path}.params`, given: params },
      ],
      () =>
        simulation.copyModel(base, name, {
          ...params,
          ...(recorder === undefined ? {} : { weight_recorder: recorder }),
        }),
    );
  }
}

async function connectEntry(
  simulation: Simulation,
  experiment: ResolvedExperiment,
  populations: Populations,
  index: number,
  name: string,
  errors: PlacedErrors,
): Promise<RecordedWeights | undefined> {
  const connection = experiment.connections[index]!;
  const { pairs, conn_spec = { rule: 'all_to_all' }, syn_spec } = connection;
  const source = collect(connection.source, experiment, populations);
  const target = collect(connection.target, experiment, populations);
  // Slices may turn out to be empty for some values of the parameters they are written with.
  if (source === undefined || target === undefined) return undefined;
  const path = `connections.${index}`;
  const connect = () =>
    pairs === undefined
      ? simulation.connect(source, target, conn_spec, syn_spec)
      : simulation.connect(
          pick(source, pairs.source),
          pick(target, pairs.target),
          'one_to_one',
          syn_spec,
        );
  return errors.tryAsync(
    [
      { path, given: { pairs } },
      { path: `${path}.conn_spec`, given: { ...conn_spec } },
      { path: `${path}.syn_spec`, given: syn_spec },
    ],
    async () => {
      if (!keepsWeights(experiment, index)) {
        await connect();
        return undefined;
      }
      return initialWeights(simulation, experiment, index, name, { source, target }, connect);
    },
  );
}

/** The nodes of a collection, in the order in which it names them; undefined if there are none. */
function collect(
  collection: ResolvedExperiment['connections'][number]['source'],
  experiment: ResolvedExperiment,
  populations: Populations,
): NodeCollection | undefined {
  const [first, ...others] = slicesOf(collection, experiment.populations)
    .filter(({ from, to }) => from < to)
    .map(({ population, from, to }) => populations.get(population)!.slice(from, to));
  return first?.concat(...others);
}

/** Ids of the nodes at these indices. */
function pick(nodes: NodeCollection, indices: readonly number[]): Uint32Array {
  const { ids } = nodes;
  return Uint32Array.from(indices, (index) => ids[index] as number);
}
