import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reserveOutput } from '../../src/cli/output.js';
import { FileError, OutputExistsError } from '../../src/errors/index.js';

const home = process.cwd();
let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'isospike-output-'));
  process.chdir(parent);
});
afterEach(async () => {
  process.chdir(home);
  await rm(parent, { recursive: true });
});

test('without a name: numbered, and gone with its parent if it stays empty', async () => {
  const output = await reserveOutput(undefined, false, 'net');
  expect(output.directory).toBe(join('results', 'net-001'));
  expect(await readdir('results')).toEqual(['net-001']);
  output.release();
  expect(await readdir('.')).toEqual([]);
});

test('a results folder that was there stays', async () => {
  await mkdir('results');
  const output = await reserveOutput(undefined, false, 'net');
  output.release();
  expect(await readdir('results')).toEqual([]);
});

test('what others put there stays', async () => {
  const output = await reserveOutput(undefined, false, 'net');
  const other = await reserveOutput(undefined, false, 'net');
  expect(other.directory).toBe(join('results', 'net-002'));
  await writeFile(join(other.directory, 'file'), '');
  output.release();
  other.release();
  expect(await readdir('results', { recursive: true })).toEqual(['net-002', 'net-002/file']);
});

test('with a name: all folders that it took are released', async () => {
  await mkdir('a');
  const output = await reserveOutput('a/b/c', false, 'net');
  expect(output.directory).toBe('a/b/c');
  expect(await readdir('a/b')).toEqual(['c']);
  output.release();
  expect(await readdir('.', { recursive: true })).toEqual(['a']);
});

test('an empty folder of the user stays', async () => {
  await mkdir('mine');
  const output = await reserveOutput('mine', false, 'net');
  output.release();
  expect(await readdir('.')).toEqual(['mine']);
});

test('what exists is refused', async () => {
  await mkdir('mine');
  await writeFile('mine/thesis', '');
  await expect(reserveOutput('mine', false, 'net')).rejects.toThrow(OutputExistsError);
  await expect(reserveOutput('mine', true, 'net')).rejects.toThrow(
    '--force replaces runs and studies only',
  );
  await expect(reserveOutput('mine/thesis', true, 'net')).rejects.toThrow(OutputExistsError);
});

test.runIf(process.platform === 'linux')('a place that the system refuses is told', async () => {
  await expect(reserveOutput('/proc/isospike/a', false, 'net')).rejects.toThrow(
    'cannot write /proc/isospike/a: no such file or directory',
  );
});

test('a place that cannot be is refused', async () => {
  await writeFile('file', '');
  await expect(reserveOutput('file/below', false, 'net')).rejects.toThrow(OutputExistsError);
  await expect(reserveOutput(`x${'y'.repeat(300)}`, false, 'net')).rejects.toThrow(FileError);
});
