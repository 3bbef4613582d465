/** What a simulation says about itself, under NEST's names where NEST has one. */

import { PHASES } from '../engine/cycle.js';
import type { EngineStatus } from '../engine/reader.js';
import type { WorkerStatus } from '../parallel/worker-host.js';
import type { Seed } from '../random/index.js';

export interface KernelStatus {
  /** ms */
  readonly resolution: number;
  readonly rng_seed: Seed;
  readonly local_num_threads: number;
  readonly total_num_virtual_procs: number;
  /** Shortest and longest delay of the connections that exist, in ms; the resolution if there are none. */
  readonly min_delay: number;
  readonly max_delay: number;
  /** ms */
  readonly biological_time: number;
  /** Number of nodes, devices included. */
  readonly network_size: number;
  /** Number of connections, those to recorders not counted. */
  readonly num_connections: number;
  /** Spikes of all neurons since the beginning. */
  readonly local_spike_counter: number;
  /** Transmissions over connections since the beginning. */
  readonly synaptic_event_counter: number;
  /** Bytes that the workers hold for nodes, connections and records, in all; code does not count. */
  readonly network_memory: number;
  /** Wall time in s: all connect calls, all Simulate calls, and of each phase the slowest thread's. */
  readonly time_construction_connect: number;
  readonly time_simulate: number;
  readonly time_update: number;
  /** Exchange of spikes, waiting for other workers included. */
  readonly time_gather_spike_data: number;
  readonly time_deliver_spike_data: number;
  /** By thread. */
  readonly thread_times: readonly ThreadTimes[];
}

/**
 * Wall times of one thread in s:
 *
 *   build     making its nodes and connections, and making them ready for runs
 *   update    advancing its nodes; what spike recorders note is in it
 *   wait      waiting until the slowest thread has come to the end of the same slice
 *   exchange  publishing its spikes and taking those of others
 *   deliver   spikes through its synapses, plasticity included; what weight recorders note is in it
 *   record    what multimeters sample
 *
 * All but `build` together are the time of all runs. Of short slices a sample is timed, and stands
 * for the others.
 */
export type ThreadTimes = Readonly<Record<'build' | Phase, number>>;

/** What the time of a run is divided into, in the order of a slice but for recording. */
export const phases = PHASES;
export type Phase = (typeof PHASES)[number];

type Known = Pick<
  KernelStatus,
  | 'resolution'
  | 'rng_seed'
  | 'local_num_threads'
  | 'total_num_virtual_procs'
  | 'min_delay'
  | 'max_delay'
  | 'biological_time'
  | 'network_size'
  | 'time_construction_connect'
  | 'time_simulate'
>;

export function kernelStatus(
  known: Known,
  workers: readonly WorkerStatus[],
  processes: readonly EngineStatus[],
): KernelStatus {
  const sum = (of: (status: EngineStatus) => number): number =>
    processes.reduce((total, status) => total + of(status), 0);
  const thread_times = workers.map(threadTimes);
  const slowest = (of: (times: ThreadTimes) => number): number => Math.max(...thread_times.map(of));
  return {
    ...known,
    num_connections: sum((s) => s.connections),
    local_spike_counter: sum((s) => s.spikes),
    synaptic_event_counter: sum((s) => s.synapticEvents),
    network_memory: sum((s) => s.heldBytes),
    time_update: slowest(({ update }) => update),
    time_gather_spike_data: slowest(({ wait, exchange }) => wait + exchange),
    time_deliver_spike_data: slowest(({ deliver }) => deliver),
    thread_times,
  };
}

function threadTimes({ buildTime, phaseTimes }: WorkerStatus): ThreadTimes {
  const seconds = phases.map((phase) => [phase, phaseTimes[phase] / 1000]);
  return { build: buildTime / 1000, ...Object.fromEntries(seconds) };
}
