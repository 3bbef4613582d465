import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stableSortBy } from '../../src/engine/stable-sort.js';

/** Keys close together, and as far apart as there are. */
const anyKeys = fc.oneof(
  ...[3, 5000, 2 ** 24, 2 ** 32 - 1].flatMap((max) => [
    fc.array(fc.integer({ min: 0, max }), { maxLength: 50 }),
    fc.array(fc.integer({ min: Math.max(0, max - 100_000), max }), { maxLength: 50 }),
  ]),
);

test('orders by key, and keeps the order of what is equal', () => {
  fc.assert(
    fc.property(anyKeys, (given) => {
      const keys = Uint32Array.from(given);
      const backwards = Uint32Array.from(given, (_, i) => given.length - 1 - i);
      const expected = Array.from(backwards).sort((a, b) => keys[a]! - keys[b]!);
      expect(Array.from(stableSortBy(keys, backwards))).toEqual(expected);
    }),
  );
});
