/**
 * Entry of a process that measures one point. It takes its job from its parent and ends with it; a
 * Ctrl-C, which the terminal sends to both, is the parent's to react to.
 */
import { packError } from '../parallel/error-transfer.js';
import { type JobProgress, measure, trace } from './measure.js';
import type { FromProcess, ToProcess } from './point-runner.js';

/** News come so often, in ms: to send and show them takes time from the threads that are measured. */
const NEWS_INTERVAL = 500;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

process.once('message', async ({ task, job }: ToProcess) => {
  const tell = (message: FromProcess) => process.send!(message);
  let told = Number.NEGATIVE_INFINITY;
  const report = (progress: JobProgress) => {
    if (performance.now() - told < NEWS_INTERVAL) return;
    told = performance.now();
    tell({ progress });
  };
  try {
    const result = task === 'measure' ? await measure(job, report) : await trace(job, report);
    tell({ result });
  } catch (error) {
    tell({ error: packError(error) });
  }
});
