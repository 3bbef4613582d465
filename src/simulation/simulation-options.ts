/** What a simulation is made with. */
import type { Seed } from '../random/index.js';

export interface SimulationOptions {
  /** Step of the grid in ms (default 0.1). */
  readonly resolution?: number;
  /** Whole number >= 0 or word (default 1); with the experiment it determines every result. */
  readonly rng_seed?: Seed;
  /** Worker threads, 1 to 64 (default 1); no result depends on it. */
  readonly local_num_threads?: number;
  /**
   * Virtual processes, over which nodes are dealt: a multiple of the threads, at most 512 (default:
   * one per thread). Each has a memory of its own of at most 4 GiB, so more of them hold larger
   * networks; no result depends on it.
   */
  readonly total_num_virtual_procs?: number;
  /** Length of a slice in ms if it shall be shorter than the shortest delay; no result depends on it. */
  readonly min_delay?: number;
}

/** Their names. */
export const OPTIONS = [
  'resolution',
  'rng_seed',
  'local_num_threads',
  'total_num_virtual_procs',
  'min_delay',
];
