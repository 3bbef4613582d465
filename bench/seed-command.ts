import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadExperiment } from '../src/experiment/load.js';
import { runExperiment } from '../src/experiment/run-experiment.js';
import { benchmark } from './benchmark.js';
import { SEED_EXPERIMENT } from './seed-simulation.js';

interface Plan {
  readonly ms: number;
}

const SEED = 1;
const COMMAND = fileURLToPath(new URL('../isospike.js', import.meta.url));
const FILES = [
  'spikes.dat',
  'weights.csv',
  'weight-events.csv',
  'weight-change.svg',
  'weight-change.png',
  'raster.svg',
  'raster.png',
  'rates.svg',
  'rates.png',
  'weights-over-time.svg',
  'weights-over-time.png',
  'weight-histograms.svg',
  'weight-histograms.png',
  'report.html',
  'results.msgpack',
];

export const seedCommand = benchmark({
  name: 'seed-command',
  question:
    'How long does `isospike run` take for the seed experiment, from the start of the process to all files and figures written?',
  seed: SEED,
  figures: { 'whole process': { unit: 's', target: { most: 1.2 } } },
  plans: { full: { ms: 10_000 }, short: { ms: 500 } },
  async measure({ ms }: Plan) {
    const folder = await mkdtemp(join(tmpdir(), 'isospike-bench-'));
    try {
      const out = join(folder, 'out');
      const options = ['--seed', String(SEED), '--time', String(ms), '--out', out, '--quiet'];
      const started = performance.now();
      await promisify(execFile)(process.execPath, [COMMAND, 'run', SEED_EXPERIMENT, ...options]);
      const elapsedMs = performance.now() - started;

      const run = JSON.parse(await readFile(join(out, 'run.json'), 'utf8'));
      const experiment = await loadExperiment(SEED_EXPERIMENT);
      const again = await runExperiment(experiment, { threads: 2, rngSeed: SEED, timeMs: ms });
      assert.equal(run.digest, again.digest, 'results depend on the process or on threads');
      for (const file of FILES) {
        assert.ok((await stat(join(out, file))).size > 0, `${file} is empty`);
      }
      return { 'whole process': elapsedMs / 1000 };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
});
