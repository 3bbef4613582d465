/** Random expressions as data: to be built into kernels, and to be evaluated literally. */
import fc from 'fast-check';
import type { KernelBuilder } from '../../src/kernel/builder.js';
import { type Comparison, F64, type F64Op, f64, type Int, type Mask } from '../../src/kernel/ir.js';

export type Recipe =
  | { kind: 'const'; value: number }
  | { kind: 'column'; column: number }
  | { kind: 'scalar' }
  | { kind: 'count'; unsigned: boolean }
  /** 2^n with n from the column of exponents. */
  | { kind: 'power' }
  | { kind: 'let'; a: Recipe }
  | { kind: 'neg' | 'abs' | 'sqrt' | 'high'; a: Recipe }
  | { kind: 'op'; op: F64Op; a: Recipe; b: Recipe }
  | { kind: 'select'; test: Test; a: Recipe; b: Recipe };

export type Test =
  | { kind: 'compare'; op: Comparison; a: Recipe; b: Recipe }
  | { kind: 'and' | 'or'; a: Test; b: Test }
  | { kind: 'not'; a: Test };

export const COLUMNS = 3;

export const doubles: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    0.1,
    NaN,
    Infinity,
    -Infinity,
    5e-324,
    -5e-324,
    2 ** -1022,
    1.5e308,
  ),
  fc.double(),
  fc.double({ min: -100, max: 100, noNaN: true }),
);

const { recipe } = fc.letrec<{ recipe: Recipe; test: Test; leaf: Recipe }>((tie) => ({
  leaf: fc.oneof(
    doubles.map((value): Recipe => ({ kind: 'const', value })),
    fc.nat(COLUMNS - 1).map((column): Recipe => ({ kind: 'column', column })),
    fc.constantFrom<Recipe>({ kind: 'scalar' }, { kind: 'power' }),
    fc.boolean().map((unsigned): Recipe => ({ kind: 'count', unsigned })),
  ),
  recipe: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'recipe', withCrossShrink: true },
    tie('leaf'),
    fc.record({
      kind: fc.constant('op' as const),
      op: fc.constantFrom<F64Op>('+', '-', '*', '/', 'min', 'max'),
      a: tie('recipe'),
      b: tie('recipe'),
    }),
    fc.record({
      kind: fc.constantFrom(...(['neg', 'abs', 'sqrt', 'high', 'let'] as const)),
      a: tie('recipe'),
    }),
    fc.record({
      kind: fc.constant('select' as const),
      test: tie('test'),
      a: tie('recipe'),
      b: tie('recipe'),
    }),
  ),
  test: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'recipe', withCrossShrink: true },
    fc.record({
      kind: fc.constant('compare' as const),
      op: fc.constantFrom<Comparison>('<', '<=', '>', '>=', '=='),
      a: tie('recipe'),
      b: tie('recipe'),
    }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      a: tie('test'),
      b: tie('test'),
    }),
    fc.record({ kind: fc.constant('not' as const), a: tie('test') }),
  ),
}));
export const recipes: fc.Arbitrary<Recipe> = recipe;

/** What a recipe refers to, in a kernel. */
export interface Ingredients {
  readonly k: KernelBuilder;
  readonly columns: readonly F64[];
  readonly exponent: F64;
  readonly scalar: F64;
  readonly count: Int;
}

export function built(r: Recipe, on: Ingredients): F64 {
  switch (r.kind) {
    case 'const':
      return f64(r.value);
    case 'column':
      return on.columns[r.column];
    case 'scalar':
      return on.scalar;
    case 'count':
      return on.count.toF64(r.unsigned);
    case 'power':
      return on.exponent.pow2();
    case 'let':
      return on.k.let(built(r.a, on));
    case 'neg':
      return built(r.a, on).neg();
    case 'abs':
      return built(r.a, on).abs();
    case 'high':
      return built(r.a, on).abs().high();
    case 'sqrt':
      return built(r.a, on).sqrt();
    case 'select':
      return builtTest(r.test, on).select(built(r.a, on), built(r.b, on));
    case 'op': {
      const [a, b] = [built(r.a, on).expr, built(r.b, on).expr];
      return new F64({ kind: 'op', op: r.op, a, b });
    }
  }
}

export function builtTest(t: Test, on: Ingredients): Mask {
  switch (t.kind) {
    case 'not':
      return builtTest(t.a, on).not();
    case 'and':
      return builtTest(t.a, on).and(builtTest(t.b, on));
    case 'or':
      return builtTest(t.a, on).or(builtTest(t.b, on));
    case 'compare': {
      const [a, b] = [built(t.a, on), built(t.b, on)];
      const made = { '<': a.lt(b), '<=': a.le(b), '>': a.gt(b), '>=': a.ge(b), '==': a.eq(b) };
      return made[t.op];
    }
  }
}

/** The same for one element, in plain arithmetic. */
export interface Element {
  readonly columns: readonly number[];
  readonly exponent: number;
  readonly scalar: number;
  readonly count: number;
}

export function evaluated(r: Recipe, e: Element): number {
  switch (r.kind) {
    case 'const':
      return r.value;
    case 'column':
      return e.columns[r.column];
    case 'scalar':
      return e.scalar;
    case 'count':
      return r.unsigned ? e.count >>> 0 : e.count | 0;
    case 'power':
      return 2 ** e.exponent;
    case 'let':
      return evaluated(r.a, e);
    case 'neg':
      return -evaluated(r.a, e);
    case 'abs':
      return Math.abs(evaluated(r.a, e));
    case 'high': {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, Math.abs(evaluated(r.a, e)));
      return view.getUint32(0);
    }
    case 'sqrt':
      return Math.sqrt(evaluated(r.a, e));
    case 'select':
      return fulfilled(r.test, e) ? evaluated(r.a, e) : evaluated(r.b, e);
    case 'op':
      return operated(r.op, evaluated(r.a, e), evaluated(r.b, e));
  }
}

function operated(op: F64Op, a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case 'min':
      return smallerOf(a, b);
    case 'max':
      return largerOf(a, b);
  }
}

/** Not Math.min and Math.max: a NaN in `a` stays, one in `b` does not, and -0 equals 0. */
export function smallerOf(a: number, b: number): number {
  if (b < a) return b;
  return a;
}

export function largerOf(a: number, b: number): number {
  if (a < b) return b;
  return a;
}

export function fulfilled(t: Test, e: Element): boolean {
  switch (t.kind) {
    case 'not':
      return !fulfilled(t.a, e);
    case 'and':
      return fulfilled(t.a, e) && fulfilled(t.b, e);
    case 'or':
      return fulfilled(t.a, e) || fulfilled(t.b, e);
    case 'compare': {
      const [a, b] = [evaluated(t.a, e), evaluated(t.b, e)];
      return { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b, '==': a === b }[t.op];
    }
  }
}
