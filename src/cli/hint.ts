/** Help for those who mistype the name of an experiment. */
import { readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { closest } from '../errors/index.js';
import { bundledExperiments } from './package.js';

/** The bundled experiment that `file` may have meant, as the end of a sentence; '' if none. */
export async function bundledHint(file: string): Promise<string> {
  const files = await readdir(bundledExperiments).catch(() => []);
  const names = files
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'));
  const meant = closest(basename(file, '.json'), names);
  if (meant === undefined) return '';
  const path = relative('', join(bundledExperiments, `${meant}.json`));
  return `; isospike comes with ${path}`;
}
