/** Many draws at once, in kernels: the numbers are those of draws.ts. */
import { KernelBuilder } from '../kernel/builder.js';
import { type F64, type Int, int, type Kernel, type Words } from '../kernel/ir.js';
import { MULTIPLIER_0, MULTIPLIER_1, ROUNDS, WEYL_0, WEYL_1 } from './philox.js';

/** A word, or one in each lane. */
interface Word<T> {
  mul(b: number): T;
  mulHigh(b: number): T;
  xor(b: T): T;
}

/** Words of a key, by round. */
function roundKeys(k: KernelBuilder, [k0, k1]: readonly [Int, Int]): [Int, Int][] {
  return Array.from({ length: ROUNDS }, (_, round) => [
    k.letInt(k0.add(Math.imul(round, WEYL_0))),
    k.letInt(k1.add(Math.imul(round, WEYL_1))),
  ]);
}

/** The four words of a block, as `philox4x32` computes them; `named` makes variables of values. */
function block<T extends Word<T>>(
  keys: readonly (readonly [T, T])[],
  counter: readonly [T, T, T, T],
  named: (value: T) => T,
): readonly [T, T, T, T] {
  let x = counter;
  for (const [k0, k1] of keys) {
    const high0 = named(x[0].mulHigh(MULTIPLIER_0));
    const low0 = named(x[0].mul(MULTIPLIER_0));
    const high1 = named(x[2].mulHigh(MULTIPLIER_1));
    const low1 = named(x[2].mul(MULTIPLIER_1));
    x = [named(high1.xor(x[1]).xor(k0)), low1, named(high0.xor(x[3]).xor(k1)), low0];
  }
  return x;
}

/** As `uniformFromWords`. */
function uniform(high: Int, low: Int): F64 {
  return high
    .toF64(true)
    .mul(0x100000)
    .add(low.shr(12).toF64())
    .add(0.5)
    .mul(2 ** -52);
}

/**
 * Kernel (out, count, key0, key1, c0, c1, step1, c2, step2, c3, scalars): out[i] = min + range * u_i
 * with u_i the first uniform of the block of counter (c0, c1 + i step1, c2 + i step2, c3). `scalars`
 * is the address of min and range.
 */
export function uniformsKernel(): Kernel {
  const k = new KernelBuilder('uniforms', 1);
  const out = k.parameter('out');
  const count = k.parameter('count');
  const key = [k.parameter('key0'), k.parameter('key1')] as const;
  const c0 = k.parameter('c0');
  const c1 = k.letInt(k.parameter('c1'));
  const step1 = k.parameter('step1');
  const c2 = k.letInt(k.parameter('c2'));
  const step2 = k.parameter('step2');
  const c3 = k.parameter('c3');
  const scalars = k.parameter('scalars');
  const done = k.letInt(0);
  k.each(count, (at) => {
    const words = block(roundKeys(k, key), [c0, c1, c2, c3], (value) => k.letInt(value));
    const range = k.loadAll(scalars, 8);
    k.store(out.add(at), k.loadAll(scalars).add(range.mul(uniform(words[0], words[1]))));
    k.setInt(c1, c1.add(step1));
    k.setInt(c2, c2.add(step2));
  });
  return k.finish(done);
}

/**
 * Kernel (out, pairs, key0, key1, c0, c1, population): 2 * pairs integers below a population (the
 * address of its size, a double), two from each block of counter (c0, c1, i, 0), i = 0 ... pairs - 1.
 */
export function partnersKernel(): Kernel {
  const k = new KernelBuilder('partners', 1);
  const out = k.parameter('out');
  const pairs = k.parameter('pairs');
  const key = [k.parameter('key0'), k.parameter('key1')] as const;
  const c0 = k.parameter('c0');
  const c1 = k.parameter('c1');
  const population = k.loadAll(k.parameter('population'));
  const i = k.letInt(0);
  const done = k.letInt(0);
  k.whileInt(i.lt(pairs), () => {
    const words = block(roundKeys(k, key), [c0, c1, i, int(0)], (value) => k.letInt(value));
    const at = k.letInt(out.add(i.shl(3)));
    k.storeInt(at, uniform(words[0], words[1]).mul(population).toInt());
    k.storeInt(at.add(4), uniform(words[2], words[3]).mul(population).toInt());
    k.setInt(i, i.add(1));
  });
  return k.finish(done);
}

/**
 * Kernel (out, count, key0, key1, c0, c1, c2, c3): out[i] = the first word of the block of counter
 * (c0[i], c1[i], c2[i], c3). It reads and writes up to three words beyond the last.
 */
export function firstWordsKernel(): Kernel {
  const k = new KernelBuilder('first_words', 4);
  const out = k.parameter('out');
  const count = k.parameter('count');
  const key = [k.parameter('key0'), k.parameter('key1')] as const;
  const columns = [k.parameter('c0'), k.parameter('c1'), k.parameter('c2')];
  const c3 = k.letWords(k.parameter('c3').toWords());
  const named = (value: Words): Words => k.letWords(value);
  const keys = roundKeys(k, key).map(
    ([k0, k1]) => [named(k0.toWords()), named(k1.toWords())] as const,
  );
  const done = k.letInt(0);
  k.each(count, (at) => {
    const [c0, c1, c2] = columns.map((column) => k.loadWords(column.add(at.half())));
    k.storeWords(out.add(at.half()), block(keys, [c0, c1, c2, c3], named)[0]);
  });
  return k.finish(done);
}

/**
 * Kernel (words, count, shift, counts, out, undecided): out[i] = counts[words[i] >>> shift]. The
 * numbers i of those that are negative are listed in `undecided`; the result is how many there are.
 */
export function lookUpKernel(): Kernel {
  const k = new KernelBuilder('look_up', 1);
  const words = k.parameter('words');
  const count = k.parameter('count');
  const shift = k.parameter('shift');
  const counts = k.parameter('counts');
  const out = k.parameter('out');
  const undecided = k.parameter('undecided');
  const listed = k.letInt(0);
  k.each(count, (at) => {
    const cell = k.loadInt(words.add(at.half())).shr(shift);
    const found = k.loadInt(counts.add(cell.shl(2)));
    k.storeInt(out.add(at.half()), found);
    k.storeInt(undecided.add(listed.shl(2)), at.shr(3));
    k.setInt(listed, listed.add(found.lt(0)));
  });
  return k.finish(listed);
}
