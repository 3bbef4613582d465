/**
 * Running an experiment: build the network, go through the protocol, collect the results. What
 * comes out depends on the experiment and its seed alone; a run that ends early, at `timeMs` or by
 * a signal, leaves what any run up to that time leaves.
 */
import { NumericalInstabilityError } from '../errors/index.js';
import type { Simulation } from '../simulation/index.js';
import { buildNetwork, type Network } from './build-network.js';
import { collectResults } from './collect.js';
import { NetworkView } from './network-view.js';
import {
  beginStretch,
  openSimulation,
  plannedIntervals,
  type Stretch,
  stretchesOf,
  withSeed,
} from './protocol.js';
import type { RunResults } from './results.js';
import type { ResolvedExperiment } from './schema.js';
import type { Interval } from './timeline.js';
import { Pieces, type Watcher } from './watch.js';

/** What a run is at. */
export type RunPhase = 'build' | 'simulate' | 'collect';

export interface ProgressInfo {
  readonly phase: RunPhase;
  /** Biological time reached and asked for, in ms. */
  readonly timeMs: number;
  readonly totalMs: number;
}

export interface RunOptions {
  /** Worker threads; no influence on results. */
  readonly threads: number;
  /** Instead of the experiment's own seed. */
  readonly rngSeed?: number | string;
  /** End the protocol at this time in ms, a multiple of the resolution. */
  readonly timeMs?: number;
  /** Aborting it ends the run at the next slice; its results are then incomplete, not lost. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (info: ProgressInfo) => void;
  readonly watcher?: Watcher;
  /** Name of the file, for errors (default: the experiment's name). */
  readonly file?: string;
  /**
   * If the run fails on its way, called with what there is up to the last slice that all threads
   * completed, before the promise rejects. Not called if there is nothing, or a thread is gone and its
   * records with it.
   */
  readonly onFailure?: (results: RunResults) => void;
}

/**
 * Runs an experiment.
 * @throws ExperimentError for mistakes that show when the network is built or values are drawn, ValueError and
 *   OffGridError for the options, NumericalInstabilityError or WorkerError if the simulation fails
 */
export async function runExperiment(
  experiment: ResolvedExperiment,
  options: RunOptions,
): Promise<RunResults> {
  const startedAt = performance.now();
  const { threads, signal, onProgress = () => {} } = options;
  const seeded = withSeed(experiment, options.rngSeed);
  const intervals = plannedIntervals(seeded, options.timeMs);
  const totalMs = intervals.at(-1)?.end ?? 0;
  const simulation = openSimulation(seeded, threads);
  const pieces = new Pieces(signal, options.watcher);
  try {
    onProgress({ phase: 'build', timeMs: 0, totalMs });
    const network = await buildNetwork(simulation, seeded, options.file);
    const report = (timeMs: number) => onProgress({ phase: 'simulate', timeMs, totalMs });
    pieces.begin(() => new NetworkView(simulation, network, seeded));
    const collect = (simulatedMs: number, failure?: Error) => {
      onProgress({ phase: 'collect', timeMs: simulatedMs, totalMs });
      return collectResults(simulation, network, {
        ...{ experiment: seeded, threads, intervals, simulatedMs, requestedMs: totalMs, startedAt },
        ...(failure && { failure }),
      });
    };
    const outcome = await runProtocol(simulation, network, intervals, report, pieces).catch(
      (error: Error) => placed(error, network),
    );
    if (typeof outcome === 'number') return await collect(outcome);
    await salvage(simulation, (simulatedMs) => collect(simulatedMs, outcome), options);
    throw outcome;
  } finally {
    pieces.close();
    await simulation.close();
  }
}

/** Hands over what there is of a run that failed. */
async function salvage(
  simulation: Simulation,
  collect: (simulatedMs: number) => Promise<RunResults>,
  { onFailure }: RunOptions,
): Promise<void> {
  if (onFailure === undefined) return;
  let results: RunResults;
  try {
    const { biological_time: simulatedMs } = await simulation.kernelStatus();
    if (simulatedMs === 0) return;
    results = await collect(simulatedMs);
  } catch {
    // What ended the run has taken the records with it, and is what there is to tell.
    return;
  }
  onFailure(results);
}

/** The error of a neuron with its place in the experiment; any other as it is. */
function placed(error: Error, { populations }: Network): Error {
  if (!(error instanceof NumericalInstabilityError)) return error;
  const { model, node, step, timeMs, values } = error;
  for (const [population, { first, length }] of populations) {
    const index = node - first;
    if (index < 0 || index >= length) continue;
    const member = { population, index };
    return new NumericalInstabilityError(model, node, step, timeMs, values, member);
  }
  return error;
}

/** Goes through the intervals; the biological time reached, in ms. */
async function runProtocol(
  simulation: Simulation,
  network: Network,
  intervals: readonly Interval[],
  report: (timeMs: number) => void,
  pieces: Pieces,
): Promise<number> {
  let reached = 0;
  for (const stretch of stretchesOf(network, intervals)) {
    // Before anything is set: a run that ends here has not begun this stretch.
    if (pieces.stopped) break;
    beginStretch(network, stretch);
    reached = await simulateStretch(simulation, stretch, report, pieces);
  }
  await pieces.finish(reached);
  return reached;
}

/** The biological time reached; less than `end` only if the run is stopped. */
async function simulateStretch(
  simulation: Simulation,
  { start, end }: Stretch,
  report: (timeMs: number) => void,
  pieces: Pieces,
): Promise<number> {
  let reached = start;
  do {
    const options = { onProgress: report, signal: pieces.signal };
    reached = (await simulation.simulate(end - reached, options)).time;
    await pieces.rest(reached);
  } while (reached < end && !pieces.stopped);
  return reached;
}
