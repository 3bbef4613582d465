import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ResultsFileError } from '../../../src/errors/index.js';
import { plotStudy } from '../../../src/report/study/plot-study.js';
import { readStudy } from '../../../src/report/study/read-study.js';
import { writeStudy } from '../../../src/report/study/write-study.js';
import { study } from '../../scaling/studies.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'isospike-plot-study-'));
});
afterEach(() => rm(home, { recursive: true }));

const bytesOf = async (): Promise<Map<string, string>> => {
  const names = (await readdir(home)).sort();
  const contents = await Promise.all(names.map((name) => readFile(join(home, name), 'hex')));
  return new Map(names.map((name, i) => [name, contents[i]!]));
};

describe('plotStudy', () => {
  test('draws the same figures and report again, to the byte', async () => {
    await writeStudy(home, study());
    const before = await bytesOf();
    for (const name of before.keys()) {
      if (/\.(svg|png|html)$/.test(name)) await rm(join(home, name));
    }
    const drawn = await plotStudy(home);
    expect(await bytesOf()).toEqual(before);
    const names = drawn.map((path) => basename(path));
    expect(names).toEqual(expect.arrayContaining(['scaling.svg', 'timeline.png', 'report.html']));
    expect(names).not.toContain('scaling.csv');
  });

  test('tells study.json the check sums of what became different', async () => {
    await writeStudy(home, study());
    const path = join(home, 'study.json');
    const stored = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...stored, name: 'renamed' }));
    await plotStudy(home);
    const { name, files } = await readStudy(home);
    expect(name).toBe('renamed');
    const report = await readFile(join(home, 'report.html'));
    expect(String(report)).toContain('Strong scaling of renamed');
    expect(files.find((file) => file.name === 'report.html')!.sha256).toBe(
      createHash('sha256').update(report).digest('hex'),
    );
  });
});

describe('readStudy', () => {
  test.each([
    ['no JSON', 'damaged', () => '{'],
    ['null', 'foreign', () => 'null'],
    ['another file', 'foreign', () => '{"format": "something else"}'],
    ['a newer study', 'newer', (stored: object) => JSON.stringify({ ...stored, version: 99 })],
    ['an older study', 'older', (stored: object) => JSON.stringify({ ...stored, version: 1 })],
    ['no points', 'damaged', (stored: object) => JSON.stringify({ ...stored, points: undefined })],
    ['no machine', 'damaged', (stored: object) => JSON.stringify({ ...stored, machine: null })],
    ['half a point', 'damaged', (stored: object) => JSON.stringify({ ...stored, points: [{}] })],
  ])('refuses %s as %s', async (_, kind, text) => {
    await writeStudy(home, study());
    const path = join(home, 'study.json');
    await writeFile(path, text(JSON.parse(await readFile(path, 'utf8'))));
    const read = readStudy(home);
    await expect(read).rejects.toThrow(ResultsFileError);
    await expect(read).rejects.toMatchObject({ kind, path });
  });
});
