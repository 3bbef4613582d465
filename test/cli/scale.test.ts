import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scale as scaleHere } from '../../src/cli/scale.js';
import { DigestMismatchError } from '../../src/errors/index.js';
import { freshProcesses, type PointRunner } from '../../src/scaling/point-runner.js';
import { isospike, type Outcome, signalAt, tiny } from './isospike.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'isospike-scale-'));
  const sized = { ...tiny.populations, exc: { ...tiny.populations.exc, size: '4 * S' } };
  const net = { ...tiny, parameters: { S: 1 }, size_parameter: 'S', populations: sized };
  await writeFile(join(home, 'net.json'), JSON.stringify(net));
});
afterEach(() => rm(home, { recursive: true }));

const scale = (...args: string[]): Promise<Outcome> => isospike(home, ['scale', ...args]);
const read = (...path: string[]) => readFile(join(home, ...path), 'utf8');
const json = async (...path: string[]) => JSON.parse(await read(...path));

/** Rows of a CSV file without quotes, by column. */
async function table(...path: string[]): Promise<Record<string, string>[]> {
  const [head, ...rows] = (await read(...path)).trimEnd().split('\n');
  const names = head!.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [names[i], cell])));
}

const SHORT = ['--repeat', '1', '--seeds', '1', '--warm-up', '20', '--time', '50'] as const;
/** Each starts a process per point; on a machine that does other things, they take their time. */
const MANY_PROCESSES_MS = 120_000;
const FILES = [
  ...['machine.json', 'memory.png', 'memory.svg', 'phases.png', 'phases.svg', 'report.html'],
  ...['scaling.csv', 'scaling.png', 'scaling.svg', 'study.json', 'threads.csv'],
  ...['timeline.png', 'timeline.svg'],
];

describe('scale', () => {
  test(
    'measures every point in a process of its own and writes the study',
    async () => {
      const outcome = await scale('net.json', '--threads', '2,1', ...SHORT);
      expect(outcome.status).toBe(0);
      expect(outcome.stdout).toMatch(/^tiny, strong scaling, 30 ms after 20 ms of warm-up\n/);
      expect(outcome.stdout).toContain('digests agree');
      expect(outcome.stdout).toContain('scalability law: a fit needs at least 4');
      expect(outcome.stderr.split('\n').map((line) => line.replace(/, [^,]* left$/, ''))).toEqual([
        'point 1 of 2, 1 thread, seed 1',
        'point 2 of 2, 2 threads, seed 1',
        'timeline, 2 threads, seed 1',
        '',
      ]);
      const directory = join('results', 'tiny-scaling-001');
      expect(await readdir(join(home, directory))).toEqual(FILES);

      const study = await json(directory, 'study.json');
      expect(study).toMatchObject({ complete: true, disagreements: [], seeds: [1] });
      const run = ['run', 'net.json', '--time', '50', '--json', '--quiet'];
      const { digest } = JSON.parse((await isospike(home, run)).stdout);
      const rows = await table(directory, 'scaling.csv');
      expect(rows.map((row) => [row.rng_seed, row.threads_per_task, row.digest])).toEqual([
        ['1', '1', digest],
        ['1', '2', digest],
      ]);
      expect(rows[0]).toMatchObject({ model_time_sim: '30', model_time_presim: '20' });
      expect(await json(directory, 'machine.json')).toEqual(study.machine);
    },
    MANY_PROCESSES_MS,
  );

  test(
    'lets a parameter grow with the threads; replaces a study only if told so',
    async () => {
      const args = ['net.json', '--weak', '--set', 'S=2', '--out', 'weak', '--quiet', ...SHORT];
      const outcome = await scale(...args, '--threads', '1,3');
      expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
      const rows = await table('weak', 'scaling.csv');
      expect(rows.map((row) => [row.threads_per_task, row.size, row.num_connections])).toEqual([
        ['1', '2', String(20 + 20 * 8)],
        ['3', '6', String(20 + 20 * 24)],
      ]);
      const { kind, command, points, checks } = await json('weak', 'study.json');
      expect(kind).toBe('weak');
      // The smallest network, on a thread more.
      expect(checks).toEqual([{ threads: 2, seed: 1, size: 2, digest: points[0].digest }]);
      expect(await read('weak', 'report.html')).toContain(
        'Digests agree: S = 2 on 1 and on 2 threads',
      );
      expect(command).toBe(
        'npx isospike scale net.json --threads 1,3 --weak --repeat 1 --seeds 1 --warm-up 20 --time 50 --set S=2',
      );

      const refused = await scale(...args, '--threads', '1');
      expect(refused).toMatchObject({ status: 1, stdout: '' });
      expect(refused.stderr).toContain('weak already holds a study');
      expect(await scale(...args, '--threads', '1', '--force')).toMatchObject({ status: 0 });
      expect((await json('weak', 'study.json')).threads).toEqual([1]);
      expect(await readdir(join(home, 'weak'))).toEqual(FILES);
    },
    MANY_PROCESSES_MS,
  );
});

/** What runs on two threads gets another seed than it should. */
const faulty: PointRunner = {
  ...freshProcesses,
  measure: (job, options) =>
    freshProcesses.measure({ ...job, seed: job.threads === 2 ? 99 : job.seed }, options),
};

describe('points that disagree', () => {
  test(
    'fail the study once it is written, and say which they are',
    async () => {
      const out = join(home, 'study');
      const options = { threads: [1, 2, 3], repeat: 1, seeds: 1, warmUp: 0, quiet: true, out };
      const measured = scaleHere(join(home, 'net.json'), options, faulty);
      await expect(measured).rejects.toThrow(DigestMismatchError);
      await expect(measured).rejects.toThrow(
        /seed 1: \w{12} with threads 1 \(repeat 1\), 3 \(repeat 1\); \w{12} with threads 2 \(repeat 1\)$/,
      );
      const { complete, disagreements } = await json('study', 'study.json');
      expect(complete).toBe(true);
      expect(disagreements).toHaveLength(1);
      expect(await read('study', 'report.html')).toContain('Results differ');
    },
    MANY_PROCESSES_MS,
  );
});

test(
  'a grown network that comes to another digest on other threads fails the study',
  async () => {
    const out = join(home, 'study');
    const settings = { threads: [1], weak: 'S', repeat: 1, seeds: 1, warmUp: 0 };
    const measured = scaleHere(join(home, 'net.json'), { ...settings, quiet: true, out }, faulty);
    await expect(measured).rejects.toThrow(
      /seed 1, size 1: \w{12} with threads 1 \(repeat 1\); \w{12} with threads 2 \(check\)$/,
    );
    expect(await read('study', 'report.html')).toContain('with threads 2 (check)');
  },
  MANY_PROCESSES_MS,
);

test('what cannot fit into memory is refused before any point has run, unless told otherwise', async () => {
  // 10^12 plastic synapses.
  const huge = {
    name: 'huge',
    populations: { exc: { model: 'aeif_psc_delta_clopath', size: 1e6, expected_rate: 1 } },
    connections: [{ source: 'exc', target: 'exc', syn_spec: 'clopath_synapse' }],
    protocol: [{ simulate: 1 }],
  };
  await writeFile(join(home, 'huge.json'), JSON.stringify(huge));
  const args = ['huge.json', '--threads', '1,2', '--warm-up', '0', '--seeds', '1'];
  const refused = await scale(...args);
  expect(refused).toMatchObject({ status: 1, stdout: '' });
  expect(refused.stderr).toMatch(
    /^error: point on 1 thread, seed 1: 'huge' on \S+ .* needs [\d.]+ [MGTP]B.*; no point of the study would fit/,
  );
  // The first point then refuses the call that takes more than there is.
  const told = await scale(...args, '--no-memory-check');
  expect(told.stderr).toMatch(/^point 1 of 6.*\nerror: .*making 1000000000000 connections/s);
  expect(await readdir(home)).toEqual(['huge.json', 'net.json']);
});

test('plot draws a study again', async () => {
  await scale('net.json', '--threads', '1', '--out', 'study', '--quiet', ...SHORT);
  const svg = await read('study', 'scaling.svg');
  await rm(join(home, 'study', 'scaling.svg'));
  const outcome = await isospike(home, ['plot', 'study']);
  expect(outcome).toMatchObject({ status: 0, stderr: '' });
  expect(outcome.stdout).toContain(`${join('study', 'scaling.svg')}\n`);
  expect(await read('study', 'scaling.svg')).toBe(svg);
  expect(await readdir(join(home, 'study'))).toEqual(FILES);
});

describe('Ctrl-C', () => {
  const long = ['--threads', '1', '--set', 'protocol.0.repeat=100000', '--warm-up', '20'];

  test('keeps the points that are finished', async () => {
    const args = [
      'scale',
      'net.json',
      '--threads',
      '1',
      '--repeat',
      '200',
      '--seeds',
      '1',
      '--out',
      'ended',
    ];
    const outcome = await isospike(
      home,
      [...args, '--warm-up', '20'],
      signalAt(['point 3 of 200', 'SIGINT']),
    );
    expect(outcome.status).toBe(130);
    expect(outcome.stderr).toContain('ending the study; the finished points are written');
    expect(outcome.stdout).toContain('Incomplete study: 2 of 200 points');
    const { complete, points, timeline } = await json('ended', 'study.json');
    expect(complete).toBe(false);
    expect(points).toHaveLength(2);
    expect(timeline).toBeUndefined();
    const files = FILES.filter((name) => !name.startsWith('timeline'));
    expect(await readdir(join(home, 'ended'))).toEqual(files);
  });

  test('before a point is finished leaves nothing', async () => {
    const outcome = await isospike(
      home,
      ['scale', 'net.json', ...long],
      signalAt(['point 1 of', 'SIGTERM']),
    );
    expect(outcome).toMatchObject({ status: 143, stdout: '' });
    expect(outcome.stderr).toContain('no point was finished, nothing is written');
    expect(await readdir(home)).toEqual(['net.json']);
  });
});

describe('mistakes are told in one line each, and leave nothing', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['a missing file', ['no.json'], /^error: cannot read no\.json: no such file or directory/],
    ['a mistyped one', ['brunell.json'], /no such file or directory; isospike comes with .*brunel/],
    ['threads', ['net.json', '--threads', '1,0'], /^error: --threads is '1,0'; expected different/],
    ['threads twice', ['net.json', '--threads', '2,2'], /^error: --threads is '2,2'; expected/],
    ['repeats', ['net.json', '--repeat', '0'], /^error: --repeat is 0; expected a whole number/],
    ['seeds', ['net.json', '--seeds', 'x'], /^error: --seeds is 'x'; expected a whole number/],
    ['warm-up', ['net.json', '--warm-up', '-1'], /^error: --warm-up is -1; expected a time in ms/],
    ['nothing left', ['net.json'], /^error: --warm-up is 500; expected less than the 100 ms/],
    [
      'no parameter',
      ['net.json', '--weak', 'T', '--warm-up', '0'],
      /^error: unknown parameter 'T' \(known: S\)/,
    ],
    [
      'a model that is not there, found when the network is built',
      ['net.json', '--warm-up', '0', '--set', 'populations.exc.model=aeif'],
      /^(point 1.*\n)?error: .*populations\.exc.*aeif/s,
    ],
  ])('%s', async (_, args, message) => {
    const outcome = await scale(...args);
    expect(outcome).toMatchObject({ status: 1, stdout: '' });
    expect(outcome.stderr).toMatch(message);
    expect(await readdir(home)).toEqual(['net.json']);
  });
});
