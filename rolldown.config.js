/**
 * What a worker thread runs, in one file: Node takes longer to find and read its hundred and more
 * modules than a small network takes to simulate, and every thread has to.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';

/** The generator itself, without the others that come with the package. */
const seedrandom = createRequire(import.meta.url).resolve('seedrandom/seedrandom.js');
/** The copyright notice at its head. */
const notice = /\/\*[\s\S]*?\*\//.exec(readFileSync(seedrandom, 'utf8'))[0];

/**
 * seedrandom loads `crypto` for seeds that nobody gave, which takes a thread 8 ms; here, as its package.json
 * tells builders for browsers, there is none.
 */
const NO_CRYPTO = '\0no-crypto';
const withinTheFile = {
  name: 'within-the-file',
  resolveId(id, importer) {
    if (id === 'seedrandom') return seedrandom;
    return id === 'crypto' && importer === seedrandom ? NO_CRYPTO : null;
  },
  load: (id) => (id === NO_CRYPTO ? 'export default undefined;' : null),
};

export default {
  input: 'dist/workers/engine-worker.js',
  platform: 'node',
  external: (id) => !/^([.\0]|seedrandom$|crypto$)/.test(id) && !isAbsolute(id),
  plugins: [withinTheFile],
  output: { file: 'dist/engine-worker.js', banner: notice },
};
