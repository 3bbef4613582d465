/** The functions of equations: the same bits in every form of a kernel, and as plain values. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KernelBuilder } from '../../src/kernel/builder.js';
import { type Equation, namesIn, parseEquation } from '../../src/kernel/equation.js';
import { EquationCode } from '../../src/kernel/equation-code.js';
import { equationValue } from '../../src/kernel/equation-value.js';
import { f64 } from '../../src/kernel/ir.js';
import { equationTexts, NAMES } from './interpret.js';
import { doubles } from './recipes.js';
import { exactly, type Lanes, WAYS, Workbench } from './workbench.js';

const seed = 20261124;
const LENGTH = 5;
const bench = new Workbench();
const columns = NAMES.map(() => bench.column(new Float64Array(LENGTH)));
const out = bench.column(new Float64Array(LENGTH));

function kernel(equation: Equation, lanes: Lanes) {
  const k = new KernelBuilder('value', lanes);
  const from = NAMES.map((name) => k.parameter(name));
  const [to, n] = [k.parameter('to'), k.parameter('n')];
  k.each(n, (at) => {
    const scope = new Map(NAMES.map((name, i) => [name, k.load(from[i].add(at))]));
    const code = new EquationCode(k, new Map(), new Map());
    k.store(to.add(at), f64(code.value(equation, scope)));
  });
  return k.finish(k.letInt(0));
}

/** Values at `LENGTH` elements, in every way of running. */
function inKernels(equation: Equation, values: readonly (readonly number[])[]): string[][] {
  columns.forEach((column, i) => {
    column.set(values[i]);
  });
  const addresses = columns.map((column) => column.byteOffset);
  return bench
    .compile((lanes) => kernel(equation, lanes))
    .map((run) => {
      out.fill(7);
      run(...addresses, out.byteOffset, LENGTH);
      return exactly(out);
    });
}

const triples = fc.array(fc.array(doubles, { minLength: LENGTH, maxLength: LENGTH }), {
  minLength: NAMES.length,
  maxLength: NAMES.length,
});

const [X, Y] = NAMES;
test.each([
  ...['exp', 'log', 'sqrt', 'abs', 'tanh'].map((name) => `${name}(${X})`),
  ...['min', 'max'].map((name) => `${name}(${X}, ${Y})`),
  ...[`${X} ^ ${Y}`, `${X} ^ 0.5`, `2 ^ ${X}`, `${X} ^ 0`, `${X} ^ 17`, `${X} ^ -2.5`],
  ...[1, 2, 3, 4, 7, 16, -1, -3, -16].map((n) => `${X} ^ ${n}`),
  `!(${X} < ${Y}) ? ${X} : -${Y}`,
])('%s as in plain arithmetic', (text) => {
  const equation = parseEquation(text);
  fc.assert(
    fc.property(triples, (values) => {
      const expected = Array.from({ length: LENGTH }, (_, i) =>
        equationValue(equation, (name) => values[NAMES.indexOf(name)][i]),
      );
      inKernels(equation, values).forEach((found, way) => {
        expect(found, WAYS[way].way).toEqual(exactly(expected));
      });
    }),
    { seed, numRuns: 100 },
  );
});

/** Kernels multiply by the reciprocal of what is constant, and so differ from a plain quotient. */
function dividesByConstant(e: unknown): boolean {
  if (typeof e !== 'object' || e === null) return false;
  const { kind, op, b } = e as { kind?: string; op?: string; b?: Equation };
  if (kind === 'arithmetic' && op === '/' && namesIn(b!).size === 0) return true;
  return Object.values(e).flat().some(dividesByConstant);
}

test('equations made of them', () => {
  fc.assert(
    fc.property(equationTexts, triples, (text, values) => {
      const equation = parseEquation(text);
      const [first, ...others] = inKernels(equation, values);
      for (const other of others) expect(other).toEqual(first);
      if (dividesByConstant(equation)) return;
      const expected = Array.from({ length: LENGTH }, (_, i) =>
        equationValue(equation, (name) => values[NAMES.indexOf(name)][i]),
      );
      expect(first).toEqual(exactly(expected));
    }),
    { seed, numRuns: 200 },
  );
});
