/**
 * The memory of a virtual process, and the kernels that work on it. If it is small, they outlast its network: V8
 * has compiled what calls them for these very functions.
 */
import type { KernelTarget } from '../kernel/compile.js';
import type { KernelSource } from '../kernel/module-image.js';
import { Segment } from '../memory/segment.js';
import { KernelCache } from './kernel-cache.js';

/** Memory of all workspaces of a thread that may outlast its network. */
export const LARGEST_KEPT_BYTES = 2 ** 26;

export class Workspace {
  readonly segment = new Segment();
  readonly kernels: KernelCache;

  /**
   * @param target what kernels are made of; no result depends on it
   * @param source where modules come from; they are the same from everywhere
   */
  constructor(target: KernelTarget = 'wasm', source?: KernelSource) {
    this.kernels = new KernelCache(this.segment, target, source);
  }

  /** Of memory, whether it is in use or not. */
  get bytes(): number {
    return this.segment.touchedBytes;
  }

  /** For a new network; nobody must use the memory any more. */
  clear(): void {
    this.segment.releaseAllBut(this.kernels.blocks);
  }
}
