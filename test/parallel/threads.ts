/** Real worker threads for tests of what threads share; they run the compiled code. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const COMPILED = new URL('../../dist/src/parallel/', import.meta.url).href;

/**
 * Runs `body` on `count` threads; there, `load(file)` imports a compiled module of src/parallel,
 * and `rank`, `count` and `data` are defined. Returns what each body returned, by rank.
 */
export async function onThreads(count: number, data: unknown, body: string): Promise<unknown[]> {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { rank, count, data } = workerData;
    const load = (file) => import(${JSON.stringify(COMPILED)} + file);
    (async () => { ${body} })().then((value) => parentPort.postMessage(value));`;
  const workers = Array.from(
    { length: count },
    (_, rank) => new Worker(source, { eval: true, workerData: { rank, count, data } }),
  );
  const answers = await Promise.all(
    workers.map(async (worker) => {
      const [value] = await once(worker, 'message');
      return value as unknown;
    }),
  );
  await Promise.all(workers.map((worker) => worker.terminate()));
  return answers;
}
