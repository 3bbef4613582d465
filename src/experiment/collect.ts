/** After a run: everything that was recorded, as columns. */
import type { NodeModel } from '../models/registry.js';
import { version } from '../package/index.js';
import type { KernelStatus, NodeCollection, Simulation } from '../simulation/index.js';
import type { Network } from './build-network.js';
import { mergeSpikes, mergeWeightEvents } from './merge.js';
import { nodeModelsOf, recordableUnitOf, weightUnitOf } from './neuron-models.js';
import {
  type PopulationSummary,
  RESULTS_VERSION,
  type RunResults,
  type SpikeColumns,
  type StimulusInterval,
  type ThreadTimes,
  type TraceColumns,
  type WeightColumns,
  type WeightEventColumns,
} from './results.js';
import type { ResolvedExperiment } from './schema.js';
import type { Interval } from './timeline.js';
import { finalWeights } from './weights.js';

/** What a run knows of itself. */
export interface RunFacts {
  readonly experiment: ResolvedExperiment;
  readonly threads: number;
  readonly intervals: readonly Interval[];
  readonly simulatedMs: number;
  readonly requestedMs: number;
  /** Of `performance.now()`, in ms. */
  readonly startedAt: number;
  /** What ended the run, if it failed. */
  readonly failure?: Error;
}

/** Reads all recorders and weights. */
export async function collectResults(
  simulation: Simulation,
  network: Network,
  facts: RunFacts,
): Promise<RunResults> {
  const { experiment, simulatedMs, requestedMs, failure } = facts;
  const status = await simulation.kernelStatus();
  const weights: WeightColumns[] = [];
  for (const recorded of network.weights) weights.push(await finalWeights(simulation, recorded));
  return {
    version: RESULTS_VERSION,
    name: experiment.name,
    description: experiment.description,
    experiment,
    rngSeed: experiment.kernel.rng_seed,
    resolution: experiment.kernel.resolution,
    simulatedTime: simulatedMs,
    requestedTime: requestedMs,
    complete: simulatedMs === requestedMs && failure === undefined,
    ...(failure === undefined
      ? { digest: await simulation.digest() }
      : { failure: failure.message }),
    populations: await summaries(network, experiment, simulatedMs),
    spikes: mergeSpikes(await eventsOf<SpikeColumns>(network, 'spike_recorder')),
    weightEvents: mergeWeightEvents(await eventsOf<WeightEventColumns>(network, 'weight_recorder')),
    traces: await traces(network, experiment),
    weights,
    stimulus: stimulusIntervals(facts),
    threads: facts.threads,
    versions: { isospike: version(), node: process.versions.node },
    wallTimes: wallTimes(status, facts.startedAt),
    threadTimes: status.thread_times,
  };
}

async function summaries(
  { populations }: Network,
  experiment: ResolvedExperiment,
  simulatedMs: number,
): Promise<PopulationSummary[]> {
  const models = nodeModelsOf(experiment);
  const all: PopulationSummary[] = [];
  for (const [name, nodes] of populations) {
    const model = models.get(nodes.model);
    const spiking = model?.kind === 'neuron';
    const counts = spiking ? await nodes.spikeCounts() : new Float64Array(0);
    const spikeCount = counts.reduce((sum, count) => sum + count, 0);
    const nodeSeconds = (nodes.length * simulatedMs) / 1000;
    all.push({
      name,
      model: nodes.model,
      weightUnit: weightUnitOf(model),
      firstId: nodes.first,
      size: nodes.length,
      spiking,
      spikeCount,
      rate: nodeSeconds > 0 ? spikeCount / nodeSeconds : 0,
    });
  }
  return all;
}

/** What each recorder of a kind noted, in the order of creation. */
async function eventsOf<Columns>({ populations }: Network, model: string): Promise<Columns[]> {
  const all: Columns[] = [];
  for (const nodes of populations.values()) {
    if (nodes.model !== model) continue;
    for (const recorder of nodes) all.push((await recorder.events()) as unknown as Columns);
  }
  return all;
}

async function traces(
  { populations }: Network,
  experiment: ResolvedExperiment,
): Promise<TraceColumns[]> {
  const models = nodeModelsOf(experiment);
  const modelOf = (id: number) => {
    const all = [...populations.values()];
    return models.get(all.find(({ first, length }) => id >= first && id < first + length)!.model);
  };
  const all: TraceColumns[] = [];
  for (const [name, nodes] of populations) {
    if (nodes.model !== 'multimeter') continue;
    let index = 0;
    for (const multimeter of nodes) {
      const recorder = nodes.length === 1 ? name : `${name}-${++index}`;
      all.push(await trace(recorder, multimeter, modelOf));
    }
  }
  return all;
}

async function trace(
  recorder: string,
  multimeter: NodeCollection,
  modelOf: (id: number) => NodeModel | undefined,
): Promise<TraceColumns> {
  const { senders, times, ...values } = await multimeter.events();
  // Every model that it samples has all of its recordables, in the same units.
  const first = senders![0];
  const unit = (name: string) =>
    first === undefined ? '' : recordableUnitOf(modelOf(first), name);
  return {
    recorder,
    senders: senders as Uint32Array,
    times: times as Float64Array,
    values: values as Readonly<Record<string, Float64Array>>,
    units: Object.fromEntries(Object.keys(values).map((name) => [name, unit(name)])),
  };
}

function stimulusIntervals({ intervals, simulatedMs }: RunFacts): StimulusInterval[] {
  return intervals.flatMap(({ start, end, stimulus }) => {
    if (stimulus === undefined || start >= simulatedMs) return [];
    const { profile, center } = stimulus;
    return [{ population: profile.population, start, end: Math.min(end, simulatedMs), center }];
  });
}

function wallTimes(status: KernelStatus, startedAt: number): Readonly<Record<string, number>> {
  const most = (phase: keyof ThreadTimes): number =>
    Math.max(...status.thread_times.map((times) => times[phase]));
  return {
    build: status.time_construction_connect,
    update: most('update'),
    wait: most('wait'),
    exchange: most('exchange'),
    deliver: most('deliver'),
    record: most('record'),
    simulate: status.time_simulate,
    total: (performance.now() - startedAt) / 1000,
  };
}
