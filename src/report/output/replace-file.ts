/** Files of a directory that are drawn again, and its table of contents that learns of it. */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from '../figures/index.js';
import type { WrittenFile } from './run-json.js';
import { writeFile } from './write-file.js';

/** The old file stays until the new one is whole. */
export async function replaceFile(
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

/** Each as SVG and as PNG. */
export async function replaceFigures(
  directory: string,
  figures: readonly Figure[],
  renderPng: (svg: string) => Promise<Uint8Array>,
): Promise<WrittenFile[]> {
  const files: WrittenFile[] = [];
  for (const { name, svg } of figures) {
    files.push(await replaceFile(directory, `${name}.svg`, svg));
    files.push(await replaceFile(directory, `${name}.png`, await renderPng(svg)));
  }
  return files;
}

/** Writes the table of contents `name` anew, if the check sums of what was drawn are not those in it. */
export async function updateContents(
  directory: string,
  name: string,
  contents: { readonly files: readonly WrittenFile[] },
  drawn: readonly WrittenFile[],
): Promise<void> {
  const files = merged(contents.files, drawn);
  const before = JSON.stringify(contents.files.toSorted(byName));
  if (JSON.stringify(files.toSorted(byName)) === before) return;
  await replaceFile(directory, name, `${JSON.stringify({ ...contents, files }, null, 2)}\n`);
}

/** Files of a directory, some of them new. */
export function merged(
  files: readonly WrittenFile[],
  drawn: readonly WrittenFile[],
): WrittenFile[] {
  return [...files.filter(({ name }) => !drawn.some((one) => one.name === name)), ...drawn];
}

function byName(a: WrittenFile, b: WrittenFile): number {
  return a.name < b.name ? -1 : 1;
}
