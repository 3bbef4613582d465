/** Equations inside kernels: the operations as written, in the order of the parse tree. */
import type { KernelBuilder } from './builder.js';
import { type Exponential, exp, expFrom, linoid, tanh } from './elementary.js';
import { type Condition, type Equation, type FunctionName, namesIn } from './equation.js';
import { type F64, f64, type Mask } from './ir.js';
import { wholePower } from './power.js';

/** Values of the names in an equation. */
export type Scope = ReadonlyMap<string, F64>;

interface KnownExponential extends Exponential {
  readonly argument: Equation;
}

export class EquationCode {
  /** Values of equations in which only parameters occur, by their text: computed once. */
  private readonly fixed = new Map<string, F64>();
  private readonly definedIn = new WeakMap<Scope, Map<string, F64>>();
  /** Exponentials at a scope, or fixed multiples of them, by text. */
  private readonly exponentials = new WeakMap<Scope, Map<string, KnownExponential>>();
  /** From which other scope those of a scope follow. */
  private readonly followed = new WeakMap<Scope, Scope>();

  /** What stays the same in other scopes, by text. */
  private readonly steadyValues = new Map<string, F64>();
  private readonly steadyConditions = new Map<string, Mask>();

  constructor(
    private readonly k: KernelBuilder,
    private readonly definitions: ReadonlyMap<string, Equation>,
    /** Parameters: names whose values do not change while the kernel is at one element. */
    private readonly parameters: Scope,
  ) {}

  /**
   * Compute, where the builder stands, what the equations need of parameters alone: products,
   * functions, and reciprocals in place of divisions.
   */
  hoist(equations: Iterable<Equation>): void {
    const visit = (e: Equation | Condition): void => {
      if (e.kind === 'arithmetic' && e.op === '/' && this.isFixed(e.b)) this.reciprocal(e.b);
      if (isComputed(e) && this.isFixed(e)) {
        this.fixedValue(e, () => this.value(e, new Map()));
        return;
      }
      for (const child of Object.values(e).flat())
        if (typeof child === 'object') visit(child as Equation);
    };
    for (const equation of [...this.definitions.values(), ...equations]) visit(equation);
  }

  /**
   * Compute at `scope` what serves other scopes, too, in which only the names in `varying` have other
   * values: conditions and choices that stay the same, and the exponentials that `follow` begins with.
   */
  expand(equations: Iterable<Equation>, scope: Scope, varying: ReadonlySet<string>): void {
    const exponentials = new Map<string, KnownExponential>();
    this.exponentials.set(scope, exponentials);
    this.steadyValues.clear();
    this.steadyConditions.clear();
    const visit = (e: Equation | Condition): void => {
      const steady = this.isSteady(e, varying);
      if (e.kind === 'if' && steady) {
        this.steadyValues.set(JSON.stringify(e), this.k.let(this.value(e, scope)));
        return;
      }
      if (isCondition(e) && steady) {
        this.steadyConditions.set(JSON.stringify(e), this.k.letMask(this.test(e, scope)));
        return;
      }
      for (const child of Object.values(e).flat()) {
        if (typeof child === 'object') visit(child as Equation);
      }
      if (e.kind === 'call' && e.name === 'exp') {
        const [argument] = e.args;
        const x0 = this.k.let(this.value(argument, scope));
        exponentials.set(JSON.stringify(e), { argument, x0, power: exp(this.k, x0) });
      }
      const multiple = this.multipleOfExponential(e, exponentials);
      if (multiple) exponentials.set(JSON.stringify(e), multiple);
    };
    for (const equation of [...this.definitions.values(), ...equations]) visit(equation);
  }

  /** Exponentials at `scope` are to follow from those at a nearby one, which have been worked out. */
  follow(scope: Scope, nearby: Scope): void {
    this.followed.set(scope, nearby);
    this.exponentials.set(scope, new Map());
  }

  /** A fixed factor times an exponential that is known. */
  private multipleOfExponential(
    e: Equation | Condition,
    exponentials: ReadonlyMap<string, KnownExponential>,
  ): KnownExponential | undefined {
    if (e.kind !== 'arithmetic' || e.op !== '*' || !this.isFixed(e.a)) return undefined;
    const found = exponentials.get(JSON.stringify(e.b));
    if (found === undefined || found.factor) return undefined;
    const factor = this.value(e.a, new Map());
    return { ...found, power: this.k.let(found.power.mul(factor)), factor };
  }

  private isSteady(e: Equation | Condition, varying: ReadonlySet<string>): boolean {
    return [...namesIn(e)].every((name) => {
      const definition = this.definitions.get(name);
      return definition ? this.isSteady(definition, varying) : !varying.has(name);
    });
  }

  value(e: Equation, scope: Scope): F64 {
    const text = JSON.stringify(e);
    const known = this.fixed.get(text) ?? this.steadyValues.get(text);
    if (known) return known;
    const followed = this.followedExponential(text, scope);
    if (followed) return followed;
    switch (e.kind) {
      case 'number':
        return f64(e.value);
      case 'name': {
        const value = scope.get(e.name) ?? this.parameters.get(e.name);
        if (value) return value;
        const definition = this.definitions.get(e.name);
        if (!definition) throw new Error(`nothing is called '${e.name}'`);
        return this.defined(e.name, definition, scope);
      }
      case 'negate':
        return this.value(e.a, scope).neg();
      case 'arithmetic':
        return this.arithmetic(e, scope);
      case 'call': {
        const [a, b] = e.args.map((arg) => this.k.let(this.value(arg, scope)));
        return this.call(e.name, a, b);
      }
      case 'power': {
        const { k } = this;
        const a = k.let(this.value(e.a, scope));
        const times = (x: F64, y: F64): F64 => k.let(x.mul(y));
        const product = wholePower(e.b, a, times, (x) => f64(1).div(x));
        return product ?? k.call('pow', a, this.value(e.b, scope));
      }
      case 'if':
        return this.test(e.test, scope).select(
          this.value(e.then, scope),
          this.value(e.otherwise, scope),
        );
    }
  }

  private followedExponential(text: string, scope: Scope): F64 | undefined {
    const from = this.followed.get(scope);
    const nearby = from && this.exponentials.get(from)!.get(text);
    if (!nearby) return undefined;
    const x0 = this.k.let(this.value(nearby.argument, scope));
    const power = expFrom(this.k, nearby, x0);
    this.exponentials.get(scope)!.set(text, { ...nearby, x0, power });
    return power;
  }

  private call(name: FunctionName, a: F64, b: F64): F64 {
    const { k } = this;
    switch (name) {
      case 'exp':
        return exp(k, a);
      case 'log':
        return k.call('log', a);
      case 'sqrt':
        return a.sqrt();
      case 'abs':
        return a.abs();
      case 'tanh':
        return tanh(k, a);
      case 'min':
        return a.min(b);
      case 'max':
        return a.max(b);
      case 'linoid':
        return linoid(k, a);
    }
  }

  /** What a definition stands for, worked out once per scope. */
  private defined(name: string, definition: Equation, scope: Scope): F64 {
    const known = this.definedIn.get(scope) ?? new Map<string, F64>();
    this.definedIn.set(scope, known);
    const value = known.get(name) ?? this.k.let(this.value(definition, scope));
    known.set(name, value);
    return value;
  }

  test(c: Condition, scope: Scope): Mask {
    const known = this.steadyConditions.get(JSON.stringify(c));
    if (known) return known;
    if (c.kind === 'not') return this.test(c.a, scope).not();
    if (c.kind !== 'compare') {
      const [a, b] = [this.test(c.a, scope), this.test(c.b, scope)];
      return c.kind === 'or' ? a.or(b) : a.and(b);
    }
    const a = this.value(c.a, scope);
    const b = this.value(c.b, scope);
    switch (c.op) {
      case '<':
        return a.lt(b);
      case '<=':
        return a.le(b);
      case '>':
        return a.gt(b);
      case '>=':
        return a.ge(b);
      case '==':
        return a.eq(b);
    }
  }

  private arithmetic(e: Extract<Equation, { kind: 'arithmetic' }>, scope: Scope): F64 {
    const a = this.value(e.a, scope);
    if (e.op === '/' && this.isFixed(e.b)) return a.mul(this.reciprocal(e.b));
    const b = this.value(e.b, scope);
    switch (e.op) {
      case '+':
        return a.add(b);
      case '-':
        return a.sub(b);
      case '*':
        return a.mul(b);
      case '/':
        return a.div(b);
    }
  }

  private isFixed(e: Equation): boolean {
    return [...namesIn(e)].every((name) => this.parameters.has(name));
  }

  private reciprocal(e: Equation): F64 {
    return this.fixedValue({ kind: 'call', name: 'min', args: [e] }, () =>
      f64(1).div(this.value(e, new Map())),
    );
  }

  private fixedValue(key: Equation, compute: () => F64): F64 {
    const text = JSON.stringify(key);
    const known = this.fixed.get(text);
    if (known) return known;
    const value = this.k.let(compute());
    this.fixed.set(text, value);
    return value;
  }
}

function isComputed(e: Equation | Condition): e is Equation {
  return ['negate', 'arithmetic', 'call', 'power'].includes(e.kind);
}

function isCondition(e: Equation | Condition): e is Condition {
  return ['compare', 'and', 'or', 'not'].includes(e.kind);
}
