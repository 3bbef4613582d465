/**
 * Passing over the upstroke of a spike. Where one exponential of the driving variable outgrows all
 * else in its derivative, sub-steps go in cycles (upstroke-cycle.ts): some seventy of them in the upstroke
 * of an adaptive exponential neuron, which take less than 10^-6 ms together. As many as fit below the
 * ceiling are passed over at once; those before and after, and the spike itself, are sub-steps like all
 * others. What this changes is mostly below 10^-13 of a value, and nowhere more than roundings do.
 */
import { ROUNDER } from '../math/binary64.js';
import { affineForm } from './affine.js';
import type { KernelBuilder } from './builder.js';
import { exp } from './elementary.js';
import { type Condition, type Equation, namesIn } from './equation.js';
import type { F64, Mask } from './ir.js';
import type { ErrorControl, State, SubstepCode, Tolerance } from './substep-code.js';
import { type UpstrokeCycle, upstrokeCycle } from './upstroke-cycle.js';

/** Which variable runs away, up to which parameter. */
export interface Upstroke {
  readonly driver: string;
  readonly ceiling: string;
}

/** What else it takes to find the cycle for some parameters. */
export interface UpstrokeModel extends Upstroke {
  readonly derivatives: ReadonlyMap<string, Equation>;
  readonly definitions: ReadonlyMap<string, Equation>;
  readonly errorControl: ErrorControl;
}

/**
 * Parameters of the kernel, all 0 if there is no cycle: the slope factor; sub-step times slope at the
 * beginning of a cycle; by how much the driver grows in it, and by which power of e sub-steps shrink; the
 * time from there to infinity, times slope; and how far stages are above. But for the power, in units of
 * the driver.
 */
const SLOPE_FACTOR = 'upstroke slope factor';
const PACE = 'upstroke pace';
const ADVANCE = 'upstroke advance';
const DECAY = 'upstroke decay';
const DURATION = 'upstroke duration';
const REACH = 'upstroke reach';
const LEAD = 'upstroke lead';
const CENTRE = 'upstroke centre';
export const UPSTROKE_PARAMETERS = [
  SLOPE_FACTOR,
  PACE,
  ADVANCE,
  DECAY,
  DURATION,
  REACH,
  LEAD,
  CENTRE,
];

/** What the parameters of the upstroke follow from, variables included, for a model that has one. */
export function upstrokeDependsOn(model: UpstrokeModel): Set<string> {
  const { absolute, relative } = model.errorControl;
  const names = new Set([absolute, relative].filter((t) => typeof t === 'string'));
  const add = (e: Equation): void => {
    for (const name of namesIn(e)) {
      const definition = model.definitions.get(name);
      if (definition) add(definition);
      else names.add(name);
    }
  };
  add(argumentOf(model)!);
  return names;
}

/** Values of `UPSTROKE_PARAMETERS`, for a model that has an upstroke. */
export function upstrokeParameters(
  model: UpstrokeModel,
  values: ReadonlyMap<string, number>,
): number[] {
  const { driver, definitions, errorControl } = model;
  const slopeFactor = 1 / slopeOf(argumentOf(model)!, driver, definitions, values);
  const tolerance = (given: Tolerance) => (typeof given === 'number' ? given : values.get(given)!);
  const [absolute, relative] = [errorControl.absolute, errorControl.relative].map(tolerance);
  const cycle = cycleFor(slopeFactor, absolute, relative);
  if (!cycle) return UPSTROKE_PARAMETERS.map(() => 0);
  const { pace, advance, duration, reach, lead, centre } = cycle;
  return [
    slopeFactor,
    pace * slopeFactor,
    advance * slopeFactor,
    advance,
    pace * duration * slopeFactor,
    reach * slopeFactor,
    lead * slopeFactor,
    centre,
  ];
}

/** By how much an equation grows with a variable; 0 if that depends on where it is. */
function slopeOf(
  equation: Equation,
  variable: string,
  definitions: ReadonlyMap<string, Equation>,
  values: ReadonlyMap<string, number>,
): number {
  try {
    return affineForm(equation, values, definitions).row.get(variable) ?? 0;
  } catch {
    return 0;
  }
}

let last: { key: string; cycle: UpstrokeCycle | undefined } | undefined;

/** Remembers one, as neurons with parameters of their own mostly share these. */
function cycleFor(slopeFactor: number, absolute: number, relative: number) {
  if (!(slopeFactor > 0 && slopeFactor < Number.POSITIVE_INFINITY)) return undefined;
  const key = [slopeFactor, absolute, relative].join();
  if (last?.key !== key) last = { key, cycle: upstrokeCycle(slopeFactor, absolute, relative) };
  return last.cycle;
}

/** Whether there is an exponential in the driver's derivative. */
export function hasUpstroke(model: UpstrokeModel): boolean {
  return argumentOf(model) !== undefined;
}

/** Argument of the exponential in the driver's derivative. */
function argumentOf({ driver, derivatives, definitions }: UpstrokeModel): Equation | undefined {
  const find = (e: Equation | Condition): Equation | undefined => {
    if (e.kind === 'call' && e.name === 'exp') return e.args[0];
    const definition = e.kind === 'name' ? definitions.get(e.name) : undefined;
    if (definition) return find(definition);
    for (const child of Object.values(e).flat()) {
      const found = typeof child === 'object' ? find(child as Equation) : undefined;
      if (found) return found;
    }
    return undefined;
  };
  return find(derivatives.get(driver)!);
}

/** The driver's derivative but for the exponential. */
export function restOf({ driver, derivatives, definitions }: UpstrokeModel): Equation {
  const without = <E extends Equation | Condition>(e: E): E => {
    if (e.kind === 'call' && e.name === 'exp') return { kind: 'number', value: 0 } as E;
    const definition = e.kind === 'name' ? definitions.get(e.name) : undefined;
    if (definition) return without(definition) as E;
    const parts = Object.entries(e).map(([name, part]) => [
      name,
      Array.isArray(part) ? part.map(without) : typeof part === 'object' ? without(part) : part,
    ]);
    return Object.fromEntries(parts);
  };
  return without(derivatives.get(driver)!);
}

/** What is not of the exponential may be this part of the driver's slope. */
const NEGLIGIBLE = 2 ** -18;
/** What the other variables may change by in the cycles passed over, of 1 or their magnitude. */
const LARGEST_CHANGE = 2 ** -20;
/** How near the pace must be to that of the cycle, relatively; at first, with the rest in the slope. */
const ON_CYCLE = 2 ** -22;
const NEAR_CYCLE = 2 * NEGLIGIBLE;
/** Sub-steps passed over are longer than this part of the time within the step, which they thus change. */
const SHORTEST = 2 ** -52;

/** What there is of the neurons. */
export interface UpstrokeScope {
  /** Which of them have had a sub-step rejected, and may go on like this. */
  readonly waits: Mask;
  readonly state: State;
  readonly parameters: Readonly<Record<string, F64>>;
  /** Slope of the driver. */
  readonly slope: F64;
  /** The sub-step to be tried next, time within the grid step, and what is left of it. */
  readonly suggestion: F64;
  readonly t: F64;
  readonly left: F64;
}

/** For which neurons the suggested sub-step may be the first of a cycle, as far as is quickly said. */
export function nearCycle({ waits, parameters, slope, suggestion }: UpstrokeScope): Mask {
  return waits.and(differsLittle(suggestion.mul(slope), parameters[PACE], NEAR_CYCLE));
}

/** Relatively, and never from 0. */
function differsLittle(a: F64, b: F64, most: number): Mask {
  return a.sub(b).abs().lt(b.mul(most));
}

/**
 * For neurons near the cycle: passes over as many cycles as may be. `pass` receives for which neurons
 * there are any, the state behind them, the time they take and what is suggested then.
 */
export function passCycles(
  k: KernelBuilder,
  code: SubstepCode,
  { driver, ceiling }: Upstroke,
  rest: Equation,
  scope: UpstrokeScope,
  pass: (mask: Mask, state: State, time: F64, suggestion: F64) => void,
): void {
  const { state, parameters: p, slope, suggestion, t, left, waits } = scope;
  const before = state[driver];
  const others = code.names.filter((name) => name !== driver);
  const restAt = (value: F64): F64 => code.value(rest, { ...state, [driver]: value });
  const growth = k.let(slope.sub(restAt(before)));
  const pure = slope.sub(growth).abs().le(slope.mul(NEGLIGIBLE));
  const exact = differsLittle(suggestion.mul(growth), p[PACE], ON_CYCLE);
  const sure = k.let(waits.and(pure).and(exact).select(1, 0));
  k.ifAny(sure.eq(1), () => {
    const room = p[ceiling].sub(p[REACH]).sub(before).div(p[ADVANCE]);
    // The upper word of a double tells its binary logarithm, or slightly less.
    const octaves = suggestion
      .div(t.mul(SHORTEST))
      .high()
      .mul(2 ** -20)
      .sub(1023);
    const shrinking = octaves.mul(Math.LN2).div(p[DECAY]);
    const cycles = k.let(k.let(room).min(shrinking).sub(0.5).add(ROUNDER).sub(ROUNDER));
    const decay = k.let(cycles.mul(p[DECAY]));
    const shrunk = k.let(exp(k, decay.neg()));
    const gone = k.let(shrunk.neg().add(1));
    // The rest, which acts while e^-x is not small, makes it somewhat shorter or longer.
    const middle = restAt(k.let(before.add(p[SLOPE_FACTOR].mul(0.5))));
    const time = k.let(gone.sub(middle.div(growth).mul(0.5)).mul(p[DURATION]).div(growth));
    // The mean of V in it, where V = V_0 - Delta ln(1 - t / T): the other variables take it for V.
    const above = p[SLOPE_FACTOR].mul(decay.mul(shrunk).div(gone).neg().add(1));
    const mean = { ...state, [driver]: k.let(before.add(above)) };
    const changes = others.map((name) => k.let(code.slope(name, mean).mul(time)));
    const small = others.map((name, i) =>
      changes[i].abs().le(state[name].abs().add(1).mul(LARGEST_CHANGE)),
    );
    const some = sure.eq(1).and(cycles.ge(1)).and(time.lt(left));
    const mask = k.let(small.reduce((a, b) => a.and(b), some).select(1, 0)).eq(1);
    const there = restAt(k.let(before.add(p[SLOPE_FACTOR].mul(p[CENTRE]))));
    const further = k.let(p[LEAD].mul(there).div(growth).mul(gone));
    const changed = others.map((name, i) => [name, state[name].add(changes[i])] as const);
    const advanced = before.add(cycles.mul(p[ADVANCE]).add(further));
    const behind = { ...Object.fromEntries(changed), [driver]: advanced };
    const next = shrunk.mul(p[PACE]).div(growth);
    pass(mask, behind, time, next.sub(next.mul(further).div(p[SLOPE_FACTOR])));
  });
}
