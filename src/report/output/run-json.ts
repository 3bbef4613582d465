/** `run.json`: what was run, with what, and what came of it; the table of contents of a run. */

import { loadImbalance, type RunResults } from '../../experiment/results.js';
import { shellCommand } from '../command.js';

export const RUN_FILE = 'run.json';
export const REPORT_FILE = 'report.html';
export const RUN_FORMAT = 'isospike run';
const RUN_VERSION = 1;

export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export function runJson(results: RunResults, files: readonly WrittenFile[]): string {
  const description = {
    format: RUN_FORMAT,
    version: RUN_VERSION,
    name: results.name,
    description: results.description,
    complete: results.complete,
    ...(results.failure === undefined ? {} : { error: results.failure }),
    simulated_ms: results.simulatedTime,
    requested_ms: results.requestedTime,
    resolution_ms: results.resolution,
    seed: results.rngSeed,
    ...(results.digest === undefined ? {} : { digest: results.digest }),
    ...(results.command === undefined ? {} : { command: shellCommand(results.command) }),
    threads: results.threads,
    versions: results.versions,
    wall_time_s: results.wallTimes,
    thread_times_s: results.threadTimes,
    load_imbalance: loadImbalance(results.threadTimes),
    populations: results.populations.map((p) => ({
      name: p.name,
      model: p.model,
      weight_unit: p.weightUnit,
      first_id: p.firstId,
      size: p.size,
      spikes: p.spikeCount,
      rate_per_s: p.rate,
    })),
    connections: results.weights.map((w) => ({
      name: w.connection,
      synapse_model: w.synapseModel,
      plastic: w.plastic,
      synapses: w.source.length,
    })),
    files,
    experiment: results.experiment,
  };
  return `${JSON.stringify(description, null, 2)}\n`;
}
