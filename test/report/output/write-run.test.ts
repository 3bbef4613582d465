import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputExistsError, ResultsFileError } from '../../../src/errors/index.js';
import { nextRunDirectory, plotRun, readResults, writeRun } from '../../../src/report/index.js';
import { seedResults } from '../seed-results.js';

const FILES = [
  'raster.png',
  'raster.svg',
  'rates.png',
  'rates.svg',
  'report.html',
  'results.msgpack',
  'run.json',
  'spikes.dat',
  'traces-voltmeter.csv',
  'traces-voltmeter.png',
  'traces-voltmeter.svg',
  'weight-change.png',
  'weight-change.svg',
  'weight-events.csv',
  'weight-histograms.png',
  'weight-histograms.svg',
  'weights-over-time.png',
  'weights-over-time.svg',
  'weights.csv',
];

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'isospike-write-'));
});
afterEach(() => rm(parent, { recursive: true }));

async function contents(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory)).sort();
  const hash = async (name: string) =>
    createHash('sha256')
      .update(await readFile(join(directory, name)))
      .digest('hex');
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await hash(name)])));
}

const runJson = async (directory: string) =>
  JSON.parse(await readFile(join(directory, 'run.json'), 'utf8'));

describe('writeRun', () => {
  it('writes everything the seed experiment has, with its check sums in run.json', async () => {
    const directory = await nextRunDirectory(parent, 'seed');
    const paths = await writeRun(directory, seedResults());
    expect(basename(paths[0]!)).toBe('run.json');
    expect(paths.map((path) => basename(path)).sort()).toEqual(FILES);
    const sums = await contents(directory);
    expect(Object.keys(sums)).toEqual(FILES);
    const run = await runJson(directory);
    expect(run).toMatchObject({
      format: 'isospike run',
      complete: true,
      seed: 1,
      digest: seedResults().digest,
      versions: { isospike: '0.1.0' },
      experiment: seedResults().experiment,
    });
    const listed = run.files.map((f: { name: string; sha256: string }) => [f.name, f.sha256]);
    const { 'run.json': _, ...others } = sums;
    expect(Object.fromEntries(listed)).toEqual(others);
    expect(await readResults(directory)).toEqual(seedResults());
  });

  it('writes the same bytes for the same results', async () => {
    const [a, b] = [join(parent, 'a'), join(parent, 'b')];
    await writeRun(a, seedResults());
    await writeRun(b, seedResults());
    expect(await contents(b)).toEqual(await contents(a));
  });

  it('tells the error of a run that failed, and reads it again', async () => {
    const directory = join(parent, 'failed');
    const { digest: _, ...failed } = seedResults({ complete: false, failure: 'it broke' });
    await writeRun(directory, failed);
    const run = await runJson(directory);
    expect(run).toMatchObject({ complete: false, error: 'it broke' });
    expect(run).not.toHaveProperty('digest');
    expect(await readResults(directory)).toEqual(failed);
  });

  it('marks an incomplete run', async () => {
    const directory = join(parent, 'stopped');
    await writeRun(directory, seedResults({ complete: false, requestedTime: 20_000 }));
    const { complete, simulated_ms, requested_ms } = await runJson(directory);
    expect({ complete, simulated_ms, requested_ms }).toEqual({
      complete: false,
      simulated_ms: 10_000,
      requested_ms: 20_000,
    });
    expect(await readFile(join(directory, 'raster.svg'), 'utf8')).toContain('Incomplete run');
  });

  it('does not touch an existing run unless forced', async () => {
    const directory = join(parent, 'out');
    await writeRun(directory, seedResults());
    const before = await contents(directory);
    const other = seedResults({ rngSeed: 2, stimulus: [] });
    await expect(writeRun(directory, other)).rejects.toThrow(OutputExistsError);
    expect(await contents(directory)).toEqual(before);
    await writeRun(directory, other, { force: true });
    expect((await runJson(directory)).seed).toBe(2);
    expect(await readdir(parent)).toEqual(['out']);
  });

  it('writes headers where there are no rows, and no figures without data', async () => {
    const none = {
      senders: new Uint32Array(0),
      targets: new Uint32Array(0),
      times: new Float64Array(0),
      weights: new Float64Array(0),
    };
    const directory = join(parent, 'nothing');
    const empty = { spikes: none, weightEvents: none, weights: [], traces: [] };
    await writeRun(directory, seedResults(empty));
    expect(Object.keys(await contents(directory))).toEqual([
      'report.html',
      'results.msgpack',
      'run.json',
      'spikes.dat',
      'weight-events.csv',
      'weights.csv',
    ]);
    const lines = (await readFile(join(directory, 'spikes.dat'), 'utf8')).split('\n');
    expect(lines[2]).toBe('sender\ttime_ms');
  });

  it('gives recorders of similar names files of their own', async () => {
    const [trace] = seedResults().traces;
    const traces = ['V m', 'V/m', 'V-m'].map((recorder) => ({ ...trace!, recorder }));
    const paths = await writeRun(join(parent, 'out'), seedResults({ traces }));
    const names = paths.map((path) => basename(path)).filter((name) => name.startsWith('traces'));
    const files = ['traces-V-m', 'traces-V-m-2', 'traces-V-m-3'].flatMap((stem) =>
      ['csv', 'svg', 'png'].map((kind) => `${stem}.${kind}`),
    );
    expect(names.sort()).toEqual(files.sort());
  });

  it('leaves no trace of a run that cannot be stored', async () => {
    const experiment = { impossible: 1n };
    const writing = writeRun(join(parent, 'out'), seedResults({ experiment }));
    await expect(writing).rejects.toThrow(TypeError);
    expect(await readdir(parent)).toEqual([]);
  });
});

describe('plotRun', () => {
  it('draws every figure and the report again, byte for byte', async () => {
    const directory = join(parent, 'out');
    await writeRun(directory, seedResults());
    const before = await contents(directory);
    for (const name of FILES) if (/\.(svg|png|html)$/.test(name)) await rm(join(directory, name));
    const paths = await plotRun(directory);
    expect(paths.length).toBe(13);
    expect(await contents(directory)).toEqual(before);
  });

  it('corrects the check sums in run.json where a figure had changed', async () => {
    const directory = join(parent, 'out');
    await writeRun(directory, seedResults());
    const run = await runJson(directory);
    const stale = run.files.find((f: { name: string }) => f.name === 'raster.svg');
    stale.sha256 = '0'.repeat(64);
    await writeFile(join(directory, 'run.json'), JSON.stringify(run));
    await plotRun(directory);
    const sums = await contents(directory);
    const { files, seed } = await runJson(directory);
    expect(seed).toBe(1);
    for (const { name, sha256 } of files) expect([name, sha256]).toEqual([name, sums[name]]);
    expect(Object.keys(sums)).toEqual(FILES);
  });

  it('needs nothing but results.msgpack', async () => {
    const directory = join(parent, 'out');
    await writeRun(directory, seedResults());
    await rm(join(directory, 'run.json'));
    expect((await plotRun(directory)).length).toBe(13);
  });

  it('says what is wrong with a directory without results', async () => {
    await expect(plotRun(parent)).rejects.toThrow(ResultsFileError);
    await expect(plotRun(join(parent, 'absent'))).rejects.toThrow(ResultsFileError);
  });
});
