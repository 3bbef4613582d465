/** `isospike plot DIR` */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { plotRun } from '../report/index.js';
import { STUDY_FILE } from '../report/study/study-json.js';
import { usingFiles } from './failure.js';

/** Draws figures and report of a run or a study again and says which files that are. */
export async function plot(directory: string): Promise<void> {
  const files = await usingFiles('write', directory, () =>
    existsSync(join(directory, STUDY_FILE)) ? study(directory) : plotRun(directory),
  );
  process.stdout.write(`${files.join('\n')}\n`);
}

async function study(directory: string): Promise<string[]> {
  const { plotStudy } = await import('../report/study/index.js');
  return plotStudy(directory);
}
