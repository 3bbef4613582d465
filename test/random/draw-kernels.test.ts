/** Draws in kernels: the numbers of draws.ts, in every way a kernel is run. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partnersKernel, uniformsKernel } from '../../src/random/draw-kernels.js';
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
