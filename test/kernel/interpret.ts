/** Equations evaluated literally, and random ones as text. */
import fc from 'fast-check';
import type { Condition, Equation } from '../../src/kernel/equation.js';

export type Values = Readonly<Record<string, number>>;

export function evaluate(e: Equation, values: Values): number {
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'name':
      return values[e.name] ?? Number.NaN;
    case 'negate':
      return -evaluate(e.a, values);
    case 'arithmetic': {
      const [a, b] = [evaluate(e.a, values), evaluate(e.b, values)];
      return { '+': a + b, '-': a - b, '*': a * b, '/': a / b }[e.op];
    }
    case 'call': {
      const args = e.args.map((arg) => evaluate(arg, values));
      const f: (...args: number[]) => number = e.name === 'linoid' ? linoid : Math[e.name];
      return f(...args);
    }
    case 'power':
      return evaluate(e.a, values) ** evaluate(e.b, values);
    case 'if':
      return evaluate(holds(e.test, values) ? e.then : e.otherwise, values);
  }
}

const linoid = (x: number): number => (x === 0 ? 1 : x / -Math.expm1(-x));

export function holds(c: Condition, values: Values): boolean {
  if (c.kind === 'not') return !holds(c.a, values);
  if (c.kind !== 'compare') {
    const [a, b] = [holds(c.a, values), holds(c.b, values)];
    return c.kind === 'and' ? a && b : a || b;
  }
  const [a, b] = [evaluate(c.a, values), evaluate(c.b, values)];
  return { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b, '==': a === b }[c.op];
}

export const NAMES = ['x', 'y_1', 'V'];

/** The functions of equations that JavaScript has, by the number of their arguments. */
export const UNARY = ['exp', 'log', 'sqrt', 'abs', 'tanh'] as const;
export const BINARY = ['min', 'max'] as const;

/** Equations whose text is JavaScript too, once the functions above are defined. */
const { equation, condition } = fc.letrec<{
  equation: string;
  condition: string;
  sum: string;
  product: string;
  factor: string;
}>((tie) => {
  const joined = (part: 'sum' | 'product' | 'factor', operators: string[]) =>
    fc
      .tuple(
        tie(part),
        fc.array(fc.tuple(fc.constantFrom(...operators), tie(part)), { maxLength: 2 }),
      )
      .map(([first, rest]) => [first, ...rest.flat()].join(' '));
  return {
    equation: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'text' },
      tie('sum'),
      fc
        .tuple(tie('condition'), tie('equation'), tie('equation'))
        .map(([test, a, b]) => `${test} ? ${a} : ${b}`),
    ),
    condition: fc
      .array(
        fc.tuple(
          fc.constantFrom('&&', '||'),
          fc
            .tuple(
              fc.boolean(),
              tie('sum'),
              fc.constantFrom('<', '<=', '>', '>=', '==', '!='),
              tie('sum'),
            )
            .map(([not, a, op, b]) => (not ? `!(${a} ${op} ${b})` : `${a} ${op} ${b}`)),
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.flat().slice(1).join(' ')),
    sum: joined('product', ['+', '-']),
    product: joined('factor', ['*', '/']),
    factor: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'text' },
      fc.constantFrom(...NAMES, '0', '1', '2.5', '1e-3', '3e2', '7.'),
      tie('factor').map((a) => `- ${a}`),
      tie('equation').map((a) => `(${a})`),
      tie('factor').map((a) => `+ ${a}`),
      fc.tuple(fc.constantFrom(...UNARY), tie('equation')).map(([f, a]) => `${f}(${a})`),
      fc
        .tuple(fc.constantFrom(...BINARY), tie('equation'), tie('equation'))
        .map(([f, a, b]) => `${f}(${a}, ${b})`),
      fc.tuple(tie('equation'), tie('equation')).map(([a, b]) => `((${a}) ** (${b}))`),
    ),
  };
});
export const equationTexts: fc.Arbitrary<string> = equation;
export const conditionTexts: fc.Arbitrary<string> = condition;
