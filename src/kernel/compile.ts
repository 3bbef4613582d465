/** From kernels to functions on a segment. */
import type { Segment } from '../memory/segment.js';
import { Wasm } from '../memory/web-assembly.js';
import { constantText, type Kernel } from './ir.js';
import { assembling, type KernelSource, linked } from './module-image.js';
import { compileToJavaScript, type KernelFunction } from './to-javascript.js';

export type { KernelFunction } from './to-javascript.js';

/** What kernels are made of; both give the same bits. */
export type KernelTarget = 'wasm' | 'javascript';

/** Compiles kernels for one segment. */
export class KernelCompiler {
  private readonly constants: ConstantPool | undefined;

  /**
   * Made before anything is allocated whose size differs from segment to segment, so that constants
   * have the same addresses in all.
   */
  constructor(
    private readonly segment: Segment,
    target: KernelTarget,
    private readonly source: KernelSource = assembling,
  ) {
    if (target === 'wasm') this.constants = new ConstantPool(segment);
  }

  /** Memory that the functions need. */
  get blocks(): readonly Float64Array[] {
    return this.constants?.blocks ?? [];
  }

  /** Functions by kernel name, working on the segment; `set` is the name that the source knows them by. */
  compile(set: string, kernels: () => readonly Kernel[]): Record<string, KernelFunction> {
    const { segment, constants, source } = this;
    if (constants === undefined) {
      return Object.fromEntries(kernels().map((k) => [k.name, compileToJavaScript(k, segment)]));
    }
    const code = linked(source.image(set, kernels), (value) => constants.addressOf(value));
    // The same sets after the same others give the same bytes, and those V8 compiles once for all threads.
    const module = new Wasm.Module(code);
    const instance = new Wasm.Instance(module, { host: { memory: segment.memory } });
    return instance.exports as Record<string, KernelFunction>;
  }
}

/** Enough for the kernels of most experiments. */
const POOL_LENGTH = 512;

/** Constants of kernels, in the segment. */
class ConstantPool {
  private readonly addresses = new Map<string, number>();
  readonly blocks: Float64Array[] = [];

  constructor(private readonly segment: Segment) {
    this.addBlock();
  }

  addressOf(value: number): number {
    const key = constantText(value);
    const known = this.addresses.get(key);
    if (known !== undefined) return known;
    const slot = this.addresses.size % POOL_LENGTH;
    if (slot === 0 && this.addresses.size > 0) this.addBlock();
    const block = this.blocks[this.blocks.length - 1];
    block[slot] = value;
    const address = block.byteOffset + 8 * slot;
    this.addresses.set(key, address);
    return address;
  }

  private addBlock(): void {
    this.blocks.push(this.segment.allocateF64(POOL_LENGTH, 'constants of kernels'));
  }
}
