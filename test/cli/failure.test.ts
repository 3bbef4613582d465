import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { failureText, usingFiles } from '../../src/cli/failure.js';
import {
  ExperimentError,
  FileError,
  NumericalInstabilityError,
  ResultsFileError,
  ValueError,
  WorkerError,
} from '../../src/errors/index.js';

test('what users can mend is one line without a stack', () => {
  const error = new ValueError('--threads', 0, 'more');
  expect(failureText(error)).toBe('error: --threads is 0; expected more\n');
});

test('an experiment with several problems has a line for each, with file and place', () => {
  const problems = [
    { path: 'populations.a.size', error: new ValueError('populations.a.size', 0, 'more') },
    { path: 'protocol.0.simulate', error: new ValueError('simulate', -1, 'less') },
  ];
  expect(failureText(new ExperimentError('net.json', problems))).toBe(
    'error: net.json: populations.a.size is 0; expected more\n' +
      'error: net.json: protocol.0.simulate: simulate is -1; expected less\n',
  );
});

test('a defect has a stack', () => {
  const text = failureText(new TypeError('x is not a function'));
  expect(text).toMatch(/^internal error .*\nTypeError: x is not a function\n {4}at /);
});

test('a defect in a worker has the stack of the worker', () => {
  const text = failureText(new WorkerError(1, 'oops', { cause: new TypeError('oops') }));
  expect(text).toMatch(/^error: worker 1: oops\ninternal error .*\nTypeError: oops\n {4}at /);
});

test('a worker that met a mistake of the experiment has no stack', () => {
  const cause = new NumericalInstabilityError('aeif', 3, 17, 1.7, { V_m: 1e9 });
  const text = failureText(new WorkerError(0, cause.message, { cause }));
  expect(text).toBe(
    'error: worker 0: aeif (node 3): numerical instability at 1.7 ms (step 17): V_m = 1000000000\n',
  );
});

test('what a library said about a damaged file is not our defect', () => {
  const error = new ResultsFileError('r', 'damaged', 'short', { cause: new RangeError('short') });
  expect(failureText(error)).toBe('error: r is damaged: short\n');
});

test('refusals of the file system name the file and the reason', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'isospike-failure-'));
  const path = join(parent, 'net.json');
  const missing = usingFiles(
    'read',
    path,
    () => readFile(path),
    async () => '; a hint',
  );
  await expect(missing).rejects.toThrow(FileError);
  await expect(missing).rejects.toThrow(`cannot read ${path}: no such file or directory; a hint`);
  const folder = usingFiles(
    'read',
    parent,
    () => readFile(parent),
    async () => '; a hint',
  );
  await expect(folder).rejects.toThrow(`cannot read ${parent}: illegal operation on a directory`);
  await rm(parent, { recursive: true });
});

test('other errors pass', async () => {
  const error = new TypeError('x');
  const use = usingFiles('read', 'net.json', () => Promise.reject(error));
  await expect(use).rejects.toBe(error);
});
