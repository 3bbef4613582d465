/** Runs a benchmark in a fresh process. */
import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Form } from './benchmark.js';
import type { FromChild, Memory, RunOutcome, ToChild } from './messages.js';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));
const LONGEST_RUN_MS = 1_800_000;

/** Rejects with the benchmark's own error, or if the process ends or takes too long. */
export function measure(name: string, form: Form): Promise<RunOutcome> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, [name, form], { timeout: LONGEST_RUN_MS });
    child.on('message', (message: FromChild) => {
      if (message.kind === 'memory') void tellMemory(child);
      else if (message.kind === 'outcome') resolve(message.outcome);
      else reject(new Error(message.message));
    });
    child.on('error', reject);
    // Not `exit`, which may come before the last message.
    child.on('close', (code, signal) => {
      reject(new Error(`the process ended without a result (${signal ?? `status ${code}`})`));
    });
  });
}

async function tellMemory(child: ChildProcess): Promise<void> {
  const answer: ToChild = await memoryOf(child.pid!).then(
    (memory) => ({ memory }),
    (error: Error) => ({ error: `memory is read from /proc: ${error.message}` }),
  );
  child.send(answer);
}

async function memoryOf(pid: number): Promise<Memory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const bytes = (key: string): number =>
    1024 * Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)![1]);
  return { residentBytes: bytes('VmRSS'), peakBytes: bytes('VmHWM') };
}
