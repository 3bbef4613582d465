/** What the command says of a finished run. */
import { basename } from 'node:path';
import type { RunResults } from '../experiment/results.js';
import { summaryOf } from '../report/index.js';

const LINE_WIDTH = 80;

/** Summary and files, for people. Ends with a line break. */
export function textOf(results: RunResults, directory: string, files: readonly string[]): string {
  const names = wrapped(files.map((file) => basename(file)));
  return `${summaryOf(results)}\n${directory}\n${names.map((line) => `  ${line}\n`).join('')}`;
}

function wrapped(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const longer = lines.length > 0 ? `${lines.at(-1)}  ${name}` : name;
    if (lines.length > 0 && longer.length <= LINE_WIDTH - 2) lines[lines.length - 1] = longer;
    else lines.push(name);
  }
  return lines;
}

/** One JSON object for programs, keys as in `run.json`. Ends with a line break. */
export function jsonOf(results: RunResults, directory: string, files: readonly string[]): string {
  const { name, digest, complete, failure, simulatedTime, requestedTime, rngSeed, threads } =
    results;
  const run = {
    name,
    ...(digest === undefined ? {} : { digest }),
    complete,
    ...(failure === undefined ? {} : { error: failure }),
    simulated_ms: simulatedTime,
    requested_ms: requestedTime,
    seed: rngSeed,
    threads,
    directory,
    files,
    populations: results.populations.map((population) => ({
      name: population.name,
      model: population.model,
      first_id: population.firstId,
      size: population.size,
      spikes: population.spikeCount,
      rate_per_s: population.rate,
      weight_unit: population.weightUnit,
    })),
    wall_time_s: results.wallTimes,
  };
  return `${JSON.stringify(run, null, 2)}\n`;
}
