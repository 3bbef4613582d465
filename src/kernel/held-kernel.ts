/**
 * Whole steps of neurons that are held: clamped or refractory, as counters say that are not 0. Mostly nothing then
 * feeds an exponential, and one sub-step does, by the operations of rkf45-kernel.ts and to the same bits.
 */
import type { AdaptiveModel } from './adaptive-model.js';
import { KernelBuilder } from './builder.js';
import { type Condition, type Equation, namesIn } from './equation.js';
import { EquationCode } from './equation-code.js';
import { f64, type Kernel } from './ir.js';
import { Scratch, SubstepCode } from './substep-code.js';
import { wholeStep } from './whole-step-kernel.js';

/**
 * Kernel (columns, shared, input, inhibitory, list, count, step, scratch) -> how many of the listed neurons are left
 * to the general path, first in the list; the others have taken what arrives. See rkf45-kernel.ts for the rest.
 *
 * @param calm that no counter is above 0
 */
export function heldKernel(name: string, model: AdaptiveModel, calm: Condition): Kernel {
  const k = new KernelBuilder(name, 1);
  const table = k.parameter('columns');
  const shared = k.parameter('shared');
  const inputs = [k.parameter('input'), k.parameter('inhibitory')];
  const list = k.parameter('list');
  const count = k.parameter('count');
  const h = k.loadAll(k.parameter('step'));
  const scratch = new Scratch(k, k.parameter('scratch'), 1);
  const parameters = Object.fromEntries(
    model.parameters.map((parameter, i) => [parameter, k.loadAll(shared, 8 * i)]),
  );
  const held = { ...model, ...whileHeld(model, namesIn(calm)) };
  const code = new SubstepCode(k, held, parameters, scratch);
  const conditions = new EquationCode(k, new Map(), new Map());
  const left = k.letInt(0);
  const next = k.letInt(0);
  k.whileInt(next.lt(count), () => {
    const neuron = k.letInt(k.loadInt(list.add(next.shl(2))));
    const at = k.letInt(neuron.shl(3));
    const before = (column: string) =>
      k.load(k.loadInt(table.add(4 * model.columns.indexOf(column))).add(at));
    const done = k.variable(0);
    const counters = new Map([...namesIn(calm)].map((counter) => [counter, before(counter)]));
    k.if(conditions.test(calm, counters).not(), () => {
      const [input, inhibitoryInput] = inputs.map((address) => k.load(address.add(at)));
      const arriving = { input, inhibitoryInput: model.signedInput ? inhibitoryInput : f64(0) };
      const step = wholeStep({ k, model: held, code, parameters, h, before, ...arriving });
      k.if(step.done, () => {
        k.set(done, 1);
        model.columns.forEach((column, i) => {
          k.store(k.loadInt(table.add(4 * i)).add(at), step.state[column]);
        });
        const taken = model.signedInput ? inputs : inputs.slice(0, 1);
        for (const address of taken) k.store(address.add(at), f64(0));
      });
    });
    k.if(done.eq(0), () => {
      k.storeInt(list.add(left.shl(2)), neuron);
      k.setInt(left, left.add(1));
    });
    k.setInt(next, next.add(1));
  });
  return k.finish(left);
}

/** The model's equations where one of the counters is above 0, without definitions that nothing needs. */
function whileHeld(
  { derivatives, definitions }: AdaptiveModel,
  counters: ReadonlySet<string>,
): Pick<AdaptiveModel, 'derivatives' | 'definitions'> {
  const simplified = (equations: ReadonlyMap<string, Equation>) =>
    new Map([...equations].map(([name, e]) => [name, chosen(e, counters)] as const));
  const held = simplified(definitions);
  const needed = simplified(derivatives);
  const used = new Set<string>();
  const use = (e: Equation): void => {
    for (const name of namesIn(e)) {
      const definition = held.get(name);
      if (!definition || used.has(name)) continue;
      used.add(name);
      use(definition);
    }
  };
  for (const e of needed.values()) use(e);
  return {
    derivatives: needed,
    definitions: new Map([...held].filter(([name]) => used.has(name))),
  };
}

/** The equation with choices made that depend on whether any of the counters is above 0. */
function chosen(e: Equation, counters: ReadonlySet<string>): Equation {
  const part = (of: Equation): Equation => chosen(of, counters);
  switch (e.kind) {
    case 'number':
    case 'name':
      return e;
    case 'negate':
      return { ...e, a: part(e.a) };
    case 'call':
      return { ...e, args: e.args.map(part) };
    case 'if': {
      const known = knownWhileHeld(e.test, counters);
      if (known !== undefined) return part(known ? e.then : e.otherwise);
      return { ...e, then: part(e.then), otherwise: part(e.otherwise) };
    }
    default:
      return { ...e, a: part(e.a), b: part(e.b) };
  }
}

/** Whether a condition holds if one of the counters is above 0; undefined where that does not tell. */
function knownWhileHeld(c: Condition, counters: ReadonlySet<string>): boolean | undefined {
  if (c.kind === 'not') {
    const known = knownWhileHeld(c.a, counters);
    return known === undefined ? undefined : !known;
  }
  const covers = (kind: 'or' | 'and', op: '>' | '=='): boolean => {
    const compared = new Set(joined(c, kind).map((part) => counterIn(part, op)));
    return [...counters].every((counter) => compared.has(counter));
  };
  if (covers('or', '>')) return true;
  return covers('and', '==') ? false : undefined;
}

/** The conditions that are joined by one operator. */
function joined(c: Condition, kind: 'or' | 'and'): Condition[] {
  if (c.kind !== 'or' && c.kind !== 'and') return [c];
  return c.kind === kind ? [...joined(c.a, kind), ...joined(c.b, kind)] : [c];
}

/** The name that is compared with 0 in this way. */
function counterIn(c: Condition, op: '>' | '=='): string | undefined {
  if (c.kind !== 'compare' || c.op !== op || c.a.kind !== 'name') return undefined;
  return c.b.kind === 'number' && c.b.value === 0 ? c.a.name : undefined;
}
