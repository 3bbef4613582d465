/** Kernels run in every way there is, on one segment. */
import { expect } from 'vitest';
import { KernelBuilder } from '../../src/kernel/builder.js';
import { KernelCompiler, type KernelFunction } from '../../src/kernel/compile.js';
import type { F64, Kernel } from '../../src/kernel/ir.js';
import { Segment } from '../../src/memory/segment.js';

/** The bits that a kernel computes must not depend on the way it is run. */
export const WAYS = [
  { way: 'WebAssembly', target: 'wasm', lanes: 1 },
  { way: 'WebAssembly SIMD', target: 'wasm', lanes: 2 },
  { way: 'JavaScript', target: 'javascript', lanes: 1 },
] as const;
export type Lanes = (typeof WAYS)[number]['lanes'];

export class Workbench {
  readonly segment = new Segment();

  /** The kernel in every way; without `simd`, only those of one lane. */
  compile(build: (lanes: Lanes) => Kernel, simd = true): KernelFunction[] {
    return WAYS.filter(({ lanes }) => simd || lanes === 1).map(({ target, lanes }) => {
      const kernel = build(lanes);
      return new KernelCompiler(this.segment, target).compile('set', () => [kernel])[kernel.name];
    });
  }

  /** A column of doubles, with room for the second of the last pair. */
  column(values: Iterable<number>): Float64Array {
    const given = Float64Array.from(values);
    const column = this.segment.allocateF64(given.length + 1, 'test');
    column.set(given);
    return column.subarray(0, given.length);
  }

  words(values: Iterable<number>): Int32Array {
    const given = Int32Array.from(values);
    const words = this.segment.allocateI32(given.length, 'test');
    words.set(given);
    return words;
  }
}

/** Numbers so that equal text means equal bits; all NaN count as one. */
export function exactly(values: Iterable<number>): string[] {
  return Array.from(values, (x) => (Object.is(x, -0) ? '-0' : String(x)));
}

/** z = f(x, y) for the pairs in every way; the same bits in all of them. */
export function inEveryWay(
  pairs: readonly (readonly [number, number])[],
  f: (k: KernelBuilder, x: F64, y: F64) => F64,
) {
  const bench = new Workbench();
  const [xs, ys] = [0, 1].map((i) => bench.column(pairs.map((pair) => pair[i])));
  const to = bench.column(xs);
  const kernels = bench.compile((lanes) => {
    const k = new KernelBuilder('f', lanes);
    const [x, y, z, n] = ['x', 'y', 'z', 'n'].map((name) => k.parameter(name));
    k.each(n, (at) => k.store(z.add(at), f(k, k.load(x.add(at)), k.load(y.add(at)))));
    return k.finish(k.letInt(0));
  });
  const all = kernels.map((kernel) => {
    to.fill(7);
    kernel(xs.byteOffset, ys.byteOffset, to.byteOffset, to.length);
    return Array.from(to);
  });
  for (const one of all) expect(exactly(one)).toEqual(exactly(all[0]));
  return all[0];
}
