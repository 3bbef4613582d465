/**
 * Whether the fast path for semilinear models serves a defined neuron: affine equations but for one
 * exponential, driven by the variable that the threshold is on.
 */
import { affineForms, EXPONENTIAL, namesOfRows, type Row } from '../../kernel/affine.js';
import { type Condition, closureOf, type Equation, namesIn } from '../../kernel/equation.js';
import { conditionHolds } from '../../kernel/equation-value.js';
import { rowsOf } from '../../kernel/fast-path.js';
import { coreOf, planSubstep, type SubstepPlan } from '../../kernel/substep-plan.js';
import type { AdaptiveDynamics } from '../adaptive-neuron.js';
import { defaultsOf, type Values } from '../spec.js';
import { durations } from './jumps.js';
import type { ParsedNeuron } from './parse.js';

/** The fast path's error per ms is below 2e-12 times what the exponential is multiplied with. */
const LARGEST_FACTOR = 10;

/** Undefined if the default parameters do not give a model that the fast path can serve. */
export function fastPathOf(model: ParsedNeuron): AdaptiveDynamics['fast'] {
  // What is before a step is gone when what arrives is added.
  if (model.remembered.length > 0) return undefined;
  const found = shapeOf(model, defaultsOf(model.given.parameters));
  if (!found) return undefined;
  const { driver, ceiling, shape } = found;
  return {
    driver,
    ceiling,
    ceilingIf: {
      names: [...choicesIn(model, found.threshold.a), ...choicesIn(model, found.threshold.b)],
      holds: (values) => {
        const { a, b } = found.threshold;
        return nameOf(model, a, values) === driver && nameOf(model, b, values) === ceiling;
      },
    },
    heldFor: heldFor(model, driver),
    calm: calmOf(model),
    receives: Object.fromEntries(model.receives),
    // The kernel is made for one shape, and one ceiling.
    applies: (values) => {
      const other = shapeOf(model, values);
      return other?.shape === shape && other.ceiling === ceiling;
    },
  };
}

/** What a spike makes of a neuron is to hold the driver, and not to depend on it. */
function heldFor(
  model: ParsedNeuron,
  driver: string,
): NonNullable<AdaptiveDynamics['fast']>['heldFor'] {
  const { phases, reset, definitions } = model;
  const [first] = phases;
  if (!first?.clamp.has(driver)) return { names: [], steps: () => 0 };
  const jumps = [...reset.values(), ...first.clamp.values()];
  const forgets = !jumps.some((jump) => closureOf(jump, definitions).has(driver));
  const [steps] = Object.values(durations(model));
  return { names: steps.from, steps: (v, h) => (forgets ? steps.value(v, h) : 0) };
}

interface Shape {
  readonly driver: string;
  readonly ceiling: string;
  /** The equations that come to the driver and the ceiling. */
  readonly threshold: { readonly a: Equation; readonly b: Equation };
  /** What the rows of the plan name. */
  readonly shape: string;
}

function shapeOf(model: ParsedNeuron, parameters: Values): Shape | undefined {
  const bound = boundOf(model, parameters);
  if (!bound || !minimaFit(model, bound)) return undefined;
  if (![...model.receives.keys()].every((name) => model.derivatives.has(name))) return undefined;
  const counters = model.phases.map(({ counter }) => [counter, 0] as const);
  const values = new Map([...Object.entries(parameters), ...counters]);
  if (!hasOneExponential(model, values, bound.driver)) return undefined;
  const { derivatives, definitions } = model;
  const plan = planSubstep({ derivatives, definitions, driver: bound.driver }, values, 1);
  return { ...bound, shape: shapeText(plan) };
}

/** The threshold as `variable >= parameter`, if it is that for these parameters. */
function boundOf(model: ParsedNeuron, parameters: Values) {
  const { threshold } = model;
  if (threshold?.kind !== 'compare' || threshold.op !== '>=') return undefined;
  const driver = nameOf(model, threshold.a, parameters);
  const ceiling = nameOf(model, threshold.b, parameters);
  if (driver === undefined || !model.derivatives.has(driver)) return undefined;
  if (ceiling === undefined || !Object.hasOwn(parameters, ceiling)) return undefined;
  return { driver, ceiling, threshold };
}

/** Names in the conditions on which it depends what an equation comes to. */
function choicesIn(model: ParsedNeuron, e: Equation): Set<string> {
  if (e.kind === 'if') {
    const sides = [e.then, e.otherwise].flatMap((side) => [...choicesIn(model, side)]);
    return new Set([...namesIn(e.test), ...sides]);
  }
  const definition = e.kind === 'name' ? model.definitions.get(e.name) : undefined;
  return definition ? choicesIn(model, definition) : new Set();
}

/** The name that an equation comes to when its choices between parameters are made. */
function nameOf(model: ParsedNeuron, e: Equation, parameters: Values): string | undefined {
  if (e.kind === 'if') {
    if (![...namesIn(e.test)].every((name) => Object.hasOwn(parameters, name))) return undefined;
    const holds = conditionHolds(e.test, (name) => parameters[name]);
    return nameOf(model, holds ? e.then : e.otherwise, parameters);
  }
  if (e.kind !== 'name') return undefined;
  const definition = model.definitions.get(e.name);
  return definition ? nameOf(model, definition, parameters) : e.name;
}

/** The path takes min(a, b) for a: it must be the driver, below the ceiling. */
function minimaFit(model: ParsedNeuron, { driver, ceiling }: { driver: string; ceiling: string }) {
  const fits = (e: Equation | Condition): boolean => {
    if (e.kind === 'call' && e.name === 'min') {
      const [a, b] = e.args;
      const isBound =
        a.kind === 'name' && a.name === driver && b.kind === 'name' && b.name === ceiling;
      if (!isBound && !e.args.every((arg) => isConstant(model, arg))) return false;
    }
    const parts = Object.values(e).flat() as unknown[];
    return parts.every((part) => typeof part !== 'object' || fits(part as Equation | Condition));
  };
  return [...model.definitions.values(), ...model.derivatives.values()].every(fits);
}

function isConstant(model: ParsedNeuron, e: Equation): boolean {
  return [...namesIn(e)].every((name) => Object.hasOwn(model.given.parameters, name));
}

function hasOneExponential(
  model: ParsedNeuron,
  values: ReadonlyMap<string, number>,
  driver: string,
): boolean {
  const forms = affineForms(model.derivatives, values, model.definitions);
  if (!forms) return false;
  const rates = new Map<string, Row>();
  const withExponential: Row[] = [];
  let perExponential = 0;
  for (const [name, form] of forms) {
    rates.set(name, form.row);
    if (form.argument) withExponential.push(form.argument);
    perExponential += Math.abs(form.row.get(EXPONENTIAL) ?? 0);
  }
  const [argument] = withExponential;
  if (withExponential.length !== 1 || !argument.get(driver)) return false;
  return followersFit(rates, argument, driver) && perExponential <= LARGEST_FACTOR;
}

/** What the exponential does not depend on may depend on the driver alone, of what it depends on. */
function followersFit(rates: ReadonlyMap<string, Row>, argument: Row, driver: string): boolean {
  const core = new Set(coreOf(rates, argument));
  return [...rates].every(
    ([name, row]) =>
      core.has(name) ||
      (!row.has(EXPONENTIAL) &&
        [...row.keys()].every((other) => other === driver || !core.has(other))),
  );
}

function calmOf({ phases }: ParsedNeuron): string {
  return phases.map(({ counter }) => `${counter} == 0`).join(' && ') || '0 == 0';
}

function shapeText(plan: SubstepPlan): string {
  return [namesOfRows(rowsOf(plan)), ...plan.increased].join(';');
}
