/**
 * What a worker thread runs, in one file: Node takes longer to find and read its hundred and more
 * modules than a small network takes to simulate, and every thread has to.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The copyright notice at the head of seedrandom, which becomes part of the file. */
const notice = /\/\*[\s\S]*?\*\//.exec(
  readFileSync(createRequire(import.meta.url).resolve('seedrandom/seedrandom.js'), 'utf8'),
)[0];

/**
 * seedrandom loads `crypto` for seeds that nobody gave, which takes a thread 8 ms; here, as its package.json
 * tells builders for browsers, there is none.
 */
const noCrypto = {
  name: 'no-crypto',
  resolveId: (id) => (id === 'crypto' ? '\0no-crypto' : null),
  load: (id) => (id === '\0no-crypto' ? 'export default undefined;' : null),
};

export default {
  input: 'dist/workers/engine-worker.js',
  platform: 'node',
  external: /^(?!seedrandom$|crypto$)[^.\0/]/,
  plugins: [noCrypto],
  output: { file: 'dist/engine-worker.js', banner: notice },
};
