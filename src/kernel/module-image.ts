/** Kernels as one WebAssembly module, complete but for where in memory their constants stand. */
import { MAX_PAGES } from '../memory/segment.js';
import { constantText, type Kernel, type Routine } from './ir.js';
import { routine } from './routines.js';
import { encodeFunction } from './to-wasm.js';
import { encodeModule, type ModuleFunction, putAddress } from './wasm-encoding.js';
import type { NumberOf } from './wasm-expressions.js';

export interface ModuleImage {
  readonly code: Uint8Array<ArrayBuffer>;
  /** In the order in which they are given addresses. */
  readonly constants: Float64Array;
  /** Where in `code` the address of a constant is to stand, and the number of that constant, in turn. */
  readonly places: Uint32Array;
}

export function assembled(kernels: readonly Kernel[]): ModuleImage {
  const functions = encodedFunctions(kernels);
  const { written, places } = encodeModule(functions, MAX_PAGES);
  const numbers = new Map<string, number>();
  const constants: number[] = [];
  const numbered = places.flatMap(({ at, constant }) => {
    const key = constantText(constant);
    if (!numbers.has(key)) numbers.set(key, constants.push(constant) - 1);
    return [at, numbers.get(key)!];
  });
  return {
    code: written,
    constants: Float64Array.from(constants),
    places: Uint32Array.from(numbered),
  };
}

/** Kernels, and behind them the routines that they turn out to call. */
function encodedFunctions(kernels: readonly Kernel[]): ModuleFunction[] {
  const routines: Routine[] = [];
  const numberOf: NumberOf = (name, lanes) => {
    const known = routines.findIndex((r) => r.name === name && r.lanes === lanes);
    return kernels.length + (known < 0 ? routines.push(routine(name, lanes)) - 1 : known);
  };
  const functions = kernels.map((kernel) => encodeFunction(kernel, numberOf));
  for (const called of routines) functions.push(encodeFunction(called, numberOf));
  return functions;
}

/** The module's bytes, with constants at these addresses. */
export function linked(
  { code, constants, places }: ModuleImage,
  addressOf: (constant: number) => number,
): Uint8Array<ArrayBuffer> {
  const bytes = code.slice();
  const addresses = Array.from(constants, addressOf);
  for (let i = 0; i < places.length; i += 2) {
    putAddress(bytes, places[i], addresses[places[i + 1]]);
  }
  return bytes;
}

/** Where modules come from. */
export interface KernelSource {
  /** @param kernels of the set, should they be needed */
  image(set: string, kernels: () => readonly Kernel[]): ModuleImage;
}

/** Makes them from kernels. */
export const assembling: KernelSource = { image: (_, kernels) => assembled(kernels()) };
