import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputExistsError } from '../../../src/errors/index.js';
import {
  checkFree,
  nextRunDirectory,
  replaceDirectory,
} from '../../../src/report/output/run-directory.js';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'isospike-run-'));
});
afterEach(() => rm(parent, { recursive: true }));

/** Fills a folder as a run does, with a table of its own files. */
function run(content: string, names: readonly string[] = ['data.txt']) {
  return async (folder: string) => {
    for (const name of names) await writeFile(join(folder, name), content);
    const files = names.map((name) => ({ name }));
    await writeFile(join(folder, 'run.json'), JSON.stringify({ format: 'isospike run', files }));
  };
}

describe('nextRunDirectory', () => {
  it('counts up from the highest number there is', async () => {
    const results = join(parent, 'deep', 'results');
    expect(await nextRunDirectory(results, 'net')).toBe(join(results, 'net-001'));
    expect(await nextRunDirectory(results, 'net')).toBe(join(results, 'net-002'));
    expect(await nextRunDirectory(results, 'network')).toBe(join(results, 'network-001'));
    await mkdir(join(results, 'net-041'));
    await mkdir(join(results, 'net-x'));
    expect(await nextRunDirectory(results, 'net')).toBe(join(results, 'net-042'));
    await mkdir(join(results, 'net-999'));
    expect(await nextRunDirectory(results, 'net')).toBe(join(results, 'net-1000'));
  });

  it('never gives one directory to two', async () => {
    const all = await Promise.all(Array.from({ length: 40 }, () => nextRunDirectory(parent, 'n')));
    expect(new Set(all).size).toBe(40);
    expect((await readdir(parent)).length).toBe(40);
  });
});

describe('replaceDirectory', () => {
  it('puts a new directory in place, readable as any other', async () => {
    const target = join(parent, 'deep', 'out');
    await replaceDirectory(target, false, run('new'));
    expect(await readFile(join(target, 'data.txt'), 'utf8')).toBe('new');
    expect((await stat(target)).mode & 0o777).toBe(0o777 & ~process.umask());
    expect(await readdir(join(parent, 'deep'))).toEqual(['out']);
  });

  it('takes an empty directory, as nextRunDirectory leaves it', async () => {
    const target = await nextRunDirectory(parent, 'net');
    await replaceDirectory(target, false, run('new'));
    expect((await readdir(target)).sort()).toEqual(['data.txt', 'run.json']);
    expect(await readdir(parent)).toEqual(['net-001']);
  });

  it('shows nothing until everything is written', async () => {
    const target = join(parent, 'out');
    await replaceDirectory(target, false, async (folder) => {
      await writeFile(join(folder, 'data.txt'), 'half');
      expect(existsSync(target)).toBe(false);
    });
    expect(existsSync(target)).toBe(true);
  });

  it('leaves nothing behind when writing fails', async () => {
    const fail = async (folder: string) => {
      await writeFile(join(folder, 'data.txt'), 'half');
      throw new Error('disk full');
    };
    await expect(replaceDirectory(join(parent, 'out'), false, fail)).rejects.toThrow('disk full');
    expect(await readdir(parent)).toEqual([]);
  });

  it('keeps the old run when writing the new one fails', async () => {
    const target = join(parent, 'out');
    await replaceDirectory(target, false, run('old'));
    const fail = () => Promise.reject(new Error('disk full'));
    await expect(replaceDirectory(target, true, fail)).rejects.toThrow('disk full');
    expect(await readFile(join(target, 'data.txt'), 'utf8')).toBe('old');
    expect(await readdir(parent)).toEqual(['out']);
  });

  it('replaces a run only when forced', async () => {
    const target = join(parent, 'out');
    await replaceDirectory(target, false, run('old', ['data.txt', 'gone.txt']));
    const refused = replaceDirectory(target, false, run('new'));
    await expect(refused).rejects.toThrow(OutputExistsError);
    await expect(refused).rejects.toThrow('--force');
    expect(await readFile(join(target, 'data.txt'), 'utf8')).toBe('old');
    await replaceDirectory(target, true, run('new'));
    expect(await readFile(join(target, 'data.txt'), 'utf8')).toBe('new');
    expect((await readdir(target)).sort()).toEqual(['data.txt', 'run.json']);
    expect(await readdir(parent)).toEqual(['out']);
  });

  it("keeps what the user put beside a run's files", async () => {
    const target = join(parent, 'out');
    await replaceDirectory(target, false, run('old'));
    await writeFile(join(target, 'notes.txt'), 'mine');
    await writeFile(join(target, 'extra.txt'), 'mine too');
    await mkdir(join(target, 'analysis'));
    await replaceDirectory(target, true, run('new', ['data.txt', 'extra.txt']));
    expect(await readFile(join(target, 'notes.txt'), 'utf8')).toBe('mine');
    expect(await readFile(join(target, 'extra.txt'), 'utf8')).toBe('new');
    expect(await readFile(join(target, 'extra.txt.old'), 'utf8')).toBe('mine too');
    expect(existsSync(join(target, 'analysis'))).toBe(true);
  });

  it('never replaces what is not a run', async () => {
    const target = join(parent, 'home');
    await mkdir(target);
    await writeFile(join(target, 'run.json'), '{"format":"something else"}');
    await expect(replaceDirectory(target, true, run('new'))).rejects.toThrow(OutputExistsError);
    const file = join(parent, 'file');
    await writeFile(file, 'text');
    await expect(replaceDirectory(file, true, run('new'))).rejects.toThrow(OutputExistsError);
    expect((await readdir(parent)).sort()).toEqual(['file', 'home']);
  });
});

describe('checkFree', () => {
  it('tells before a run what writing would say after it', async () => {
    const target = join(parent, 'out');
    await expect(checkFree(target, false)).resolves.toBeUndefined();
    await replaceDirectory(target, false, run('old'));
    const error = await checkFree(target, false).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OutputExistsError);
    expect(error).toMatchObject({ directory: target, holds: 'run' });
    await expect(checkFree(target, true)).resolves.toBeUndefined();
  });
});
