/**
 * A virtual process's memory: a WebAssembly memory with an allocator, so that TypeScript code and
 * WebAssembly kernels work on the same numbers. It is shared only in the technical sense: a shared
 * memory can grow without detaching the views that already exist. No other thread ever sees it.
 */
import { assert, MemoryError } from '../errors/index.js';
import { Wasm } from './web-assembly.js';

const PAGE_BYTES = 65536;
/** 4 GiB, all that 32-bit addresses reach. */
export const MAX_PAGES = 65536;
export const MAX_SEGMENT_BYTES = MAX_PAGES * PAGE_BYTES;
const SPREAD = 'more virtual processes (total_num_virtual_procs) have more such memories';
/** Blocks start at cache lines, which also suits every SIMD access. */
const ALIGNMENT = 64;

/** What an allocation of `bytes` bytes takes. */
export function blockBytes(bytes: number): number {
  return Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
}

interface Block {
  readonly start: number;
  readonly end: number;
}

export class Segment {
  readonly memory = new Wasm.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
  /** Views of the whole segment, renewed when it grows: index = byte address / element size. */
  f64 = new Float64Array(this.memory.buffer);
  i32 = new Int32Array(this.memory.buffer);
  u32 = new Uint32Array(this.memory.buffer);
  /** Free blocks below `top`, by address, never adjacent to each other. */
  private free: Block[] = [];
  /** Everything from here on is free. Address 0 stays unused, so that 0 can mean "none". */
  private top = ALIGNMENT;
  /** What lies beyond has never been used, and is zero. */
  private untouched = ALIGNMENT;
  private readonly sizes = new Map<number, number>();
  private allocated = 0;

  /** Bytes in use, rounding to cache lines included. */
  get usedBytes(): number {
    return this.allocated;
  }

  /**
   * Bytes that were in use at any time since `releaseAllBut`: released blocks wait for the next that fits, and
   * stay resident.
   */
  get heldBytes(): number {
    return this.top;
  }

  /** Byte address of a new zeroed block; see `allocateResidentF64`. Throws MemoryError beyond 4 GiB. */
  allocate(bytes: number, what: string, resident = false): number {
    const size = blockBytes(bytes);
    const hole = this.free.findIndex((block) => block.end - block.start >= size);
    let start: number;
    if (hole >= 0) {
      const block = this.free[hole];
      start = block.start;
      if (block.end - start === size) this.free.splice(hole, 1);
      else this.free[hole] = { start: start + size, end: block.end };
      new Uint8Array(this.memory.buffer, start, size).fill(0);
    } else {
      start = this.top;
      this.growTo(start + size, what);
      this.top = start + size;
      const used = resident ? size : Math.min(this.top, this.untouched) - start;
      if (used > 0) new Uint8Array(this.memory.buffer, start, used).fill(0);
      this.untouched = Math.max(this.untouched, this.top);
    }
    this.sizes.set(start, size);
    this.allocated += size;
    return start;
  }

  allocateF64(length: number, what: string): Float64Array {
    const start = this.allocate(length * 8, what);
    return new Float64Array(this.memory.buffer, start, length);
  }

  /**
   * The same, resident at once, for what is read before anything is written to it. The system gives a page when
   * it is first written to; one that is read before, it gives twice, and has to interrupt the other threads.
   */
  allocateResidentF64(length: number, what: string): Float64Array {
    const start = this.allocate(length * 8, what, true);
    return new Float64Array(this.memory.buffer, start, length);
  }

  allocateI32(length: number, what: string): Int32Array {
    const start = this.allocate(length * 4, what);
    return new Int32Array(this.memory.buffer, start, length);
  }

  allocateU32(length: number, what: string): Uint32Array {
    const start = this.allocate(length * 4, what);
    return new Uint32Array(this.memory.buffer, start, length);
  }

  /** Give back a block; views of it must not be used any more. */
  release(view: ArrayBufferView | undefined): void {
    if (view === undefined) return;
    const start = view.byteOffset;
    const size = this.sizes.get(start);
    assert(size !== undefined, `release of address ${start}, which is not allocated`);
    this.sizes.delete(start);
    this.allocated -= size;
    this.insertFree({ start, end: start + size });
  }

  /** Bytes that were ever in use; they stay resident. */
  get touchedBytes(): number {
    return this.untouched;
  }

  /** Give back all blocks but those of some views; what lies beyond the last of these counts as never used. */
  releaseAllBut(views: readonly ArrayBufferView[]): void {
    const kept = new Set(views.map(({ byteOffset }) => byteOffset));
    for (const [start, size] of [...this.sizes]) {
      if (kept.has(start)) continue;
      this.sizes.delete(start);
      this.allocated -= size;
      this.insertFree({ start, end: start + size });
    }
    const last = this.free[this.free.length - 1];
    if (last?.end !== this.top) return;
    this.top = last.start;
    this.free.pop();
  }

  private insertFree(block: Block): void {
    let at = this.free.findIndex((other) => other.start > block.start);
    if (at < 0) at = this.free.length;
    let { start, end } = block;
    if (at < this.free.length && this.free[at].start === end) {
      end = this.free[at].end;
      this.free.splice(at, 1);
    }
    if (at > 0 && this.free[at - 1].end === start) {
      start = this.free[at - 1].start;
      this.free.splice(at - 1, 1);
      at -= 1;
    }
    this.free.splice(at, 0, { start, end });
  }

  private growTo(bytes: number, what: string): void {
    const have = this.memory.buffer.byteLength;
    if (bytes <= have) return;
    if (bytes > MAX_SEGMENT_BYTES) throw new MemoryError(what, bytes, MAX_SEGMENT_BYTES, SPREAD);
    try {
      this.memory.grow(Math.ceil((bytes - have) / PAGE_BYTES));
    } catch {
      throw new MemoryError(what, bytes, have);
    }
    this.f64 = new Float64Array(this.memory.buffer);
    this.i32 = new Int32Array(this.memory.buffer);
    this.u32 = new Uint32Array(this.memory.buffer);
  }
}
