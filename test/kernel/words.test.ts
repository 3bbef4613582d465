/** Words of four lanes: the same in WebAssembly and JavaScript, and as single words give them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KernelBuilder } from '../../src/kernel/builder.js';
import type { Kernel, Lanes, Words } from '../../src/kernel/ir.js';
import { multiplyHigh } from '../../src/math/index.js';
import { Workbench } from './workbench.js';

const seed = 20261124;
const LENGTH = 8;
const WORD = -0x2daef0a9;
const word = fc.oneof(
  fc.constantFrom(0, 1, -1, 0x7fffffff, -0x80000000),
  fc.integer({ min: -0x80000000, max: 0x7fffffff }),
);
const column = fc.array(word, { minLength: LENGTH, maxLength: LENGTH });

const bench = new Workbench();

/** Kernel (a, b, all, count, out): out[i] = `of` a[i], b[i] and a word that is the same for all. */
function elementwise(of: (a: Words, b: Words, all: Words) => Words): Kernel {
  const k = new KernelBuilder('elementwise', 4);
  const [a, b, all, count, out] = ['a', 'b', 'all', 'count', 'out'].map((n) => k.parameter(n));
  const done = k.letInt(0);
  k.each(count, (at) => {
    const [first, second] = [a, b].map((from) => k.loadWords(from.add(at.half())));
    k.storeWords(out.add(at.half()), k.letWords(of(first, second, all.toWords())));
  });
  return k.finish(done);
}

test.each([
  ['products', (a: Words, b: Words) => a.mul(b), Math.imul],
  ['upper words of products', (a: Words, b: Words) => a.mulHigh(b), multiplyHigh],
  ['exclusive or', (a: Words, b: Words) => a.xor(b), (a: number, b: number) => a ^ b],
  ['a constant', (a: Words) => a.mulHigh(WORD), (a: number) => multiplyHigh(a, WORD)],
  [
    'a word for all',
    (a: Words, b: Words, all: Words) => a.mul(all).xor(b),
    (a: number, b: number, all: number) => Math.imul(a, all) ^ b,
  ],
])('%s', (_, of, expected) => {
  const kernels = bench.compile(() => elementwise(of), false);
  const [a, b, out] = Array.from({ length: 3 }, () => bench.words(new Int32Array(LENGTH)));
  fc.assert(
    fc.property(column, column, word, (first, second, all) => {
      a.set(first);
      b.set(second);
      for (const kernel of kernels) {
        out.fill(7);
        kernel(a.byteOffset, b.byteOffset, all, LENGTH, out.byteOffset);
        expect(Array.from(out)).toEqual(first.map((x, i) => expected(x, second[i], all)));
      }
    }),
    { seed, numRuns: 100 },
  );
});

test.each<[Lanes, (k: KernelBuilder) => unknown]>([
  [1, (k) => k.letWords(k.parameter('n').toWords())],
  [2, (k) => k.letWords(k.parameter('n').toWords())],
  [4, (k) => k.variable(1)],
])('kernels of %i lanes have either words or doubles', (lanes, body) => {
  const build = (): Kernel => {
    const k = new KernelBuilder('mixed', lanes);
    body(k);
    return k.finish(k.letInt(0));
  };
  expect(() => bench.compile(build, false)).toThrow('words are for kernels of four lanes');
});
