/** Entry of a worker thread: the pool runs this once per worker. */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { MessagePort } from 'node:worker_threads';
import type { WorkerOptions } from '../src/parallel/protocol.js';
import { serve } from '../src/parallel/worker-host.js';

/**
 * V8 compiles a function anew, for speed, once it has run for so long, or so often; these are eight
 * times its own choices, by its major version, as it knows no other flags. It compiles on threads of its
 * own: where the workers take all cores, they wait for those, and for each other, and each worker has the
 * same functions compiled. Most of the time goes into kernels anyhow, which are compiled once for all.
 */
const COMPILE_LATER: Readonly<Record<string, string>> = {
  '11': '--interrupt-budget=1000000',
  '12': '--invocation-count-for-turbofan=24000',
  '13': '--invocation-count-for-turbofan=24000',
  '14': '--invocation-count-for-turbofan=24000',
};

/** Returns when the worker is ready; it then serves commands for the life of the pool. */
export default function seat({
  port,
  options,
}: {
  port: MessagePort;
  options: WorkerOptions;
}): void {
  const flag = COMPILE_LATER[process.versions.v8.split('.')[0]!];
  if (flag && options.workers >= availableParallelism()) setFlagsFromString(flag);
  serve(port, options);
}
