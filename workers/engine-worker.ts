/** Entry of a worker thread: the pool runs this once per worker. */
import type { MessagePort } from 'node:worker_threads';
import type { WorkerOptions } from '../src/parallel/protocol.js';
import { serve } from '../src/parallel/worker-host.js';

/** Returns when the worker is ready; it then serves commands for the life of the pool. */
export default function seat({
  port,
  options,
}: {
  port: MessagePort;
  options: WorkerOptions;
}): void {
  serve(port, options);
}
