/** Weights of single entries of `connections`, at the beginning and at the end of a run. */
import { synapseModels } from '../models/registry.js';
import type { NodeCollection, Simulation } from '../simulation/index.js';
import { collectionName, populationsOf } from './collections.js';
import type { WeightColumns } from './results.js';
import type { ResolvedExperiment } from './schema.js';

/** Sources and targets of connections in the order (source, target, creation). */
export interface PairColumns {
  readonly source: ArrayLike<number>;
  readonly target: ArrayLike<number>;
}

interface Ends {
  readonly source: NodeCollection;
  readonly target: NodeCollection;
}

/** The connections of one entry as they were made. */
export interface RecordedWeights {
  readonly columns: Omit<WeightColumns, 'final'>;
  readonly ends: Ends;
  /** All connections that the entry's query found when it had been made, earlier ones included. */
  readonly found: PairColumns;
  /** Which of those are the entry's own. */
  readonly own: Uint32Array;
}

/** Whether weights of this synapse model change; copies are as plastic as what they copy. */
export function isPlastic(experiment: ResolvedExperiment, synapseModel: string): boolean {
  const seen = new Set<string>();
  let name = synapseModel;
  for (;;) {
    const base = experiment.synapse_models[name]?.base;
    if (base === undefined || seen.has(name)) break;
    seen.add(name);
    name = base;
  }
  return synapseModels.get(name)?.archive !== undefined;
}

/** Whether initial and final weights of an entry belong to the results. */
export function keepsWeights(experiment: ResolvedExperiment, index: number): boolean {
  const { record_weights, syn_spec } = experiment.connections[index]!;
  return record_weights ?? isPlastic(experiment, syn_spec.synapse_model);
}

/** Makes the connections of an entry and notes their weights. */
export async function initialWeights(
  simulation: Simulation,
  experiment: ResolvedExperiment,
  index: number,
  name: string,
  ends: Ends,
  connect: () => Promise<void>,
): Promise<RecordedWeights> {
  const connection = experiment.connections[index]!;
  const { synapse_model } = connection.syn_spec;
  const query = { ...ends, synapse_model };
  const before = sharesQuery(experiment, index)
    ? await simulation.getConnections(query)
    : { source: [], target: [] };
  await connect();
  const found = await simulation.getConnections(query);
  const own = complement(positionsIn(before, found), found.length);
  const { weight, delay } = await found.get();
  return {
    ends,
    found: { source: found.source, target: found.target },
    own,
    columns: {
      connection: name,
      synapseModel: synapse_model,
      plastic: isPlastic(experiment, synapse_model),
      sourcePopulation: collectionName(connection.source),
      targetPopulation: collectionName(connection.target),
      source: Uint32Array.from(own, (i) => found.source[i]!),
      target: Uint32Array.from(own, (i) => found.target[i]!),
      delay: Float64Array.from(own, (i) => delay[i]!),
      initial: Float64Array.from(own, (i) => weight[i]!),
    },
  };
}

/** The same connections with their present weights. */
export async function finalWeights(
  simulation: Simulation,
  { columns, ends, found, own }: RecordedWeights,
): Promise<WeightColumns> {
  const query = { ...ends, synapse_model: columns.synapseModel };
  const present = await simulation.getConnections(query);
  const weight = await present.get('weight');
  const positions = positionsIn(found, present);
  return { ...columns, final: Float64Array.from(own, (i) => weight[positions[i]!]!) };
}

/** Whether an earlier entry may have made connections that this one's query finds, too. */
function sharesQuery(experiment: ResolvedExperiment, index: number): boolean {
  const { source, target, syn_spec } = experiment.connections[index]!;
  const sources = new Set(populationsOf(source));
  const targets = new Set(populationsOf(target));
  return experiment.connections
    .slice(0, index)
    .some(
      (earlier) =>
        earlier.syn_spec.synapse_model === syn_spec.synapse_model &&
        populationsOf(earlier.source).some((name) => sources.has(name)) &&
        populationsOf(earlier.target).some((name) => targets.has(name)),
    );
}

/**
 * Where the connections of an earlier query stand in the same query made later. Connections are
 * only ever added, and of equal pairs the older stand first, so the first that match are they.
 */
export function positionsIn(earlier: PairColumns, later: PairColumns): Uint32Array {
  const positions = new Uint32Array(earlier.source.length);
  let next = 0;
  for (let at = 0; at < later.source.length && next < positions.length; at++) {
    const matches =
      later.source[at] === earlier.source[next] && later.target[at] === earlier.target[next];
    if (matches) positions[next++] = at;
  }
  return positions;
}

/** The indices from 0 to length - 1 that do not stand in `positions` (ascending). */
export function complement(positions: Uint32Array, length: number): Uint32Array {
  const rest = new Uint32Array(length - positions.length);
  let next = 0;
  let count = 0;
  for (let at = 0; at < length; at++) {
    if (positions[next] === at) next++;
    else rest[count++] = at;
  }
  return rest;
}
