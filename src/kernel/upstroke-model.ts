/**
 * Which models have an upstroke (upstroke.ts), by their equations, and what its kernel needs to know of
 * their parameters.
 */
import { affineForm } from './affine.js';
import { type Condition, closureOf, type Equation } from './equation.js';
import type { ErrorControl, Tolerance } from './substep-code.js';
import { type UpstrokeCycle, upstrokeCycle } from './upstroke-cycle.js';

/** Which variable runs away, up to which parameter, and its derivative but for the exponential. */
export interface Upstroke {
  readonly driver: string;
  readonly ceiling: string;
  readonly rest: Equation;
  /** What the exponential is of, and which integrated variables but the driver are in it. */
  readonly argument: Equation;
  readonly moving: readonly string[];
}

/** What else it takes to find the cycle for some parameters. */
export interface UpstrokeModel extends Upstroke {
  readonly definitions: ReadonlyMap<string, Equation>;
  readonly errorControl: ErrorControl;
}

/** A semilinear model, at least for its default parameters. */
export interface SemilinearEquations {
  readonly derivatives: ReadonlyMap<string, Equation>;
  readonly definitions: ReadonlyMap<string, Equation>;
  readonly driver: string;
  readonly ceiling: string;
  readonly errorControl: ErrorControl;
  /** Names that are 0 while no jump is under way. */
  readonly counters: ReadonlySet<string>;
}

/**
 * What runs away in a model, if anything does: there is one exponential of variables in the driver's
 * derivative, and the other equations are what they are for all parameters, linear in the driver.
 */
export function upstrokeOf(model: SemilinearEquations): UpstrokeModel | undefined {
  const { derivatives, definitions, driver, ceiling, errorControl } = model;
  const equation = derivatives.get(driver)!;
  const found = exponentialsIn(equation, model);
  if (found?.size !== 1) return undefined;
  const others = [...derivatives].filter(([name]) => name !== driver);
  if (others.some(([, other]) => hasChoices(other, model))) return undefined;
  const [text, argument] = [...found][0];
  const rest = without(equation, text, definitions);
  const names = closureOf(argument, definitions);
  const moving = others.map(([name]) => name).filter((name) => names.has(name));
  return { driver, ceiling, rest, argument, moving, definitions, errorControl };
}

/** Arguments of the exponentials of variables, by text; undefined if a condition depends on one. */
function exponentialsIn(
  equation: Equation,
  { derivatives, definitions }: SemilinearEquations,
): ReadonlyMap<string, Equation> | undefined {
  const found = new Map<string, Equation>();
  let inCondition = false;
  const visit = (e: Equation | Condition, tested: boolean): void => {
    const definition = e.kind === 'name' ? definitions.get(e.name) : undefined;
    if (definition) visit(definition, tested);
    const ofVariables = [...closureOf(e, definitions)].some((name) => derivatives.has(name));
    if (e.kind === 'call' && e.name === 'exp' && ofVariables) {
      found.set(JSON.stringify(e), e.args[0]);
      inCondition ||= tested;
    }
    for (const part of partsOf(e)) visit(part, tested || (e.kind === 'if' && part === e.test));
  };
  visit(equation, false);
  return inCondition ? undefined : found;
}

/** Whether an equation depends on a condition other than whether a jump is under way. */
function hasChoices(equation: Equation | Condition, model: SemilinearEquations): boolean {
  const { definitions, counters } = model;
  if (equation.kind === 'if') {
    const names = closureOf(equation.test, definitions);
    if (![...names].every((name) => counters.has(name))) return true;
  }
  const definition = equation.kind === 'name' ? definitions.get(equation.name) : undefined;
  const parts = definition ? [definition] : partsOf(equation);
  return parts.some((part) => hasChoices(part, model));
}

/** The equation with 0 in place of one part of it. */
function without<E extends Equation | Condition>(
  e: E,
  text: string,
  definitions: ReadonlyMap<string, Equation>,
): E {
  if (JSON.stringify(e) === text) return { kind: 'number', value: 0 } as E;
  const definition = e.kind === 'name' ? definitions.get(e.name) : undefined;
  if (definition) return without(definition, text, definitions) as E;
  const replaced = (part: unknown): unknown =>
    typeof part === 'object' ? without(part as Equation, text, definitions) : part;
  const parts = Object.entries(e).map(([name, part]) => [
    name,
    Array.isArray(part) ? part.map(replaced) : replaced(part),
  ]);
  return Object.fromEntries(parts);
}

function partsOf(e: Equation | Condition): (Equation | Condition)[] {
  return Object.values(e)
    .flat()
    .filter((part) => typeof part === 'object') as (Equation | Condition)[];
}

/** What the parameters of the upstroke follow from, variables included. */
export function upstrokeDependsOn(model: UpstrokeModel): Set<string> {
  const { absolute, relative } = model.errorControl;
  const tolerances = [absolute, relative].filter((t) => typeof t === 'string');
  return new Set([...tolerances, ...closureOf(model.argument, model.definitions)]);
}

/** Parameters of the kernel, by what they are called in it; all 0 where there is no cycle. */
export const UPSTROKE = {
  /** By how much the driver grows while the exponential grows by a factor of e. */
  slopeFactor: 'upstroke slope factor',
  /** At the beginning of a cycle, sub-step times slope; in units of the driver. */
  pace: 'upstroke pace',
  /** By how much the driver grows in a cycle. */
  rise: 'upstroke rise',
  /** The same in slope factors: by which power of e sub-steps shrink in a cycle. */
  advance: 'upstroke advance',
  /** Time from the beginning of a cycle to infinity, times slope. */
  duration: 'upstroke duration',
  /** How far the driver is above the beginning on the average of that time, in slope factors. */
  mean: 'upstroke mean',
  /** How far stages are above the beginning of a cycle. */
  reach: 'upstroke reach',
  /** What a part of the slope that is not of the exponential changes: see `UpstrokeCycle`. */
  lead: 'upstroke lead',
  leadOfSlope: 'upstroke lead of slope',
  leadSquare: 'upstroke lead square',
  paceChange: 'upstroke pace change',
  paceChangeOfSlope: 'upstroke pace change of slope',
  paceLead: 'upstroke pace lead',
  paceDelay: 'upstroke pace delay',
  delay: 'upstroke delay',
  delayOfSlope: 'upstroke delay of slope',
  excess: 'upstroke excess',
  excessOfSlope: 'upstroke excess of slope',
  paceSquare: 'upstroke pace square',
  delaySquare: 'upstroke delay square',
  largestPart: 'upstroke largest part',
  /** 1 if the driver is held after a spike, whose jumps do not depend on how far it was beyond the ceiling. */
  held: 'upstroke held',
} as const;
export const UPSTROKE_PARAMETERS: readonly string[] = Object.values(UPSTROKE);

/**
 * Steps for which a spike must hold the driver, if it does at all, for its upstroke to be passed over. How long
 * sub-steps are after the spike is known to some 10^-6 then, or not at all; they grow until a suggestion is a whole
 * step, which it is not yet after n steps in less than one case in 4^n (tried with sub-steps of 10^-12 to 0.1 steps).
 * If it is not when the driver is let go, which is after the first sub-step of a step, the time of that is wrong.
 */
export const LEAST_HELD_STEPS = 16;

/** Values of `UPSTROKE_PARAMETERS` for values of what they depend on. */
export function upstrokeParameters(
  model: UpstrokeModel,
): (values: ReadonlyMap<string, number>, held: boolean) => number[] {
  const { absolute, relative } = model.errorControl;
  return (values, held) => {
    const slopeFactor = 1 / slopeOf(model, values);
    const tolerance = (given: Tolerance) =>
      typeof given === 'number' ? given : values.get(given)!;
    const cycle = cycleOf(slopeFactor, tolerance(absolute), tolerance(relative));
    return numbersOf(cycle, slopeFactor, held);
  };
}

/**
 * Cycles that have been asked for, a few: populations, and neurons with parameters of their own, mostly share them, and
 * they follow from these numbers alone.
 */
const known = new Map<string, UpstrokeCycle | undefined>();
const MOST_KNOWN = 16;

function cycleOf(
  slopeFactor: number,
  absolute: number,
  relative: number,
): UpstrokeCycle | undefined {
  const key = [slopeFactor, absolute, relative].join();
  if (!known.has(key)) {
    if (known.size === MOST_KNOWN) known.clear();
    const valid = slopeFactor > 0 && slopeFactor < Number.POSITIVE_INFINITY;
    known.set(key, valid ? upstrokeCycle(slopeFactor, absolute, relative) : undefined);
  }
  return known.get(key);
}

function numbersOf(cycle: UpstrokeCycle | undefined, slopeFactor: number, held: boolean): number[] {
  if (!cycle) return UPSTROKE_PARAMETERS.map(() => 0);
  const inUnitsOfDriver = (value: number): number => value * slopeFactor;
  const values: Record<keyof typeof UPSTROKE, number> = {
    ...cycle,
    slopeFactor,
    pace: inUnitsOfDriver(cycle.pace),
    rise: inUnitsOfDriver(cycle.advance),
    duration: inUnitsOfDriver(cycle.duration),
    reach: inUnitsOfDriver(cycle.reach),
    paceDelay: inUnitsOfDriver(cycle.paceDelay),
    delay: inUnitsOfDriver(cycle.delay),
    delayOfSlope: inUnitsOfDriver(cycle.delayOfSlope),
    delaySquare: inUnitsOfDriver(cycle.delaySquare),
    excess: inUnitsOfDriver(cycle.excess),
    excessOfSlope: inUnitsOfDriver(cycle.excessOfSlope),
    held: held ? 1 : 0,
  };
  return (Object.keys(UPSTROKE) as (keyof typeof UPSTROKE)[]).map((name) => values[name]);
}

/** By how much the argument grows with the driver; 0 if that depends on where it is. */
function slopeOf(
  { driver, argument, definitions }: UpstrokeModel,
  values: ReadonlyMap<string, number>,
): number {
  try {
    return affineForm(argument, values, definitions).row.get(driver) ?? 0;
  } catch {
    return 0;
  }
}
