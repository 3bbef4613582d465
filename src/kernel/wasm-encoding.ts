/** The binary format of WebAssembly, as far as kernels need it (WebAssembly Core Specification 2.0, chapter 5). */

export const OP = {
  i32Type: 0x7f,
  f64Type: 0x7c,
  v128Type: 0x7b,
  voidBlock: 0x40,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  call: 0x10,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  i32Load: 0x28,
  f64Load: 0x2b,
  i32Store: 0x36,
  f64Store: 0x39,
  i32Const: 0x41,
  f64Const: 0x44,
  i32Eqz: 0x45,
  i32Or: 0x72,
  i32ShrU: 0x76,
  f64Abs: 0x99,
  f64Neg: 0x9a,
  f64Sqrt: 0x9f,
  f64ConvertI32: 0xb7,
  f64ConvertU32: 0xb8,
  i64ExtendI32U: 0xad,
  /** i64.mul, i64.const 32, i64.shr_u, i32.wrap_i64 */
  upperWordOfProduct: [0x7e, 0x42, 32, 0x88, 0xa7],
  i32TruncSatF64: [0xfc, 0x02],
  /** i64.reinterpret_f64, i64.const 32, i64.shr_u, f64.convert_i64_u */
  upperWordAsF64: [0xbd, 0x42, 32, 0x88, 0xba],
  /** i64.reinterpret_f64, i64.const 52, i64.shl, f64.reinterpret_i64 */
  shiftExponent: [0xbd, 0x42, 52, 0x86, 0xbf],
} as const;

export function unsignedLeb(value: number): number[] {
  const out: number[] = [];
  let rest = value >>> 0;
  do {
    const byte = rest & 0x7f;
    rest >>>= 7;
    out.push(rest === 0 ? byte : byte | 0x80);
  } while (rest !== 0);
  return out;
}

export function signedLeb(value: number): number[] {
  const out: number[] = [];
  let rest = value | 0;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0);
    out.push(done ? byte : byte | 0x80);
    if (done) return out;
  }
}

/** A vector instruction. */
export function simd(opcode: number): number[] {
  return [0xfd, ...unsignedLeb(opcode)];
}

export function f64Bytes(value: number): number[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, true);
  return Array.from({ length: 8 }, (_, i) => view.getUint8(i));
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsignedLeb(items.length), ...items.flat()];
}

function name(text: string): number[] {
  return [...unsignedLeb(text.length), ...Array.from(text, (c) => c.charCodeAt(0))];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsignedLeb(content.length), ...content];
}

/** Locals as [how many, of which type], then the code. */
export function functionBody(
  locals: readonly (readonly [count: number, type: number])[],
  code: readonly number[],
): number[] {
  const groups = locals.map(([count, type]) => [...unsignedLeb(count), type]);
  const body = [...vector(groups), ...code, OP.end];
  return [...unsignedLeb(body.length), ...body];
}

export interface ModuleFunction {
  readonly name: string;
  /** Number of i32 parameters; the result is an i32. */
  readonly parameters: number;
  readonly body: readonly number[];
}

/**
 * A module that imports a shared memory and functions of doubles, given by the numbers of their
 * arguments, and exports the functions.
 */
export function encodeModule(
  functions: readonly ModuleFunction[],
  imported: Readonly<Record<string, number>>,
  maximumPages: number,
): Uint8Array<ArrayBuffer> {
  const ofType = (type: number, n: number): number[] => [
    0x60,
    ...vector(Array.from({ length: n }, () => [type])),
    1,
    type,
  ];
  const importedArities = [...new Set(Object.values(imported))];
  const arities = [...new Set(functions.map((f) => f.parameters))];
  const types = [
    ...importedArities.map((n) => ofType(OP.f64Type, n)),
    ...arities.map((n) => ofType(OP.i32Type, n)),
  ];
  const imports = [
    ...Object.entries(imported).map(([n, arity]) => [
      ...[...name('host'), ...name(n), 0x00, ...unsignedLeb(importedArities.indexOf(arity))],
    ]),
    [...name('host'), ...name('memory'), 0x02, 0x03, 1, ...unsignedLeb(maximumPages)],
  ];
  const typeOf = (f: ModuleFunction): number[] =>
    unsignedLeb(importedArities.length + arities.indexOf(f.parameters));
  const exports = functions.map((f, i) => [
    ...name(f.name),
    0x00,
    ...unsignedLeb(i + Object.keys(imported).length),
  ]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(2, vector(imports)),
    ...section(3, vector(functions.map(typeOf))),
    ...section(7, vector(exports)),
    ...section(10, vector(functions.map((f) => f.body))),
  ]);
}
