/** The compiled kernels of one virtual process: each set is made once and serves all groups. */
import { KernelCompiler, type KernelFunction, type KernelTarget } from '../kernel/compile.js';
import type { Kernel } from '../kernel/ir.js';
import type { KernelSource } from '../kernel/module-image.js';
import type { Segment } from '../memory/segment.js';

export class KernelCache {
  private readonly sets = new Map<string, Record<string, KernelFunction>>();
  private readonly compiler: KernelCompiler;

  constructor(segment: Segment, target: KernelTarget, source?: KernelSource) {
    this.compiler = new KernelCompiler(segment, target, source);
  }

  /** Memory that the functions need. */
  get blocks(): readonly Float64Array[] {
    return this.compiler.blocks;
  }

  get(set: string, kernels: () => readonly Kernel[]): Record<string, KernelFunction> {
    const known = this.sets.get(set);
    if (known) return known;
    const made = this.compiler.compile(set, kernels);
    this.sets.set(set, made);
    return made;
  }
}
