/** Copies of columns within a segment, as the rings of archives need in every step. */
import { KernelBuilder } from '../kernel/builder.js';
import type { KernelFunction } from '../kernel/compile.js';
import type { Kernel } from '../kernel/ir.js';
import type { NodeGroup } from './node-group.js';

/** Up to this length a loop is quicker than the call of a kernel. */
const SHORT = 48;

/** Kernel (from, to, count): addresses of columns that do not overlap, of pairs. */
function copyKernel(): Kernel {
  const k = new KernelBuilder('copy', 2);
  const [from, to, count] = ['from', 'to', 'count'].map((name) => k.parameter(name));
  const done = k.letInt(0);
  k.each(count, (at) => k.store(to.add(at), k.load(from.add(at))));
  return k.finish(done);
}

export class ColumnCopy {
  private readonly kernel: KernelFunction;

  constructor(group: NodeGroup) {
    this.kernel = group.compile('copy', () => [copyKernel()]).copy;
  }

  /** `count` numbers from one place to another; there may be one more if they are odd. */
  copy(from: Float64Array, fromAt: number, to: Float64Array, toAt: number, count: number): void {
    if (count <= SHORT) {
      for (let i = 0; i < count; i++) to[toAt + i] = from[fromAt + i];
    } else {
      this.kernel(from.byteOffset + 8 * fromAt, to.byteOffset + 8 * toAt, count);
    }
  }
}
