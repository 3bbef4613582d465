import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { merged, replaceFigures, replaceFile, updateContents } from './replace-file.js';
import { readResults } from './results-file.js';
import { REPORT_FILE, RUN_FILE, type WrittenFile } from './run-json.js';

/**
 * Draws figures and report of a stored run again, in its directory, and returns their paths. The
 * files are the same bytes as the run wrote (by the same version of isospike). `run.json`, if it is
 * there, learns the new check sums.
 * @throws ResultsFileError if the directory holds no readable results.
 */
export async function plotRun(directory: string): Promise<string[]> {
  const [results, { figuresOf, renderPng, runReport }] = await Promise.all([
    readResults(directory),
    import('../drawing.js'),
  ]);
  const figures = figuresOf(results);
  const files = await replaceFigures(directory, figures, renderPng);
  const run = await readRun(directory);
  const others = (run?.files ?? []).filter(({ name }) => name !== REPORT_FILE);
  const report = runReport(results, { figures, files: merged(others, files) });
  files.push(await replaceFile(directory, REPORT_FILE, report.join('')));
  if (run !== undefined) await updateContents(directory, RUN_FILE, run, files);
  return files.map((file) => join(directory, file.name));
}

interface StoredRun {
  readonly files: readonly WrittenFile[];
}

/** `run.json`, or undefined if there is none. */
async function readRun(directory: string): Promise<StoredRun | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, RUN_FILE), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
