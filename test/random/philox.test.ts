import { expect, test } from 'vitest';
import { multiplyHigh } from '../../src/math/index.js';
import { philox4x32 } from '../../src/random/philox.js';

/** Rows `philox4x32 10` of the known-answer vectors of Random123: counter, key, output. */
const KNOWN_ANSWERS = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
] as const;

test.each(KNOWN_ANSWERS)('known answer for counter %j, key %j', (counter, key, expected) => {
  const out = new Uint32Array(4);
  const [c0, c1, c2, c3] = counter;
  philox4x32(key[0], key[1], c0, c1, c2, c3, out);
  expect([...out]).toEqual(expected);
});

test('signed and unsigned words are the same words', () => {
  const [signed, unsigned] = [new Uint32Array(4), new Uint32Array(4)];
  philox4x32(-1, -2, -3, -4, -5, -6, signed);
  const top = 2 ** 32;
  philox4x32(top - 1, top - 2, top - 3, top - 4, top - 5, top - 6, unsigned);
  expect(signed).toEqual(unsigned);
});

test('multiplyHigh is the upper half of the product', () => {
  const words = [0, 1, 2, 0xffff, 0x10000, 0x10001, 0x7fffffff, 0x80000000, 0xd2511f53, 0xffffffff];
  for (const a of words) {
    for (const b of words) {
      expect(multiplyHigh(a, b) >>> 0).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
    }
  }
});

test('one changed bit of counter or key changes half of the output', () => {
  const before = new Uint32Array(4);
  const after = new Uint32Array(4);
  for (let bit = 0; bit < 6 * 32; bit++) {
    let changed = 0;
    const trials = 100;
    for (let trial = 0; trial < trials; trial++) {
      const input = [trial, 7, trial * trial, 0, 3, 0];
      philox4x32(...(input as [number, number, number, number, number, number]), before);
      input[bit >> 5] ^= 1 << (bit & 31);
      philox4x32(...(input as [number, number, number, number, number, number]), after);
      for (let i = 0; i < 4; i++) changed += ones(before[i] ^ after[i]);
    }
    // 12,800 fair coins: standard deviation 56.6. Over the 192 bits, 5 of them fail one right
    // generator in 9,000.
    expect(Math.abs(changed - 64 * trials)).toBeLessThan(5 * 56.6);
  }
});

function ones(word: number): number {
  let count = 0;
  for (let rest = word >>> 0; rest > 0; rest = Math.floor(rest / 2)) count += rest & 1;
  return count;
}
