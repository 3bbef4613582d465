/** What a call would take in memory, so that what cannot fit is refused before anything is taken. */
import { freemem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { ConnectCall } from '../connectivity/connect-call.js';
import { callFootprint, type NodeBlockShape } from '../engine/call-footprint.js';
import { sortedTableBytes } from '../engine/connection-table.js';
import { DEVICE_BYTES } from '../engine/device-state.js';
import { GroupFootprints, type GroupShape } from '../engine/group-footprint.js';
import { inputRingBytes, SLOT_HEAP_BYTES } from '../engine/input-ring.js';
import { MemoryError } from '../errors/index.js';
import { MAX_SEGMENT_BYTES } from '../memory/segment.js';
import type { DeviceModel, NeuronModel } from '../models/spec.js';
import { nodeObjectBytes } from './network-memory.js';
import type { NodeBlock } from './node-registry.js';
import { MAX_VIRTUAL_PROCS } from './process-numbers.js';

const NUMBER_BYTES = 8;

/** Memory that can be had, in bytes: of the machine or, if that is less, of what limits the process. */
export function availableMemory(): number {
  const limit = process.constrainedMemory();
  const free = freemem();
  return limit > 0 ? Math.min(free, Math.max(0, limit - process.memoryUsage.rss())) : free;
}

/** The ring of what is on its way to all nodes within the longest delay, `planes` numbers per node. */
export interface RingShape {
  readonly nodes: number;
  readonly maxDelaySteps: number;
  readonly planes: 1 | 2;
}

/** Adds up what the segments of the virtual processes hold, as far as it grows with the network. */
export class MemoryBudget {
  /** Of each segment; nodes and connections are spread evenly enough. */
  private segmentBytes = 0;
  /** Of these, what the input ring takes. */
  private ringBytes = 0;
  private readonly footprints: GroupFootprints;

  constructor(
    private readonly threads: number,
    private readonly processes: number,
    private readonly resolution: number,
    /** Bytes that can be had. */
    private readonly free: () => number = availableMemory,
  ) {
    this.footprints = new GroupFootprints(resolution);
  }

  /** `n` neurons; their own values (parameters and state) are also here, and on their way. */
  checkNeurons(n: number, shape: GroupShape, ownValues: number): void {
    const what = `creating ${n} neurons`;
    const segment = this.groupBytes(n, shape);
    const objects = nodeObjectBytes(n, this.processes * n);
    this.checkFree(what, this.processes * segment + objects + 2 * ownValues * n * NUMBER_BYTES);
    this.checkSegment(what, segment);
  }

  addNeurons(n: number, shape: GroupShape): void {
    this.segmentBytes += this.groupBytes(n, shape);
  }

  /** The neurons' delay lines grow: they were of another shape before. */
  checkLonger(n: number, before: GroupShape, after: GroupShape): void {
    const what = `delay lines of u_bars of ${n} neurons`;
    const more = this.groupBytes(n, after) - this.groupBytes(n, before);
    this.checkFree(what, this.processes * more);
    this.checkSegment(what, more);
  }

  addLonger(n: number, before: GroupShape, after: GroupShape): void {
    this.segmentBytes += this.groupBytes(n, after) - this.groupBytes(n, before);
  }

  private groupBytes(n: number, shape: GroupShape): number {
    return this.footprints.bytes(shape, Math.ceil(n / this.processes));
  }

  checkDevices(n: number): void {
    const needed = n * DEVICE_BYTES;
    this.checkHeap(`creating ${n} devices`, needed);
    this.checkFree(`creating ${n} devices`, needed * (1 + this.processes));
  }

  /** Rates that are scheduled: here and in each virtual process, and on their way. */
  checkRates(n: number): void {
    this.checkFree(`scheduling ${n} rates`, 2 * n * NUMBER_BYTES * (1 + this.processes));
  }

  /** A connect call; returns what it will take of each segment, for `addConnections`. */
  checkConnections(call: ConnectCall, blocks: readonly NodeBlock[]): number {
    const { segment, rows, objects, passing, connections } = callFootprint(
      call,
      blocks.map(blockShape),
      this.processes,
      this.resolution,
    );
    const what = `making ${Math.round(connections * this.processes)} connections`;
    const kept = segment + sortedTableBytes(rows);
    this.checkFree(what, this.processes * (kept + objects + passing));
    this.checkSegment(what, kept);
    return kept;
  }

  addConnections(bytes: number): void {
    this.segmentBytes += bytes;
  }

  /**
   * The ring of what is on its way. One that is there serves until it must grow, and then until the new one has
   * been filled from it.
   */
  checkInputRing(shape: RingShape): void {
    const what = `a delay of ${shape.maxDelaySteps} steps to ${shape.nodes} nodes`;
    const bytes = this.bytesOfRing(shape);
    if (bytes <= this.ringBytes) return;
    this.checkHeap(what, (this.processes / this.threads) * shape.maxDelaySteps * SLOT_HEAP_BYTES);
    this.checkFree(what, this.processes * bytes);
    this.checkSegment(what, bytes);
  }

  addInputRing(shape: RingShape): void {
    const bytes = Math.max(this.ringBytes, this.bytesOfRing(shape));
    this.segmentBytes += bytes - this.ringBytes;
    this.ringBytes = bytes;
  }

  private bytesOfRing({ nodes, maxDelaySteps, planes }: RingShape): number {
    return inputRingBytes(Math.ceil(nodes / this.processes), maxDelaySteps, planes);
  }

  /** Heaps of workers have the same limit as this thread's. */
  private checkHeap(what: string, bytes: number): void {
    const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
    if (bytes > limit - used) throw new MemoryError(what, bytes, limit - used);
  }

  private checkFree(what: string, bytes: number): void {
    const available = this.free();
    if (bytes > available) throw new MemoryError(what, bytes, available);
  }

  /** Whether each segment has room for so many bytes more. */
  private checkSegment(what: string, bytes: number): void {
    const { processes, segmentBytes } = this;
    const available = MAX_SEGMENT_BYTES - segmentBytes;
    if (bytes <= available) return;
    const where = `${what}, on each of ${processes} virtual processes,`;
    throw new MemoryError(where, bytes, available, this.remedy(segmentBytes + bytes));
  }

  /** What would make so many bytes of each segment fit, if anything does. */
  private remedy(bytes: number): string | undefined {
    const { threads, processes } = this;
    const enough = threads * Math.ceil((bytes * processes) / MAX_SEGMENT_BYTES / threads);
    if (enough > MAX_VIRTUAL_PROCS) return undefined;
    return `total_num_virtual_procs of ${enough} would make it fit`;
  }
}

/** The shape of a group of neurons whose parameters are these. */
export function groupShape(
  model: NeuronModel,
  parameters: Readonly<Record<string, number | Float64Array>>,
  resolutionMs: number,
): GroupShape {
  const differing = Object.keys(parameters).filter((name) => typeof parameters[name] !== 'number');
  return { model, differing, lineSteps: lineSteps(parameters.delay_u_bars, resolutionMs) };
}

/** In a group, all delay lines are as long as the longest. */
function lineSteps(delayMs: number | Float64Array | undefined, resolutionMs: number): number {
  if (delayMs === undefined) return 0;
  const longest =
    typeof delayMs === 'number' ? delayMs : delayMs.reduce((a, b) => Math.max(a, b), 0);
  return Math.round(longest / resolutionMs);
}

/** What connections of a device carry; recorders have none. */
export function sendsOf(device: DeviceModel): NonNullable<NodeBlockShape['sends']> {
  if (device.name === 'poisson_generator') return 'poisson';
  return device.emits === 'current' ? 'current' : 'trains';
}

function blockShape({ firstId, size, device }: NodeBlock): NodeBlockShape {
  const block = { first: firstId, count: size };
  return device === undefined ? block : { ...block, sends: sendsOf(device) };
}
