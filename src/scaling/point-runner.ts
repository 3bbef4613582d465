/** Processes that measure one point each, seen from their parent. */
import { fork } from 'node:child_process';
import { LostPointError } from '../errors/index.js';
import { packageFile } from '../package/index.js';
import { type TransferredError, unpackError } from '../parallel/error-transfer.js';
import type { Job, JobProgress } from './measure.js';
import type { Measurement } from './study.js';
import type { Timeline } from './timeline.js';

export interface JobOptions {
  /** Aborting it ends the process at once; the job rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: JobProgress) => void;
}

/** Whoever carries out jobs. */
export interface PointRunner {
  measure(job: Job, options: JobOptions): Promise<Measurement>;
  trace(job: Job, options: JobOptions): Promise<Timeline>;
}

export interface ToProcess {
  readonly task: 'measure' | 'trace';
  readonly job: Job;
}

export type FromProcess =
  | { readonly progress: JobProgress }
  | { readonly result: Measurement | Timeline }
  | { readonly error: TransferredError };

/** Carries out each job in a fresh process. */
export const freshProcesses: PointRunner = {
  measure: (job, options) => inProcess({ task: 'measure', job }, options) as Promise<Measurement>,
  trace: (job, options) => inProcess({ task: 'trace', job }, options) as Promise<Timeline>,
};

function inProcess(
  order: ToProcess,
  { signal, onProgress }: JobOptions,
): Promise<Measurement | Timeline> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = fork(packageFile('dist/point-process.js'), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const kill = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', kill);
    let outcome: (() => void) | undefined;
    child.on('message', (message: FromProcess) => {
      if ('progress' in message) return onProgress?.(message.progress);
      if ('result' in message) outcome = () => resolve(message.result);
      else outcome = () => reject(unpackError(message.error));
      child.disconnect();
    });
    child.on('error', reject);
    child.on('exit', (code, killedBy) => {
      signal?.removeEventListener('abort', kill);
      if (signal?.aborted) return reject(signal.reason);
      if (outcome) return outcome();
      const how = killedBy === null ? `exit status ${code}` : `killed by ${killedBy}`;
      reject(new LostPointError(order.job.threads, how));
    });
    child.send(order);
  });
}
