/** The part of the WebAssembly interface that is used here; Node's own type package leaves it out. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

interface WasmNamespace {
  Memory: new (limits: { initial: number; maximum: number; shared: true }) => WasmMemory;
}

export const Wasm = (globalThis as unknown as { WebAssembly: WasmNamespace }).WebAssembly;
