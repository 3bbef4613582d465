/**
 * What is started is in few files: Node takes longer to find and read a few hundred modules than a small network
 * takes to simulate. One for worker threads, which every thread reads, and those of the command. Packages
 * are put in, too, as far as they consist of JavaScript alone; what they are licensed under goes with them.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The generator itself, without the others that come with the package. */
const seedrandom = createRequire(import.meta.url).resolve('seedrandom/seedrandom.js');

/**
 * seedrandom loads `crypto` for seeds that nobody gave, which takes a thread 8 ms; here, as its package.json
 * tells builders for browsers, there is none.
 */
const NO_CRYPTO = '\0no-crypto';
const withoutCrypto = {
  name: 'without-crypto',
  resolveId(id, importer) {
    if (id === 'seedrandom') return seedrandom;
    return id === 'crypto' && importer === seedrandom ? NO_CRYPTO : null;
  },
  load: (id) => (id === NO_CRYPTO ? 'export default undefined;' : null),
};

/** The folder of the package that a module is of; none if it is ours. */
function packageOf(module) {
  if (!module.split(/[\\/]/).includes('node_modules')) return undefined;
  let folder = dirname(module);
  while (!hasName(folder)) folder = dirname(folder);
  return folder;
}

/** Some packages have a package.json in folders within, too, which only tells what kind of modules is there. */
function hasName(folder) {
  const file = join(folder, 'package.json');
  return existsSync(file) && 'name' in JSON.parse(readFileSync(file, 'utf8'));
}

/** @param modules those of the package that are put in */
function licenseOf(folder, modules) {
  const read = (file) => readFileSync(join(folder, file), 'utf8');
  const { name, version, license } = JSON.parse(read('package.json'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  // Some have it at the head of their code only.
  const heads = modules.map(
    (module) => /^\/\*[\s\S]*?\*\//.exec(readFileSync(module, 'utf8'))?.[0],
  );
  const text = file ? read(file) : heads.find((head) => head?.includes('Copyright'));
  if (text === undefined) throw new Error(`${folder}: no text of its license`);
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

/** Adds a file with the licenses of all packages of which there is code. */
const withLicenses = (fileName) => ({
  name: 'with-licenses',
  generateBundle(_, bundle) {
    const byPackage = new Map();
    for (const module of Object.values(bundle).flatMap((chunk) =>
      Object.keys(chunk.modules ?? {}),
    )) {
      const folder = packageOf(module);
      if (folder) byPackage.set(folder, [...(byPackage.get(folder) ?? []), module]);
    }
    const texts = [...byPackage.keys()]
      .sort()
      .map((folder) => licenseOf(folder, byPackage.get(folder)));
    this.emitFile({ type: 'asset', fileName, source: texts.join(`\n${'-'.repeat(79)}\n\n`) });
  },
});

/** Chunks of an earlier build, which may have others. */
const withoutOldChunks = {
  name: 'without-old-chunks',
  buildStart: () => rmSync('dist/chunks', { recursive: true, force: true }),
};

const output = { dir: 'dist', entryFileNames: '[name].js' };

export default [
  {
    input: { 'engine-worker': 'dist/workers/engine-worker.js' },
    platform: 'node',
    plugins: [withoutCrypto, withLicenses('engine-worker.licenses.txt')],
    output,
  },
  {
    input: {
      isospike: 'dist/src/cli/main.js',
      'point-process': 'dist/src/scaling/point-process.js',
    },
    platform: 'node',
    // Those that have code for the machine, or files beside their modules, or are bundles of others themselves.
    external: [/^@resvg\//, 'piscina', 'msgpackr', 'linkedom/worker'],
    plugins: [withoutOldChunks, withoutCrypto, withLicenses('isospike.licenses.txt')],
    output: { ...output, chunkFileNames: 'chunks/[name].js' },
  },
];
