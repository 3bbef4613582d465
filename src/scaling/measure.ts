/** Measuring one point, in the process that this is called in; it should have done nothing else before. */
import { buildNetwork, type Network } from '../experiment/build-network.js';
import {
  beginStretch,
  openSimulation,
  plannedIntervals,
  stretchesOf,
  withSeed,
} from '../experiment/protocol.js';
import type { ResolvedExperiment } from '../experiment/schema.js';
import { cutAt, type Interval, restAfter } from '../experiment/timeline.js';
import {
  type KernelStatus,
  phases,
  type Simulation,
  type ThreadTimes,
} from '../simulation/index.js';
import { TimeGrid } from '../units/index.js';
import type { Measurement } from './study.js';
import { type Timeline, timelineOf } from './timeline.js';

/** A smaller version of the experiment, from its beginning to this time in ms. */
export interface Rehearsal {
  readonly experiment: ResolvedExperiment;
  readonly time: number;
}

/** What one process is to do. */
export interface Job {
  readonly experiment: ResolvedExperiment;
  /** Name of its file, for errors. */
  readonly file?: string;
  readonly threads: number;
  readonly seed: number | string;
  /** Biological time to discard, in ms. */
  readonly warmUp: number;
  /** End the protocol at this time in ms, instead of its own end. */
  readonly time?: number;
  /** To be run first, on the same threads. */
  readonly rehearsal?: Rehearsal;
}

/** How far it is: a fraction of the biological time, or still building. */
export interface JobProgress {
  readonly phase: 'build' | 'simulate';
  readonly fraction: number;
}

type Report = (progress: JobProgress) => void;

/**
 * Builds the network, runs the warm-up, and measures the rest of the protocol.
 * @throws what runExperiment throws
 */
export async function measure(job: Job, report: Report = () => {}): Promise<Measurement> {
  return withNetwork(job, report, async ({ simulation, rest, built, memory }) => {
    const before = await simulation.kernelStatus();
    await rest();
    const after = await simulation.kernelStatus();
    const total = process.memoryUsage.rss();
    return {
      digest: await simulation.digest(),
      modelTime: after.biological_time - before.biological_time,
      wall: {
        ...built,
        warmUp: before.time_simulate,
        simulate: after.time_simulate - before.time_simulate,
      },
      threadTimes: timesBetween(before, after),
      spikes: after.local_spike_counter - before.local_spike_counter,
      synapticEvents: after.synaptic_event_counter - before.synaptic_event_counter,
      nodes: after.network_size,
      connections: after.num_connections,
      memory: {
        ...memory,
        total,
        peak: process.resourceUsage().maxRSS * 1024,
        accounted: after.network_memory,
      },
    };
  });
}

/** Biological time of a timeline, in ms; less if the protocol ends before. */
const TRACED = 1000;

/** Traces the phases of every slice for a second after the warm-up. */
export async function trace(job: Job, report: Report = () => {}): Promise<Timeline> {
  const { resolution } = job.experiment.kernel;
  const grid = new TimeGrid(resolution);
  const end = plannedIntervals(job.experiment, job.time).at(-1)!.end;
  const traced = grid.steps('--warm-up', job.warmUp) + Math.floor(TRACED / resolution);
  const cut = { ...job, time: Math.min(end, grid.ms(traced)) };
  return withNetwork(cut, report, async ({ simulation, rest }) => {
    await simulation.tracePhases();
    await rest();
    const traces = await simulation.tracePhases();
    return timelineOf(traces, job.warmUp, cut.time - job.warmUp);
  });
}

interface WarmNetwork {
  readonly simulation: Simulation;
  /** Wall times in s. */
  readonly built: { readonly create: number; readonly connect: number };
  /** Bytes of the process without and with the network. */
  readonly memory: { readonly base: number; readonly network: number };
  /** Simulates what follows the warm-up. */
  readonly rest: () => Promise<void>;
}

async function withNetwork<T>(
  { experiment, file, threads, seed, warmUp, time, rehearsal }: Job,
  report: Report,
  use: (network: WarmNetwork) => Promise<T>,
): Promise<T> {
  const seeded = withoutWeights(withSeed(experiment, seed));
  const intervals = plannedIntervals(seeded, time);
  const end = intervals.at(-1)!.end;
  report({ phase: 'build', fraction: 0 });
  const simulation = await openRehearsed(seeded, threads, rehearsal);
  try {
    await simulation.kernelStatus(); // The threads are there.
    const base = process.memoryUsage.rss();
    const began = performance.now();
    const network = await buildNetwork(simulation, seeded, file);
    const { time_construction_connect: connect } = await simulation.kernelStatus();
    const create = (performance.now() - began) / 1000 - connect;
    const memory = { base, network: process.memoryUsage.rss() };
    const onProgress = (ms: number) => report({ phase: 'simulate', fraction: ms / end });
    const run = (part: readonly Interval[]) => simulate(simulation, network, part, onProgress);
    const { resolution } = seeded.kernel;
    if (warmUp > 0) await run(cutAt(intervals, warmUp, resolution));
    const rest = () => run(restAfter(intervals, warmUp));
    return await use({ simulation, built: { create, connect }, memory, rest });
  } finally {
    await simulation.close();
  }
}

/** What V8 takes for granted of the objects of a first simulation, it learns of the second not to hold. */
const REHEARSALS = 3;

/**
 * An empty simulation with the experiment's kernel, on threads where V8 has compiled by now what the
 * rehearsal needs: otherwise it would do so in what is measured, on the cores that the threads work on.
 */
async function openRehearsed(
  experiment: ResolvedExperiment,
  threads: number,
  rehearsal: Rehearsal | undefined,
): Promise<Simulation> {
  let simulation = openSimulation(experiment, threads);
  if (rehearsal === undefined) return simulation;
  try {
    const smaller = { ...rehearsal.experiment, kernel: experiment.kernel };
    for (let i = 0; i < REHEARSALS; i++) {
      const network = await buildNetwork(simulation, smaller);
      await simulate(simulation, network, plannedIntervals(smaller, rehearsal.time), () => {});
      simulation = await simulation.resetKernel();
    }
    return simulation;
  } catch {
    // A smaller network may fail where this one does not: then it goes unrehearsed.
    await simulation.close();
    return openSimulation(experiment, threads);
  }
}

/** Nobody will look at weights before and after, so they need not be read. */
export function withoutWeights(experiment: ResolvedExperiment): ResolvedExperiment {
  const connections = experiment.connections.map((one) => ({ ...one, record_weights: false }));
  return { ...experiment, connections };
}

async function simulate(
  simulation: Simulation,
  network: Network,
  intervals: readonly Interval[],
  onProgress: (timeMs: number) => void,
): Promise<void> {
  for (const stretch of stretchesOf(network, intervals)) {
    beginStretch(network, stretch);
    await simulation.simulate(stretch.end - stretch.start, { onProgress });
  }
}

/** What each thread did between two looks; what it built is told as of the first. */
function timesBetween(before: KernelStatus, after: KernelStatus): ThreadTimes[] {
  return after.thread_times.map((times, thread) => {
    const earlier = before.thread_times[thread]!;
    const grown = phases.map((phase) => [phase, times[phase] - earlier[phase]]);
    return { build: earlier.build, ...Object.fromEntries(grown) };
  });
}
