/** Equations inside kernels: the operations as written, in the order of the parse tree. */
import type { KernelBuilder } from './builder.js';
import { exp, linoid } from './elementary.js';
import { type Condition, type Equation, namesIn } from './equation.js';
import { type F64, f64, type Mask } from './ir.js';

/** Values of the names in an equation. */
export type Scope = ReadonlyMap<string, F64>;

export class EquationCode {
  /** Values of equations in which only parameters occur, by their text: computed once. */
  private readonly fixed = new Map<string, F64>();
  private readonly definedIn = new WeakMap<Scope, Map<string, F64>>();

  constructor(
    private readonly k: KernelBuilder,
    private readonly definitions: ReadonlyMap<string, Equation>,
    /** Parameters: names whose values do not change while the kernel is at one element. */
    private readonly parameters: Scope,
  ) {}

  /**
   * Compute, where the builder stands, what the equations need of parameters alone: products,
   * and reciprocals in place of divisions.
   */
  hoist(equations: Iterable<Equation>): void {
    const visit = (e: Equation | Condition): void => {
      if (e.kind === 'arithmetic' && e.op === '/' && this.isFixed(e.b)) this.reciprocal(e.b);
      if (e.kind === 'arithmetic' && this.isFixed(e)) {
        this.fixedValue(e, () => this.arithmetic(e, new Map()));
        return;
      }
      for (const child of Object.values(e).flat())
        if (typeof child === 'object') visit(child as Equation);
    };
    for (const equation of [...this.definitions.values(), ...equations]) visit(equation);
  }

  value(e: Equation, scope: Scope): F64 {
    const known = this.fixed.get(JSON.stringify(e));
    if (known) return known;
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
        if (e.name === 'min') return a.min(b);
        return e.name === 'exp' ? exp(this.k, a) : linoid(this.k, a);
      }
      case 'if':
        return this.test(e.test, scope).select(
          this.value(e.then, scope),
          this.value(e.otherwise, scope),
        );
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
