/** Writing a kernel: values come from expressions (ir.ts), statements from the methods here. */
import { F64, f64, Int, int, type Kernel, type Mask, type Statement } from './ir.js';

export class KernelBuilder {
  private body: Statement[] = [];
  private names = 0;
  private readonly parameters: string[] = [];

  constructor(
    private readonly name: string,
    private readonly lanes: 1 | 2,
  ) {}

  /** The next parameter: a count or byte address. */
  parameter(name: string): Int {
    this.parameters.push(name);
    return new Int({ kind: 'int-var', name });
  }

  /** A value computed once and named, to be used several times. */
  let(value: F64): F64 {
    const { kind } = value.expr;
    return kind === 'const' || kind === 'var' ? value : this.variable(value);
  }

  /** A variable that `set` can change. */
  variable(initial: F64 | number): F64 {
    const name = this.fresh('x');
    this.body.push({ kind: 'set', name, value: f64(initial).expr });
    return new F64({ kind: 'var', name });
  }

  set(variable: F64, value: F64 | number): void {
    if (variable.expr.kind !== 'var') throw new Error('only variables can be set');
    this.body.push({ kind: 'set', name: variable.expr.name, value: f64(value).expr });
  }

  letInt(value: Int | number): Int {
    const name = this.fresh('n');
    this.body.push({ kind: 'set-int', name, value: int(value).expr });
    return new Int({ kind: 'int-var', name });
  }

  setInt(variable: Int, value: Int | number): void {
    if (variable.expr.kind !== 'int-var') throw new Error('only variables can be set');
    this.body.push({ kind: 'set-int', name: variable.expr.name, value: int(value).expr });
  }

  /** One double per lane. */
  load(address: Int, offset = 0): F64 {
    return this.variable(new F64({ kind: 'load', address: address.expr, offset }));
  }

  /** One double for all lanes; read again wherever it is used, as constants are cheap to load. */
  loadAll(address: Int, offset = 0): F64 {
    return new F64({ kind: 'load-all', address: address.expr, offset });
  }

  loadInt(address: Int): Int {
    return this.letInt(new Int({ kind: 'int-load', address: address.expr }));
  }

  store(address: Int, value: F64, offset = 0): void {
    this.body.push({ kind: 'store', address: address.expr, offset, value: value.expr });
  }

  storeInt(address: Int, value: Int): void {
    this.body.push({ kind: 'store-int', address: address.expr, value: value.expr });
  }

  /** For each element (or pair): `at` is its byte offset in the columns, below 8 * count. */
  each(count: Int, block: (at: Int) => void): void {
    const at = this.fresh('at');
    const end = this.letInt(count.shl(3));
    const body = this.inside(() => block(new Int({ kind: 'int-var', name: at })));
    this.body.push({ kind: 'each', at, end: end.expr, body });
  }

  if(mask: Mask, then: () => void, otherwise: () => void = () => {}): void {
    this.body.push({
      kind: 'if',
      mask: mask.expr,
      then: this.inside(then),
      otherwise: this.inside(otherwise),
    });
  }

  /** For what is the same whether one lane or both need it: statements that hold for all lanes. */
  ifAny(mask: Mask, then: () => void): void {
    this.body.push({ kind: 'if-any', mask: mask.expr, then: this.inside(then) });
  }

  ifInt(condition: Int, then: () => void, otherwise: () => void = () => {}): void {
    this.body.push({
      kind: 'if-int',
      condition: condition.expr,
      then: this.inside(then),
      otherwise: this.inside(otherwise),
    });
  }

  while(mask: Mask, block: () => void): void {
    this.body.push({ kind: 'while', mask: mask.expr, body: this.inside(block) });
  }

  whileInt(condition: Int, block: () => void): void {
    this.body.push({ kind: 'while-int', condition: condition.expr, body: this.inside(block) });
  }

  break(): void {
    this.body.push({ kind: 'break' });
  }

  /** Append the numbers of the elements at byte offset `at` for which the mask holds to a list. */
  append(mask: Mask, at: Int, elements: Int, list: Int, count: Int): void {
    if (count.expr.kind !== 'int-var') throw new Error('the count must be a variable');
    this.body.push({
      kind: 'append',
      mask: mask.expr,
      at: at.expr,
      end: elements.shl(3).expr,
      list: list.expr,
      count: count.expr.name,
    });
  }

  finish(result: Int): Kernel {
    if (result.expr.kind !== 'int-var') throw new Error('the result must be a variable');
    const { name, parameters, lanes, body } = this;
    return { name, parameters, lanes, body, result: result.expr.name };
  }

  private inside(block: () => void): Statement[] {
    const outer = this.body;
    const inner: Statement[] = [];
    this.body = inner;
    block();
    this.body = outer;
    return inner;
  }

  private fresh(prefix: string): string {
    this.names += 1;
    return `${prefix}${this.names}`;
  }
}
