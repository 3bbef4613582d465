import { expect, test } from 'vitest';
import {
  attachControlWords,
  createControlWords,
  raiseAbort,
  WORD,
} from '../../src/parallel/control-words.js';

test('attached words are the created ones', () => {
  const created = createControlWords();
  const attached = attachControlWords(created.buffer);
  Atomics.store(attached, WORD.progress, 17);
  expect(Atomics.load(created, WORD.progress)).toBe(17);
});

test('what is not control words is refused', () => {
  expect(() => attachControlWords(new SharedArrayBuffer(448))).toThrow('not control words');
  expect(() => attachControlWords(new SharedArrayBuffer(4))).toThrow('not control words');
});

test('words that different threads write lie on different cache lines', () => {
  const contended = [WORD.arrived, WORD.crossings, WORD.sleepers, WORD.abort, WORD.progress];
  const lines = contended.map((word) => Math.floor((4 * word) / 64));
  expect(new Set(lines).size).toBe(contended.length);
});

test('an abort stays', () => {
  const words = createControlWords();
  raiseAbort(words);
  raiseAbort(words);
  expect(Atomics.load(words, WORD.abort)).toBe(1);
});
