/** `isospike scale FILE` */
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { shellCommand } from '../report/command.js';
import { mismatchError } from '../scaling/digests.js';
import { freshProcesses, type PointRunner } from '../scaling/point-runner.js';
import { planStudy, type StudyPlan, type StudyRequest } from '../scaling/request.js';
import { runStudy } from '../scaling/run-study.js';
import type { Study } from '../scaling/study.js';
import { usingFiles } from './failure.js';
import { usingExperiment } from './hint.js';
import { Interruption } from './interruption.js';
import { type ReservedOutput, reserveOutput } from './output.js';
import { createStudyProgress, type StudyProgressDisplay } from './scale-progress.js';

/** As the command line gives them; see `isospike scale --help`. */
export interface ScaleCommandOptions {
  readonly threads?: readonly number[];
  readonly weak?: string | true;
  readonly repeat: number;
  readonly seeds: number;
  /** ms */
  readonly warmUp: number;
  /** ms */
  readonly time?: number;
  readonly set?: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
  readonly quiet?: boolean;
  /** False: measure even what does not seem to fit into memory. */
  readonly memoryCheck?: boolean;
}

/**
 * Measures a study, writes it and says what came out; gives the exit status.
 * @throws DigestMismatchError once it is written, if points disagree
 */
export async function scale(
  file: string,
  options: ScaleCommandOptions,
  runner: PointRunner = freshProcesses,
): Promise<number> {
  const request = requestOf(file, options);
  const plan = await usingExperiment(file, () => planStudy(request));
  const output = await reserveOutput(
    options.out,
    options.force === true,
    `${plan.base.name}-scaling`,
  );
  const progress = createStudyProgress(options.quiet ? undefined : process.stderr);
  const interruption = interruptionOf(progress, output);
  try {
    const study = await measured(plan, runner, progress, interruption.signal);
    if (study.points.length === 0) {
      progress.note('no point was finished, nothing is written');
      return interruption.exitStatus;
    }
    await write(study, output, options);
    return conclude(study, interruption);
  } finally {
    progress.end();
    interruption.stop();
    output.release();
  }
}

function requestOf(file: string, options: ScaleCommandOptions): StudyRequest {
  const { weak, repeat, seeds, warmUp, time, set = [], memoryCheck = true } = options;
  const threads = options.threads ?? powersOfTwo(availableParallelism());
  const words = ['npx', 'isospike', 'scale', file, '--threads', threads.join(',')];
  if (weak !== undefined) words.push('--weak', ...(weak === true ? [] : [weak]));
  words.push('--repeat', String(repeat), '--seeds', String(seeds), '--warm-up', String(warmUp));
  if (time !== undefined) words.push('--time', String(time));
  for (const override of set) words.push('--set', override);
  if (!memoryCheck) words.push('--no-memory-check');
  return {
    file,
    overrides: set,
    threads,
    repeats: repeat,
    seeds,
    warmUp,
    memoryCheck,
    command: shellCommand(words),
    ...(weak === undefined ? {} : { weak }),
    ...(time === undefined ? {} : { time }),
  };
}

/** 1, 2, 4, ... and the number of cores. */
function powersOfTwo(cores: number): number[] {
  const counts = [1];
  while (counts.at(-1)! < cores) counts.push(Math.min(cores, 2 * counts.at(-1)!));
  return counts;
}

function measured(
  plan: StudyPlan,
  runner: PointRunner,
  progress: StudyProgressDisplay,
  signal: AbortSignal,
): Promise<Study> {
  return runStudy(plan, {
    runner,
    signal,
    onProgress: (news) => progress.update(news),
    onDisagreement: (found) => progress.note(mismatchError([found]).message),
  });
}

/** A point that is under way is lost, so there is nothing to wait for. */
function interruptionOf(progress: StudyProgressDisplay, output: ReservedOutput): Interruption {
  return new Interruption({
    onFirst: () => progress.note('ending the study; the finished points are written'),
    onMore: (exitStatus) => {
      progress.end();
      output.release();
      process.exit(exitStatus);
    },
  });
}

async function write(
  study: Study,
  { directory }: ReservedOutput,
  { force = false, quiet }: ScaleCommandOptions,
): Promise<void> {
  const { writeStudy, studyText } = await import('../report/study/index.js');
  const files = await usingFiles('write', directory, () => writeStudy(directory, study, { force }));
  if (quiet) return;
  const names = files.map((path) => basename(path)).join('  ');
  process.stdout.write(`${studyText(study)}\n${directory}\n  ${names}\n`);
}

/** What was measured is written by now; this says whether it is what was asked for. */
function conclude(study: Study, interruption: Interruption): number {
  if (study.disagreements.length > 0) throw mismatchError(study.disagreements);
  if (study.failure !== undefined) {
    process.stderr.write(`error: ${study.failure}\n`);
    return 1;
  }
  return interruption.exitStatus;
}
