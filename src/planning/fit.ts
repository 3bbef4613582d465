/** Whether a run fits into memory, with how many virtual processes, and what would fit instead. */
import { bytesText } from '../errors/bytes.js';
import { MemoryError } from '../errors/index.js';
import { MAX_SEGMENT_BYTES } from '../memory/segment.js';
import { availableMemory } from '../simulation/memory.js';
import { MAX_VIRTUAL_PROCS } from '../simulation/process-numbers.js';
import { type MemoryPlan, plannedMemory, processMemoryOf } from './memory.js';
import type { PlannedNetwork } from './network.js';
import type { Rates } from './rates.js';
import { type Size, sizeOverride } from './size.js';

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
  /** What would fit instead of a misfit, each by itself, as far as is known. */
  readonly instead: Instead;
}

export interface Instead {
  /** The most threads. */
  readonly threads?: number;
  /** The largest size. */
  readonly size?: Size;
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

/**
 * @param smallerOf the largest size that would fit, given what fits; asked only if this one does not.
 *   Without, nothing is offered instead, fewer threads neither.
 */
export async function fitOf(
  network: PlannedNetwork,
  ratesOf: (network: PlannedNetwork) => Rates,
  timeMs: number,
  threads: number,
  {
    availableBytes = availableMemory(),
    smallerOf,
  }: {
    readonly availableBytes?: number;
    readonly smallerOf?: (fits: (network: PlannedNetwork) => boolean) => Promise<Size | undefined>;
  } = {},
): Promise<Fit> {
  const needOf = (some: PlannedNetwork, fewer = threads): Need =>
    neededBy(some, ratesOf(some), timeMs, fewer);
  const fits = (need: Need): boolean => hasRoom(need) && isAvailable(need, availableBytes);
  const need = needOf(network);
  const found = { threads, ...need, availableBytes };
  if (fits(need)) return { ...found, misfit: undefined, instead: {} };
  const less =
    smallerOf && lessThreads(network, threads).find((fewer) => fits(needOf(network, fewer)));
  const smaller = await smallerOf?.((some) => fits(needOf(some)));
  const instead = { ...(less && { threads: less }), ...(smaller && { size: smaller }) };
  const remedies = remediesOf(instead);
  const misfit = isAvailable(need, availableBytes)
    ? segmentMisfit(network, need, remedies)
    : totalMisfit(network, threads, need, availableBytes, remedies);
  return { ...found, misfit, instead };
}

function remediesOf({ threads, size }: Instead): string[] {
  const ways = [
    ...(threads === undefined ? [] : [`--threads ${threads}`]),
    ...(size === undefined ? [] : [`--set ${sizeOverride(size)}`]),
  ];
  return ways.length === 0 ? [] : [`${ways.join(' or ')} would fit`];
}

type Need = Pick<Fit, 'processes' | 'memory'>;

function neededBy(network: PlannedNetwork, rates: Rates, timeMs: number, threads: number): Need {
  const processes = neededProcesses(network, rates, timeMs, threads);
  return { processes, memory: plannedMemory(network, rates, timeMs, threads, processes) };
}

/** Whether the memory of each virtual process has room. */
function hasRoom({ memory }: Need): boolean {
  return memory.segmentPeakBytes <= MAX_SEGMENT_BYTES;
}

/** Of available memory, this share may be planned with: plans are right to a tenth. */
const USABLE = 0.9;

function isAvailable({ memory }: Need, availableBytes: number): boolean {
  return memory.totalBytes <= USABLE * availableBytes;
}

function segmentMisfit(
  { experiment }: PlannedNetwork,
  { processes, memory }: Need,
  remedies: readonly string[],
): MemoryError {
  const stated = experiment.kernel.total_num_virtual_procs !== undefined;
  const more = 'without total_num_virtual_procs, as many as are needed are taken';
  const remedy = [...(stated ? [more] : []), ...remedies].join('; ');
  return new MemoryError(
    `'${experiment.name}' on each of ${processes} virtual processes`,
    memory.segmentPeakBytes,
    MAX_SEGMENT_BYTES,
    remedy === '' ? undefined : remedy,
  );
}

function totalMisfit(
  { experiment }: PlannedNetwork,
  threads: number,
  { memory: { totalBytes } }: Need,
  availableBytes: number,
  remedies: readonly string[],
): MemoryError {
  const what = `'${experiment.name}' on ${threads === 1 ? '1 thread' : `${threads} threads`}`;
  const missing = `a tenth of that is kept free, so ${bytesText(totalBytes - USABLE * availableBytes)} are missing`;
  const anyway = '--no-memory-check of `run` and `scale` tries it all the same';
  const remedy = [missing, ...remedies, anyway].join('; ');
  return new MemoryError(what, totalBytes, availableBytes, remedy);
}

/** Numbers of threads below `threads` that the experiment can have, the highest first. */
function lessThreads({ experiment }: PlannedNetwork, threads: number): number[] {
  const { total_num_virtual_procs: stated = 0 } = experiment.kernel;
  const fewer = Array.from({ length: threads - 1 }, (_, i) => threads - 1 - i);
  return fewer.filter((count) => stated % count === 0);
}
