/** From a resolved experiment to nodes and connections, in the order of the file. */
import type { NodeCollection, Simulation } from '../simulation/index.js';
import { connectionNames, slicesOf } from './collections.js';
import { definitionsOf } from './neuron-models.js';
import { PlacedErrors } from './placement.js';
import type { ResolvedExperiment } from './schema.js';
import { numbersOf } from './values.js';
import { initialWeights, keepsWeights, type RecordedWeights } from './weights.js';

type Populations = ReadonlyMap<string, NodeCollection>;

/** What was built. */
export interface Network {
  readonly populations: Populations;
  /** Name of the file, for errors. */
  readonly file: string;
  /** Initial weights of the entries of `connections` that keep theirs. */
  readonly weights: readonly RecordedWeights[];
}

/**
 * Defines neuron models, creates populations, copies synapse models and connects. What the file says was found right
 * when it was read; what distributions draw, and what takes too much memory, only shows now.
 * @param file its name, for errors
 * @throws ExperimentError with the paths in the file; the simulation is then of no further use
 */
export async function buildNetwork(
  simulation: Simulation,
  experiment: ResolvedExperiment,
  file = experiment.name,
): Promise<Network> {
  const errors = new PlacedErrors();
  for (const definition of definitionsOf(experiment)) simulation.defineNeuron(definition);
  const populations = createPopulations(simulation, experiment, errors);
  errors.throwIfAny(file);
  copySynapseModels(simulation, experiment, populations, errors);
  errors.throwIfAny(file);
  const weights: RecordedWeights[] = [];
  const names = connectionNames(experiment.connections);
  for (const [index, name] of names.entries()) {
    const recorded = await connectEntry(simulation, experiment, populations, index, name, errors);
    if (recorded !== undefined) weights.push(recorded);
  }
  errors.throwIfAny(file);
  return { file, populations, weights };
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
