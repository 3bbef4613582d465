import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OutputExistsError } from '../../../src/errors/index.js';
import { writeStudy } from '../../../src/report/study/write-study.js';
import { study } from '../../scaling/studies.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'isospike-study-'));
});
afterEach(() => rm(home, { recursive: true }));

describe('writeStudy', () => {
  test('writes all files and lists them with their check sums', async () => {
    const directory = join(home, 'study');
    const paths = await writeStudy(directory, study());
    expect(paths.map((path) => basename(path)).sort()).toEqual(await readdir(directory));
    expect(basename(paths[0]!)).toBe('study.json');
    const content = JSON.parse(await readFile(paths[0]!, 'utf8'));
    expect(content).toMatchObject({ format: 'isospike scaling study', version: 2, name: 'net' });
    expect(content.points).toEqual(study().points);
    for (const { name, sha256 } of content.files) {
      const bytes = await readFile(join(directory, name));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
  });

  test('replaces a study if told so, and keeps what is not its own', async () => {
    const directory = join(home, 'study');
    await writeStudy(directory, study());
    await writeFile(join(directory, 'notes.txt'), 'mine');
    const refused = writeStudy(directory, study());
    await expect(refused).rejects.toThrow(OutputExistsError);
    await expect(refused).rejects.toThrow('study already holds a study; choose another directory');
    const { timeline: _, ...rest } = study();
    await writeStudy(directory, rest, { force: true });
    const files = await readdir(directory);
    expect(files).toContain('notes.txt');
    expect(files).not.toContain('timeline.svg');
  });

  test('leaves a folder that holds something else alone', async () => {
    await writeFile(join(home, 'notes.txt'), 'mine');
    await expect(writeStudy(home, study(), { force: true })).rejects.toThrow(OutputExistsError);
    expect(await readdir(home)).toEqual(['notes.txt']);
  });
});
