import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isospike, signalAt, tiny } from './isospike.js';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'isospike-repeat-'));
});
afterAll(() => rm(home, { recursive: true }));

async function runOf(directory: string) {
  return JSON.parse(await readFile(join(home, directory, 'run.json'), 'utf8'));
}

/** Runs the command that run.json gives; the digest of that. */
async function repeated(command: string, directory: string): Promise<string> {
  const words = command.split(' ').slice(2);
  const outcome = await isospike(home, [...words, '--quiet', '--out', directory]);
  expect(outcome).toMatchObject({ status: 0, stderr: '' });
  return (await runOf(directory)).digest;
}

test('a run leaves the command that repeats it, in run.json and in its report', async () => {
  await writeFile(join(home, 'tiny.json'), JSON.stringify(tiny));
  const options = ['--seed', 'word', '--set', 'populations.exc.size=5', '--time', '50'];
  await isospike(home, ['run', 'tiny.json', ...options, '--out', 'a']);
  const { command, digest } = await runOf('a');
  expect(command).toMatch(
    /^npx isospike run tiny.json --set populations.exc.size=5 --seed word --time 50 --threads \d+$/,
  );
  expect(await readFile(join(home, 'a', 'report.html'), 'utf8')).toContain(`<code>${command}<`);
  expect(await repeated(command, 'b')).toBe(digest);
});

test('of an interrupted run it repeats what was simulated', async () => {
  const long = { ...tiny, protocol: [{ simulate: 600_000 }] };
  await writeFile(join(home, 'long.json'), JSON.stringify(long));
  const interrupt = signalAt(['simulat', 'SIGINT']);
  await isospike(home, ['run', 'long.json', '--out', 'c'], interrupt);
  const { command, complete, simulated_ms, digest } = await runOf('c');
  expect(complete).toBe(false);
  expect(command).toContain(` --time ${simulated_ms} `);
  expect(await repeated(command, 'd')).toBe(digest);
});
