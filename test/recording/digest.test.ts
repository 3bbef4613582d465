import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Partition } from '../../src/engine/partition.js';
import { digestOf } from '../../src/recording/digest.js';

/** Two words per node, dealt to workers round robin. */
function dealt(words: readonly number[], workers: number): Uint32Array[] {
  const nodes = words.length / 2;
  return Array.from({ length: workers }, (_, rank) => {
    const own = new Partition(rank, workers).countUpTo(nodes);
    return Uint32Array.from({ length: 2 * own }, (_, i) => {
      const id = (i >> 1) * workers + rank;
      return words[2 * id + (i & 1)];
    });
  });
}

const WORDS = Array.from({ length: 14 }, (_, i) => 0x01020304 * (i + 1));
const ALL = [{ first: 1, count: 7 }];

describe('the digest', () => {
  test('is the SHA-256 of the words in the order of ids, low byte first', () => {
    const bytes = Buffer.alloc(56);
    for (const [i, word] of WORDS.entries()) bytes.writeUInt32LE(word >>> 0, 4 * i);
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(digestOf(dealt(WORDS, 1), ALL)).toBe(expected);
  });

  test.each([2, 3, 7, 10])('does not depend on there being %i workers', (workers) => {
    expect(digestOf(dealt(WORDS, workers), ALL)).toBe(digestOf(dealt(WORDS, 1), ALL));
  });

  test('sees every word of the nodes it is asked about, and no other', () => {
    const some = [
      { first: 1, count: 2 },
      { first: 5, count: 3 },
    ];
    const before = digestOf(dealt(WORDS, 2), some);
    WORDS.forEach((word, i) => {
      const changed = WORDS.with(i, word ^ 1);
      const id = (i >> 1) + 1;
      const counts = id <= 2 || id >= 5;
      expect(digestOf(dealt(changed, 2), some) !== before).toBe(counts);
    });
  });
});
