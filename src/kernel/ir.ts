/**
 * Kernels as data: a small form in which a computation over columns of numbers is written once and
 * from which both WebAssembly and JavaScript are made, operation by operation, so that both give
 * the same bits. Every operation is one that both languages specify exactly.
 *
 * A kernel works on the segment of one worker. Its parameters and `Int` values are 32-bit integers
 * (counts and byte addresses); its `F64` values are doubles. In a kernel of two lanes, an F64 is a
 * pair of doubles that belong to two elements and a `Mask` a pair of conditions; in one of four lanes,
 * `Words` are words of four elements. The same kernel in JavaScript goes element by element.
 */

export type IntExpr =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'int-var'; readonly name: string }
  | { readonly kind: 'int-op'; readonly op: IntOp; readonly a: IntExpr; readonly b: IntExpr }
  | { readonly kind: 'int-load'; readonly address: IntExpr }
  /** Truncation of a double that holds a whole number, where there is one lane (see 'each-lane'). */
  | { readonly kind: 'to-int'; readonly a: F64Expr };
/** '*high': the upper word of the 64-bit product of unsigned words. '>>>' shifts in zeros. */
export type IntOp = '+' | '-' | '*' | '*high' | '<' | '==' | '&' | '^' | '<<' | '>>' | '>>>';

/** A 32-bit word per lane, in kernels of four lanes. */
export type WordsExpr =
  | { readonly kind: 'words-var'; readonly name: string }
  /** From consecutive addresses. */
  | { readonly kind: 'words-load'; readonly address: IntExpr }
  /** The same word in all lanes. */
  | { readonly kind: 'words-all'; readonly a: IntExpr }
  | {
      readonly kind: 'words-op';
      readonly op: WordsOp;
      readonly a: WordsExpr;
      readonly b: WordsExpr;
    };
export type WordsOp = '*' | '*high' | '^';

export type F64Expr =
  | { readonly kind: 'const'; readonly value: number }
  | { readonly kind: 'var'; readonly name: string }
  /** One double per lane, from consecutive addresses. */
  | { readonly kind: 'load'; readonly address: IntExpr; readonly offset: number }
  /** One double for all lanes. */
  | { readonly kind: 'load-all'; readonly address: IntExpr; readonly offset: number }
  | { readonly kind: 'op'; readonly op: F64Op; readonly a: F64Expr; readonly b: F64Expr }
  | { readonly kind: 'unary'; readonly op: UnaryOp; readonly a: F64Expr }
  | { readonly kind: 'select'; readonly mask: MaskExpr; readonly a: F64Expr; readonly b: F64Expr }
  /** A routine's value; in two lanes, of both at once. */
  | { readonly kind: 'call'; readonly name: CalledFunction; readonly args: readonly F64Expr[] }
  /** The double of a signed or unsigned integer, in all lanes. */
  | { readonly kind: 'from-int'; readonly a: IntExpr; readonly unsigned: boolean };
/** 'min' is b < a ? b : a, and 'max' is a < b ? b : a: one instruction, and a NaN in a stays. */
export type F64Op = '+' | '-' | '*' | '/' | 'min' | 'max';
/** 'pow2': 2^a for a whole number a in -1022 ... 1023. 'high': the upper 32 bits of a >= 0, as a number. */
export type UnaryOp = 'neg' | 'abs' | 'sqrt' | 'pow2' | 'high';

/** Functions of math/ that kernels call as routines of their module. */
export type CalledFunction = 'log' | 'pow';

export type MaskExpr =
  | { readonly kind: 'mask-var'; readonly name: string }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly a: F64Expr; readonly b: F64Expr }
  | {
      readonly kind: 'logic';
      readonly op: 'and' | 'or';
      readonly a: MaskExpr;
      readonly b: MaskExpr;
    }
  | { readonly kind: 'not'; readonly a: MaskExpr };
export type Comparison = '<' | '<=' | '>' | '>=' | '==';

export type Statement =
  | { readonly kind: 'set'; readonly name: string; readonly value: F64Expr }
  | { readonly kind: 'set-int'; readonly name: string; readonly value: IntExpr }
  | { readonly kind: 'set-words'; readonly name: string; readonly value: WordsExpr }
  | { readonly kind: 'set-mask'; readonly name: string; readonly value: MaskExpr }
  | {
      readonly kind: 'store';
      readonly address: IntExpr;
      readonly offset: number;
      readonly value: F64Expr;
    }
  | { readonly kind: 'store-int'; readonly address: IntExpr; readonly value: IntExpr }
  | { readonly kind: 'store-words'; readonly address: IntExpr; readonly value: WordsExpr }
  /** Where there is one lane. */
  | {
      readonly kind: 'if';
      readonly mask: MaskExpr;
      readonly then: Statement[];
      readonly otherwise: Statement[];
    }
  /** Where any lane fulfils the condition. */
  | { readonly kind: 'if-any'; readonly mask: MaskExpr; readonly then: Statement[] }
  /** The lanes that fulfil the condition, one after the other: in the body, there is one lane. */
  | {
      readonly kind: 'each-lane';
      readonly mask: MaskExpr;
      /** Name for an Int of the machine's own. */
      readonly bits: string;
      readonly body: Statement[];
    }
  | {
      readonly kind: 'if-int';
      readonly condition: IntExpr;
      readonly then: Statement[];
      readonly otherwise: Statement[];
    }
  | { readonly kind: 'while-int'; readonly condition: IntExpr; readonly body: Statement[] }
  /** For `at` = 0, step, 2 step, ... below `end`, where step is 8 bytes per lane. */
  | {
      readonly kind: 'each';
      readonly at: string;
      readonly end: IntExpr;
      /** Whether memory goes on behind an odd end, so that the last pair may be half empty. */
      readonly padded: boolean;
      readonly body: Statement[];
    }
  /** Append the element numbers `at` / 8 of the lanes where `mask` holds, if below `end`, to a list of 32-bit words. */
  | {
      readonly kind: 'append';
      readonly mask: MaskExpr;
      readonly at: IntExpr;
      readonly end: IntExpr;
      readonly list: IntExpr;
      readonly count: string;
      /** Name for an Int of the machine's own. */
      readonly bits: string;
    };

/** Elements at a time: two of doubles, or four of words; a kernel has lanes of one kind. */
export type Lanes = 1 | 2 | 4;

export interface Kernel {
  readonly name: string;
  /** Names of the parameters, all Int. */
  readonly parameters: readonly string[];
  readonly lanes: Lanes;
  readonly body: readonly Statement[];
  /** Name of the Int variable that is returned. */
  readonly result: string;
}

/** What several kernels of a module would otherwise each have within them: a function of doubles, or of pairs. */
export interface Routine {
  readonly name: CalledFunction;
  /** Names of the parameters, all doubles. */
  readonly parameters: readonly string[];
  readonly lanes: 1 | 2;
  readonly body: readonly Statement[];
  readonly result: F64Expr;
}

/** A double or pair of doubles in a kernel under construction. */
export class F64 {
  constructor(readonly expr: F64Expr) {}
  add(b: F64 | number): F64 {
    return op('+', this, b);
  }
  sub(b: F64 | number): F64 {
    return op('-', this, b);
  }
  mul(b: F64 | number): F64 {
    return op('*', this, b);
  }
  div(b: F64 | number): F64 {
    return op('/', this, b);
  }
  min(b: F64 | number): F64 {
    return op('min', this, b);
  }
  max(b: F64 | number): F64 {
    return op('max', this, b);
  }
  neg(): F64 {
    return new F64({ kind: 'unary', op: 'neg', a: this.expr });
  }
  abs(): F64 {
    return new F64({ kind: 'unary', op: 'abs', a: this.expr });
  }
  sqrt(): F64 {
    return new F64({ kind: 'unary', op: 'sqrt', a: this.expr });
  }
  /** 2^this, for a whole number in -1022 ... 1023. */
  pow2(): F64 {
    return new F64({ kind: 'unary', op: 'pow2', a: this.expr });
  }
  /** The upper 32 bits of a double >= 0, as a number, which grows by 2^20 with every power of two. */
  high(): F64 {
    return new F64({ kind: 'unary', op: 'high', a: this.expr });
  }
  lt(b: F64 | number): Mask {
    return compare('<', this, b);
  }
  le(b: F64 | number): Mask {
    return compare('<=', this, b);
  }
  gt(b: F64 | number): Mask {
    return compare('>', this, b);
  }
  ge(b: F64 | number): Mask {
    return compare('>=', this, b);
  }
  eq(b: F64 | number): Mask {
    return compare('==', this, b);
  }
  toInt(): Int {
    return new Int({ kind: 'to-int', a: this.expr });
  }
}

/** A condition per lane. */
export class Mask {
  constructor(readonly expr: MaskExpr) {}
  and(b: Mask): Mask {
    return new Mask({ kind: 'logic', op: 'and', a: this.expr, b: b.expr });
  }
  or(b: Mask): Mask {
    return new Mask({ kind: 'logic', op: 'or', a: this.expr, b: b.expr });
  }
  not(): Mask {
    return new Mask({ kind: 'not', a: this.expr });
  }
  /** `a` where the condition holds, else `b`; both are computed. */
  select(a: F64 | number, b: F64 | number): F64 {
    return new F64({ kind: 'select', mask: this.expr, a: f64(a).expr, b: f64(b).expr });
  }
}

/** A 32-bit integer: count, index or byte address. */
export class Int {
  constructor(readonly expr: IntExpr) {}
  add(b: Int | number): Int {
    return intOp('+', this, b);
  }
  sub(b: Int | number): Int {
    return intOp('-', this, b);
  }
  mul(b: Int | number): Int {
    return intOp('*', this, b);
  }
  lt(b: Int | number): Int {
    return intOp('<', this, b);
  }
  eq(b: Int | number): Int {
    return intOp('==', this, b);
  }
  and(b: Int): Int {
    return intOp('&', this, b);
  }
  /** Half of an even number >= 0. */
  half(): Int {
    return intOp('>>', this, 1);
  }
  shl(b: number): Int {
    return intOp('<<', this, b);
  }
  mulHigh(b: Int | number): Int {
    return intOp('*high', this, b);
  }
  xor(b: Int): Int {
    return intOp('^', this, b);
  }
  /** Shifted right as an unsigned word. */
  shr(b: Int | number): Int {
    return intOp('>>>', this, b);
  }
  toF64(unsigned = false): F64 {
    return new F64({ kind: 'from-int', a: this.expr, unsigned });
  }
  /** The same word in all lanes. */
  toWords(): Words {
    return new Words({ kind: 'words-all', a: this.expr });
  }
}

/** 32-bit words, one per lane. */
export class Words {
  constructor(readonly expr: WordsExpr) {}
  mul(b: Words | number): Words {
    return wordsOp('*', this, b);
  }
  mulHigh(b: Words | number): Words {
    return wordsOp('*high', this, b);
  }
  xor(b: Words | number): Words {
    return wordsOp('^', this, b);
  }
}

export function f64(value: F64 | number): F64 {
  return value instanceof F64 ? value : new F64({ kind: 'const', value });
}

/** A constant as text, which tells -0 from 0. */
export function constantText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

export function int(value: Int | number): Int {
  return value instanceof Int ? value : new Int({ kind: 'int', value });
}

function op(operator: F64Op, a: F64, b: F64 | number): F64 {
  return new F64({ kind: 'op', op: operator, a: a.expr, b: f64(b).expr });
}

function compare(operator: Comparison, a: F64, b: F64 | number): Mask {
  return new Mask({ kind: 'compare', op: operator, a: a.expr, b: f64(b).expr });
}

function intOp(operator: IntOp, a: Int, b: Int | number): Int {
  return new Int({ kind: 'int-op', op: operator, a: a.expr, b: int(b).expr });
}

function wordsOp(operator: WordsOp, a: Words, b: Words | number): Words {
  const second = b instanceof Words ? b : int(b).toWords();
  return new Words({ kind: 'words-op', op: operator, a: a.expr, b: second.expr });
}
