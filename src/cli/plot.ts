/** `isospike plot DIR` */
import { plotRun } from '../report/index.js';
import { usingFiles } from './failure.js';

/** Draws figures and report of a run again and says which files that are. */
export async function plot(directory: string): Promise<void> {
  const files = await usingFiles('write', directory, () => plotRun(directory));
  process.stdout.write(`${files.join('\n')}\n`);
}
