/** Entry of a worker thread: the pool runs this once per worker. */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { MessagePort } from 'node:worker_threads';
import type { WorkerOptions } from '../src/parallel/protocol.js';
import { serve } from '../src/parallel/worker-host.js';

/**
 * V8 compiles a function anew, for speed, once it has run through so many bytes of bytecode; its own
 * choice is an eighth of that. It compiles on threads of its own. Where the workers take all cores,
 * they wait for those, and for each other; and each worker has the same functions compiled. Most of the
 * time goes into kernels anyhow: on two cores, the first half second of a network takes a third less.
 */
const COMPILE_AFTER = 1_000_000;

/** Returns when the worker is ready; it then serves commands for the life of the pool. */
export default function seat({
  port,
  options,
}: {
  port: MessagePort;
  options: WorkerOptions;
}): void {
  if (options.workers >= availableParallelism()) {
    setFlagsFromString(`--interrupt-budget=${COMPILE_AFTER}`);
  }
  serve(port, options);
}
