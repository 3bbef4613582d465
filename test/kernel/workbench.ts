/** Kernels run in every way there is, on one segment. */
import { KernelCompiler, type KernelFunction } from '../../src/kernel/compile.js';
import type { Kernel } from '../../src/kernel/ir.js';
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
