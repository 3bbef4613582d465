/** `isospike plot DIR` */
import { plotRun } from '../report/index.js';
import { usingFiles } from './failure.js';

/** Draws the figures of a run again and says which files that are. */
export async function plot(directory: string): Promise<void> {
  const files = await usingFiles('write', directory, () => plotRun(directory));
  const nothing = `${directory}: there is nothing to draw\n`;
  process.stdout.write(files.length === 0 ? nothing : `${files.join('\n')}\n`);
}
