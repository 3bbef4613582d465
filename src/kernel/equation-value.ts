/** Equations as numbers: what they come to for given values of their names. */
import { exp, expm1 } from '../math/index.js';
import type { Condition, Equation, FunctionName } from './equation.js';

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
    case 'min':
      return Math.min(a, b);
    case 'linoid':
      return a === 0 ? 1 : -a / expm1(-a);
  }
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
