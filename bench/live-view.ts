/** What it costs a run that somebody looks on: the command with a page open, and without. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchmark } from './benchmark.js';
import { SEED_EXPERIMENT } from './seed-simulation.js';

interface Plan {
  /** Of 100 ms. */
  readonly intervals: number;
  /** Runs with and without, in turn. */
  readonly rounds: number;
}

const SEED = 1;
const COMMAND = fileURLToPath(new URL('../isospike.js', import.meta.url));

export const liveView = benchmark({
  name: 'live-view',
  question:
    'How much longer does `isospike run --live` take while a page reads, for the seed experiment on two threads?',
  seed: SEED,
  figures: {
    'more time': { unit: '%', target: { most: 5 } },
    'sent to the page': { unit: 'kB/s' },
  },
  plans: { full: { intervals: 1000, rounds: 3 }, short: { intervals: 20, rounds: 1 } },
  async measure({ intervals, rounds }: Plan) {
    let [alone, watched, bytes] = [0, 0, 0];
    for (let round = 0; round < rounds; round++) {
      const [one, other] = [await run(intervals, false), await run(intervals, true)];
      assert.equal(other.digest, one.digest, 'the page has changed the result');
      alone += one.seconds;
      watched += other.seconds;
      bytes += other.bytes;
    }
    assert.ok(bytes > 0, 'the page got nothing');
    return { 'more time': 100 * (watched / alone - 1), 'sent to the page': bytes / 1e3 / watched };
  },
});

/** One run of the command: wall time, and what the page got. */
async function run(intervals: number, live: boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'isospike-bench-'));
  try {
    const out = join(folder, 'out');
    const options = ['--set', `protocol.0.repeat=${intervals}`, '--seed', String(SEED)];
    const rest = ['--threads', '2', '--out', out, '--quiet', ...(live ? ['--live'] : [])];
    const started = performance.now();
    const command = spawn(process.execPath, [COMMAND, 'run', SEED_EXPERIMENT, ...options, ...rest]);
    let bytes = 0;
    command.stderr.setEncoding('utf8').once('data', (text: string) => {
      const [, address] = /^live view: (\S+)/.exec(text) ?? [];
      assert.ok(address, text);
      get(`${address}events`, (page) => {
        page.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
      }).on('error', (error) => process.stderr.write(`the page: ${error.message}\n`));
    });
    const status = await new Promise((resolve) => command.on('close', resolve));
    const seconds = (performance.now() - started) / 1000;
    assert.equal(status, 0);
    const { digest } = JSON.parse(await readFile(join(out, 'run.json'), 'utf8'));
    return { seconds, bytes, digest };
  } finally {
    await rm(folder, { recursive: true });
  }
}
