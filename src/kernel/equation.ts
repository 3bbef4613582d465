/**
 * Equations as a scientist writes them: arithmetic, functions, conditions. Parsed once, they serve
 * every use of a model: code of kernels, affine analysis, evaluation.
 *
 * Functions: exp(x), log(x), sqrt(x), abs(x), tanh(x); min(a, b) and max(a, b); linoid(x) =
 * x / (1 - exp(-x)), which is 1 at its removable singularity x = 0 and accurate around it, as
 * opening rates of ion channels need. `before(x)` is a name, for the value of x before the step.
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
  /** a to the power b. */
  | { readonly kind: 'power'; readonly a: Equation; readonly b: Equation }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Equation[] }
  | {
      readonly kind: 'if';
      readonly test: Condition;
      readonly then: Equation;
      readonly otherwise: Equation;
    };

/** The functions of equations, by the number of their arguments. */
const FUNCTIONS = { exp: 1, log: 1, sqrt: 1, abs: 1, tanh: 1, min: 2, max: 2, linoid: 1 } as const;
export type FunctionName = keyof typeof FUNCTIONS;

const BEFORE = 'before';
/** The name of what a variable was before the step. */
export const valueBefore = (name: string): string => `${BEFORE}(${name})`;

/** Words that stand before brackets, which nothing else can be called. */
export function isReserved(name: string): boolean {
  return name === BEFORE || isFunctionName(name);
}

function isFunctionName(name: string): name is FunctionName {
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
  | { readonly kind: 'or' | 'and'; readonly a: Condition; readonly b: Condition }
  | { readonly kind: 'not'; readonly a: Condition };

/**
 * Parse `test ? a : b`, ||, &&, !, comparisons, + - * /, signs, powers (^ or **), calls, names and
 * numbers. Powers group from the right and bind tighter than signs: -2^2 is -4.
 */
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

const TOKEN =
  /\s*((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|<=|>=|==|!=|\|\||&&|\*\*|[-+*/^()<>?:,!])/y;

function isCondition(e: Equation | Condition): e is Condition {
  return e.kind === 'compare' || e.kind === 'or' || e.kind === 'and' || e.kind === 'not';
}

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
    return this.value(this.expression());
  }

  condition(): Condition | undefined {
    const parsed = this.expression();
    return isCondition(parsed) ? parsed : undefined;
  }

  end(): void {
    if (this.at < this.tokens.length) this.fail(`unexpected '${this.tokens[this.at]}'`);
  }

  /** A value or a condition: which of them stands in brackets shows only behind them. */
  private expression(): Equation | Condition {
    const test = this.chain('||', 'or', () => this.chain('&&', 'and', () => this.comparison()));
    if (!isCondition(test) || !this.accept('?')) return test;
    const then = this.equation();
    this.expect(':');
    return { kind: 'if', test, then, otherwise: this.equation() };
  }

  /** Conditions joined by one operator; `part` parses what binds tighter. */
  private chain(
    operator: '||' | '&&',
    kind: 'or' | 'and',
    part: () => Equation | Condition,
  ): Equation | Condition {
    let left = part();
    while (isCondition(left) && this.accept(operator)) {
      const right = part();
      if (!isCondition(right)) this.fail('a comparison is missing');
      left = { kind, a: left, b: right };
    }
    return left;
  }

  private comparison(): Equation | Condition {
    const a = this.sum();
    const op = this.peek();
    const isOther = op === '!=';
    if (op !== '<' && op !== '<=' && op !== '>' && op !== '>=' && op !== '==' && !isOther) return a;
    this.next();
    const [left, right] = [this.value(a), this.value(this.sum())];
    if (!isOther) return { kind: 'compare', op, a: left, b: right };
    return { kind: 'not', a: { kind: 'compare', op: '==', a: left, b: right } };
  }

  private sum(): Equation | Condition {
    let a = this.product();
    while (this.peek() === '+' || this.peek() === '-') {
      const op = this.next() as '+' | '-';
      a = { kind: 'arithmetic', op, a: this.value(a), b: this.value(this.product()) };
    }
    return a;
  }

  private product(): Equation | Condition {
    let a = this.factor();
    while (this.peek() === '*' || this.peek() === '/') {
      const op = this.next() as '*' | '/';
      a = { kind: 'arithmetic', op, a: this.value(a), b: this.value(this.factor()) };
    }
    return a;
  }

  private factor(): Equation | Condition {
    if (this.accept('-')) return { kind: 'negate', a: this.value(this.factor()) };
    if (this.accept('+')) return this.value(this.factor());
    if (this.accept('!')) {
      const negated = this.factor();
      if (!isCondition(negated)) this.fail("a condition in brackets is due after '!'");
      return { kind: 'not', a: negated };
    }
    const a = this.atom();
    if (!this.accept('^') && !this.accept('**')) return a;
    return { kind: 'power', a: this.value(a), b: this.value(this.factor()) };
  }

  private atom(): Equation | Condition {
    if (this.accept('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    const token = this.next();
    if (/^\.?\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (!/^[A-Za-z_]/.test(token)) this.fail(`unexpected '${token}'`);
    return this.accept('(') ? this.call(token) : { kind: 'name', name: token };
  }

  private call(name: string): Equation {
    if (name === BEFORE) {
      const variable = this.equation();
      if (variable.kind !== 'name') this.fail(`${BEFORE} takes the name of a variable`);
      this.expect(')');
      return { kind: 'name', name: valueBefore(variable.name) };
    }
    if (!isFunctionName(name)) {
      const hint = didYouMean(name, [...Object.keys(FUNCTIONS), BEFORE]);
      this.fail(`unknown function '${name}'${hint}`);
    }
    const args = [this.equation()];
    while (this.accept(',')) args.push(this.equation());
    this.expect(')');
    const wanted = FUNCTIONS[name];
    if (args.length !== wanted) this.fail(`${name} takes ${wanted}, not ${args.length}`);
    return { kind: 'call', name, args };
  }

  private value(parsed: Equation | Condition): Equation {
    if (isCondition(parsed)) this.fail("it is a condition where a value is due; '?' chooses by it");
    return parsed;
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
    case 'not':
      return [e.a];
    case 'call':
      return e.args;
    case 'if':
      return [e.test, e.then, e.otherwise];
    default:
      return [e.a, e.b];
  }
}

/** Names in an equation, and in the definitions of these. */
export function closureOf(
  e: Equation | Condition,
  definitions: ReadonlyMap<string, Equation>,
): Set<string> {
  const names = new Set<string>();
  const add = (part: Equation | Condition): void => {
    for (const name of namesIn(part)) {
      const definition = definitions.get(name);
      if (definition) add(definition);
      else names.add(name);
    }
  };
  add(e);
  return names;
}
