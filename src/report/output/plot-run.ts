import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readResults } from './results-file.js';
import { RUN_FILE, type WrittenFile } from './run-json.js';
import { writeFile } from './write-file.js';

/**
 * Draws the figures of a stored run again, in its directory, and returns their paths. The SVG files
 * are the same bytes as the run wrote (by the same version of isospike). `run.json`, if it is
 * there, learns the new check sums.
 * @throws ResultsFileError if the directory holds no readable results.
 */
export async function plotRun(directory: string): Promise<string[]> {
  const [results, { figuresOf, renderPng }] = await Promise.all([
    readResults(directory),
    import('../figures/index.js'),
  ]);
  const files: WrittenFile[] = [];
  for (const { name, svg } of figuresOf(results)) {
    files.push(await replaceFile(directory, `${name}.svg`, svg));
    files.push(await replaceFile(directory, `${name}.png`, await renderPng(svg)));
  }
  await updateContents(directory, files);
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

async function updateContents(directory: string, drawn: readonly WrittenFile[]): Promise<void> {
  let run: { files: WrittenFile[] };
  try {
    run = JSON.parse(await readFile(join(directory, RUN_FILE), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const kept = run.files.filter((file) => !drawn.some((figure) => figure.name === file.name));
  const files = [...kept, ...drawn];
  const before = JSON.stringify(run.files.toSorted(byName));
  if (JSON.stringify(files.toSorted(byName)) === before) return;
  await replaceFile(directory, RUN_FILE, `${JSON.stringify({ ...run, files }, null, 2)}\n`);
}

function byName(a: WrittenFile, b: WrittenFile): number {
  return a.name < b.name ? -1 : 1;
}
