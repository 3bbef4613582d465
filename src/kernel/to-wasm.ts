/** Kernels as WebAssembly: code of one function, in one lane or, with SIMD, in two. */

import {
  CALLED_FUNCTIONS,
  type CalledFunction,
  type F64Expr,
  type IntExpr,
  type Kernel,
  type MaskExpr,
  type Statement,
} from './ir.js';
import { f64Bytes, functionBody, OP, signedLeb, simd, unsignedLeb } from './wasm-encoding.js';

/** The imported functions, in the order of their indices. */
const indexOf = (name: CalledFunction): number => Object.keys(CALLED_FUNCTIONS).indexOf(name);
/** a + this has a + 1023 in the low bits of its significand: the exponent field of 2^a. */
const EXPONENT_SHIFTER = 2 ** 52 + 1023;
/** The bits of this or a word less than 2^32 are those of 2^52 + the word. */
const WORD_SHIFTER = 2 ** 52;

const INT_OPS = {
  '+': 0x6a,
  '-': 0x6b,
  '*': 0x6c,
  '<': 0x48,
  '==': 0x46,
  '&': 0x71,
  '^': 0x73,
  '<<': 0x74,
  '>>': 0x75,
  '>>>': 0x76,
};
const SCALAR_OPS = { '+': 0xa0, '-': 0xa1, '*': 0xa2, '/': 0xa3 };
/** min and max are the instructions pmin and pmax. */
const SIMD_OPS = { '+': 0xf0, '-': 0xf1, '*': 0xf2, '/': 0xf3, min: 0xf6, max: 0xf7 };
const SCALAR_COMPARE = { '==': 0x61, '<': 0x63, '>': 0x64, '<=': 0x65, '>=': 0x66 };
const SIMD_AND = 0x4e;
const SIMD_OR = 0x50;
const ANY_TRUE = 0x53;
/** The upper bits of both lanes of 64 bits. */
const BITMASK = 0xc4;
/** Of both lanes of 64 bits, zeros shifted in. */
const SHIFT_RIGHT = 0xcd;
const EXTRACT_LANE = 0x21;
const REPLACE_LANE = 0x22;
const SIMD_COMPARE = { '==': 0x47, '<': 0x49, '>': 0x4a, '<=': 0x4b, '>=': 0x4c };

/**
 * The body of a kernel's function: its locals and code. `addressOf` says where in memory a constant
 * stands: V8 puts a constant together in several instructions each time it is used, where a load is
 * one.
 */
export function encodeKernel(kernel: Kernel, addressOf: (constant: number) => number): number[] {
  return new Encoder(kernel, addressOf).encode();
}

class Encoder {
  private readonly locals = new Map<string, number>();
  private ints = 0;
  private doubles = 0;
  /** Whether variables hold doubles of two lanes. */
  private readonly paired: boolean;
  /** Which of the two lanes, where there is one at a time. */
  private lane: number | undefined;

  constructor(
    private readonly kernel: Kernel,
    private readonly addressOf: (constant: number) => number,
  ) {
    this.paired = kernel.lanes === 2;
    for (const name of kernel.parameters) this.locals.set(name, this.locals.size);
    const ints = new Set<string>();
    const doubles = new Set<string>();
    collectLocals(kernel.body, ints, doubles);
    for (const name of kernel.parameters) ints.delete(name);
    for (const name of ints) this.locals.set(name, this.locals.size);
    this.ints = ints.size;
    for (const name of doubles) this.locals.set(name, this.locals.size);
    this.doubles = doubles.size;
  }

  /** Whether a double is a vector here. */
  private get simd(): boolean {
    return this.paired && this.lane === undefined;
  }

  encode(): number[] {
    const code = [...this.statements(this.kernel.body), ...this.get(this.kernel.result)];
    const doubleType = this.paired ? OP.v128Type : OP.f64Type;
    return functionBody(
      [
        [this.ints, OP.i32Type],
        [this.doubles, doubleType],
      ],
      code,
    );
  }

  private get(name: string): number[] {
    return [OP.localGet, ...unsignedLeb(this.locals.get(name)!)];
  }

  private put(name: string): number[] {
    return [OP.localSet, ...unsignedLeb(this.locals.get(name)!)];
  }

  /** The value of a variable that holds doubles. */
  private getDouble(name: string): number[] {
    const value = this.get(name);
    return this.lane === undefined ? value : [...value, ...simd(EXTRACT_LANE), this.lane];
  }

  private putDouble(name: string, value: number[]): number[] {
    if (this.lane === undefined) return [...value, ...this.put(name)];
    const replaced = [...value, ...simd(REPLACE_LANE), this.lane];
    return [...this.get(name), ...replaced, ...this.put(name)];
  }

  private statements(body: readonly Statement[]): number[] {
    return body.flatMap((s) => this.statement(s));
  }

  private statement(s: Statement): number[] {
    switch (s.kind) {
      case 'set':
        return this.putDouble(s.name, this.double(s.value));
      case 'set-int':
        return [...this.integer(s.value), ...this.put(s.name)];
      case 'store': {
        const store = this.simd ? simd(0x0b) : [OP.f64Store];
        return [
          ...this.integer(s.address),
          ...this.double(s.value),
          ...store,
          3,
          ...unsignedLeb(s.offset),
        ];
      }
      case 'store-int':
        return [...this.integer(s.address), ...this.integer(s.value), OP.i32Store, 2, 0];
      case 'if':
        return this.branch(this.condition(s.mask), s.then, s.otherwise);
      case 'if-any':
        return this.branch(
          [...this.condition(s.mask), ...(this.simd ? simd(ANY_TRUE) : [])],
          s.then,
          [],
        );
      case 'each-lane':
        return this.eachLane(s);
      case 'if-int':
        return this.branch(this.integer(s.condition), s.then, s.otherwise);
      case 'while-int':
        return this.loop(this.integer(s.condition), () => this.statements(s.body));
      case 'each': {
        const step = this.simd ? 16 : 8;
        const below = [...this.get(s.at), ...this.integer(s.end), INT_OPS['<']];
        return [
          ...[OP.i32Const, 0, ...this.put(s.at)],
          ...this.loop(below, () => [
            ...this.statements(s.body),
            ...[...this.get(s.at), OP.i32Const, step, INT_OPS['+'], ...this.put(s.at)],
          ]),
        ];
      }
      case 'append':
        return this.append(s);
    }
  }

  private eachLane(s: Extract<Statement, { kind: 'each-lane' }>): number[] {
    if (!this.paired) return this.branch(this.condition(s.mask), s.body, []);
    const bits = [...this.condition(s.mask), ...simd(BITMASK), ...this.put(s.bits)];
    const code = [...bits, ...this.get(s.bits), OP.if, OP.voidBlock];
    for (this.lane = 0; this.lane < 2; this.lane++) {
      const test = [...this.get(s.bits), OP.i32Const, 1 << this.lane, INT_OPS['&']];
      code.push(...this.branch(test, s.body, []));
    }
    this.lane = undefined;
    return [...code, OP.end];
  }

  private branch(
    test: number[],
    then: readonly Statement[],
    otherwise: readonly Statement[],
  ): number[] {
    const code = [...test, OP.if, OP.voidBlock, ...this.statements(then)];
    if (otherwise.length > 0) code.push(OP.else, ...this.statements(otherwise));
    return [...code, OP.end];
  }

  private loop(test: number[], body: () => number[]): number[] {
    const code = [
      ...[OP.block, OP.voidBlock, OP.loop, OP.voidBlock],
      ...[...test, OP.i32Eqz, OP.brIf, 1],
      ...body(),
      ...[OP.br, 0, OP.end, OP.end],
    ];
    return code;
  }

  private append(s: Extract<Statement, { kind: 'append' }>): number[] {
    const element = (lane: number): number[] => [
      ...[
        ...this.integer(s.list),
        ...this.get(s.count),
        OP.i32Const,
        2,
        INT_OPS['<<'],
        INT_OPS['+'],
      ],
      ...[...this.integer(s.at), OP.i32Const, 3, OP.i32ShrU, OP.i32Const, lane, INT_OPS['+']],
      ...[OP.i32Store, 2, 0],
      ...[...this.get(s.count), OP.i32Const, 1, INT_OPS['+'], ...this.put(s.count)],
    ];
    const when = (test: number[], code: number[]): number[] => [
      ...test,
      OP.if,
      OP.voidBlock,
      ...code,
      OP.end,
    ];
    if (!this.simd) return when(this.condition(s.mask), element(0));
    const bits = [...this.condition(s.mask), ...simd(BITMASK)];
    const secondExists = [
      ...[...this.integer(s.at), OP.i32Const, 8, INT_OPS['+']],
      ...[...this.integer(s.end), INT_OPS['<']],
    ];
    return when(bits, [
      ...when([...bits, OP.i32Const, 1, INT_OPS['&']], element(0)),
      ...when([...bits, OP.i32Const, 1, OP.i32ShrU, ...secondExists, INT_OPS['&']], element(1)),
    ]);
  }

  private integer(e: IntExpr): number[] {
    switch (e.kind) {
      case 'int':
        return [OP.i32Const, ...signedLeb(e.value)];
      case 'int-var':
        return this.get(e.name);
      case 'int-load':
        return [...this.integer(e.address), OP.i32Load, 2, 0];
      case 'to-int':
        return [...this.double(e.a), ...OP.i32TruncSatF64];
      case 'int-op':
        if (e.op === '*high') {
          const wide = (x: IntExpr): number[] => [...this.integer(x), OP.i64ExtendI32U];
          return [...wide(e.a), ...wide(e.b), ...OP.upperWordOfProduct];
        }
        return [...this.integer(e.a), ...this.integer(e.b), INT_OPS[e.op]];
    }
  }

  private double(e: F64Expr): number[] {
    switch (e.kind) {
      case 'const': {
        if (e.value === 0 && !this.simd) return [OP.f64Const, ...f64Bytes(e.value)];
        const load = this.simd ? simd(0x0a) : [OP.f64Load];
        return [OP.i32Const, ...signedLeb(this.addressOf(e.value)), ...load, 3, 0];
      }
      case 'var':
        return this.getDouble(e.name);
      case 'load': {
        const load = this.simd ? simd(0x00) : [OP.f64Load];
        return [...this.integer(e.address), ...load, 3, ...unsignedLeb(e.offset)];
      }
      case 'load-all': {
        const load = this.simd ? simd(0x0a) : [OP.f64Load];
        return [...this.integer(e.address), ...load, 3, ...unsignedLeb(e.offset)];
      }
      case 'op': {
        const [a, b] = [this.double(e.a), this.double(e.b)];
        if (this.simd) return [...a, ...b, ...simd(SIMD_OPS[e.op])];
        if (e.op === 'min') return [...b, ...a, ...b, ...a, SCALAR_COMPARE['<'], OP.select];
        if (e.op === 'max') return [...b, ...a, ...a, ...b, SCALAR_COMPARE['<'], OP.select];
        return [...a, ...b, SCALAR_OPS[e.op]];
      }
      case 'unary':
        return this.unary(e);
      case 'select': {
        const values = [...this.double(e.a), ...this.double(e.b), ...this.condition(e.mask)];
        return [...values, ...(this.simd ? simd(0x52) : [OP.select])];
      }
      case 'call': {
        const called = (lane: number): number[] => [
          ...e.args.flatMap((arg) => [
            ...this.double(arg),
            ...(this.simd ? [...simd(EXTRACT_LANE), lane] : []),
          ]),
          ...[OP.call, indexOf(e.name)],
        ];
        if (!this.simd) return called(0);
        return [...called(0), ...simd(0x14), ...called(1), ...simd(REPLACE_LANE), 1];
      }
      case 'from-int':
        return [
          ...this.integer(e.a),
          e.unsigned ? OP.f64ConvertU32 : OP.f64ConvertI32,
          ...(this.simd ? simd(0x14) : []),
        ];
    }
  }

  private unary(e: Extract<F64Expr, { kind: 'unary' }>): number[] {
    const a = this.double(e.a);
    if (e.op === 'neg') return [...a, ...(this.simd ? simd(0xed) : [OP.f64Neg])];
    if (e.op === 'sqrt') return [...a, ...(this.simd ? simd(0xef) : [OP.f64Sqrt])];
    if (e.op === 'abs') return [...a, ...(this.simd ? simd(0xec) : [OP.f64Abs])];
    const constant = (value: number): number[] => this.double({ kind: 'const', value });
    if (e.op === 'high') {
      if (!this.simd) return [...a, ...OP.upperWordAsF64];
      const shifter = constant(WORD_SHIFTER);
      const word = [...a, OP.i32Const, 32, ...simd(SHIFT_RIGHT)];
      return [...word, ...shifter, ...simd(SIMD_OR), ...shifter, ...simd(SIMD_OPS['-'])];
    }
    const shifter = constant(EXPONENT_SHIFTER);
    return this.simd
      ? [...a, ...shifter, ...simd(SIMD_OPS['+']), OP.i32Const, 52, ...simd(0xcb)]
      : [...a, ...shifter, SCALAR_OPS['+'], ...OP.shiftExponent];
  }

  private condition(e: MaskExpr): number[] {
    switch (e.kind) {
      case 'compare': {
        const code = this.simd ? simd(SIMD_COMPARE[e.op]) : [SCALAR_COMPARE[e.op]];
        return [...this.double(e.a), ...this.double(e.b), ...code];
      }
      case 'logic': {
        const and = e.op === 'and';
        const code = this.simd ? simd(and ? SIMD_AND : SIMD_OR) : [and ? INT_OPS['&'] : OP.i32Or];
        return [...this.condition(e.a), ...this.condition(e.b), ...code];
      }
      case 'not':
        return [...this.condition(e.a), ...(this.simd ? simd(0x4d) : [OP.i32Eqz])];
    }
  }
}

function collectLocals(body: readonly Statement[], ints: Set<string>, doubles: Set<string>): void {
  for (const s of body) {
    if (s.kind === 'set') doubles.add(s.name);
    if (s.kind === 'set-int') ints.add(s.name);
    if (s.kind === 'each') ints.add(s.at);
    if (s.kind === 'each-lane') {
      ints.add(s.bits);
      collectLocals(s.body, ints, doubles);
    }
    if (s.kind === 'each' || s.kind === 'while-int') {
      collectLocals(s.body, ints, doubles);
    }
    if (s.kind === 'if' || s.kind === 'if-int' || s.kind === 'if-any') {
      collectLocals(s.then, ints, doubles);
    }
    if (s.kind === 'if' || s.kind === 'if-int') collectLocals(s.otherwise, ints, doubles);
  }
}
