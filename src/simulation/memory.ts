/** What a call would take in memory, so that what cannot fit is refused before anything is taken. */
import { freemem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { MemoryError } from '../errors/index.js';
import { MAX_SEGMENT_BYTES } from '../memory/segment.js';
import { MAX_VIRTUAL_PROCS } from './process-numbers.js';

/** Beside parameters and state: counts, accumulators, and the node's place in its group. */
const NODE_BYTES = 32;
/** A device is an object here and on every virtual process. */
const DEVICE_BYTES = 1024;
/**
 * A connection while it is made (collected and sorted), and what stays of it. The spikes that targets
 * of stdp_synapses keep are not known before they happen: 24 bytes each, for about a second.
 */
const BUILD_BYTES_PER_CONNECTION = 48;
const BYTES_PER_CONNECTION = 20;
const NUMBER_BYTES = 8;

/** Adds up what the segments of the virtual processes hold, as far as it grows with the network. */
export class MemoryBudget {
  /** Of all segments; nodes and connections are spread evenly enough. */
  private segmentBytes = 0;

  constructor(
    private readonly threads: number,
    private readonly processes: number,
    /** Bytes that the machine has left. */
    private readonly free: () => number = freemem,
  ) {}

  /**
   * `n` neurons with `numbers` values each, parameters of their own and state, which are here and on
   * the workers, and `inLines` values in delay lines, which are on the workers only.
   */
  checkNeurons(n: number, numbers: number, inLines = 0): void {
    const what = `creating ${n} neurons`;
    this.checkFree(what, n * (NODE_BYTES + (2 * numbers + inLines) * NUMBER_BYTES));
    this.checkSegment(what, n * (numbers + inLines) * NUMBER_BYTES);
  }

  addNeurons(n: number, numbers: number): void {
    this.segmentBytes += n * numbers * NUMBER_BYTES;
  }

  /** `numbers` more values for each of `n` neurons that exist, when their delay lines grow. */
  checkDelayLines(n: number, numbers: number): void {
    const what = `delay lines of u_bars of ${n} neurons`;
    this.checkFree(what, n * numbers * NUMBER_BYTES);
    this.checkSegment(what, n * numbers * NUMBER_BYTES);
  }

  checkDevices(n: number): void {
    const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
    const needed = n * DEVICE_BYTES;
    if (needed > limit - used) {
      throw new MemoryError(`creating ${n} devices`, needed, limit - used);
    }
    this.checkFree(`creating ${n} devices`, needed * (1 + this.processes));
  }

  checkConnections(count: number): void {
    const what = `making ${count} connections`;
    this.checkFree(what, count * BUILD_BYTES_PER_CONNECTION);
    this.checkSegment(what, count * BYTES_PER_CONNECTION);
  }

  addConnections(count: number): void {
    this.segmentBytes += count * BYTES_PER_CONNECTION;
  }

  /** The ring of what is on its way to `nodes` nodes within the longest delay. */
  checkInputRing(nodes: number, maxDelaySteps: number): void {
    const what = `a delay of ${maxDelaySteps} steps to ${nodes} nodes`;
    const bytes = nodes * maxDelaySteps * NUMBER_BYTES;
    this.checkFree(what, bytes);
    this.checkSegment(what, bytes);
  }

  private checkFree(what: string, bytes: number): void {
    const available = this.free();
    if (bytes > available) throw new MemoryError(what, bytes, available);
  }

  private checkSegment(what: string, bytes: number): void {
    const { processes, segmentBytes } = this;
    const each = bytes / processes;
    const available = MAX_SEGMENT_BYTES - segmentBytes / processes;
    if (each <= available) return;
    const where = `${what}, on each of ${processes} virtual processes,`;
    throw new MemoryError(where, each, available, this.remedy(segmentBytes + bytes));
  }

  /** What would make so many bytes fit, if anything does. */
  private remedy(bytes: number): string | undefined {
    const { threads } = this;
    const enough = threads * Math.ceil(bytes / MAX_SEGMENT_BYTES / threads);
    if (enough > MAX_VIRTUAL_PROCS) return undefined;
    return `total_num_virtual_procs of ${enough} would make it fit`;
  }
}

/**
 * Values that a neuron with a Clopath archive keeps in its delay lines of u_bar_plus and
 * u_bar_minus; in a group, all lines are as long as the longest. 0 for models without delay_u_bars.
 */
export function delayLineNumbers(
  delayMs: number | ArrayLike<number> | undefined,
  resolutionMs: number,
): number {
  if (delayMs === undefined) return 0;
  let longest = 0;
  if (typeof delayMs === 'number') longest = delayMs;
  else for (let i = 0; i < delayMs.length; i++) longest = Math.max(longest, delayMs[i]!);
  return 2 * (Math.round(longest / resolutionMs) + 1);
}
