/** `isospike plan FILE` */
import { availableParallelism } from 'node:os';
import { loadExperiment } from '../experiment/load.js';
import { plan as makePlan } from '../planning/plan.js';
import { usingExperiment } from './hint.js';
import { jsonOf, textOf } from './plan-report.js';

/** As the command line gives them; see `isospike plan --help`. */
export interface PlanCommandOptions {
  readonly threads?: number;
  /** ms */
  readonly time?: number;
  readonly set?: readonly string[];
  readonly json?: boolean;
}

/** Plans a run and reports it; gives the exit status: 1 if the run cannot fit. */
export async function plan(file: string, options: PlanCommandOptions): Promise<number> {
  const { set = [], threads, time, json } = options;
  const variation = (overrides: readonly string[]) => loadExperiment(file, [...set, ...overrides]);
  const experiment = await usingExperiment(file, () => variation([]));
  const onMeasuring = () => {
    if (json !== true) process.stderr.write('measuring this machine, some seconds\n');
  };
  const work = { file, threads, timeMs: time, cores: availableParallelism(), onMeasuring };
  const made = await makePlan(experiment, work, variation);
  process.stdout.write(json ? jsonOf(made) : textOf(made));
  return made.fit.misfit === undefined ? 0 : 1;
}
