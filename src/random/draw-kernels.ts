/** Many draws at once, in kernels: the numbers are those of draws.ts. */
import { KernelBuilder } from '../kernel/builder.js';
import { type F64, type Int, int, type Kernel } from '../kernel/ir.js';
import { MULTIPLIER_0, MULTIPLIER_1, ROUNDS, WEYL_0, WEYL_1 } from './philox.js';

/** The four words of a block, as `philox4x32` computes them. */
function block(
  k: KernelBuilder,
  key: readonly [Int, Int],
  counter: readonly [Int, Int, Int, Int],
): Int[] {
  let [k0, k1] = key;
  let x: Int[] = [...counter];
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = k.letInt(x[0].mulHigh(MULTIPLIER_0));
    const low0 = k.letInt(x[0].mul(MULTIPLIER_0));
    const high1 = k.letInt(x[2].mulHigh(MULTIPLIER_1));
    const low1 = k.letInt(x[2].mul(MULTIPLIER_1));
    x = [k.letInt(high1.xor(x[1]).xor(k0)), low1, k.letInt(high0.xor(x[3]).xor(k1)), low0];
    k0 = k.letInt(k0.add(WEYL_0));
    k1 = k.letInt(k1.add(WEYL_1));
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
    const words = block(k, key, [c0, c1, c2, c3]);
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
    const words = block(k, key, [c0, c1, i, int(0)]);
    const at = k.letInt(out.add(i.shl(3)));
    k.storeInt(at, uniform(words[0], words[1]).mul(population).toInt());
    k.storeInt(at.add(4), uniform(words[2], words[3]).mul(population).toInt());
    k.setInt(i, i.add(1));
  });
  return k.finish(done);
}
