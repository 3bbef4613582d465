/** From kernels to functions on a segment. */
import { log, pow } from '../math/index.js';
import { MAX_PAGES, type Segment } from '../memory/segment.js';
import { Wasm } from '../memory/web-assembly.js';
import { CALLED_FUNCTIONS, type Kernel } from './ir.js';
import { compileToJavaScript, type KernelFunction } from './to-javascript.js';
import { encodeKernel } from './to-wasm.js';
import { encodeModule } from './wasm-encoding.js';

export type { KernelFunction } from './to-javascript.js';

/** What kernels are made of; both give the same bits. */
export type KernelTarget = 'wasm' | 'javascript';

/** Functions by kernel name, working on the segment. */
export function compileKernels(
  kernels: readonly Kernel[],
  segment: Segment,
  target: KernelTarget,
): Record<string, KernelFunction> {
  if (target === 'javascript') {
    return Object.fromEntries(kernels.map((k) => [k.name, compileToJavaScript(k, segment)]));
  }
  const constants = new ConstantPool(segment);
  const functions = kernels.map((kernel) => ({
    name: kernel.name,
    parameters: kernel.parameters.length,
    body: encodeKernel(kernel, (value) => constants.addressOf(value)),
  }));
  const module = new Wasm.Module(encodeModule(functions, CALLED_FUNCTIONS, MAX_PAGES));
  const instance = new Wasm.Instance(module, { host: { memory: segment.memory, log, pow } });
  return instance.exports as Record<string, KernelFunction>;
}

const POOL_LENGTH = 256;

/** Constants of kernels, in the segment. */
class ConstantPool {
  private readonly addresses = new Map<string, number>();
  private block: Float64Array = new Float64Array(0);

  constructor(private readonly segment: Segment) {}

  addressOf(value: number): number {
    const key = Object.is(value, -0) ? '-0' : String(value);
    const known = this.addresses.get(key);
    if (known !== undefined) return known;
    const slot = this.addresses.size % POOL_LENGTH;
    if (slot === 0) this.block = this.segment.allocateF64(POOL_LENGTH, 'constants of kernels');
    this.block[slot] = value;
    const address = this.block.byteOffset + 8 * slot;
    this.addresses.set(key, address);
    return address;
  }
}
