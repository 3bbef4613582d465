/**
 * What a network takes in memory, from its description: so that what cannot fit is known before
 * anything is built. Every figure is stated where it is allocated (engine/, memory/, parallel/);
 * here they are added up. Random connections are counted as expected.
 */
import type { ConnectCall } from '../connectivity/connect-call.js';
import { type IdRange, idsFrom } from '../connectivity/id-set.js';
import {
  type CallFootprint,
  callFootprint,
  delayStepsOf,
  type NodeBlockShape,
} from '../engine/call-footprint.js';
import { clopathArchiveBytes } from '../engine/clopath-archive.js';
import { growingTableBytes, rowIndexBytes, sortedTableBytes } from '../engine/connection-table.js';
import { DEVICE_BYTES } from '../engine/device-state.js';
import type { GroupFootprints, GroupShape } from '../engine/group-footprint.js';
import { inputPlanes, inputRingBytes } from '../engine/input-ring.js';
import { spikeArchiveBytes } from '../engine/spike-archive.js';
import { OUTPUT_BYTES, WAITING_SPIKE_BYTES } from '../engine/spike-output.js';
import { windowSteps } from '../engine/stdp-delivery.js';
import { keptSteps } from '../engine/stdp-plasticity.js';
import { synapseModels } from '../models/registry.js';

/** Neurons of one `create` call, or devices. */
export interface BlockShape extends NodeBlockShape {
  readonly neurons?: GroupShape;
  /** Expected spikes/s of a neuron. */
  readonly rate?: number;
}

export interface NetworkShape {
  /** ms */
  readonly resolution: number;
  /** In the order of creation. */
  readonly blocks: readonly BlockShape[];
  readonly calls: readonly ConnectCall[];
  /** Steps; the shortest delay unless a shorter slice was asked for. */
  readonly sliceSteps: number;
}

/** Bytes of one virtual process. */
export interface ProcessMemory {
  /** In the segment: synapses with their rows, neurons with what arrives at them, archives. */
  readonly synapses: number;
  readonly nodes: number;
  readonly archives: number;
  /** The most that the segment ever holds. */
  readonly segmentPeak: number;
  /** Outside: what is kept for nodes and connections, and what building needs in passing. */
  readonly nodeObjects: number;
  readonly connectionObjects: number;
  readonly passingObjects: number;
  readonly rows: number;
  readonly connections: number;
}

/** Kernels' constants and what else a virtual process allocates once. */
const ENGINE_BYTES = 8192;
/** Place of a node in its group. */
const PLACE_BYTES = 4;

/** Bytes outside the segment for the nodes of a virtual process: `own` of `all` nodes. */
export function nodeObjectBytes(own: number, all: number): number {
  return own * (OUTPUT_BYTES + PLACE_BYTES) + rowIndexBytes(all);
}

/** Shortest and longest delay that the calls may bring, in steps. */
export function delayRange(
  calls: readonly ConnectCall[],
  resolution: number,
): { readonly min: number; readonly max: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, 1];
  for (const { synapse } of calls) {
    const steps = delayStepsOf(synapse.delay, resolution);
    for (let i = 0; i < steps.length; i++) {
      min = Math.min(min, steps[i]!);
      max = Math.max(max, steps[i]!);
    }
  }
  return { min: Number.isFinite(min) ? min : 1, max };
}

/**
 * Expected memory of the fullest of `processes` virtual processes, after `steps` steps.
 */
export function processMemory(
  shape: NetworkShape,
  processes: number,
  steps: number,
  footprints: GroupFootprints,
): ProcessMemory {
  const { blocks, calls, resolution } = shape;
  const all = blocks.reduce((sum, { count }) => sum + count, 0);
  const share = (count: number): number => Math.ceil(count / processes);
  const groups = blocks.flatMap((block) =>
    block.neurons ? [{ ...block, neurons: block.neurons }] : [],
  );
  const planes = inputPlanes(groups.map(({ neurons }) => neurons.model));
  const { max } = delayRange(calls, resolution);
  const ring = inputRingBytes(share(all), max, planes);
  const nodes = groups.reduce((sum, g) => sum + footprints.bytes(g.neurons, share(g.count)), ring);
  const archives = archiveBytes(shape, groups, share, steps);
  const made = calls.map((call) => callFootprint(call, blocks, processes, resolution));
  const total = (of: (one: CallFootprint) => number): number =>
    made.reduce((sum, one) => sum + of(one), 0);
  const rows = total((one) => one.rows);
  const synapses = ENGINE_BYTES + total((one) => one.segment) + sortedTableBytes(rows);
  const devices = blocks.reduce((n, { neurons, count }) => n + (neurons ? 0 : count), 0);
  return {
    synapses,
    nodes,
    archives,
    segmentPeak: nodes + archives + synapses - sortedTableBytes(rows) + growingTableBytes(rows),
    nodeObjects:
      nodeObjectBytes(share(all), all) +
      devices * DEVICE_BYTES +
      WAITING_SPIKE_BYTES * spikesPerSlice(shape, groups, share),
    connectionObjects: total((one) => one.objects),
    passingObjects: Math.max(0, ...made.map((one) => one.passing)),
    rows,
    connections: total((one) => one.connections),
  };
}

interface Group extends BlockShape {
  readonly neurons: GroupShape;
}

/** Expected spikes of a virtual process in a slice; a volley has more. */
function spikesPerSlice(
  { resolution, sliceSteps }: NetworkShape,
  groups: readonly Group[],
  share: (count: number) => number,
): number {
  const perSecond = groups.reduce((sum, { count, rate = 0 }) => sum + share(count) * rate, 0);
  return (perSecond * sliceSteps * resolution) / 1000;
}

function archiveBytes(
  { calls, resolution, sliceSteps }: NetworkShape,
  groups: readonly Group[],
  share: (count: number) => number,
  steps: number,
): number {
  const plastic = calls.filter(({ synapse }) => synapseModels.get(synapse.model)!.archive);
  const delay = delayRange(plastic, resolution).max;
  let bytes = 0;
  for (const group of groups) {
    const onto = plastic.filter((call) => reaches(call, group));
    if (onto.length === 0) continue;
    const own = share(group.count);
    const taus = parametersOf(onto, 'clopath', 'tau_x').map((tau) => tau / resolution);
    if (taus.length > 0) bytes += clopathArchiveBytes(own, delay, sliceSteps, taus);
    const windows = parametersOf(onto, 'spikes', 'tau_plus').map((tau) =>
      windowSteps(tau, resolution),
    );
    // Where no synapse reads them, the log doubles until half of it is what delays can reach.
    const kept = windows.length > 0 ? keptSteps(Math.max(...windows)) : 2 * (delay + sliceSteps);
    const spikes = (own * (group.rate ?? 0) * Math.min(kept, steps) * resolution) / 1000;
    bytes += spikeArchiveBytes(own, spikes);
  }
  return bytes;
}

function reaches({ targets }: ConnectCall, { first, count }: IdRange): boolean {
  return idsFrom(targets).ranges.some((r) => r.first < first + count && first < r.first + r.count);
}

/** Different values of a parameter in calls of plastic synapses of a kind. */
function parametersOf(calls: readonly ConnectCall[], kind: string, name: string): number[] {
  const values = new Set<number>();
  for (const { synapse } of calls) {
    const { archive, parameters } = synapseModels.get(synapse.model)!;
    if (archive !== kind) continue;
    const value = synapse.parameters[name];
    values.add(typeof value === 'number' ? value : parameters[name]!.default);
  }
  return [...values];
}
