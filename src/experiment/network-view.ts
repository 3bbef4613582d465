/** What a watcher can see of a network: bounded samples, however large the network is. */
import type {
  ConnectionCollection,
  FollowedRecord,
  Follower,
  News,
  Simulation,
  ThreadTimes,
} from '../simulation/index.js';
import type { Network } from './build-network.js';
import { collectionName, connectionNames, type Slice, sizeOf, slicesOf } from './collections.js';
import { nodeModelsOf, weightUnitOf } from './neuron-models.js';
import type { ResolvedExperiment } from './schema.js';
import { isPlastic } from './weights.js';

export interface ViewedPopulation {
  readonly name: string;
  readonly model: string;
  readonly size: number;
}

/** Nodes of a population whose recorded spikes are shown: the first id, and every n-th after it. */
export interface ViewedRows extends ViewedPopulation {
  /** Number of the first in its population, from 1, and its id. */
  readonly first: number;
  readonly firstId: number;
  /** Of the `size` nodes that are recorded, ceil(size / every) are shown. */
  readonly every: number;
}

/** Sources and targets sampled of one plastic connection. */
export interface ViewedWeights {
  readonly connection: string;
  /** Names of the populations. */
  readonly source: string;
  readonly target: string;
  /** Of the weights. */
  readonly unit: string;
  /** Node ids. */
  readonly sources: readonly number[];
  readonly targets: readonly number[];
  /** Numbers of all sources and targets. */
  readonly allSources: number;
  readonly allTargets: number;
}

const MOST_ROWS = 1000;
/** Of small populations, at least so many nodes are shown. */
const LEAST_ROWS = 20;
const MOST_SPIKES = 20_000;
/** Neurons a side of the matrix of weights. */
const MOST_ENDS = 100;

export class NetworkView {
  /** Populations that count their spikes. */
  readonly populations: readonly ViewedPopulation[];
  readonly rows: readonly ViewedRows[];
  /** Undefined if nothing is plastic. */
  readonly weights: ViewedWeights | undefined;
  private readonly follower: Follower;
  private synapses: Promise<ConnectionCollection> | undefined;
  private readonly synapseModel: string | undefined;

  constructor(
    private readonly simulation: Simulation,
    private readonly network: Network,
    private readonly experiment: ResolvedExperiment,
  ) {
    const models = nodeModelsOf(experiment);
    const spiking = [...network.populations].filter(
      ([, nodes]) => models.get(nodes.model)?.kind === 'neuron',
    );
    this.populations = spiking.map(([name, nodes]) => ({
      name,
      model: nodes.model,
      size: nodes.length,
    }));
    const recorded = recordedNodes(network, experiment);
    this.rows = recorded.map(({ population, nodes, every }) => ({
      name: population,
      model: nodes.model,
      first: nodes.first - network.populations.get(population)!.first + 1,
      firstId: nodes.first,
      size: nodes.length,
      every,
    }));
    const connection = shownConnection(experiment);
    this.weights = connection === undefined ? undefined : this.sampleOf(connection);
    this.synapseModel = experiment.connections[connection ?? -1]?.syn_spec.synapse_model;
    this.follower = simulation.follow({
      records: recorded,
      mostSpikes: MOST_SPIKES,
      populations: spiking.map(([, nodes]) => nodes),
    });
  }

  /** What happened since the last call. */
  news(): Promise<News> {
    return this.follower.news();
  }

  /** Present weights, row by row (source by source); NaN where there is no synapse, else the mean. */
  async weightMatrix(): Promise<Float32Array> {
    const { sources, targets } = this.weights!;
    const query = { source: sources, target: targets, synapse_model: this.synapseModel! };
    this.synapses ??= this.simulation.getConnections(query);
    const synapses = await this.synapses;
    const weights = await synapses.get('weight');
    const row = new Map(sources.map((id, i) => [id, i]));
    const column = new Map(targets.map((id, i) => [id, i]));
    const sums = new Float64Array(sources.length * targets.length);
    const counts = new Uint32Array(sums.length);
    for (let s = 0; s < weights.length; s++) {
      const cell =
        row.get(synapses.source[s]!)! * targets.length + column.get(synapses.target[s]!)!;
      sums[cell]! += weights[s]!;
      counts[cell]! += 1;
    }
    return Float32Array.from(sums, (sum, cell) => sum / counts[cell]!);
  }

  /** Wall times so far. */
  async threadTimes(): Promise<readonly ThreadTimes[]> {
    return (await this.simulation.kernelStatus()).thread_times;
  }

  private sampleOf(index: number): ViewedWeights {
    const { populations, connections } = this.experiment;
    const models = nodeModelsOf(this.experiment);
    const { source, target } = connections[index]!;
    const [sources, targets] = [source, target].map((ends) => slicesOf(ends, populations));
    return {
      connection: connectionNames(connections)[index]!,
      source: collectionName(source),
      target: collectionName(target),
      unit: weightUnitOf(models.get(populations[targets![0]!.population]!.model)),
      sources: this.spacedIds(sources!),
      targets: this.spacedIds(targets!),
      allSources: sizeOf(sources!),
      allTargets: sizeOf(targets!),
    };
  }

  /** Ids of at most MOST_ENDS of the nodes, evenly spaced. */
  private spacedIds(slices: readonly Slice[]): number[] {
    const every = Math.ceil(sizeOf(slices) / MOST_ENDS);
    const ids: number[] = [];
    let next = 0;
    for (const { population, from, to } of slices) {
      const { first } = this.network.populations.get(population)!;
      for (; next < to - from; next += every) ids.push(first + from + next);
      next -= to - from;
    }
    return ids;
  }
}

interface RecordedNodes extends FollowedRecord {
  readonly population: string;
}

/** What spike recorders listen to, each node once, thinned to what a raster can show. */
function recordedNodes({ populations }: Network, experiment: ResolvedExperiment): RecordedNodes[] {
  const found: Omit<RecordedNodes, 'every'>[] = [];
  const seen = new Set<string>();
  for (const { source, target, pairs } of experiment.connections) {
    const [recorders, ...others] = slicesOf(target, experiment.populations);
    const recorder = populations.get(recorders!.population)!;
    // Recorders of single nodes are left out: a raster wants populations.
    const ofAll = others.length === 0 && recorder.length === 1 && pairs === undefined;
    if (recorder.model !== 'spike_recorder' || !ofAll) continue;
    for (const { population, from, to } of slicesOf(source, experiment.populations)) {
      const nodes = populations.get(population)!.slice(from, to);
      if (seen.has(population)) continue;
      seen.add(population);
      found.push({ population, recorder, nodes });
    }
  }
  const total = found.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const most = Math.ceil(total / MOST_ROWS);
  return found.map((record) => {
    const every = Math.min(most, Math.ceil(record.nodes.length / LEAST_ROWS));
    return { ...record, every };
  });
}

/** A plastic entry of `connections`, the first of a population onto itself if there is one. */
function shownConnection(experiment: ResolvedExperiment): number | undefined {
  const plastic = [...experiment.connections.keys()].filter((index) =>
    isPlastic(experiment, experiment.connections[index]!.syn_spec.synapse_model),
  );
  const recurrent = plastic.find((index) => {
    const { source, target } = experiment.connections[index]!;
    return collectionName(source) === collectionName(target);
  });
  return recurrent ?? plastic[0];
}
