/** Where a run's files go, and how a folder of them appears there as a whole. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { OutputExistsError } from '../../errors/index.js';
import { fileName } from '../file-name.js';
import { STUDY_FILE, STUDY_FORMAT } from '../study/study-json.js';
import { RUN_FILE, RUN_FORMAT } from './run-json.js';

/** Files that say what a directory holds, and by which format they are known. */
const CONTENTS = [
  { holds: 'run', file: RUN_FILE, format: RUN_FORMAT },
  { holds: 'study', file: STUDY_FILE, format: STUDY_FORMAT },
] as const;

interface Contents {
  readonly holds: (typeof CONTENTS)[number]['holds'];
  /** Names of its files. */
  readonly files: readonly string[];
}

/**
 * Creates and returns PARENT/NAME-001, or the number after the highest there is. Making a
 * directory succeeds for one process only, so that parallel runs never share one. The directory is
 * empty until `writeRun` puts the results in its place.
 */
export async function nextRunDirectory(parent: string, name: string): Promise<string> {
  await makeDirectory(parent);
  const prefix = `${fileName(name)}-`;
  const numbers = (await readdir(parent))
    .filter((entry) => entry.startsWith(prefix) && /^\d+$/.test(entry.slice(prefix.length)))
    .map((entry) => Number(entry.slice(prefix.length)));
  for (let number = Math.max(0, ...numbers) + 1; ; number++) {
    const directory = join(parent, `${prefix}${String(number).padStart(3, '0')}`);
    try {
      await mkdir(directory);
      return directory;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * Refuses to write where something is. An absent or empty directory is free; with `force`, one
 * that holds a run or a study may be replaced, but never anything else.
 * @throws OutputExistsError
 */
export async function checkFree(directory: string, force: boolean): Promise<void> {
  const entries = await entriesOf(directory);
  if (entries === undefined || entries.length === 0) return;
  const holds = (await contentsOf(directory))?.holds;
  if (!(force && holds !== undefined)) throw new OutputExistsError(directory, holds);
}

/**
 * Lets `fill` write into a new hidden folder beside `directory` and then moves that folder into
 * place in one step, so that the directory is seen whole or not at all. If `fill` throws, nothing
 * remains. A replaced run goes only after the new one stands; files in its directory that were
 * not the run's own are kept.
 */
export async function replaceDirectory(
  directory: string,
  force: boolean,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const target = resolve(directory);
  await checkFree(target, force);
  const parent = dirname(target);
  await makeDirectory(parent);
  const folder = join(parent, `.${basename(target)}.new-${randomUUID()}`);
  await mkdir(folder);
  try {
    await fill(folder);
    await sync(folder);
    // Checked again: another process may have come between.
    await checkFree(target, force);
    await moveIntoPlace(folder, target);
    await sync(parent);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Creates a directory and those above it that are missing; returns the outermost it created, if
 * any. (Node's recursive mkdir never returns where the system has nothing to create it in: /proc.)
 */
export async function makeDirectory(directory: string): Promise<string | undefined> {
  const path = resolve(directory);
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    if (await isDirectory(path)) return undefined;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const outermost = await makeDirectory(dirname(path));
  await mkdir(path);
  return outermost ?? path;
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function moveIntoPlace(folder: string, target: string): Promise<void> {
  const entries = await entriesOf(target);
  if (entries === undefined) return rename(folder, target);
  const aside = `${folder}.old`;
  await rename(target, aside);
  try {
    await rename(folder, target);
  } catch (error) {
    await rename(aside, target);
    throw error;
  }
  const own = (await contentsOf(aside))?.files ?? [];
  const taken = await readdir(target);
  for (const entry of entries.filter((name) => !own.includes(name))) {
    const kept = taken.includes(entry) ? `${entry}.old` : entry;
    await rename(join(aside, entry), join(target, kept));
  }
  await rm(aside, { recursive: true });
}

async function entriesOf(directory: string): Promise<string[] | undefined> {
  try {
    return await readdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') throw new OutputExistsError(directory);
    throw error;
  }
}

/** The run or study in a directory; undefined if it holds none. */
async function contentsOf(directory: string): Promise<Contents | undefined> {
  for (const { holds, file, format } of CONTENTS) {
    try {
      const contents = JSON.parse(await readFile(join(directory, file), 'utf8'));
      if (contents.format !== format) continue;
      return { holds, files: [file, ...contents.files.map((one: { name: string }) => one.name)] };
    } catch {
      // Not that.
    }
  }
  return undefined;
}

/** Makes the entries of a folder durable; systems that cannot open folders do it by themselves. */
async function sync(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
