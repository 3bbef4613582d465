/**
 * Equations as a scientist writes them: arithmetic, functions, conditions. Parsed once, they serve
 * every use of a model: code of kernels, affine analysis, evaluation.
 *
 * Functions: exp(x); min(a, b); linoid(x) = x / (1 - exp(-x)), which is 1 at its removable
 * singularity x = 0 and accurate around it, as opening rates of ion channels need.
 */
import { didYouMean } from '../errors/index.js';

export type Equation =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'negate'; readonly a: Equation }
  | {
      readonly kind: 'arithmetic';
      readonly op: '+' | '-' | '*' | '/';
      readonly a: Equation;
      readonly b: Equation;
    }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Equation[] }
  | {
      readonly kind: 'if';
      readonly test: Condition;
      readonly then: Equation;
      readonly otherwise: Equation;
    };

/** The functions of equations, by the number of their arguments. */
const FUNCTIONS = { exp: 1, min: 2, linoid: 1 } as const;
export type FunctionName = keyof typeof FUNCTIONS;

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

/** A text that is not an equation, and why. */
export class EquationSyntaxError extends SyntaxError {
  constructor(
    text: string,
    readonly reason: string,
  ) {
    super(`equation '${text}': ${reason}`);
  }
}

export type Condition =
  | {
      readonly kind: 'compare';
      readonly op: '<' | '<=' | '>' | '>=' | '==';
      readonly a: Equation;
      readonly b: Equation;
    }
  | { readonly kind: 'or' | 'and'; readonly a: Condition; readonly b: Condition };

/** Parse `test ? a : b`, ||, &&, comparisons, + - * /, unary -, calls, names and numbers. */
export function parseEquation(text: string): Equation {
  const parser = new Parser(text);
  const equation = parser.equation();
  parser.end();
  return equation;
}

/** Parse a condition on its own. */
export function parseCondition(text: string): Condition {
  const parser = new Parser(text);
  const condition = parser.condition();
  if (condition === undefined) throw new EquationSyntaxError(text, 'it is not a condition');
  parser.end();
  return condition;
}

const TOKEN = /\s*(\d+(?:\.\d*)?(?:e[+-]?\d+)?|[A-Za-z_]\w*|<=|>=|==|\|\||&&|[-+*/()<>?:,])/y;

class Parser {
  private readonly tokens: string[] = [];
  private at = 0;

  constructor(private readonly text: string) {
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
      const from = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (!match) this.fail(`at '${text.slice(from).trim()}'`);
      this.tokens.push(match[1]);
    }
  }

  equation(): Equation {
    // A condition and a value begin alike: try the condition, and go back if no '?' follows.
    const start = this.at;
    const test = this.condition();
    if (test !== undefined && this.accept('?')) {
      const then = this.equation();
      this.expect(':');
      return { kind: 'if', test, then, otherwise: this.equation() };
    }
    this.at = start;
    return this.sum();
  }

  end(): void {
    if (this.at < this.tokens.length) this.fail(`unexpected '${this.tokens[this.at]}'`);
  }

  condition(): Condition | undefined {
    return this.chain('||', 'or', () => this.chain('&&', 'and', () => this.comparison()));
  }

  /** Conditions joined by one operator; `part` parses what binds tighter. */
  private chain(
    operator: '||' | '&&',
    kind: 'or' | 'and',
    part: () => Condition | undefined,
  ): Condition | undefined {
    let left = part();
    while (left !== undefined && this.accept(operator)) {
      const right = part();
      if (right === undefined) this.fail('a comparison is missing');
      left = { kind, a: left, b: right };
    }
    return left;
  }

  private comparison(): Condition | undefined {
    const a = this.sum();
    const op = this.peek();
    if (op !== '<' && op !== '<=' && op !== '>' && op !== '>=' && op !== '==') return undefined;
    this.next();
    return { kind: 'compare', op, a, b: this.sum() };
  }

  private sum(): Equation {
    let a = this.product();
    while (this.peek() === '+' || this.peek() === '-') {
      a = { kind: 'arithmetic', op: this.next() as '+' | '-', a, b: this.product() };
    }
    return a;
  }

  private product(): Equation {
    let a = this.factor();
    while (this.peek() === '*' || this.peek() === '/') {
      a = { kind: 'arithmetic', op: this.next() as '*' | '/', a, b: this.factor() };
    }
    return a;
  }

  private factor(): Equation {
    if (this.accept('-')) return { kind: 'negate', a: this.factor() };
    if (this.accept('(')) {
      const inner = this.equation();
      this.expect(')');
      return inner;
    }
    const token = this.next();
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (!/^[A-Za-z_]/.test(token)) this.fail(`unexpected '${token}'`);
    if (!this.accept('(')) return { kind: 'name', name: token };
    if (!isFunctionName(token)) {
      const hint = didYouMean(token, Object.keys(FUNCTIONS));
      this.fail(`unknown function '${token}'${hint}`);
    }
    const name = token;
    const args = [this.equation()];
    while (this.accept(',')) args.push(this.equation());
    this.expect(')');
    const wanted = FUNCTIONS[name];
    if (args.length !== wanted) this.fail(`${name} takes ${wanted}, not ${args.length}`);
    return { kind: 'call', name, args };
  }

  private peek(): string | undefined {
    return this.tokens[this.at];
  }

  private next(): string {
    if (this.at >= this.tokens.length) this.fail('it ends too early');
    return this.tokens[this.at++];
  }

  private accept(token: string): boolean {
    if (this.peek() !== token) return false;
    this.at += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token)) this.fail(`'${token}' expected before '${this.peek() ?? 'the end'}'`);
  }

  private fail(reason: string): never {
    throw new EquationSyntaxError(this.text, reason);
  }
}

/** Names that an equation uses. */
export function namesIn(equation: Equation | Condition): Set<string> {
  const names = new Set<string>();
  const visit = (e: Equation | Condition): void => {
    if (e.kind === 'name') names.add(e.name);
    for (const child of children(e)) visit(child);
  };
  visit(equation);
  return names;
}

function children(e: Equation | Condition): readonly (Equation | Condition)[] {
  switch (e.kind) {
    case 'number':
    case 'name':
      return [];
    case 'negate':
      return [e.a];
    case 'call':
      return e.args;
    case 'if':
      return [e.test, e.then, e.otherwise];
    default:
      return [e.a, e.b];
  }
}
