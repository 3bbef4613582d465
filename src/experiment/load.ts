/** Experiment files. */
import { readFile } from 'node:fs/promises';
import { parseJson } from './json.js';
import { resolveExperiment } from './resolve.js';
import { parseExperiment, type ResolvedExperiment } from './schema.js';

/**
 * Reads, checks and resolves an experiment file.
 * @param overrides `path=value`, see `overrides.ts`
 * @throws JsonSyntaxError, ExperimentError, or the file system's error if it cannot be read
 */
export async function loadExperiment(
  file: string,
  overrides: readonly string[] = [],
): Promise<ResolvedExperiment> {
  const text = await readFile(file, 'utf8');
  return resolveExperiment(parseExperiment(parseJson(text, file), file), overrides, file);
}
