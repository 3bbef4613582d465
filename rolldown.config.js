/**
 * What a worker thread runs, in one file: Node takes longer to find and read its hundred and more
 * modules than a small network takes to simulate, and every thread has to.
 */
export default {
  input: 'dist/workers/engine-worker.js',
  platform: 'node',
  external: /^[^./]/,
  output: { file: 'dist/engine-worker.js' },
};
