/** Writing a kernel: values come from expressions (ir.ts), statements from the methods here. */
import {
  type CalledFunction,
  F64,
  f64,
  Int,
  int,
  type Kernel,
  type Lanes,
  Mask,
  type Statement,
  Words,
} from './ir.js';

export class KernelBuilder {
  private body: Statement[] = [];
  private names = 0;
  private readonly parameters: string[] = [];
  /** Lanes for which assignments count; all if there is none. */
  private chosen: Mask | undefined;
  private oneLane: boolean;

  constructor(
    private readonly name: string,
    private readonly lanes: Lanes,
  ) {
    this.oneLane = lanes === 1;
  }

  /** The next parameter: a count or byte address. */
  parameter(name: string): Int {
    this.parameters.push(name);
    return new Int({ kind: 'int-var', name });
  }

  /** The next parameter of a routine. */
  argument(name: string): F64 {
    this.parameters.push(name);
    return new F64({ kind: 'var', name });
  }

  /** The value of a function of math/, with the same bits. */
  call(name: CalledFunction, ...args: readonly F64[]): F64 {
    return this.let(new F64({ kind: 'call', name, args: args.map((arg) => this.let(arg).expr) }));
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
    const assigned = this.chosen?.select(value, variable) ?? f64(value);
    this.body.push({ kind: 'set', name: variable.expr.name, value: assigned.expr });
  }

  /** A condition tested once and named, as it is now. */
  letMask(value: Mask): Mask {
    if (value.expr.kind === 'mask-var') return value;
    const name = this.fresh('m');
    this.body.push({ kind: 'set-mask', name, value: value.expr });
    return new Mask({ kind: 'mask-var', name });
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

  /**
   * A value that also waits in memory: `now` is for use at once, `later` is loaded wherever it is
   * used. V8 computes as late as it can and loads as early: in a long body, what was loaded for
   * later crowds out what is in use. A store makes it compute what is stored before it goes on.
   */
  keep(value: F64, address: Int, offset: number): { now: F64; later: F64 } {
    const now = this.let(value);
    this.store(address, now, offset);
    return { now, later: new F64({ kind: 'load', address: address.expr, offset }) };
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

  letWords(value: Words): Words {
    const name = this.fresh('w');
    this.body.push({ kind: 'set-words', name, value: value.expr });
    return new Words({ kind: 'words-var', name });
  }

  /** One word per lane. */
  loadWords(address: Int): Words {
    return this.letWords(new Words({ kind: 'words-load', address: address.expr }));
  }

  storeWords(address: Int, value: Words): void {
    this.body.push({ kind: 'store-words', address: address.expr, value: value.expr });
  }

  /**
   * For each element (or two, or four): `at` is its byte offset in columns of doubles, below 8 * count.
   * The last of them may be none of theirs.
   */
  each(count: Int, block: (at: Int) => void): void {
    this.loop(count, block, true);
  }

  /** The same where columns end with their last element: if it has no partner, it goes alone. */
  eachAlone(count: Int, block: (at: Int) => void): void {
    if (this.lanes === 4) throw new Error('words go four at a time, up to the end and beyond');
    this.loop(count, block, false);
  }

  private loop(count: Int, block: (at: Int) => void, padded: boolean): void {
    const at = this.fresh('at');
    const end = this.letInt(count.shl(3));
    const body = this.inside(() => block(new Int({ kind: 'int-var', name: at })));
    this.body.push({ kind: 'each', at, end: end.expr, padded, body });
  }

  /**
   * Where there are several lanes, each goes its way: what is `set` in a branch is set in the lanes
   * that take it. Nothing else may be done in the branches.
   */
  if(mask: Mask, then: () => void, otherwise?: () => void): void {
    if (!this.oneLane) return this.divide(mask, then, otherwise);
    this.body.push({
      kind: 'if',
      mask: mask.expr,
      then: this.inside(then),
      otherwise: otherwise ? this.inside(otherwise) : [],
    });
  }

  private divide(mask: Mask, then: () => void, otherwise: (() => void) | undefined): void {
    const outer = this.chosen;
    // What the mask depends on may change in the branches.
    const taken = (lanes: Mask): Mask => this.letMask(outer ? outer.and(lanes) : lanes);
    const branches = [[taken(mask), then] as const];
    if (otherwise) branches.push([taken(mask.not()), otherwise]);
    for (const [lanes, branch] of branches) {
      this.ifAny(lanes, () => {
        this.chosen = lanes;
        branch();
      });
      this.chosen = outer;
    }
  }

  /** For the lanes in which the mask holds, one after the other: statements about that lane alone. */
  eachLane(mask: Mask, block: () => void): void {
    const bits = this.fresh('n');
    const [several, outer] = [this.oneLane, this.chosen];
    this.oneLane = true;
    this.chosen = undefined;
    const body = this.inside(block);
    this.oneLane = several;
    this.chosen = outer;
    this.body.push({ kind: 'each-lane', mask: mask.expr, bits, body });
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

  whileInt(condition: Int, block: () => void): void {
    this.body.push({ kind: 'while-int', condition: condition.expr, body: this.inside(block) });
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
      bits: this.fresh('n'),
    });
  }

  finish(result: Int): Kernel {
    if (result.expr.kind !== 'int-var') throw new Error('the result must be a variable');
    const { name, parameters, lanes, body } = this;
    return { name, parameters, lanes, body, result: result.expr.name };
  }

  /** The statements so far, for a routine, which returns a double instead. */
  get statements(): readonly Statement[] {
    return this.body;
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
