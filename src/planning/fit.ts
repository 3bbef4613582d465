/** Whether a run fits into memory, with how many virtual processes, and what would fit instead. */
import { MemoryError } from '../errors/index.js';
import { availableMemory } from '../simulation/memory.js';
import { MAX_VIRTUAL_PROCS } from '../simulation/process-numbers.js';
import { type MemoryPlan, plannedMemory, processMemoryOf } from './memory.js';
import type { PlannedNetwork } from './network.js';
import type { Rates } from './rates.js';

/**
 * Of the 4 GiB that the memory of a virtual process can hold, as much is planned with: random
 * numbers of connections vary, and blocks leave gaps.
 */
export const PLANNED_SEGMENT_BYTES = 3.5 * 2 ** 30;

export interface Fit {
  readonly threads: number;
  readonly processes: number;
  readonly memory: MemoryPlan;
  /** Bytes that can be had now. */
  readonly availableBytes: number;
  /** Why the run cannot fit and what would, if it cannot. */
  readonly misfit: MemoryError | undefined;
}

/**
 * Virtual processes for a run: as many as the experiment states, else the smallest multiple of the
 * threads with which each process's memory has room; the most there can be if none has.
 */
export function neededProcesses(
  network: PlannedNetwork,
  rates: Rates,
  timeMs: number,
  threads: number,
): number {
  const { total_num_virtual_procs: stated } = network.experiment.kernel;
  if (stated !== undefined) return stated;
  const most = MAX_VIRTUAL_PROCS - (MAX_VIRTUAL_PROCS % threads);
  let processes = threads;
  while (processes < most) {
    const { segmentPeak } = processMemoryOf(network, rates, timeMs, processes);
    if (segmentPeak <= PLANNED_SEGMENT_BYTES) return processes;
    // At least as many as if all of it divided among them; short steps, lest it be too many.
    const factor = Math.min(segmentPeak / PLANNED_SEGMENT_BYTES, 1.5);
    processes = Math.min(
      most,
      threads * Math.max(processes / threads + 1, Math.floor((factor * processes) / threads)),
    );
  }
  return most;
}

export function fitOf(
  network: PlannedNetwork,
  rates: Rates,
  timeMs: number,
  threads: number,
  availableBytes = availableMemory(),
): Fit {
  const processes = neededProcesses(network, rates, timeMs, threads);
  const memory = plannedMemory(network, rates, timeMs, threads, processes);
  const misfit =
    segmentMisfit(network, memory, processes) ??
    totalMisfit(network, rates, timeMs, threads, memory, availableBytes);
  return { threads, processes, memory, availableBytes, misfit };
}

function segmentMisfit(
  { experiment }: PlannedNetwork,
  { segmentPeakBytes }: MemoryPlan,
  processes: number,
): MemoryError | undefined {
  const most = 2 ** 32;
  if (segmentPeakBytes <= most) return undefined;
  const stated = experiment.kernel.total_num_virtual_procs !== undefined;
  return new MemoryError(
    `'${experiment.name}' on each of ${processes} virtual processes`,
    segmentPeakBytes,
    most,
    stated ? 'without total_num_virtual_procs, as many as are needed are taken' : undefined,
  );
}

function totalMisfit(
  network: PlannedNetwork,
  rates: Rates,
  timeMs: number,
  threads: number,
  { totalBytes }: MemoryPlan,
  availableBytes: number,
): MemoryError | undefined {
  if (totalBytes <= usable(availableBytes)) return undefined;
  const what = `'${network.experiment.name}' on ${threads === 1 ? '1 thread' : `${threads} threads`}`;
  const missing = `${megabytes(totalBytes - usable(availableBytes))} are missing, as a tenth is kept free`;
  const less = mostThreads(network, rates, timeMs, threads, availableBytes);
  const fewer = less === undefined ? undefined : `--threads ${less} would fit`;
  const anyway = '--no-memory-check of `run` and `scale` tries it all the same';
  const remedy = [missing, fewer, anyway].filter((text) => text !== undefined).join('; ');
  return new MemoryError(what, totalBytes, availableBytes, remedy);
}

/** The most threads, fewer than `threads`, with which the run fits. */
function mostThreads(
  network: PlannedNetwork,
  rates: Rates,
  timeMs: number,
  threads: number,
  availableBytes: number,
): number | undefined {
  for (let fewer = threads - 1; fewer >= 1; fewer--) {
    const stated = network.experiment.kernel.total_num_virtual_procs;
    if (stated !== undefined && stated % fewer !== 0) continue;
    const processes = neededProcesses(network, rates, timeMs, fewer);
    const { totalBytes } = plannedMemory(network, rates, timeMs, fewer, processes);
    if (totalBytes <= usable(availableBytes)) return fewer;
  }
  return undefined;
}

/** Of available memory, this share may be planned with: plans are right to a tenth. */
const USABLE = 0.9;

function usable(availableBytes: number): number {
  return USABLE * availableBytes;
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
