/** The compiled kernels of one virtual process: each set is made once and serves all groups. */
import { compileKernels, type KernelFunction, type KernelTarget } from '../kernel/compile.js';
import type { Kernel } from '../kernel/ir.js';
import type { Segment } from '../memory/segment.js';

export class KernelCache {
  private readonly sets = new Map<string, Record<string, KernelFunction>>();

  constructor(
    private readonly segment: Segment,
    private readonly target: KernelTarget,
  ) {}

  get(set: string, kernels: () => readonly Kernel[]): Record<string, KernelFunction> {
    const known = this.sets.get(set);
    if (known) return known;
    const made = compileKernels(kernels(), this.segment, this.target);
    this.sets.set(set, made);
    return made;
  }
}
