/** Memory of a whole run, from the shape of its network: per thread and in all, by part. */
import { DEVICE_BYTES } from '../engine/device-state.js';
import { GroupFootprints } from '../engine/group-footprint.js';
import { MEAN_FOR_COUNTS } from '../engine/poisson.js';
import { cellBytes } from '../engine/poisson-counts.js';
import {
  LISTENER_BYTES,
  OBSERVED_BYTES,
  recordBytes,
  SPIKE_BYTES,
  sampleBytes,
  WEIGHT_EVENT_BYTES,
} from '../engine/records.js';
import { spikeRingBytes } from '../parallel/shared-spike-exchange.js';
import { type ProcessMemory, processMemory } from '../simulation/network-memory.js';
import { MAX_RING_BYTES } from '../simulation/runner.js';
import type { PlannedNetwork } from './network.js';
import { firstSource, type Rates, shared, sourceRate } from './rates.js';

/**
 * Of a process that has loaded the package, what draws included, and of each thread with its code;
 * resident, measured.
 */
const PROCESS_BYTES = 95e6;
const THREAD_BYTES = 20e6;
/** Of the first, what draws: it is loaded when building is over. */
const DRAWING_CODE_BYTES = 18e6;
/** What drawing takes: spikes and rates, changes of weights if any are kept, weights over time if they are noted. */
const DRAWING_BYTES = { spikes: 60e6, weights: 18e6, weightEvents: 18e6 };
/** While records are put in order and written, on the main thread, per spike and per weight event. */
const ORDERED_SPIKE_BYTES = 56;
const ORDERED_WEIGHT_EVENT_BYTES = 100;
/** Per connection whose weights belong to the results: columns here, and what passes while they are read and written. */
const KEPT_WEIGHT_BYTES = 280;

/** Bytes. */
export interface MemoryParts {
  /** Synapses with their rows, connections of generators. */
  readonly synapses: number;
  /** Nodes, what is on its way to them, what they are counted by, rings of spikes. */
  readonly nodes: number;
  /** What targets of plastic synapses remember. */
  readonly archives: number;
  /** What recorders note until the end of the run, and weights kept for the results. */
  readonly recorders: number;
  /** What building needs in passing, beyond what is needed later. */
  readonly building: number;
  /**
   * What files and figures need beyond what was needed before: the workers have ended by then, and
   * given back what they had.
   */
  readonly writing: number;
  /** The process, its threads. */
  readonly base: number;
}

export interface MemoryPlan {
  /** Of the thread that needs most; what all threads share is in `total` alone. */
  readonly perThread: Omit<MemoryParts, 'writing' | 'base'>;
  readonly total: MemoryParts;
  readonly totalBytes: number;
  /** The most that the memory of a virtual process ever holds; at most 4 GiB are possible. */
  readonly segmentPeakBytes: number;
}

/** Expected memory of the first `timeMs` on `threads` threads with so many virtual processes. */
export function plannedMemory(
  network: PlannedNetwork,
  rates: Rates,
  timeMs: number,
  threads: number,
  processes: number,
): MemoryPlan {
  const memory = processMemoryOf(network, rates, timeMs, processes);
  const records = recorded(network, rates, timeMs);
  const each = processes / threads;
  const recordsPerProcess = recordBytesOf(records, processes);
  const perThread = {
    synapses: each * (memory.synapses + memory.connectionObjects),
    nodes: each * (memory.nodes + memory.nodeObjects),
    archives: each * memory.archives,
    recorders: each * recordsPerProcess,
    building: each * (memory.segmentPeak - segmentBytes(memory) + memory.passingObjects),
  };
  const results = resultBytes(records);
  const running = {
    synapses: threads * perThread.synapses,
    nodes: threads * perThread.nodes + sharedNodeBytes(network, processes),
    archives: threads * perThread.archives,
    recorders: threads * perThread.recorders + results,
    building: Math.max(0, threads * perThread.building - DRAWING_CODE_BYTES),
    base: PROCESS_BYTES + threads * THREAD_BYTES,
  };
  const writing = Math.max(0, PROCESS_BYTES + results + drawingBytes(records) - sumOf(running));
  const { base, ...parts } = running;
  const total = { ...parts, writing, base };
  return { perThread, total, totalBytes: sumOf(total), segmentPeakBytes: memory.segmentPeak };
}

function drawingBytes({ weights, weightEvents }: Recorded): number {
  const ofWeights = weights > 0 ? DRAWING_BYTES.weights : 0;
  const overTime = weightEvents > 0 ? DRAWING_BYTES.weightEvents : 0;
  return DRAWING_BYTES.spikes + ofWeights + overTime;
}

function sumOf(parts: Readonly<Record<string, number>>): number {
  return Object.values(parts).reduce((sum, bytes) => sum + bytes);
}

export function processMemoryOf(
  network: PlannedNetwork,
  rates: Rates,
  timeMs: number,
  processes: number,
): ProcessMemory {
  const { shape, populations, experiment } = network;
  const { resolution } = experiment.kernel;
  const blocks = populations.map(({ name, block }) => {
    const rate = rates.get(name)?.perNode ?? 0;
    return { ...block, rate };
  });
  const footprints = new GroupFootprints(resolution);
  const memory = processMemory({ ...shape, blocks }, processes, timeMs / resolution, footprints);
  const counts = countBytes(network, rates, processes);
  const { synapses, segmentPeak } = memory;
  return { ...memory, synapses: synapses + counts, segmentPeak: segmentPeak + counts };
}

/** Tables from which Poisson counts are drawn, of one virtual process: one for each rate. */
function countBytes(network: PlannedNetwork, rates: Rates, processes: number): number {
  const { resolution } = network.experiment.kernel;
  let bytes = 0;
  for (const { name, block } of network.populations) {
    const mean = ((rates.get(name)?.perNode ?? 0) * resolution) / 1000;
    if (block.sends !== 'poisson' || mean <= MEAN_FOR_COUNTS) continue;
    const connections = network.connections
      .filter(({ call }) => firstSource(call, network).name === name)
      .reduce((sum, { count }) => sum + count / processes, 0);
    const alike = typeof network.experiment.populations[name]!.params.rate === 'number';
    const tables = alike ? 1 : block.count;
    bytes += tables * cellBytes(mean, connections / tables);
  }
  return bytes;
}

function segmentBytes({ synapses, nodes, archives }: ProcessMemory): number {
  return synapses + nodes + archives;
}

/** Devices, values of neurons that differ, and the rings through which spikes are exchanged. */
function sharedNodeBytes({ populations, nodes, shape }: PlannedNetwork, processes: number): number {
  const capacity = Math.ceil(nodes / processes) * shape.sliceSteps;
  let bytes = Math.min(MAX_RING_BYTES, spikeRingBytes(processes, capacity));
  for (const { block } of populations) {
    const { neurons, count } = block;
    bytes += neurons ? 8 * count * neurons.differing.length : DEVICE_BYTES * count;
  }
  return bytes;
}

/** Numbers of things that recorders note, and the recorders that there are. */
interface Recorded {
  readonly spikes: number;
  readonly samples: number;
  readonly variables: number;
  readonly weightEvents: number;
  readonly weights: number;
  readonly spikeRecorders: number;
  readonly weightRecorders: number;
  /** Bytes by which recorders know whom they listen to. */
  readonly listening: number;
}

function recorded(network: PlannedNetwork, rates: Rates, timeMs: number): Recorded {
  const { experiment, populations, recordings, connections } = network;
  const seconds = timeMs / 1000;
  let [spikes, samples, variables, listening] = [0, 0, 0, 0];
  for (const { recorder, nodes } of recordings) {
    const { model, size, params } = experiment.populations[recorder]!;
    listening += size * nodes.length * (model === 'multimeter' ? OBSERVED_BYTES : LISTENER_BYTES);
    if (model === 'multimeter') {
      const interval = typeof params.interval === 'number' ? params.interval : 1;
      samples += (size * nodes.length * timeMs) / interval;
      variables = Math.max(variables, lengthOf(params.record_from));
      continue;
    }
    for (const { name, block } of populations) {
      const own = nodes.ranges.reduce((n, range) => n + shared(range, block), 0);
      spikes += size * own * (rates.get(name)?.perNode ?? 0) * seconds;
    }
  }
  const count = (model: string): number =>
    Object.values(experiment.populations).reduce((n, p) => n + (p.model === model ? p.size : 0), 0);
  const noted = connections.filter((one) => one.recorded);
  return {
    spikes,
    samples,
    variables,
    weightEvents: noted.reduce(
      (sum, one) => sum + one.count * sourceRate(one.call, network, rates) * seconds,
      0,
    ),
    weights: connections.reduce((sum, one) => sum + (one.keepsWeights ? one.count : 0), 0),
    spikeRecorders: count('spike_recorder'),
    weightRecorders: count('weight_recorder'),
    listening,
  };
}

/** Variables that a multimeter records; one unless it says which. */
function lengthOf(names: unknown): number {
  return Array.isArray(names) ? names.length : 1;
}

/** Of one virtual process; every recorder exists on each. */
function recordBytesOf(records: Recorded, processes: number): number {
  const { spikeRecorders, weightRecorders, listening } = records;
  const spread = (bytes: number, count: number, recorders: number): number =>
    recorders === 0 ? 0 : recorders * recordBytes(bytes, count / recorders / processes);
  return (
    listening / processes +
    spread(SPIKE_BYTES, records.spikes, spikeRecorders) +
    spread(WEIGHT_EVENT_BYTES, records.weightEvents, weightRecorders) +
    (records.samples > 0
      ? recordBytes(sampleBytes(records.variables), records.samples / processes)
      : 0)
  );
}

/** What the main thread holds when the run is over. */
function resultBytes({ spikes, samples, variables, weightEvents, weights }: Recorded): number {
  return (
    spikes * ORDERED_SPIKE_BYTES +
    samples * 2 * sampleBytes(variables) +
    weightEvents * ORDERED_WEIGHT_EVENT_BYTES +
    weights * KEPT_WEIGHT_BYTES
  );
}
