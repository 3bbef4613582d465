/** From results to files, figures and words. What draws loads late: `loadDrawing`. */
export { plotRun } from './output/plot-run.js';
export { RESULTS_FILE, readResults } from './output/results-file.js';
export { checkFree, makeDirectory, nextRunDirectory } from './output/run-directory.js';
export { type WriteOptions, writeRun } from './output/write-run.js';
export { columns, summaryOf } from './summary.js';
export { duration } from './units.js';

/**
 * Loads the drawing libraries (about 0.1 s). Called while workers simulate, it makes the writing of
 * figures afterwards that much faster.
 */
export function loadDrawing(): Promise<unknown> {
  return import('./drawing.js');
}
