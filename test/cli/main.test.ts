import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { modelList } from '../../src/cli/models.js';
import { experimentJsonSchema } from '../../src/experiment/json-schema.js';
import { isospike, tiny } from './isospike.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'isospike-cli-'));
});
afterEach(() => rm(home, { recursive: true }));

test('--version', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(await isospike(home, ['--version'])).toEqual({
    status: 0,
    stdout: `${version}\n`,
    stderr: '',
  });
});

test('help has examples', async () => {
  const general = await isospike(home, ['--help']);
  expect(general).toMatchObject({ status: 0, stderr: '' });
  expect(general.stdout).toContain('$ isospike run net.json');
  const run = await isospike(home, ['run', '--help']);
  expect(run.stdout).toMatch(/--threads <n>.*1 to 64/);
  expect(run.stdout).toContain('Ctrl-C');
});

test('no command prints help as an error', async () => {
  const outcome = await isospike(home, []);
  expect(outcome).toMatchObject({ status: 1, stdout: '' });
  expect(outcome.stderr).toContain('Usage: isospike');
});

test('an unknown command is told with the closest', async () => {
  const outcome = await isospike(home, ['plto']);
  expect(outcome).toMatchObject({ status: 1, stdout: '' });
  expect(outcome.stderr).toBe("error: unknown command 'plto'\n(Did you mean plot?)\n");
});

test('models', async () => {
  expect(await isospike(home, ['models'])).toEqual({ status: 0, stdout: modelList(), stderr: '' });
  const unknown = await isospike(home, ['models', 'parot_neuron']);
  expect(unknown).toMatchObject({ status: 1, stdout: '' });
  expect(unknown.stderr).toMatch(
    /^error: unknown model 'parot_neuron'; did you mean 'parrot_neuron'\?/,
  );
});

test('schema', async () => {
  const printed = await isospike(home, ['schema']);
  expect(JSON.parse(printed.stdout)).toEqual(JSON.parse(JSON.stringify(experimentJsonSchema())));
  const written = await isospike(home, ['schema', '--out', 'schema.json']);
  expect(written).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(await readFile(join(home, 'schema.json'), 'utf8')).toBe(printed.stdout);
  expect(await readFile('dist/experiment.schema.json', 'utf8')).toBe(printed.stdout);
  const refused = await isospike(home, ['schema', '--out', 'no/schema.json']);
  expect(refused).toMatchObject({
    status: 1,
    stderr: 'error: cannot write no/schema.json: no such file or directory\n',
  });
});

test('plot draws the same figures again', async () => {
  await writeFile(join(home, 'tiny.json'), JSON.stringify(tiny));
  await isospike(home, ['run', 'tiny.json', '--out', 'out']);
  const before = await readdir(join(home, 'out'));
  const figures = before.filter((name) => name.endsWith('.svg'));
  const svg = (name: string) => readFile(join(home, 'out', name), 'utf8');
  const drawn = await Promise.all(figures.map(svg));
  expect(figures).toContain('raster.svg');
  for (const name of figures) await rm(join(home, 'out', name));
  const outcome = await isospike(home, ['plot', 'out']);
  expect(outcome).toMatchObject({ status: 0, stderr: '' });
  for (const name of figures) expect(outcome.stdout).toContain(`${join('out', name)}\n`);
  expect(await readdir(join(home, 'out'))).toEqual(before);
  expect(await Promise.all(figures.map(svg))).toEqual(drawn);
});

test('plot of what is no run', async () => {
  const outcome = await isospike(home, ['plot', '.']);
  expect(outcome).toMatchObject({ status: 1, stdout: '' });
  expect(outcome.stderr).toMatch(/^error: results\.msgpack does not exist: [^\n]*\n$/);
});

test.runIf(existsSync('/dev/full'))('standard output that is full is a failure', () => {
  const main = fileURLToPath(new URL('../../dist/isospike.js', import.meta.url));
  const full = openSync('/dev/full', 'w');
  try {
    const args = [main, 'models'];
    const { status, stderr } = spawnSync(process.execPath, args, {
      stdio: ['ignore', full, 'pipe'],
    });
    expect(status).toBe(1);
    expect(String(stderr)).toMatch(/^error: cannot write to standard output: ENOSPC[^\n]*\n$/);
  } finally {
    closeSync(full);
  }
});
