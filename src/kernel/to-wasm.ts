/** Kernels as WebAssembly: code of one function, in one lane or, with SIMD, in two or four. */
import {
  constantText,
  type F64Expr,
  type IntExpr,
  type Kernel,
  type MaskExpr,
  type Routine,
  type Statement,
} from './ir.js';
import { type Variables, variablesOf } from './variables.js';
import { type ModuleFunction, OP } from './wasm-encoding.js';
import {
  ExpressionEncoder,
  INT_OPS,
  type NumberOf,
  REPLACE_CONDITION,
  REPLACE_LANE,
  SIMD,
} from './wasm-expressions.js';

/**
 * The function of a kernel or routine: its locals and code. Constants stand in memory: V8 puts a constant together in
 * several instructions each time it is used, where a load is one.
 */
export function encodeFunction(coded: Kernel | Routine, numberOf: NumberOf): ModuleFunction {
  return new Encoder(coded, numberOf).encode();
}

/** Constants of a loop beyond which there are not enough registers anyway. */
const MOST_HELD = 16;

/** By their text. */
function constantsIn(part: unknown, found = new Map<string, number>()): Map<string, number> {
  if (typeof part !== 'object' || part === null) return found;
  const { kind, value } = part as { kind?: string; value?: unknown };
  if (kind === 'const') found.set(constantText(value as number), value as number);
  else for (const child of Object.values(part)) constantsIn(child, found);
  return found;
}

class Encoder extends ExpressionEncoder {
  private readonly variables: Variables;
  /** Number of locals of constants, which are behind all others. */
  private constantLocals = 0;

  constructor(
    private readonly coded: Kernel | Routine,
    numberOf: NumberOf,
  ) {
    super(coded.lanes === 2, numberOf);
    this.variables = variablesOf(coded);
    const { ints, doubles, words, masks } = this.variables;
    const misplaced = coded.lanes === 4 ? doubles : words;
    if (misplaced.size > 0)
      throw new Error('words are for kernels of four lanes, doubles for others');
    for (const name of [...coded.parameters, ...ints, ...doubles, ...words, ...masks]) {
      this.locals.set(name, this.locals.size);
    }
  }

  encode(): ModuleFunction {
    const { coded, out } = this;
    const { ints, doubles, words, masks } = this.variables;
    const doubleType = this.paired ? OP.v128Type : OP.f64Type;
    const isKernel = typeof coded.result === 'string';
    this.statements(coded.body);
    if (typeof coded.result === 'string') this.get(coded.result);
    else this.double(coded.result);
    return {
      name: coded.name,
      isExported: isKernel,
      type: isKernel ? OP.i32Type : doubleType,
      parameters: coded.parameters.length,
      locals: [
        [ints.size, OP.i32Type],
        [doubles.size, doubleType],
        [words.size, OP.v128Type],
        [masks.size, this.paired ? OP.v128Type : OP.i32Type],
        [this.constantLocals, OP.v128Type],
      ],
      code: out,
    };
  }

  private putDouble(name: string, value: F64Expr): void {
    if (this.lane !== undefined) this.get(name);
    this.double(value);
    if (this.lane !== undefined) this.lanes(REPLACE_LANE, this.lane);
    this.put(name);
  }

  private putMask(name: string, value: MaskExpr): void {
    const { out, lane } = this;
    if (lane === undefined) {
      this.condition(value);
    } else {
      this.get(name);
      this.condition(value);
      // All bits, whatever stands for true here.
      out.all([OP.i32Eqz, OP.i64ExtendI32U, OP.i64Const, 1, OP.i64Sub]);
      this.lanes(REPLACE_CONDITION, lane);
    }
    this.put(name);
  }

  private statements(body: readonly Statement[]): void {
    for (const s of body) this.statement(s);
  }

  private statement(s: Statement): void {
    switch (s.kind) {
      case 'set':
        return this.putDouble(s.name, s.value);
      case 'set-mask':
        return this.putMask(s.name, s.value);
      case 'set-int':
        this.integer(s.value);
        return this.put(s.name);
      case 'store':
        this.integer(s.address);
        this.double(s.value);
        return this.access(OP.f64Store, SIMD.store, s.offset);
      case 'store-int':
        this.integer(s.address);
        this.integer(s.value);
        return this.accessInt(OP.i32Store);
      case 'set-words':
        this.words(s.value);
        return this.put(s.name);
      case 'store-words':
        this.integer(s.address);
        this.words(s.value);
        return this.accessWords(SIMD.store);
      case 'if':
        this.condition(s.mask);
        return this.branch(s.then, s.otherwise);
      case 'if-any':
        this.condition(s.mask);
        if (this.simd) this.vector(SIMD.anyTrue);
        return this.branch(s.then, []);
      case 'each-lane':
        return this.eachLane(s);
      case 'if-int':
        this.integer(s.condition);
        return this.branch(s.then, s.otherwise);
      case 'while-int':
        this.beginLoop();
        this.integer(s.condition);
        this.leaveUnless();
        this.statements(s.body);
        return this.endLoop();
      case 'each':
        return this.each(s);
      case 'append':
        return this.append(s);
    }
  }

  private each(s: Extract<Statement, { kind: 'each' }>): void {
    const hasLast = this.simd && !s.padded;
    const constants = this.holdConstants(s.body);
    const at: IntExpr = { kind: 'int-var', name: s.at };
    this.constantInt(0);
    this.put(s.at);
    this.beginLoop();
    this.isBelow(at, hasLast ? 8 : 0, s.end);
    this.leaveUnless();
    this.statements(s.body);
    this.increase(s.at, this.lane === undefined ? 8 * this.coded.lanes : 8);
    this.endLoop();
    for (const constant of constants) this.held.delete(constant);
    if (!hasLast) return;
    this.isBelow(at, 0, s.end);
    this.lane = 0;
    this.branch(s.body, []);
    this.lane = undefined;
  }

  /**
   * Constants of a short loop are loaded before it: V8 would load them each time, as it cannot know that nobody
   * stores there. Returns which.
   */
  private holdConstants(body: readonly Statement[]): readonly string[] {
    const constants = this.simd
      ? [...constantsIn(body)].filter(([name]) => !this.held.has(name))
      : [];
    if (constants.length > MOST_HELD) return [];
    for (const [name, value] of constants) {
      if (!this.locals.has(name)) {
        this.locals.set(name, this.locals.size);
        this.constantLocals += 1;
      }
      this.constant(value);
      this.put(name);
      this.held.add(name);
    }
    return constants.map(([name]) => name);
  }

  /** Whether `at` + `more` < `end`. */
  private isBelow(at: IntExpr, more: number, end: IntExpr): void {
    this.integer(at);
    if (more > 0) {
      this.constantInt(more);
      this.out.byte(INT_OPS['+']);
    }
    this.integer(end);
    this.out.byte(INT_OPS['<']);
  }

  private increase(name: string, by: number): void {
    this.get(name);
    this.constantInt(by);
    this.out.byte(INT_OPS['+']);
    this.put(name);
  }

  private eachLane(s: Extract<Statement, { kind: 'each-lane' }>): void {
    this.condition(s.mask);
    if (!this.paired) return this.branch(s.body, []);
    this.vector(SIMD.bitmask);
    this.put(s.bits);
    this.get(s.bits);
    this.beginIf();
    for (this.lane = 0; this.lane < 2; this.lane++) {
      this.bit(s.bits, this.lane);
      this.branch(s.body, []);
    }
    this.lane = undefined;
    this.out.byte(OP.end);
  }

  /** Not 0 if the bit of a lane is set. */
  private bit(bits: string, lane: number): void {
    this.get(bits);
    this.constantInt(1 << lane);
    this.out.byte(INT_OPS['&']);
  }

  private beginIf(): void {
    this.out.byte(OP.if);
    this.out.byte(OP.voidBlock);
  }

  /** By what has just been computed. */
  private branch(then: readonly Statement[], otherwise: readonly Statement[]): void {
    this.beginIf();
    this.statements(then);
    if (otherwise.length > 0) {
      this.out.byte(OP.else);
      this.statements(otherwise);
    }
    this.out.byte(OP.end);
  }

  private beginLoop(): void {
    this.out.all([OP.block, OP.voidBlock, OP.loop, OP.voidBlock]);
  }

  private leaveUnless(): void {
    this.out.all([OP.i32Eqz, OP.brIf, 1]);
  }

  private endLoop(): void {
    this.out.all([OP.br, 0, OP.end, OP.end]);
  }

  private append(s: Extract<Statement, { kind: 'append' }>): void {
    this.condition(s.mask);
    if (!this.simd) {
      this.beginIf();
      this.appendElement(s, 0);
      this.out.byte(OP.end);
      return;
    }
    this.vector(SIMD.bitmask);
    this.put(s.bits);
    this.get(s.bits);
    this.beginIf();
    for (let lane = 0; lane < 2; lane++) {
      this.bit(s.bits, lane);
      this.beginIf();
      if (lane === 0) this.appendElement(s, lane);
      else this.appendSecond(s);
      this.out.byte(OP.end);
    }
    this.out.byte(OP.end);
  }

  /** The second of the last pair may be none of the list's. */
  private appendSecond(s: Extract<Statement, { kind: 'append' }>): void {
    this.isBelow(s.at, 8, s.end);
    this.beginIf();
    this.appendElement(s, 1);
    this.out.byte(OP.end);
  }

  private appendElement(s: Extract<Statement, { kind: 'append' }>, lane: number): void {
    this.integer(s.list);
    this.get(s.count);
    this.constantInt(2);
    this.out.byte(INT_OPS['<<']);
    this.out.byte(INT_OPS['+']);
    this.integer(s.at);
    this.constantInt(3);
    this.out.byte(INT_OPS['>>>']);
    this.constantInt(lane);
    this.out.byte(INT_OPS['+']);
    this.accessInt(OP.i32Store);
    this.increase(s.count, 1);
  }
}
