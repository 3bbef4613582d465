/** Draws in kernels: the numbers of draws.ts, in every way a kernel is run. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  firstWordsKernel,
  lookUpKernel,
  partnersKernel,
  uniformsKernel,
} from '../../src/random/draw-kernels.js';
import { Draws, uniformBetween } from '../../src/random/draws.js';
import { exactly, Workbench } from '../kernel/workbench.js';

const seed = 20261124;
const COUNT = 7;
const words = fc.oneof(
  fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
);
/** What a word becomes beyond its range. */
const wrapped = (x: number): number => x % 2 ** 32;

const bench = new Workbench();

test('uniforms', () => {
  const kernels = bench.compile(uniformsKernel, false);
  const out = bench.column(new Float64Array(COUNT + 1));
  const scalars = bench.column([0, 0]);
  const steps = fc.constantFrom(0, 1, 3);
  fc.assert(
    fc.property(
      fc.tuple(words, words, words, words, words, words),
      steps,
      steps,
      (w, step1, step2) => {
        const [k0, k1, c0, c1, c2, c3] = w;
        const draws = new Draws({ k0, k1 });
        for (const [min, max] of [
          [0, 1],
          [-3.7, 8.1],
        ]) {
          scalars.set([min, max - min]);
          const expected = Array.from({ length: COUNT }, (_, i) => {
            const u = draws.uniformAt(c0, wrapped(c1 + i * step1), wrapped(c2 + i * step2), c3);
            return uniformBetween(min, max, u);
          });
          for (const kernel of kernels) {
            out.fill(7);
            const counters = [c0, c1, step1, c2, step2, c3];
            kernel(out.byteOffset, COUNT, k0, k1, ...counters, scalars.byteOffset);
            expect(exactly(out)).toEqual(exactly([...expected, 7]));
          }
        }
      },
    ),
    { seed, numRuns: 200 },
  );
});

test('partners', () => {
  const kernels = bench.compile(partnersKernel, false);
  const out = bench.words(new Int32Array(2 * COUNT + 1));
  const scalars = bench.column([0]);
  fc.assert(
    fc.property(
      fc.tuple(words, words, words, words),
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      ([k0, k1, call, target], population) => {
        const draws = new Draws({ k0, k1 });
        const expected = Array.from({ length: COUNT }, (_, i) => {
          draws.pairAt(call, target, i, 0);
          return [draws.first, draws.second].map((u) => Math.floor(u * population));
        });
        scalars[0] = population;
        for (const kernel of kernels) {
          out.fill(-1);
          kernel(out.byteOffset, COUNT, k0, k1, call, target, scalars.byteOffset);
          expect(Array.from(out)).toEqual([...expected.flat(), -1]);
        }
      },
    ),
    { seed, numRuns: 200 },
  );
});

test.each([1, 3, 4, 7])('first words of %i blocks', (count) => {
  const kernels = bench.compile(firstWordsKernel, false);
  // Up to three words are read and written beyond.
  const column = (): Int32Array => bench.words(new Int32Array(COUNT + 3));
  const [out, c0, c1, c2] = [column(), column(), column(), column()];
  const given = fc.array(words, { minLength: COUNT, maxLength: COUNT });
  fc.assert(
    fc.property(fc.tuple(words, words, words), given, given, given, ([k0, k1, c3], a, b, c) => {
      const draws = new Draws({ k0, k1 });
      c0.set(a.map((word) => word | 0));
      c1.set(b.map((word) => word | 0));
      c2.set(c.map((word) => word | 0));
      const expected = Array.from({ length: count }, (_, i) => {
        draws.at(a[i], b[i], c[i], c3);
        return draws.words[0] | 0;
      });
      const addresses = [c0, c1, c2].map(({ byteOffset }) => byteOffset);
      for (const kernel of kernels) {
        kernel(out.byteOffset, count, k0, k1, ...addresses, c3);
        expect(Array.from(out.subarray(0, count))).toEqual(expected);
      }
    }),
    { seed, numRuns: 100 },
  );
});

test('counts of first words, and which are undecided', () => {
  const kernels = bench.compile(lookUpKernel, false);
  const bits = 3;
  const counts = bench.words([0, -1, 1, 1, -1, 2, 3, -1]);
  const found = bench.words(new Int32Array(COUNT + 1));
  const undecided = bench.words(new Int32Array(COUNT));
  const given = fc.array(words, { minLength: COUNT, maxLength: COUNT });
  fc.assert(
    fc.property(given, (first) => {
      const drawn = bench.words(first.map((word) => word | 0));
      const expected = first.map((word) => counts[word >>> (32 - bits)]);
      const open = [...expected.keys()].filter((i) => expected[i] < 0);
      const addresses = [counts, found, undecided].map(({ byteOffset }) => byteOffset);
      for (const kernel of kernels) {
        found.fill(7);
        const left = kernel(drawn.byteOffset, COUNT, 32 - bits, ...addresses);
        expect(Array.from(found)).toEqual([...expected, 7]);
        expect(Array.from(undecided.subarray(0, left))).toEqual(open);
      }
    }),
    { seed, numRuns: 100 },
  );
});
