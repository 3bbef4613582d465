/** Every operation of a kernel: the same bits in WebAssembly, with and without SIMD, and JavaScript. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KernelBuilder } from '../../src/kernel/builder.js';
import { type F64, Int, type IntOp, int, type Kernel } from '../../src/kernel/ir.js';
import {
  built,
  builtTest,
  COLUMNS,
  doubles,
  evaluated,
  fulfilled,
  type Ingredients,
  largerOf,
  type Recipe,
  recipes,
  smallerOf,
} from './recipes.js';
import { exactly, type Lanes, Workbench } from './workbench.js';

const seed = 20261124;
const LENGTH = 5;

/** Kernel (columns, exponents, scalar, n, count, out, list): expression and list of who passes. */
function elementwise(
  lanes: Lanes,
  body: (k: KernelBuilder, on: Ingredients, at: Int, out: Int, list: Int, listed: Int) => void,
): Kernel {
  const k = new KernelBuilder('elementwise', lanes);
  const [columns, exponents, scalar, n, count, out, list] = [
    ...['columns', 'exponents', 'scalar', 'n', 'count', 'out', 'list'],
  ].map((name) => k.parameter(name));
  const listed = k.letInt(0);
  k.each(n, (at) => {
    const on = {
      k,
      columns: Array.from({ length: COLUMNS }, (_, i) =>
        k.load(columns.add(at), 8 * (LENGTH + 1) * i),
      ),
      exponent: k.load(exponents.add(at)),
      scalar: k.loadAll(scalar),
      count,
    };
    body(k, on, at, out, list, listed);
  });
  return k.finish(listed);
}

const bench = new Workbench();
const columns = bench.column(new Float64Array(COLUMNS * (LENGTH + 1)));
const exponents = bench.column(new Float64Array(LENGTH));
const scalar = bench.column([0]);
const out = bench.column(new Float64Array(LENGTH));
const list = bench.words(new Int32Array(LENGTH + 1));

interface Data {
  readonly columns: readonly (readonly number[])[];
  readonly exponents: readonly number[];
  readonly scalar: number;
  readonly count: number;
}

const data: fc.Arbitrary<Data> = fc.record({
  columns: fc.array(fc.array(doubles, { minLength: LENGTH, maxLength: LENGTH }), {
    minLength: COLUMNS,
    maxLength: COLUMNS,
  }),
  exponents: fc.array(fc.integer({ min: -1022, max: 1023 }), {
    minLength: LENGTH,
    maxLength: LENGTH,
  }),
  scalar: doubles,
  count: fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }),
});

function fill(given: Data): void {
  given.columns.forEach((values, i) => {
    columns.set(values, (LENGTH + 1) * i);
  });
  exponents.set(given.exponents);
  scalar[0] = given.scalar;
}

function addresses(n: number, count: number): number[] {
  const [c, e, s] = [columns, exponents, scalar].map((column) => column.byteOffset);
  return [c, e, s, n, count, out.byteOffset, list.byteOffset];
}

function element(given: Data, i: number) {
  return {
    columns: given.columns.map((values) => values[i]),
    exponent: given.exponents[i],
    scalar: given.scalar,
    count: given.count,
  };
}

test('expressions', () => {
  fc.assert(
    fc.property(recipes, data, (recipe: Recipe, given) => {
      fill(given);
      const expected = Array.from({ length: LENGTH }, (_, i) =>
        evaluated(recipe, element(given, i)),
      );
      const kernels = bench.compile((lanes) =>
        elementwise(lanes, (k, on, at, to) => k.store(to.add(at), built(recipe, on))),
      );
      for (const kernel of kernels) {
        out.fill(7);
        kernel(...addresses(LENGTH, given.count));
        expect(exactly(out)).toEqual(exactly(expected));
      }
    }),
    { seed, numRuns: 300 },
  );
});

test.each([0, 1, 2, 3, 4, 5])('lists of the elements that pass a test, out of %i', (n) => {
  fc.assert(
    fc.property(recipes, recipes, data, (a, b, given) => {
      fill(given);
      const passes = { kind: 'compare', op: '<=', a, b } as const;
      const expected = Array.from({ length: n }, (_, i) => i).filter((i) =>
        fulfilled(passes, element(given, i)),
      );
      const kernels = bench.compile((lanes) =>
        elementwise(lanes, (k, on, at, _, to, listed) =>
          k.append(builtTest(passes, on), at, int(n), to, listed),
        ),
      );
      for (const kernel of kernels) {
        list.fill(-1);
        const listed = kernel(...addresses(n, given.count));
        const unused = Array.from(list.subarray(listed));
        expect(Array.from(list.subarray(0, listed))).toEqual(expected);
        expect(unused.every((word) => word === -1)).toBe(true);
      }
    }),
    { seed, numRuns: 40 },
  );
});

const MINMAX = [0, -0, 1, -1, NaN, Infinity, -Infinity, 5e-324];

test('min and max of every pair of special values', () => {
  const a = bench.column(MINMAX.flatMap((x) => MINMAX.map(() => x)));
  const b = bench.column(MINMAX.flatMap(() => MINMAX));
  const smaller = bench.column(a);
  const larger = bench.column(a);
  const kernels = bench.compile((lanes) => {
    const k = new KernelBuilder('extremes', lanes);
    const [x, y, s, l, n] = ['x', 'y', 's', 'l', 'n'].map((name) => k.parameter(name));
    const done = k.letInt(0);
    k.each(n, (at) => {
      const [first, second] = [k.load(x.add(at)), k.load(y.add(at))];
      k.store(s.add(at), first.min(second));
      k.store(l.add(at), first.max(second));
    });
    return k.finish(done);
  });
  for (const kernel of kernels) {
    smaller.fill(7);
    larger.fill(7);
    kernel(...[a, b, smaller, larger].map((c) => c.byteOffset), a.length);
    expect(exactly(smaller)).toEqual(exactly(a.map((x, i) => smallerOf(x, b[i]))));
    expect(exactly(larger)).toEqual(exactly(a.map((x, i) => largerOf(x, b[i]))));
  }
});

describe('integers', () => {
  type IntRecipe =
    | { kind: 'value'; value: number }
    | { kind: 'parameter'; index: 0 | 1 }
    | { kind: 'op'; op: IntOp; a: IntRecipe; b: IntRecipe };

  const words = fc.oneof(
    fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 32 - 1, 0x9e3779b9),
    fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }),
  );
  const { recipe } = fc.letrec<{ recipe: IntRecipe }>((tie) => ({
    recipe: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'int' },
      words.map((value): IntRecipe => ({ kind: 'value', value })),
      fc.constantFrom<IntRecipe>({ kind: 'parameter', index: 0 }, { kind: 'parameter', index: 1 }),
      fc.record({
        kind: fc.constant('op' as const),
        op: fc.constantFrom<IntOp>('+', '-', '*', '*high', '<', '==', '&', '^'),
        a: tie('recipe'),
        b: tie('recipe'),
      }),
      fc.record({
        kind: fc.constant('op' as const),
        op: fc.constantFrom<IntOp>('<<', '>>', '>>>'),
        a: tie('recipe'),
        b: fc.nat(31).map((value): IntRecipe => ({ kind: 'value', value })),
      }),
    ),
  }));

  function builtInt(r: IntRecipe, parameters: readonly Int[]): Int {
    if (r.kind === 'value') return int(r.value);
    if (r.kind === 'parameter') return parameters[r.index];
    const [a, b] = [builtInt(r.a, parameters).expr, builtInt(r.b, parameters).expr];
    return new Int({ kind: 'int-op', op: r.op, a, b });
  }

  /** Exact arithmetic on whole numbers, wrapped to 32 bits. */
  function evaluatedInt(r: IntRecipe, parameters: readonly number[]): number {
    if (r.kind === 'value') return r.value | 0;
    if (r.kind === 'parameter') return parameters[r.index] | 0;
    const a = BigInt(evaluatedInt(r.a, parameters));
    const b = BigInt(evaluatedInt(r.b, parameters));
    const unsigned = (x: bigint) => BigInt.asUintN(32, x);
    const results: Record<IntOp, () => bigint> = {
      '+': () => a + b,
      '-': () => a - b,
      '*': () => a * b,
      '*high': () => (unsigned(a) * unsigned(b)) >> 32n,
      '<': () => (a < b ? 1n : 0n),
      '==': () => (a === b ? 1n : 0n),
      '&': () => a & b,
      '^': () => a ^ b,
      '<<': () => a << b,
      '>>': () => a >> b,
      '>>>': () => unsigned(a) >> b,
    };
    return Number(BigInt.asIntN(32, results[r.op]()));
  }

  test('of 32 bits, wrapping', () => {
    fc.assert(
      fc.property(recipe, words, words, (r: IntRecipe, a, b) => {
        const kernels = bench.compile((lanes) => {
          const k = new KernelBuilder('integers', lanes);
          const parameters = [k.parameter('a'), k.parameter('b')];
          return k.finish(k.letInt(builtInt(r, parameters)));
        });
        const expected = evaluatedInt(r, [a, b]);
        for (const kernel of kernels) expect(kernel(a, b)).toBe(expected);
      }),
      { seed, numRuns: 300 },
    );
  });

  test('from memory and back', () => {
    const from = bench.words([1, -2, 2 ** 31 - 1, -(2 ** 31)]);
    const to = bench.words([0, 0, 0, 0]);
    const kernels = bench.compile((lanes) => {
      const k = new KernelBuilder('copy', lanes);
      const [a, b, n] = [k.parameter('a'), k.parameter('b'), k.parameter('n')];
      const i = k.letInt(0);
      k.whileInt(i.lt(n), () => {
        k.storeInt(b.add(i.shl(2)), k.loadInt(a.add(i.shl(2))));
        k.setInt(i, i.add(1));
      });
      return k.finish(i);
    });
    for (const copy of kernels) {
      to.fill(0);
      expect(copy(from.byteOffset, to.byteOffset, 3)).toBe(3);
      expect(Array.from(to)).toEqual([1, -2, 2 ** 31 - 1, 0]);
    }
  });
});

test('a value that is named is computed when it is named', () => {
  const kernels = bench.compile((lanes) => {
    const k = new KernelBuilder('order', lanes);
    const [to, n] = [k.parameter('to'), k.parameter('n')];
    const x: F64 = k.variable(1);
    k.each(n, (at) => {
      const before = k.let(x.add(0));
      k.set(x, x.mul(2));
      k.store(to.add(at), before.add(x));
    });
    return k.finish(k.letInt(0));
  });
  for (const kernel of kernels) {
    kernel(out.byteOffset, 1);
    expect(out[0]).toBe(3);
  }
});
