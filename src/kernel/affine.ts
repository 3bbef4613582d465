/** Equations as rows of coefficients: which combination of state variables they are. */
import type { Equation } from './equation.js';
import { functionValue, holds, powerValue } from './equation-value.js';

/** Coefficients by name of the quantity; '1' stands for the constant. */
export type Row = ReadonlyMap<string, number>;

export const CONSTANT = '1';

/** What an equation is if some of its names are variables and the others numbers. */
export interface AffineForm {
  readonly row: Row;
  /** Argument of the one exponential, which appears in `row` under the name `exponential`. */
  readonly argument: Row | undefined;
}

export const EXPONENTIAL = 'exp';

/** An equation that is not affine. */
export class NotAffineError extends Error {}

/**
 * Interpret an equation in which `values` are numbers and all other names are variables or, by
 * `definitions`, equations of their own. `min(a, b)` is taken to be a, unless minima are refused: whoever uses
 * the result must see to it. Throws NotAffineError if the equation is not affine in the variables and one
 * exponential of them.
 */
export function affineForm(
  equation: Equation,
  values: ReadonlyMap<string, number>,
  definitions: ReadonlyMap<string, Equation>,
  minima: 'first' | 'refused' = 'first',
): AffineForm {
  let argument: Row | undefined;
  const interpret = (e: Equation): Row => {
    switch (e.kind) {
      case 'number':
        return constant(e.value);
      case 'name': {
        const value = values.get(e.name);
        if (value !== undefined) return constant(value);
        const definition = definitions.get(e.name);
        return definition ? interpret(definition) : itself(e.name);
      }
      case 'negate':
        return scaled(interpret(e.a), -1);
      case 'arithmetic':
        return combine(e.op, interpret(e.a), interpret(e.b));
      case 'power':
        return constant(powerValue(e, numberOf(interpret(e.a)), numberOf(interpret(e.b))));
      case 'call': {
        const args = e.args.map(interpret);
        if (args.every(isNumber)) return constant(functionValue(e.name, args.map(numberOf)));
        if (e.name === 'min' && minima === 'first') return args[0];
        if (e.name !== 'exp') throw new NotAffineError(`not affine: ${e.name} of a variable`);
        if (argument !== undefined) throw new NotAffineError('more than one exponential');
        argument = args[0];
        return new Map([[EXPONENTIAL, 1]]);
      }
      case 'if':
        return holds(e.test, (side) => numberOf(interpret(side)))
          ? interpret(e.then)
          : interpret(e.otherwise);
    }
  };
  const row = interpret(equation);
  return { row, argument };
}

/** All equations, interpreted likewise; undefined if one of them is not affine. */
export function affineForms(
  equations: ReadonlyMap<string, Equation>,
  values: ReadonlyMap<string, number>,
  definitions: ReadonlyMap<string, Equation>,
  minima: 'first' | 'refused' = 'first',
): Map<string, AffineForm> | undefined {
  const form = (e: Equation): AffineForm => affineForm(e, values, definitions, minima);
  try {
    return new Map([...equations].map(([name, e]) => [name, form(e)] as const));
  } catch (error) {
    if (error instanceof NotAffineError) return undefined;
    throw error;
  }
}

/** Of which names the rows are combinations, as text. */
export function namesOfRows(rows: Iterable<Row>): string {
  return Array.from(rows, (row) => [...row.keys()].join()).join(';');
}

/** The row of a quantity alone. */
export function itself(name: string): Row {
  return new Map([[name, 1]]);
}

export function constant(value: number): Row {
  return new Map([[CONSTANT, value]]);
}

export function scaled(row: Row, factor: number): Row {
  return new Map([...row].map(([name, value]) => [name, value * factor]));
}

/** a + factor * b */
export function plus(a: Row, b: Row, factor = 1): Row {
  const sum = new Map(a);
  for (const [name, value] of b) sum.set(name, (sum.get(name) ?? 0) + factor * value);
  return sum;
}

/** A row over other quantities: each name replaced by its own row. */
export function substitute(row: Row, rows: (name: string) => Row): Row {
  let sum: Row = new Map();
  for (const [name, value] of row) sum = plus(sum, rows(name), value);
  return sum;
}

function combine(op: '+' | '-' | '*' | '/', a: Row, b: Row): Row {
  if (op === '+') return plus(a, b);
  if (op === '-') return plus(a, b, -1);
  if (op === '/') return scaled(a, 1 / numberOf(b));
  return isNumber(a) ? scaled(b, numberOf(a)) : scaled(a, numberOf(b));
}

function isNumber(row: Row): boolean {
  return [...row.keys()].every((name) => name === CONSTANT);
}

function numberOf(row: Row): number {
  if (!isNumber(row))
    throw new NotAffineError('not affine: a factor, divisor, power or condition holds a variable');
  return row.get(CONSTANT) ?? 0;
}
