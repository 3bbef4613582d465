/** Reading an experiment, with help for those who mistype its name. */
import { readdir } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import { closest } from '../errors/index.js';
import { packageFile } from '../package/index.js';
import { usingFiles } from './failure.js';

/** Runs something that reads the experiment; a file that cannot be read becomes a FileError. */
export function usingExperiment<T>(file: string, use: () => Promise<T>): Promise<T> {
  return usingFiles('read', file, use, () => bundledHint(file));
}

/** The bundled experiment that `file` may have meant, as the end of a sentence; '' if none. */
async function bundledHint(file: string): Promise<string> {
  const files = await readdir(packageFile('config')).catch(() => []);
  const names = files
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'));
  const meant = closest(basename(file, '.json'), names);
  if (meant === undefined) return '';
  const path = relative('', packageFile(`config/${meant}.json`));
  return `; isospike comes with ${path}`;
}
