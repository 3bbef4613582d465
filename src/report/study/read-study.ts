/** `study.json` read back: a study as it was written, and the files beside it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ResultsFileError } from '../../errors/index.js';
import { STUDY_VERSION, type Study } from '../../scaling/study.js';
import type { WrittenFile } from '../output/run-json.js';
import { STUDY_FILE, STUDY_FORMAT } from './study-json.js';

export interface StoredStudy extends Study {
  readonly format: typeof STUDY_FORMAT;
  readonly files: readonly WrittenFile[];
}

/** @throws ResultsFileError if it is not ours, of another version, or damaged */
export async function readStudy(directory: string): Promise<StoredStudy> {
  const path = join(directory, STUDY_FILE);
  const stored = parsed(path, await readFile(path, 'utf8'));
  if (stored.format !== STUDY_FORMAT) {
    throw new ResultsFileError(path, 'foreign', `its format is not '${STUDY_FORMAT}'`);
  }
  if (stored.version !== STUDY_VERSION) {
    const kind = Number(stored.version) > STUDY_VERSION ? 'newer' : 'older';
    const detail = `it has version ${stored.version}, this isospike reads version ${STUDY_VERSION}`;
    throw new ResultsFileError(path, kind, detail);
  }
  const problem = shapeProblem(stored);
  if (problem !== undefined) throw new ResultsFileError(path, 'damaged', problem);
  return stored as unknown as StoredStudy;
}

function parsed(path: string, text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    throw new ResultsFileError(path, 'damaged', (error as Error).message, { cause: error });
  }
}

const LISTS = ['threads', 'seeds', 'points', 'checks', 'disagreements', 'files'] as const;
const OBJECTS = ['machine', 'experiment', 'usl'] as const;

/** What is missing of a study, or undefined. */
function shapeProblem(stored: Record<string, unknown>): string | undefined {
  const list = LISTS.find((name) => !Array.isArray(stored[name]));
  if (list !== undefined) return `'${list}' is not a list`;
  const object = OBJECTS.find((name) => typeof stored[name] !== 'object' || stored[name] === null);
  if (object !== undefined) return `'${object}' is missing`;
  const points = stored.points as readonly Partial<Study['points'][number]>[];
  const odd = points.findIndex((point) => !point?.wall || !point.threadTimes || !point.memory);
  return odd < 0 ? undefined : `point ${odd + 1} is not whole`;
}
