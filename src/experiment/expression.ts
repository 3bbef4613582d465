/**
 * Arithmetic in experiment files: numbers, named parameters, `+ - * / ^`, parentheses and a few
 * functions. Precedence as in mathematics: `^` binds tightest and groups from the right, and a
 * sign binds less tightly than `^`, so `-2^2` is -4.
 *
 *     sum     = product { ('+' | '-') product }
 *     product = signed { ('*' | '/') signed }
 *     signed  = ('+' | '-') signed | power
 *     power   = atom [ '^' signed ]
 *     atom    = number | name | name '(' sum { ',' sum } ')' | '(' sum ')'
 *
 * Operations that ECMAScript does not specify to the bit come from `math`, so the same file gives
 * the same numbers everywhere.
 */
import { ExpressionError, UnknownNameError, ValueError } from '../errors/index.js';
import { exp, log, pow } from '../math/index.js';

/** Value of a named parameter; called only for names that occur. */
export type Lookup = (name: string) => number;

interface ExpressionFunction {
  readonly minArguments: number;
  readonly maxArguments: number;
  readonly call: (...values: number[]) => number;
}

const unary = (call: (value: number) => number): ExpressionFunction => ({
  minArguments: 1,
  maxArguments: 1,
  call,
});

const variadic = (call: (...values: number[]) => number): ExpressionFunction => ({
  minArguments: 1,
  maxArguments: Number.POSITIVE_INFINITY,
  call,
});

const FUNCTIONS: ReadonlyMap<string, ExpressionFunction> = new Map<string, ExpressionFunction>([
  ['min', variadic(Math.min)],
  ['max', variadic(Math.max)],
  ['round', unary(Math.round)],
  ['floor', unary(Math.floor)],
  ['ceil', unary(Math.ceil)],
  ['sqrt', unary(Math.sqrt)],
  ['abs', unary(Math.abs)],
  ['exp', unary(exp)],
  ['log', unary(log)],
]);

/** What a parameter may be called. */
export const NAME_PATTERN = /^[A-Za-z_][A-Za-z0-9_]*$/;

const TOKEN =
  /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|([-+*/^(),]))/y;
const MAX_DEPTH = 100;

interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  readonly position: number;
}

/**
 * Value of an expression.
 * @param where path of the expression, for errors
 * @param knownNames parameters that exist, for suggestions
 * @throws ExpressionError (it cannot be read), UnknownNameError, ValueError (not a finite number)
 */
export function evaluateExpression(
  expression: string,
  where: string,
  lookup: Lookup,
  knownNames: readonly string[],
): number {
  const value = new Evaluation(expression, where, lookup, new Set(knownNames)).run();
  if (!Number.isFinite(value)) {
    throw new ValueError(
      where,
      expression,
      `an expression with a finite value (this one is ${value})`,
    );
  }
  return value;
}

/** One pass over one expression; values are computed while reading. */
class Evaluation {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(
    private readonly expression: string,
    private readonly where: string,
    private readonly lookup: Lookup,
    private readonly known: ReadonlySet<string>,
  ) {
    this.tokens = this.tokenize();
  }

  run(): number {
    const value = this.sum();
    if (this.next().kind !== 'end') this.fail(`expected an operator, found ${this.found()}`);
    return value;
  }

  private sum(): number {
    let value = this.product();
    for (;;) {
      if (this.takes('+')) value += this.product();
      else if (this.takes('-')) value -= this.product();
      else return value;
    }
  }

  private product(): number {
    let value = this.signed();
    for (;;) {
      if (this.takes('*')) value *= this.signed();
      else if (this.takes('/')) value /= this.signed();
      else return value;
    }
  }

  /** The one rule through which every nesting passes: its depth is bounded here. */
  private signed(): number {
    if (++this.depth > MAX_DEPTH) this.fail(`more than ${MAX_DEPTH} levels of nesting`);
    let value: number;
    if (this.takes('-')) value = -this.signed();
    else if (this.takes('+')) value = this.signed();
    else value = this.power();
    this.depth--;
    return value;
  }

  private power(): number {
    const base = this.atom();
    return this.takes('^') ? pow(base, this.signed()) : base;
  }

  private atom(): number {
    const token = this.next();
    if (token.kind === 'number') {
      this.at++;
      return Number(token.text);
    }
    if (token.kind === 'name') {
      this.at++;
      return this.takes('(') ? this.call(token) : this.parameter(token);
    }
    if (!this.takes('(')) this.fail(`expected a number, a name or '(', found ${this.found()}`);
    const value = this.sum();
    this.expect(')');
    return value;
  }

  private call(name: Token): number {
    const called = FUNCTIONS.get(name.text);
    if (called === undefined) {
      throw new UnknownNameError(`function in '${this.expression}'`, name.text, [
        ...FUNCTIONS.keys(),
      ]);
    }
    const values = [this.sum()];
    while (this.takes(',')) values.push(this.sum());
    this.expect(')');
    if (values.length < called.minArguments || values.length > called.maxArguments) {
      const expected = `${called.minArguments} argument${called.minArguments === 1 ? '' : 's'}`;
      this.fail(`${name.text} takes ${expected}, not ${values.length}`, name.position);
    }
    return called.call(...values);
  }

  private parameter(name: Token): number {
    if (!this.known.has(name.text)) {
      throw new UnknownNameError(`parameter in '${this.expression}'`, name.text, [...this.known]);
    }
    return this.lookup(name.text);
  }

  private next(): Token {
    return this.tokens[this.at] as Token;
  }

  private takes(sign: string): boolean {
    const token = this.next();
    if (token.kind !== 'sign' || token.text !== sign) return false;
    this.at++;
    return true;
  }

  private expect(sign: string): void {
    if (!this.takes(sign)) this.fail(`expected '${sign}', found ${this.found()}`);
  }

  private found(): string {
    const token = this.next();
    return token.kind === 'end' ? 'the end' : `'${token.text}'`;
  }

  private fail(problem: string, position = this.next().position): never {
    throw new ExpressionError(this.where, this.expression, position, problem);
  }

  private tokenize(): Token[] {
    const tokens: Token[] = [];
    const text = this.expression.trimEnd();
    let position = 0;
    while (position < text.length) {
      TOKEN.lastIndex = position;
      const match = TOKEN.exec(text);
      if (match === null) {
        const start = position + (text.slice(position).search(/\S/) ?? 0);
        throw new ExpressionError(
          this.where,
          this.expression,
          start,
          `'${text[start]}' has no meaning here`,
        );
      }
      const [whole, number, name, sign] = match;
      const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign';
      const token = number ?? name ?? sign ?? '';
      tokens.push({ kind, text: token, position: position + whole.length - token.length });
      position += whole.length;
    }
    tokens.push({ kind: 'end', text: '', position: text.length });
    return tokens;
  }
}
