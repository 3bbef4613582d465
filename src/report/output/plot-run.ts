import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readResults } from './results-file.js';
import { REPORT_FILE, RUN_FILE, type WrittenFile } from './run-json.js';
import { writeFile } from './write-file.js';

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
  const files: WrittenFile[] = [];
  for (const { name, svg } of figures) {
    files.push(await replaceFile(directory, `${name}.svg`, svg));
    files.push(await replaceFile(directory, `${name}.png`, await renderPng(svg)));
  }
  const run = await readRun(directory);
  const others = (run?.files ?? []).filter(({ name }) => name !== REPORT_FILE);
  const report = runReport(results, { figures, files: merged(others, files) });
  files.push(await replaceFile(directory, REPORT_FILE, report.join('')));
  if (run !== undefined) await updateContents(directory, run, files);
  return files.map((file) => join(directory, file.name));
}

/** The old file stays until the new one is whole. */
async function replaceFile(
  directory: string,
  name: string,
  content: string | Uint8Array,
): Promise<WrittenFile> {
  const temporary = `.${name}.new-${process.pid}`;
  try {
    const written = await writeFile(directory, temporary, [content]);
    await rename(join(directory, temporary), join(directory, name));
    return { ...written, name };
  } catch (error) {
    await rm(join(directory, temporary), { force: true });
    throw error;
  }
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

async function updateContents(
  directory: string,
  run: StoredRun,
  drawn: readonly WrittenFile[],
): Promise<void> {
  const files = merged(run.files, drawn);
  const before = JSON.stringify(run.files.toSorted(byName));
  if (JSON.stringify(files.toSorted(byName)) === before) return;
  await replaceFile(directory, RUN_FILE, `${JSON.stringify({ ...run, files }, null, 2)}\n`);
}

/** Files of a run, some of them new. */
function merged(files: readonly WrittenFile[], drawn: readonly WrittenFile[]): WrittenFile[] {
  return [...files.filter(({ name }) => !drawn.some((one) => one.name === name)), ...drawn];
}

function byName(a: WrittenFile, b: WrittenFile): number {
  return a.name < b.name ? -1 : 1;
}
