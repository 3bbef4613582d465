/** How many threads a simulation has, and over how many virtual processes its nodes are dealt. */
import { ValueError } from '../errors/index.js';

export const MAX_THREADS = 64;
export const MAX_VIRTUAL_PROCS = 512;

export interface ProcessNumbers {
  readonly threads: number;
  readonly processes: number;
}

/**
 * The numbers as they were asked for: one thread, and one virtual process per thread, unless given.
 * @throws ValueError
 */
export function processNumbers(given: {
  readonly local_num_threads?: number;
  readonly total_num_virtual_procs?: number;
}): ProcessNumbers {
  const { local_num_threads: threads = 1 } = given;
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw new ValueError('local_num_threads', threads, `a whole number from 1 to ${MAX_THREADS}`);
  }
  const { total_num_virtual_procs: processes = threads } = given;
  const known = Number.isInteger(processes) && processes >= 1 && processes <= MAX_VIRTUAL_PROCS;
  if (!known || processes % threads !== 0) {
    const nearest = nearestMultiple(processes, threads);
    throw new ValueError(
      'total_num_virtual_procs',
      processes,
      `a multiple of local_num_threads, which is ${threads}, up to ${MAX_VIRTUAL_PROCS}; the nearest is ${nearest}`,
    );
  }
  return { threads, processes };
}

/** The nearest number of virtual processes that there can be on so many threads; the higher of two. */
function nearestMultiple(processes: number, threads: number): number {
  const most = Math.floor(MAX_VIRTUAL_PROCS / threads);
  const wanted = Number.isFinite(processes) ? Math.round(processes / threads) : 1;
  return threads * Math.min(most, Math.max(1, wanted));
}
