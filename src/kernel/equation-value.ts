/** Equations as numbers: what they come to for given values of their names. */
import { exp, expm1, log, pow, tanh } from '../math/index.js';
import type { Condition, Equation, FunctionName } from './equation.js';
import { wholePower } from './power.js';

/** Value of a name. */
export type ValueOf = (name: string) => number;

export function equationValue(e: Equation, look: ValueOf): number {
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'name':
      return look(e.name);
    case 'negate':
      return -equationValue(e.a, look);
    case 'arithmetic':
      return arithmetic(e.op, equationValue(e.a, look), equationValue(e.b, look));
    case 'power':
      return powerValue(e, equationValue(e.a, look), equationValue(e.b, look));
    case 'call':
      return functionValue(
        e.name,
        e.args.map((arg) => equationValue(arg, look)),
      );
    case 'if':
      return equationValue(conditionHolds(e.test, look) ? e.then : e.otherwise, look);
  }
}

export function conditionHolds(c: Condition, look: ValueOf): boolean {
  return holds(c, (e) => equationValue(e, look));
}

/** Whether a condition holds, given what its equations come to. */
export function holds(c: Condition, value: (e: Equation) => number): boolean {
  if (c.kind === 'not') return !holds(c.a, value);
  if (c.kind !== 'compare') {
    const first = holds(c.a, value);
    return c.kind === 'or' ? first || holds(c.b, value) : first && holds(c.b, value);
  }
  const a = value(c.a);
  const b = value(c.b);
  switch (c.op) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '==':
      return a === b;
  }
}

export function functionValue(name: FunctionName, args: readonly number[]): number {
  const [a, b] = args;
  switch (name) {
    case 'exp':
      return exp(a);
    case 'log':
      return log(a);
    case 'sqrt':
      return Math.sqrt(a);
    case 'abs':
      return Math.abs(a);
    case 'tanh':
      return tanh(a);
    case 'min':
      return smallerOf(a, b);
    case 'max':
      return largerOf(a, b);
    case 'linoid':
      return a === 0 ? 1 : -a / expm1(-a);
  }
}

/** As in kernels: not Math.min and Math.max, a NaN in `a` stays, one in `b` does not, and -0 equals 0. */
function smallerOf(a: number, b: number): number {
  if (b < a) return b;
  return a;
}

function largerOf(a: number, b: number): number {
  if (a < b) return b;
  return a;
}

/** What a power comes to: whole powers are products, as in kernels. */
export function powerValue(e: Extract<Equation, { kind: 'power' }>, a: number, b: number): number {
  return (
    wholePower(
      e.b,
      a,
      (x, y) => x * y,
      (x) => 1 / x,
    ) ?? pow(a, b)
  );
}

function arithmetic(op: '+' | '-' | '*' | '/', a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
  }
}
