/** What the command says when something fails. */
import { ExperimentError, FileError, IsospikeError, WorkerError } from '../errors/index.js';

/**
 * The text for standard error: for what a user can mend one line per mistake that begins with
 * `error: `, for a defect of ours its stack. Ends with a line break.
 */
export function failureText(error: unknown): string {
  if (error instanceof ExperimentError) {
    const { where, problems } = error;
    return problems
      .map((problem) => `error: ${new ExperimentError(where, [problem]).message}\n`)
      .join('');
  }
  if (!(error instanceof IsospikeError)) return internalError(error);
  const text = `error: ${error.message}\n`;
  const defect = error instanceof WorkerError && !isExpected(error.cause);
  return defect ? text + internalError(error.cause) : text;
}

/** Runs something that uses the file system; its refusals become a FileError about `path`. */
export async function usingFiles<T>(
  action: FileError['action'],
  path: string,
  use: () => Promise<T>,
  hint: () => Promise<string> = async () => '',
): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // Node's text is `ENOENT: no such file or directory, open '/some/path'`.
    const problem = /^\w+: ([^,]+)/.exec(error.message)?.[1] ?? error.message;
    const more = error.code === 'ENOENT' ? await hint() : '';
    throw new FileError(action, path, problem + more, { cause: error });
  }
}

/** A worker may have ended without an error of its own, as when memory runs out. */
function isExpected(cause: unknown): boolean {
  return cause === undefined || cause instanceof IsospikeError;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return error instanceof Error && code !== undefined && syscall !== undefined;
}

function internalError(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `internal error (a defect of isospike, please report it):\n${stack}\n`;
}
