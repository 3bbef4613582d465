/** `isospike run FILE` */
import { availableParallelism } from 'node:os';
import { loadExperiment } from '../experiment/load.js';
import type { RunResults } from '../experiment/results.js';
import { type RunOptions, runExperiment } from '../experiment/run-experiment.js';
import type { ResolvedExperiment } from '../experiment/schema.js';
import type { LiveView } from '../live/live-view.js';
import { type Workplace, workplaceOf } from '../planning/workplace.js';
import { loadDrawing, writeRun } from '../report/index.js';
import { failureText, usingFiles } from './failure.js';
import { usingExperiment } from './hint.js';
import { Interruption } from './interruption.js';
import { endOf, openLive } from './live.js';
import { type ReservedOutput, reserveOutput } from './output.js';
import { createProgress, type Progress, silentProgress } from './progress.js';
import { repeatingCommand } from './repeating-command.js';
import { jsonOf, textOf } from './run-report.js';

/** As the command line gives them; see `isospike run --help`. */
export interface RunCommandOptions {
  readonly threads?: number;
  readonly seed?: number | string;
  /** ms */
  readonly time?: number;
  readonly set?: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly live?: boolean;
  /** False: run even what does not seem to fit into memory. */
  readonly memoryCheck?: boolean;
}

/**
 * Runs an experiment, writes its results and reports them; gives the exit status. Of a run that fails on its
 * way, what there is is written all the same, marked incomplete.
 */
export async function run(file: string, options: RunCommandOptions): Promise<number> {
  const loaded = await usingExperiment(file, () => loadExperiment(file, options.set));
  const { experiment, threads } = await workplace(loaded, file, options);
  const progress = options.quiet ? silentProgress : createProgress(process.stderr);
  const output = await reserveOutput(options.out, options.force === true, experiment.name);
  const stage: Stage = { file, experiment, options, progress, output, threads, writing: false };
  const interruption = interruptionOf(stage);
  let live: LiveView | undefined;
  /** Why the simulation failed, if it did. */
  let why = '';
  try {
    if (options.live) live = await openLive(experiment, threads, interruption, progress);
    const { results: simulated, error } = await simulate(stage, interruption.signal, live);
    const results = { ...simulated, command: repeatingCommand(file, options, simulated) };
    live?.progress('write');
    if (error !== undefined) {
      // Before anything else can fail.
      progress.end();
      why = failureText(error);
      process.stderr.write(why);
    }
    const files = await write(stage, results);
    progress.end();
    if (error !== undefined) process.stderr.write(`${SALVAGED}\n`);
    await live?.close(endOf(results, output.directory, files));
    if (files.length === 0) progress.note('nothing was simulated, nothing is written');
    else report(results, output.directory, files, options);
    return error === undefined ? interruption.exitStatus : 1;
  } catch (error) {
    await live?.close({ outcome: 'failed', text: why + failureText(error) });
    throw error;
  } finally {
    progress.end();
    interruption.stop();
    output.release();
  }
}

const SALVAGED = 'what was recorded before is written, marked incomplete';

/** What the steps of a run share. */
interface Stage {
  readonly file: string;
  readonly experiment: ResolvedExperiment;
  readonly options: RunCommandOptions;
  readonly progress: Progress;
  readonly output: ReservedOutput;
  readonly threads: number;
  writing: boolean;
}

/**
 * @throws MemoryError if the experiment cannot fit, unless that is not to be checked; ValueError if
 *   the virtual processes cannot be dealt to so many threads
 */
async function workplace(
  experiment: ResolvedExperiment,
  file: string,
  { threads, time, set = [], memoryCheck }: RunCommandOptions,
): Promise<Workplace> {
  const options = { threads, timeMs: time, cores: availableParallelism() };
  const variation = (more: readonly string[]) => loadExperiment(file, [...set, ...more]);
  const found = await workplaceOf(experiment, options, variation);
  if (memoryCheck !== false && found.misfit) throw found.misfit;
  return found;
}

/**
 * The first signal ends the run in good order; a second one ends the process. Files are written
 * whole or not at all, so once that has begun it is waited for.
 */
function interruptionOf(stage: Stage): Interruption {
  const { progress, output } = stage;
  const beingWritten = () => progress.note('the files are being written, a moment');
  return new Interruption({
    onFirst: () => {
      if (stage.writing) return beingWritten();
      progress.note('ending the run at the next slice; Ctrl-C again quits at once');
    },
    onMore: (exitStatus) => {
      if (stage.writing) return beingWritten();
      progress.end();
      output.release();
      process.exit(exitStatus);
    },
  });
}

/** What came of the run: all of it, or what there is with the error that ended it. */
interface Outcome {
  readonly results: RunResults;
  readonly error?: unknown;
}

async function simulate(
  { file, experiment, options, progress, threads }: Stage,
  signal: AbortSignal,
  watcher: LiveView | undefined,
): Promise<Outcome> {
  let loading = false;
  const onProgress: RunOptions['onProgress'] = (info) => {
    progress.update(info);
    watcher?.progress(info.phase, info);
    if (info.phase !== 'simulate' || loading) return;
    // Ahead of their use, while this thread has nothing to do; writing tells if they fail to load.
    loading = true;
    loadDrawing().catch(() => undefined);
  };
  let salvaged: RunResults | undefined;
  const onFailure = (results: RunResults) => {
    salvaged = results;
  };
  try {
    const results = await runExperiment(experiment, {
      ...{ file, threads, signal, onProgress, onFailure },
      ...(watcher === undefined ? {} : { watcher }),
      ...(options.seed === undefined ? {} : { rngSeed: options.seed }),
      ...(options.time === undefined ? {} : { timeMs: options.time }),
    });
    return { results };
  } catch (error) {
    if (salvaged === undefined) throw error;
    return { results: salvaged, error };
  }
}

/** The files written; none if the run ended before it simulated anything. */
async function write(stage: Stage, results: RunResults): Promise<string[]> {
  if (results.simulatedTime === 0) return [];
  const { directory } = stage.output;
  const { force = false } = stage.options;
  stage.writing = true;
  stage.progress.update({ phase: 'write' });
  return usingFiles('write', directory, () => writeRun(directory, results, { force }));
}

function report(
  results: RunResults,
  directory: string,
  files: readonly string[],
  { json, quiet }: RunCommandOptions,
): void {
  if (json) process.stdout.write(jsonOf(results, directory, files));
  else if (!quiet) process.stdout.write(textOf(results, directory, files));
}
