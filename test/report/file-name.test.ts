import { expect, test } from 'vitest';
import { fileName } from '../../src/report/file-name.js';

test('a file name keeps what every file system takes', () => {
  expect(fileName('clopath-bidirectional_2.5')).toBe('clopath-bidirectional_2.5');
  expect(fileName('../../etc/passwd')).toBe('etc-passwd');
  expect(fileName('Größe (neu): α')).toBe('Größe-neu-α');
  expect(fileName('/')).toBe('run');
  expect(fileName('')).toBe('run');
});
