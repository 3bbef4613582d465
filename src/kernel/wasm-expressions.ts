/** Expressions of kernels as WebAssembly, in one lane or, with SIMD, in two or four. */
import {
  type CalledFunction,
  constantText,
  type F64Expr,
  type IntExpr,
  type MaskExpr,
  type WordsExpr,
} from './ir.js';
import { Bytes, OP } from './wasm-encoding.js';

/** a + this has a + 1023 in the low bits of its significand: the exponent field of 2^a. */
const EXPONENT_SHIFTER = 2 ** 52 + 1023;
/** The bits of this or a word less than 2^32 are those of 2^52 + the word. */
const WORD_SHIFTER = 2 ** 52;

export const INT_OPS = {
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
export const SIMD = {
  load: 0x00,
  loadSplat: 0x0a,
  store: 0x0b,
  splat: 0x14,
  not: 0x4d,
  and: 0x4e,
  or: 0x50,
  bitselect: 0x52,
  anyTrue: 0x53,
  /** The upper bits of both lanes of 64 bits. */
  bitmask: 0xc4,
  /** Of both lanes of 64 bits, zeros shifted in. */
  shiftLeft: 0xcb,
  shiftRight: 0xcd,
  abs: 0xec,
  neg: 0xed,
  sqrt: 0xef,
};
/** On four lanes of words. */
const WORDS = {
  shuffle: 0x0d,
  splat: 0x11,
  xor: 0x51,
  multiply: 0xb5,
  /** 64-bit products of the first two lanes, and of the others. */
  productsBelow: 0xde,
  productsAbove: 0xdf,
};
/** Bytes of the upper words of both pairs of products. */
const UPPER_WORDS = [4, 12, 20, 28].flatMap((byte) => [byte, byte + 1, byte + 2, byte + 3]);
const EXTRACT_LANE = 0x21;
export const REPLACE_LANE = 0x22;
/** Of conditions, all bits of whose lanes are 1 where they hold. */
const EXTRACT_CONDITION = 0x1d;
export const REPLACE_CONDITION = 0x1e;
const SIMD_COMPARE = { '==': 0x47, '<': 0x49, '>': 0x4a, '<=': 0x4b, '>=': 0x4c };
/** Alignments, as exponents of 2. */
const ALIGNED_4 = 2;
const ALIGNED_8 = 3;

/** The number that a routine for so many lanes has in the module. */
export type NumberOf = (routine: CalledFunction, lanes: 1 | 2) => number;

/** Writes straight through, with few objects: each thread does this before it can simulate. */
export class ExpressionEncoder {
  protected readonly out = new Bytes();
  protected readonly locals = new Map<string, number>();
  /** Constants, by their text, that wait in locals of that name, in two lanes. */
  protected readonly held = new Set<string>();
  /** Which of the two lanes, where there is one at a time. */
  protected lane: number | undefined;

  /** @param paired whether variables hold doubles of two lanes */
  constructor(
    protected readonly paired: boolean,
    private readonly numberOf: NumberOf,
  ) {}

  /** Whether a double is a vector here. */
  protected get simd(): boolean {
    return this.paired && this.lane === undefined;
  }

  protected get(name: string): void {
    this.out.byte(OP.localGet);
    this.out.unsigned(this.locals.get(name)!);
  }

  protected put(name: string): void {
    this.out.byte(OP.localSet);
    this.out.unsigned(this.locals.get(name)!);
  }

  protected constantInt(value: number): void {
    this.out.byte(OP.i32Const);
    this.out.signed(value);
  }

  /** A vector instruction. */
  protected vector(opcode: number): void {
    this.out.byte(OP.simd);
    this.out.unsigned(opcode);
  }

  private instruction(scalar: number, vector: number): void {
    if (this.simd) this.vector(vector);
    else this.out.byte(scalar);
  }

  /** A load or store of doubles. */
  protected access(scalar: number, vector: number, offset: number): void {
    this.instruction(scalar, vector);
    this.out.byte(ALIGNED_8);
    this.out.unsigned(offset);
  }

  /** A load or store of a word. */
  protected accessInt(opcode: number): void {
    this.out.byte(opcode);
    this.out.byte(ALIGNED_4);
    this.out.byte(0);
  }

  /** A load or store of four words. */
  protected accessWords(opcode: number): void {
    this.vector(opcode);
    this.out.byte(ALIGNED_4);
    this.out.byte(0);
  }

  protected lanes(opcode: number, lane: number): void {
    this.vector(opcode);
    this.out.byte(lane);
  }

  protected integer(e: IntExpr): void {
    switch (e.kind) {
      case 'int':
        return this.constantInt(e.value);
      case 'int-var':
        return this.get(e.name);
      case 'int-load':
        this.integer(e.address);
        return this.accessInt(OP.i32Load);
      case 'to-int':
        this.double(e.a);
        return this.out.all(OP.i32TruncSatF64);
      case 'int-op':
        if (e.op === '*high') return this.upperWordOfProduct(e.a, e.b);
        this.integer(e.a);
        this.integer(e.b);
        return this.out.byte(INT_OPS[e.op]);
    }
  }

  protected words(e: WordsExpr): void {
    switch (e.kind) {
      case 'words-var':
        return this.get(e.name);
      case 'words-load':
        this.integer(e.address);
        return this.accessWords(SIMD.load);
      case 'words-all':
        this.integer(e.a);
        return this.vector(WORDS.splat);
      case 'words-op':
        if (e.op === '^') return this.wordsOperation(WORDS.xor, e.a, e.b);
        if (e.op === '*') return this.wordsOperation(WORDS.multiply, e.a, e.b);
        this.wordsOperation(WORDS.productsBelow, e.a, e.b);
        this.wordsOperation(WORDS.productsAbove, e.a, e.b);
        this.vector(WORDS.shuffle);
        return this.out.all(UPPER_WORDS);
    }
  }

  private wordsOperation(opcode: number, a: WordsExpr, b: WordsExpr): void {
    this.words(a);
    this.words(b);
    this.vector(opcode);
  }

  private upperWordOfProduct(a: IntExpr, b: IntExpr): void {
    this.integer(a);
    this.out.byte(OP.i64ExtendI32U);
    this.integer(b);
    this.out.byte(OP.i64ExtendI32U);
    this.out.all(OP.upperWordOfProduct);
  }

  protected double(e: F64Expr): void {
    switch (e.kind) {
      case 'const':
        return this.constant(e.value);
      case 'var':
        this.get(e.name);
        if (this.lane !== undefined) this.lanes(EXTRACT_LANE, this.lane);
        return;
      case 'load':
        this.integer(e.address);
        return this.access(OP.f64Load, SIMD.load, e.offset);
      case 'load-all':
        this.integer(e.address);
        return this.access(OP.f64Load, SIMD.loadSplat, e.offset);
      case 'op':
        return this.operation(e);
      case 'unary':
        return this.unary(e);
      case 'select':
        if (this.simd && e.b.kind === 'const' && Object.is(e.b.value, 0)) {
          this.double(e.a);
          this.condition(e.mask);
          return this.vector(SIMD.and);
        }
        this.double(e.a);
        this.double(e.b);
        this.condition(e.mask);
        return this.instruction(OP.select, SIMD.bitselect);
      case 'call':
        for (const arg of e.args) this.double(arg);
        this.out.byte(OP.call);
        return this.out.unsigned(this.numberOf(e.name, this.simd ? 2 : 1));
      case 'from-int':
        this.integer(e.a);
        this.out.byte(e.unsigned ? OP.f64ConvertU32 : OP.f64ConvertI32);
        if (this.simd) this.vector(SIMD.splat);
    }
  }

  protected constant(value: number): void {
    if (value === 0 && !this.simd) {
      this.out.byte(OP.f64Const);
      return this.out.double(value);
    }
    const name = constantText(value);
    if (this.simd && this.held.has(name)) return this.get(name);
    this.out.byte(OP.i32Const);
    this.out.address(value);
    this.access(OP.f64Load, SIMD.loadSplat, 0);
  }

  private operation(e: Extract<F64Expr, { kind: 'op' }>): void {
    if (!this.simd && (e.op === 'min' || e.op === 'max')) {
      const [first, second] = e.op === 'min' ? [e.b, e.a] : [e.a, e.b];
      for (const operand of [e.b, e.a, first, second]) this.double(operand);
      this.out.byte(SCALAR_COMPARE['<']);
      return this.out.byte(OP.select);
    }
    this.double(e.a);
    this.double(e.b);
    if (this.simd) this.vector(SIMD_OPS[e.op]);
    else this.out.byte(SCALAR_OPS[e.op as keyof typeof SCALAR_OPS]);
  }

  private unary(e: Extract<F64Expr, { kind: 'unary' }>): void {
    this.double(e.a);
    switch (e.op) {
      case 'neg':
        return this.instruction(OP.f64Neg, SIMD.neg);
      case 'sqrt':
        return this.instruction(OP.f64Sqrt, SIMD.sqrt);
      case 'abs':
        return this.instruction(OP.f64Abs, SIMD.abs);
      case 'high':
        return this.upperWord();
      case 'pow2':
        return this.shiftedExponent();
    }
  }

  private upperWord(): void {
    if (!this.simd) return this.out.all(OP.upperWordAsF64);
    this.constantInt(32);
    this.vector(SIMD.shiftRight);
    this.constant(WORD_SHIFTER);
    this.vector(SIMD.or);
    this.constant(WORD_SHIFTER);
    this.vector(SIMD_OPS['-']);
  }

  private shiftedExponent(): void {
    this.constant(EXPONENT_SHIFTER);
    this.instruction(SCALAR_OPS['+'], SIMD_OPS['+']);
    if (!this.simd) return this.out.all(OP.shiftExponent);
    this.constantInt(52);
    this.vector(SIMD.shiftLeft);
  }

  protected condition(e: MaskExpr): void {
    switch (e.kind) {
      case 'mask-var':
        this.get(e.name);
        if (this.lane === undefined) return;
        this.lanes(EXTRACT_CONDITION, this.lane);
        return this.out.byte(OP.i32WrapI64);
      case 'compare':
        this.double(e.a);
        this.double(e.b);
        return this.instruction(SCALAR_COMPARE[e.op], SIMD_COMPARE[e.op]);
      case 'logic':
        this.condition(e.a);
        this.condition(e.b);
        if (e.op === 'and') return this.instruction(INT_OPS['&'], SIMD.and);
        return this.instruction(OP.i32Or, SIMD.or);
      case 'not':
        this.condition(e.a);
        return this.instruction(OP.i32Eqz, SIMD.not);
    }
  }
}
