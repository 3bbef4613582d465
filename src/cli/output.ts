/** The place for a run's files, taken before the run so that it cannot fail for want of one. */
import { existsSync, rmdirSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { checkFree, makeDirectory, nextRunDirectory } from '../report/index.js';
import { usingFiles } from './failure.js';

const RESULTS = 'results';

export interface ReservedOutput {
  readonly directory: string;
  /** Takes away what the reservation created and nothing was written to. */
  release(): void;
}

/**
 * Reserves `out`, or a new directory results/NAME-001, -002, ... if there is no `out`.
 * @throws OutputExistsError, FileError
 */
export async function reserveOutput(
  out: string | undefined,
  force: boolean,
  name: string,
): Promise<ReservedOutput> {
  return usingFiles('write', out ?? RESULTS, async () => {
    if (out === undefined) {
      const first = existsSync(RESULTS) ? undefined : resolve(RESULTS);
      const directory = await nextRunDirectory(RESULTS, name);
      return reserved(directory, first ?? resolve(directory));
    }
    await checkFree(out, force);
    return reserved(out, await makeDirectory(out));
  });
}

/** @param first the outermost directory that was created for it, if any */
function reserved(directory: string, first: string | undefined): ReservedOutput {
  const release = () => {
    if (first === undefined) return;
    for (let path = resolve(directory); !relative(first, path).startsWith('..'); ) {
      try {
        rmdirSync(path);
      } catch {
        return; // Something is in it.
      }
      path = dirname(path);
    }
  };
  return { directory, release };
}
