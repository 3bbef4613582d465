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
  f64Abs: 0x99,
  f64Neg: 0x9a,
  f64Sqrt: 0x9f,
  f64ConvertI32: 0xb7,
  f64ConvertU32: 0xb8,
  i32WrapI64: 0xa7,
  i64Const: 0x42,
  i64Sub: 0x7d,
  i64ExtendI32U: 0xad,
  /** Begins vector instructions. */
  simd: 0xfd,
  /** i64.mul, i64.const 32, i64.shr_u, i32.wrap_i64 */
  upperWordOfProduct: [0x7e, 0x42, 32, 0x88, 0xa7],
  i32TruncSatF64: [0xfc, 0x02],
  /** i64.reinterpret_f64, i64.const 32, i64.shr_u, f64.convert_i64_u */
  upperWordAsF64: [0xbd, 0x42, 32, 0x88, 0xba],
  /** i64.reinterpret_f64, i64.const 52, i64.shl, f64.reinterpret_i64 */
  shiftExponent: [0xbd, 0x42, 52, 0x86, 0xbf],
} as const;

/** Where the address of a constant is to stand. */
export interface Place {
  readonly at: number;
  readonly constant: number;
}

/** Bytes of an address, which are as many for all. */
const ADDRESS_BYTES = 5;

/** An address as a signed number in LEB128, at a place that was left for it. */
export function putAddress(bytes: Uint8Array, at: number, address: number): void {
  for (let i = 0; i < ADDRESS_BYTES; i++) {
    const more = i < ADDRESS_BYTES - 1 ? 0x80 : 0;
    bytes[at + i] = ((address >> (7 * i)) & 0x7f) | more;
  }
}

/** Bytes, written one after the other. */
export class Bytes {
  private data = new Uint8Array(256);
  length = 0;
  readonly places: Place[] = [];

  /** What has been written. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.data.subarray(0, this.length);
  }

  byte(value: number): void {
    this.makeRoom(1);
    this.data[this.length++] = value;
  }

  all(values: ArrayLike<number>): void {
    this.makeRoom(values.length);
    this.data.set(values, this.length);
    this.length += values.length;
  }

  /** An unsigned number in LEB128. */
  unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** A signed number in LEB128. */
  signed(value: number): void {
    let rest = value | 0;
    while (rest > 0x3f || rest < -0x40) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  /** Leaves a place for the address of a constant. */
  address(constant: number): void {
    this.places.push({ at: this.length, constant });
    this.all(new Uint8Array(ADDRESS_BYTES));
  }

  double(value: number): void {
    this.all(new Uint8Array(Float64Array.of(value).buffer));
  }

  name(text: string): void {
    this.unsigned(text.length);
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
  }

  /** What has been written elsewhere. */
  append(content: Bytes): void {
    for (const { at, constant } of content.places) {
      this.places.push({ at: this.length + at, constant });
    }
    this.all(content.written);
  }

  /** The same with the number of its bytes in front. */
  sized(content: Bytes): void {
    this.unsigned(content.length);
    this.append(content);
  }

  private makeRoom(bytes: number): void {
    if (this.length + bytes <= this.data.length) return;
    const larger = new Uint8Array(Math.max(2 * this.data.length, this.length + bytes));
    larger.set(this.written);
    this.data = larger;
  }
}

export interface ModuleFunction {
  readonly name: string;
  readonly isExported: boolean;
  /** Number of the parameters, and the type of all of them and of the result. */
  readonly parameters: number;
  readonly type: number;
  /** Locals beside the parameters as [how many, of which type]. */
  readonly locals: readonly (readonly [count: number, type: number])[];
  /** What it does; leaves the result. */
  readonly code: Bytes;
}

/** A module that imports a shared memory; its functions are numbered as they are given. */
export function encodeModule(functions: readonly ModuleFunction[], maximumPages: number): Bytes {
  const types = [...new Map(functions.map((f) => [signature(f), f])).values()];
  const signatures = types.map(signature);
  const module = new Bytes();
  module.all([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  section(module, 1, types.map(functionType));
  section(module, 2, [
    (out) => {
      out.name('host');
      out.name('memory');
      out.all([0x02, 0x03, 1]);
      out.unsigned(maximumPages);
    },
  ]);
  section(
    module,
    3,
    functions.map((f) => (out) => {
      out.unsigned(signatures.indexOf(signature(f)));
    }),
  );
  section(
    module,
    7,
    functions.flatMap(({ name, isExported }, i) => (isExported ? [exportOf(name, i)] : [])),
  );
  section(
    module,
    10,
    functions.map((f) => (out) => out.sized(functionBody(f))),
  );
  return module;
}

/** A section that is a list of items. */
function section(module: Bytes, id: number, items: readonly ((out: Bytes) => void)[]): void {
  const content = new Bytes();
  content.unsigned(items.length);
  for (const item of items) item(content);
  module.byte(id);
  module.sized(content);
}

function signature({ parameters, type }: ModuleFunction): string {
  return `${parameters} of ${type}`;
}

function functionType({ parameters, type }: ModuleFunction): (out: Bytes) => void {
  return (out) => {
    out.byte(0x60);
    out.unsigned(parameters);
    for (let i = 0; i < parameters; i++) out.byte(type);
    out.all([1, type]);
  };
}

function exportOf(name: string, functionNumber: number): (out: Bytes) => void {
  return (out) => {
    out.name(name);
    out.byte(0x00);
    out.unsigned(functionNumber);
  };
}

function functionBody({ locals, code }: ModuleFunction): Bytes {
  const body = new Bytes();
  body.unsigned(locals.length);
  for (const [count, type] of locals) {
    body.unsigned(count);
    body.byte(type);
  }
  body.append(code);
  body.byte(OP.end);
  return body;
}
