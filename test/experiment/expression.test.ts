import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExpressionError, UnknownNameError, ValueError } from '../../src/errors/index.js';
import { evaluateExpression } from '../../src/experiment/expression.js';

const SCOPE: Record<string, number> = { S: 10, n_exc: 4, x: 0.25 };

function evaluate(expression: string): number {
  return evaluateExpression(expression, 'here', (name) => SCOPE[name]!, Object.keys(SCOPE));
}

describe('values', () => {
  test.each([
    ['1', 1],
    [' 1.5e3 ', 1500],
    ['.5', 0.5],
    ['2.', 2],
    ['10 * S', 100],
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['10 - 4 - 3', 3],
    ['100 / 10 / 5', 2],
    ['2^3^2', 512],
    ['-2^2', -4],
    ['2^-1', 0.5],
    ['60^2', 3600],
    ['- - 3', 3],
    ['+S', 10],
    ['2 * -S', -20],
    ['min(S, n_exc, 7)', 4],
    ['max(1, 2)', 2],
    ['round(2.5)', 3],
    ['floor(-x)', -1],
    ['ceil(x)', 1],
    ['sqrt(n_exc)', 2],
    ['abs(-3)', 3],
    ['exp(0)', 1],
    ['log(1)', 0],
  ])('%s', (expression, value) => {
    expect(evaluate(expression)).toBe(value);
  });

  test('any arithmetic gives what ECMAScript gives', () => {
    const leaf = fc.oneof(
      fc.integer({ min: 0, max: 50 }).map(String),
      fc.constantFrom(...Object.keys(SCOPE)),
    );
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc
          .tuple(tie('tree'), fc.constantFrom('+', '-', '*'), tie('tree'))
          .map(([left, sign, right]) => `${left} ${sign} ${right}`),
        tie('tree').map((inner) => `(${inner})`),
        tie('tree').map((inner) => `-(${inner})`),
      ),
    }));
    fc.assert(
      fc.property(tree, (expression) => {
        const script = expression.replace(/[A-Za-z_]+/g, (name) => String(SCOPE[name]));
        expect(evaluate(expression)).toBe(new Function(`return ${script}`)());
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe('errors', () => {
  test.each([
    ['', 0, 'found the end'],
    ['1 +', 3, 'found the end'],
    ['1 2', 2, "found '2'"],
    ['(1 + 2', 6, "expected ')'"],
    ['1 $ 2', 2, "'$' has no meaning"],
    ['3 * * 2', 4, "found '*'"],
    ['sqrt(1, 2)', 0, 'sqrt takes 1 argument, not 2'],
    ['min()', 4, "found ')'"],
    [`${'('.repeat(200)}1${')'.repeat(200)}`, 100, 'levels of nesting'],
  ])('%s', (expression, position, problem) => {
    const error = failure(expression);
    expect(error).toBeInstanceOf(ExpressionError);
    expect(error).toMatchObject({ where: 'here', expression, position });
    expect(error.message).toContain(problem);
  });

  test('an unknown parameter names the closest one', () => {
    const error = failure('n_ecx + 1');
    expect(error).toBeInstanceOf(UnknownNameError);
    expect(error.message).toContain("did you mean 'n_exc'?");
  });

  test('an unknown function names the closest one', () => {
    expect(failure('sqr(2)').message).toContain("did you mean 'sqrt'?");
  });

  test.each(['1/0', '0/0', 'sqrt(-1)', 'log(0)', '10^400'])('%s is not finite', (expression) => {
    expect(failure(expression)).toBeInstanceOf(ValueError);
  });
});

function failure(expression: string): Error {
  try {
    evaluate(expression);
  } catch (error) {
    return error as Error;
  }
  throw new Error(`${expression} was accepted`);
}
