/** The command that repeats a run. */
import type { RunResults } from '../experiment/results.js';

/** Options of `isospike run` that results depend on. */
interface GivenOptions {
  /** ms */
  readonly time?: number;
  readonly set?: readonly string[];
}

/**
 * Its words, with the seed and the threads that the run had, wherever they came from. Of a run that was
 * ended early it repeats what was simulated, of one that failed, the failure.
 */
export function repeatingCommand(
  file: string,
  { set = [], time }: GivenOptions,
  { complete, failure, simulatedTime, rngSeed, threads }: RunResults,
): string[] {
  const timeMs = complete || failure !== undefined ? time : simulatedTime;
  return [
    ...['npx', 'isospike', 'run', file],
    ...set.flatMap((override) => ['--set', override]),
    ...['--seed', String(rngSeed)],
    ...(timeMs === undefined ? [] : ['--time', String(timeMs)]),
    ...['--threads', String(threads)],
  ];
}
