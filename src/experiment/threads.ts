/** How many threads an experiment is worth: an estimate from its description alone. */
import type { NodeModel } from '../models/registry.js';
import { type Distribution, isDistribution } from '../random/distribution.js';
import { support } from '../random/support.js';
import { populationsOf, sizeOf, slicesOf } from './collections.js';
import { nodeModelsOf } from './neuron-models.js';
import type { ResolvedExperiment } from './schema.js';
import type { ParamValue } from './values.js';

type Models = ReadonlyMap<string, NodeModel>;
type Connection = ResolvedExperiment['connections'][number];

/** Advancing a neuron by one step, in microseconds. */
const NEURON_STEP_US = 0.5;
/** The same for what only passes spikes on or sends them. */
const RELAY_STEP_US = 0.01;
/** Delivering one spike to one target. */
const DELIVERY_US = 0.02;
/** What a slice costs more on n threads: barrier, reading n rings, uneven load. */
const synchronisationUs = (threads: number) => 20 + 5 * threads;
/** Assumed rate of a population that does not say its own, in spikes/s. */
const ASSUMED_RATE = 10;
/** More threads must win at least this fraction of the time to be taken. */
const WORTHWHILE_GAIN = 0.2;

/**
 * The number of threads on which a slice is estimated to take least time, at least 1 and at most
 * `cores`; one that divides the number of virtual processes, if the experiment states that. It cannot
 * influence results.
 */
export function worthwhileThreads(experiment: ResolvedExperiment, cores: number): number {
  const work = sliceWorkUs(experiment);
  let best = 1;
  let bestTime = work;
  const { total_num_virtual_procs: processes = 0 } = experiment.kernel;
  for (let threads = 2; threads <= cores; threads++) {
    if (processes % threads !== 0) continue;
    const time = work / threads + synchronisationUs(threads);
    if (time < bestTime * (1 - WORTHWHILE_GAIN / threads)) {
      best = threads;
      bestTime = time;
    }
  }
  return best;
}

/** Estimated time of one slice on one thread, in microseconds. */
export function sliceWorkUs(experiment: ResolvedExperiment): number {
  const { resolution, min_delay } = experiment.kernel;
  const models = nodeModelsOf(experiment);
  const synaptic = experiment.connections.filter(
    (one) => !involvesRecorder(models, experiment, one),
  );
  const sliceMs = min_delay ?? smallestDelay(synaptic, resolution);
  const steps = Math.max(1, Math.round(sliceMs / resolution));
  let stepUs = 0;
  for (const { model, size } of Object.values(experiment.populations)) {
    stepUs += size * nodeStepUs(models.get(model));
  }
  let eventsPerMs = 0;
  for (const connection of synaptic) eventsPerMs += eventRate(models, experiment, connection);
  return stepUs * steps + eventsPerMs * sliceMs * DELIVERY_US;
}

function nodeStepUs(model: NodeModel | undefined): number {
  if (model === undefined) return NEURON_STEP_US;
  if (model.kind === 'recorder') return 0;
  const hasDynamics = model.kind === 'neuron' && Object.keys(model.state).length > 0;
  return hasDynamics ? NEURON_STEP_US : RELAY_STEP_US;
}

/** Spikes delivered over a connection entry per ms. */
function eventRate(models: Models, experiment: ResolvedExperiment, connection: Connection): number {
  const { populations } = experiment;
  const sources = slicesOf(connection.source, populations);
  const sourceSize = sizeOf(sources);
  const targetSize = sizeOf(slicesOf(connection.target, populations));
  if (sourceSize === 0 || targetSize === 0) return 0;
  let spikesPerMs = 0;
  for (const { population, from, to } of sources) {
    spikesPerMs += ((to - from) * populationRate(models, populations[population])) / 1000;
  }
  const connections = connectionCount(connection, sourceSize, targetSize);
  return (spikesPerMs * connections) / sourceSize;
}

function populationRate(
  models: Models,
  population: ResolvedExperiment['populations'][string] | undefined,
): number {
  if (population === undefined) return 0;
  if (population.expected_rate !== undefined) return population.expected_rate;
  const kind = models.get(population.model)?.kind ?? 'neuron';
  if (kind === 'recorder') return 0;
  const { rate } = population.params;
  return typeof rate === 'number' ? rate : ASSUMED_RATE;
}

function connectionCount(connection: Connection, sources: number, targets: number): number {
  if (connection.pairs !== undefined) return connection.pairs.source.length;
  const {
    rule,
    indegree = 0,
    outdegree = 0,
    N = 0,
    p = 0,
  } = connection.conn_spec ?? {
    rule: 'all_to_all',
  };
  const counts: Readonly<Record<string, number>> = {
    one_to_one: sources,
    fixed_indegree: indegree * targets,
    fixed_outdegree: outdegree * sources,
    fixed_total_number: N,
    pairwise_bernoulli: p * sources * targets,
  };
  return counts[rule] ?? sources * targets;
}

/** The smallest delay in ms, as far as the description tells; at least one step. */
function smallestDelay(connections: readonly Connection[], resolution: number): number {
  const delays = connections.map(({ syn_spec }) => lowest(syn_spec.delay ?? 1, resolution));
  return Math.max(resolution, Math.min(...(delays.length > 0 ? delays : [1])));
}

/** Connections to or from recorders transmit nothing. */
function involvesRecorder(
  models: Models,
  experiment: ResolvedExperiment,
  { source, target }: Connection,
): boolean {
  return [...populationsOf(source), ...populationsOf(target)].some((population) => {
    const model = experiment.populations[population]?.model ?? '';
    return models.get(model)?.kind === 'recorder';
  });
}

function lowest(delay: ParamValue, resolution: number): number {
  if (typeof delay === 'number') return delay;
  if (Array.isArray(delay)) return delay.reduce((a, b) => Math.min(a, Number(b)), Infinity);
  if (isDistribution(delay)) return Math.max(resolution, support(delay as Distribution)[0]);
  return resolution;
}
