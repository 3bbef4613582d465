import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failing } from '../experiment/failing.js';
import { isospike, limited, manyCalls, type Outcome, signalAt, tiny } from './isospike.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'isospike-cli-'));
  await put('tiny.json', tiny);
});
afterEach(() => rm(home, { recursive: true }));

function put(name: string, content: object | string): Promise<void> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return writeFile(join(home, name), text);
}

const read = (...path: string[]) => readFile(join(home, ...path), 'utf8');
const runJson = async (directory: string) => JSON.parse(await read(directory, 'run.json'));
const run = (...args: string[]): Promise<Outcome> => isospike(home, ['run', ...args]);

describe('run', () => {
  test('two in a row write to numbered directories and say so', async () => {
    const first = await run('tiny.json');
    expect(first).toMatchObject({ status: 0 });
    expect(first.stdout).toMatch(/^tiny, 100 ms simulated, seed 1, 1 thread\n/);
    const { digest, files } = await runJson('results/tiny-001');
    expect(first.stdout).toContain(`digest  ${digest}`);
    expect(first.stdout).toContain(`\n${join('results', 'tiny-001')}\n`);
    for (const { name } of files) expect(first.stdout).toContain(name);
    expect(first.stderr.split('\n')).toEqual([
      'building the network',
      'simulating 100 ms',
      expect.stringMatching(/^simulated 100 of 100 ms \(100 %\)/),
      'collecting results',
      'writing files',
      '',
    ]);

    const second = await run('tiny.json', '--threads', '2');
    expect(second.stdout).toContain(`digest  ${digest}`);
    expect(second.stdout).toContain('2 threads');
    expect(await readdir(join(home, 'results'))).toEqual(['tiny-001', 'tiny-002']);
  });

  test('--json prints one object, --quiet nothing', async () => {
    const json = await run('tiny.json', '--json', '--quiet', '--out', 'a');
    expect(json).toMatchObject({ status: 0, stderr: '' });
    const object = JSON.parse(json.stdout);
    const { digest, populations, wall_time_s, thread_times_s, load_imbalance } = await runJson('a');
    expect(thread_times_s).toHaveLength(1);
    expect(thread_times_s[0]).toMatchObject({
      build: expect.any(Number),
      wait: expect.any(Number),
    });
    expect(load_imbalance).toBe(0);
    expect(object).toMatchObject({
      name: 'tiny',
      digest,
      complete: true,
      simulated_ms: 100,
      requested_ms: 100,
      seed: 1,
      threads: 1,
      directory: 'a',
      populations,
      wall_time_s,
    });
    expect(object.files.map((file: string) => existsSync(join(home, file)))).not.toContain(false);
    expect(object.files).toHaveLength((await readdir(join(home, 'a'))).length);

    const quiet = await run('tiny.json', '--quiet', '--out', 'b');
    expect(quiet).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await readdir(join(home, 'b'))).toEqual(await readdir(join(home, 'a')));
  });

  test('--seed, --time and --set reach the run', async () => {
    const { stdout } = await run(
      ...['tiny.json', '--seed', 'word', '--time', '50', '--json'],
      ...['--set', 'populations.exc.size=5', '--set', 'populations.exc.params.C_m=200'],
    );
    expect(JSON.parse(stdout)).toMatchObject({ seed: 'word', simulated_ms: 50, complete: true });
    const { experiment } = await runJson('results/tiny-001');
    expect(experiment.kernel.rng_seed).toBe('word');
    expect(experiment.populations.exc).toMatchObject({ size: 5, params: { C_m: 200 } });
  });

  test('--out that exists needs --force, and holds a run', async () => {
    await run('tiny.json', '--out', 'out', '--quiet');
    const before = await read('out', 'run.json');
    const refused = await run('tiny.json', '--out', 'out');
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    // Before anything was built: no progress.
    expect(refused.stderr).toBe(
      'error: out already holds a run; choose another directory or use --force to replace it\n',
    );
    expect(await read('out', 'run.json')).toBe(before);
    expect(await run('tiny.json', '--out', 'out', '--force', '--seed', '2')).toMatchObject({
      status: 0,
    });
    expect((await runJson('out')).seed).toBe(2);
    expect(await readdir(home)).toEqual(['out', 'tiny.json']);
  });
});

describe('failing on its way', () => {
  test('leaves what there is, marked incomplete, with the error, and a status of 1', async () => {
    await put('failing.json', failing());
    const failed = await run('failing.json', '--threads', '2', '--out', 'failed');
    expect(failed.status).toBe(1);
    const { error, complete, simulated_ms, requested_ms, digest, files } = await runJson('failed');
    expect(error).toMatch(
      /^cubic \(node 9, index 2 of 'exc'\): numerical instability at 10\d\S* ms/,
    );
    expect({ complete, requested_ms, digest }).toEqual({ complete: false, requested_ms: 200 });
    expect(simulated_ms).toBeGreaterThanOrEqual(100);
    expect(failed.stderr).toContain(`error: ${error}\n`);
    expect(failed.stderr).toContain('\nwhat was recorded before is written');
    expect(failed.stdout).toContain(
      `Incomplete run: ${simulated_ms} ms of 200 ms simulated\nThe run failed: ${error}`,
    );
    expect(failed.stdout).not.toContain('digest  ');
    for (const { name } of files) expect(failed.stdout).toContain(name);
    expect(await read('failed', 'report.html')).toContain('The run failed: cubic (node 9');
    expect((await isospike(home, ['plot', 'failed'])).status).toBe(0);

    const until = ['--time', '100', '--quiet'];
    expect((await run('failing.json', ...until, '--out', 'before')).status).toBe(0);
    expect(await read('failed', 'spikes.dat')).toBe(await read('before', 'spikes.dat'));
  });

  test('tells why, also if what there is cannot be written', async () => {
    await put('failing.json', failing());
    // Files of 20 KiB at most, less than a figure.
    const failed = await limited(home, ['run', 'failing.json'], 20);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(/error: cubic.*error: cannot write/s);
    expect(failed.stderr).not.toContain('what was recorded before');
  });

  test('says the same as an object', async () => {
    await put('failing.json', failing());
    const failed = await run('failing.json', '--json', '--quiet');
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(/^error: cubic/);
    const object = JSON.parse(failed.stdout);
    expect(object).toMatchObject({ complete: false, error: expect.stringContaining('cubic') });
    expect(object).not.toHaveProperty('digest');
  });

  test('a mistake in a later interval is told before anything is built', async () => {
    const protocol = [{ simulate: 1e5 }, { simulate: 1, set: { exc: { tau_w: -3 } } }];
    await put('late.json', { ...tiny, protocol });
    for (const command of ['run', 'plan', 'scale']) {
      expect(await isospike(home, [command, 'late.json'])).toEqual({
        status: 1,
        stdout: '',
        stderr:
          'error: late.json: protocol.1.set.exc.tau_w: aeif_psc_delta_clopath needs tau_w > 0; given -3\n',
      });
    }
  });
});

describe('ended by a signal', () => {
  test('Ctrl-C leaves what --time up to there leaves, marked incomplete', async () => {
    const args = ['tiny.json', '--set', 'protocol.0.repeat=100000'];
    const ended = await isospike(
      home,
      ['run', ...args, '--out', 'ended', '--threads', '2'],
      signalAt(['simulating', 'SIGINT']),
    );
    expect(ended.status).toBe(130);
    expect(ended.stderr).toContain('ending the run at the next slice');
    expect(ended.stdout).toContain('Incomplete run');
    const { simulated_ms, digest, complete, requested_ms } = await runJson('ended');
    expect({ complete, requested_ms }).toEqual({ complete: false, requested_ms: 1e7 });
    expect(simulated_ms).toBeGreaterThan(0);

    const whole = await run(...args, '--out', 'whole', '--time', String(simulated_ms));
    expect(whole.status).toBe(0);
    expect(await runJson('whole')).toMatchObject({ digest, complete: true, simulated_ms });
    const tables = ['spikes.dat', 'weights.csv', 'weight-events.csv'];
    for (const name of tables) expect(await read('whole', name)).toBe(await read('ended', name));
    expect(await readdir(join(home, 'whole'))).toEqual(await readdir(join(home, 'ended')));
  });

  test('before anything was simulated: nothing is written', async () => {
    await put('calls.json', manyCalls(500, 'static_synapse'));
    const args = ['run', 'calls.json'];
    const outcome = await isospike(home, args, signalAt(['building', 'SIGTERM']));
    expect(outcome).toMatchObject({ status: 143, stdout: '' });
    expect(outcome.stderr).toContain('nothing was simulated, nothing is written');
    expect(await readdir(home)).toEqual(['calls.json', 'tiny.json']);
  });

  test('a second Ctrl-C quits at once and leaves nothing', async () => {
    await put('calls.json', manyCalls(2000, 'plastic'));
    const outcome = await isospike(
      home,
      ['run', 'calls.json'],
      signalAt(['building', 'SIGINT'], ['Ctrl-C again', 'SIGINT']),
    );
    expect(outcome).toMatchObject({ status: 130, stdout: '' });
    expect(outcome.stderr).not.toMatch(/simulat(ing|ed) /);
    expect(await readdir(home)).toEqual(['calls.json', 'tiny.json']);
  });
});

describe('mistakes are told in one line each, and leave nothing', () => {
  const broken = { ...tiny, populations: { ...tiny.populations, exc: { model: 'aeif', n: 4 } } };
  const unstable = { model: 'aeif_psc_delta_clopath', params: { C_mm: 1 } };

  test.each<[string, readonly string[], RegExp]>([
    ['a missing file', ['net.json'], /^error: cannot read net\.json: no such file or directory\n$/],
    [
      'a bundled experiment by name',
      ['clopath-bidirectional'],
      /no such file or directory; isospike comes with .*config.clopath-bidirectional\.json\n$/,
    ],
    ['a folder', ['.'], /^error: cannot read \.: illegal operation on a directory\n$/],
    ['a syntax error', ['syntax.json'], /^error: syntax\.json:2:1: expected [^\n]*\n$/],
    [
      'two problems of the format',
      ['broken.json', '--set', 'protocol.0.simulate=-1'],
      /^error: broken\.json[^\n]*exc[^\n]*'n'[^\n]*\n$/,
    ],
    [
      'an unknown parameter',
      ['unknown.json'],
      /^error: unknown\.json: populations\.exc\.params\.C_mm: [^\n]*unknown key 'C_mm'; did you mean 'C_m'\?[^\n]*\n$/,
    ],
    [
      'a wrong --set',
      ['tiny.json', '--set', 'foo.bar=1'],
      /^error: tiny\.json: [^\n]*foo[^\n]*\n$/,
    ],
    [
      'a time off the grid',
      ['tiny.json', '--time', '50.05'],
      /^error: time is 50\.05 ms, not a multiple of the resolution 0\.1 ms; the nearest valid value is 50(\.1)? ms\n$/,
    ],
    [
      'a negative time',
      ['tiny.json', '--time', '-5'],
      /^error: --time is -5; expected a time in ms/,
    ],
    [
      'too much time',
      ['tiny.json', '--time', '101'],
      /^error: time is 101; expected [^\n]*at most the protocol's 100 ms\n$/,
    ],
    [
      'no threads',
      ['tiny.json', '--threads', '0'],
      /^error: --threads is 0; expected [^\n]*1 to 64\n$/,
    ],
    ['a negative seed', ['tiny.json', '--seed', '-1'], /^error: --seed is -1; expected /],
    [
      'an unknown option',
      ['tiny.json', '--thread', '2'],
      /^error: unknown option.*\n\(Did you mean --threads\?\)\n$/,
    ],
    ['no file', [], /^error: missing required argument 'file'\n$/],
    ['two files', ['tiny.json', 'tiny.json'], /^error: too many arguments/],
  ])('%s', async (_, args, stderr) => {
    await put('broken.json', broken);
    await put('unknown.json', { ...tiny, populations: { ...tiny.populations, exc: unstable } });
    await put('syntax.json', '{ "name": "x",\n]');
    const outcome = await run(...args);
    expect(outcome).toMatchObject({ status: 1, stdout: '' });
    expect(outcome.stderr).toMatch(stderr);
    expect(existsSync(join(home, 'results'))).toBe(false);
  });
});
