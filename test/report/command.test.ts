import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellCommand } from '../../src/report/command.js';

test('plain words stay as they are', () => {
  const words = ['npx', 'isospike', 'run', 'config/net.json', '--set', 'S=10', '--time', '0.5'];
  expect(shellCommand(words)).toBe(words.join(' '));
});

test('a shell reads the words that were meant', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 0 }).filter((text) => !text.includes('\0'));
  const words = fc.sample(fc.array(word, { minLength: 1 }), { seed: 1, numRuns: 20 }).flat();
  const print = `process.stdout.write(JSON.stringify(process.argv.slice(1)))`;
  const command = shellCommand([process.execPath, '-e', print, '--', ...words]);
  expect(JSON.parse(execFileSync('sh', ['-c', command], { encoding: 'utf8' }))).toEqual(words);
});
