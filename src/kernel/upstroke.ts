/**
 * Passing over the upstroke of a spike. Where one exponential of the driving variable outgrows all
 * else in its derivative, sub-steps go in cycles (upstroke-cycle.ts): some ninety of them in the upstroke
 * of an adaptive exponential neuron. As many as fit below the ceiling are passed over at once; those before and
 * after, and the spike itself, are sub-steps like all others. But where what is left behind the cycles takes no time
 * that could be seen, and nothing depends on how far the driver gets in it, the driver is put to the ceiling.
 *
 * With x for the driver above where the cycles begin, in slope factors, dx/dt = growth (e^x + part), where
 * the part of what is not of the exponential is small and linear in x. What the cycles come to is that of the
 * exact solution, as a series in the part (upstroke-course.ts), and of what the cycles differ from it. In a step
 * with a spike this mostly changes values by 10^-15 to 10^-12 of theirs. Without a clamp, sub-steps after the spike
 * begin as long as the last ones before it, which the ceiling disturbs; where they err by as much as they may, one
 * spike in a hundred changes values by more than 10^-11.
 */
import { ROUNDER } from '../math/binary64.js';
import type { KernelBuilder } from './builder.js';
import { exp } from './elementary.js';
import type { F64, Mask } from './ir.js';
import type { State, SubstepCode } from './substep-code.js';
import { courseInKernel } from './upstroke-course.js';
import { UPSTROKE, type Upstroke } from './upstroke-model.js';

/**
 * How far what is passed over may be from pure cycles. If the driver is held after a spike, the spike's time
 * alone matters; else sub-steps after the spike depend on the last ones before it.
 */
const LIMITS = {
  /**
   * The part of what is not of the exponential, beside what the cycle allows; what sub-steps make of its cube is
   * left out.
   */
  part: { held: 1, free: 2.5e-3 },
  /** By how much it may change as the other variables do, of which the square is left out. */
  change: { held: 2 ** -20, free: 2 ** -22 },
  /** What the other variables may change by, of 1 or their magnitude; the fifth power is left out. */
  others: { held: 2 ** -9, free: 2 ** -11 },
  /** How near the pace must be to that of the cycle, relatively; its square is left out. */
  pace: { held: 2 ** -9, free: 2 ** -12 },
} as const;
/** The last as long as it is not known what the part makes of it. */
const PERHAPS_NEAR = 2 ** -5;
/** So many times the largest part, as long as it is not known what it is later. */
const PERHAPS_PURE = 2;
/**
 * Part and distance from the cycle, times the sub-step behind the cycles, in ms: when the neuron fires depends
 * on the last sub-steps, and these, at the ceiling, on what is left out.
 */
const LEFT_OVER = 2 ** -38;
/**
 * Neurons fire at once if the sub-step behind the cycles is this short, in grid steps, as what is left of the
 * upstroke changes nothing then; and if the driver is so near the ceiling, in slope factors, that sub-steps
 * too short to change the time, which are taken whatever their error, do not go astray by much.
 */
const FLEETING = 2 ** -40;
const NEAR_CEILING = 8;
/**
 * Of the sub-step suggested behind the cycles, so much is tried at the ceiling: where the exponential does not end
 * there, it is up to e^8 times as large.
 */
export const AT_CEILING = 2 ** -12;
/** Sub-steps passed over are longer than this part of the time within the step, which they thus change. */
const SHORTEST = 2 ** -52;

/** What there is of the neurons. */
export interface UpstrokeScope {
  /** Which of them have had a sub-step rejected, and may go on like this. */
  readonly waits: Mask;
  readonly state: State;
  readonly parameters: Readonly<Record<string, F64>>;
  /** Derivatives of the integrated variables. */
  readonly slopes: State;
  /** The sub-step to be tried next, time within the grid step, and what is left of it. */
  readonly suggestion: F64;
  readonly t: F64;
  readonly left: F64;
  /** The grid step. */
  readonly h: F64;
  /** The driver may not be above this. */
  readonly highest: number;
}

/** For which neurons the suggested sub-step may be the first of a cycle, as far as is quickly said. */
function nearCycle(
  { driver }: Upstroke,
  { waits, parameters, slopes, suggestion }: UpstrokeScope,
): Mask {
  const pace = suggestion.mul(slopes[driver]);
  return waits.and(differsLittle(pace, parameters[UPSTROKE.pace], PERHAPS_NEAR));
}

/** For which there may be little beside the exponential in the slope. */
function nearlyPure(
  code: SubstepCode,
  { driver, rest }: Upstroke,
  { state, parameters, slopes }: UpstrokeScope,
): Mask {
  const most = slopes[driver].mul(parameters[UPSTROKE.largestPart]).mul(PERHAPS_PURE);
  return code.value(rest, state).abs().le(most);
}

/** Relatively, and never from 0. */
function differsLittle(a: F64, b: F64, most: number): Mask {
  return a.sub(b).abs().lt(b.mul(most));
}

/** The cycles to be passed over, for each neuron. */
interface Passage {
  readonly cycles: F64;
  /** By how much x grows, and e^-x behind them. */
  readonly advance: F64;
  readonly shrunk: F64;
  readonly time: F64;
  /** How far above its beginning x is on the average of that time. */
  readonly mean: F64;
}

type Pass = (mask: Mask, state: State, time: F64, suggestion: F64) => void;
type Fire = (mask: Mask) => void;

/** The driver behind the cycles, and the sub-step that is suggested then. */
interface Behind {
  readonly driver: F64;
  readonly suggestion: F64;
}

class Passing {
  /** The driver, and what its slope would be by the exponential alone. */
  private readonly before: F64;
  private readonly growth: F64;
  /** By how much the part is another a third of the time later, which is when it counts, in the mean. */
  private readonly change: F64;
  /** The part at x = 0, and by how much it grows with x. */
  private readonly partHere: F64;
  private readonly partSlope: F64;
  private readonly square: F64;
  /** By how much the pace is not that of the cycle and what the part makes of it, relatively. */
  private readonly off: F64;

  constructor(
    private readonly k: KernelBuilder,
    private readonly code: SubstepCode,
    private readonly upstroke: Upstroke,
    private readonly scope: UpstrokeScope,
  ) {
    const { state, slopes, parameters } = scope;
    const { driver, rest } = upstroke;
    this.before = state[driver];
    this.growth = k.let(slopes[driver].sub(code.value(rest, state)));
    const third = k.let(parameters[UPSTROKE.duration].div(this.growth).mul(1 / 3));
    const later = this.others((name) => state[name].add(slopes[name].mul(third)));
    this.partHere = this.partOf(0, later);
    this.partSlope = k.let(this.partOf(1, later).sub(this.partHere));
    this.change = k.let(this.partHere.sub(this.partOf(0, state)));
    this.square = k.let(this.partHere.mul(this.partHere));
    this.off = k.let(this.offCycle());
  }

  /** Something of each integrated variable but the driver. */
  private others(of: (name: string) => F64): State {
    const names = this.code.names.filter((name) => name !== this.upstroke.driver);
    return Object.fromEntries(names.map((name) => [name, this.k.let(of(name))]));
  }

  /** By how much these values of the other variables change the argument. */
  private moved(others: State): F64 {
    const { k, code, upstroke, scope } = this;
    const after = code.value(upstroke.argument, { ...scope.state, ...others });
    return k.let(after.sub(code.value(upstroke.argument, scope.state)));
  }

  /** The driver so many slope factors further up. */
  private driverAt(above: F64 | number): F64 {
    const { before, scope } = this;
    return this.k.let(before.add(scope.parameters[UPSTROKE.slopeFactor].mul(above)));
  }

  /**
   * What is beside the exponential in the slope there, with these values of the other variables, and what
   * they change of its argument, as a part of what the exponential makes of the slope before the cycles.
   */
  private partOf(above: number, values: State): F64 {
    const { k, code, upstroke, scope, growth } = this;
    const { driver, rest, argument, moving } = upstroke;
    const value = this.driverAt(this.moved(values).neg().add(above));
    const state = { ...scope.state, ...values, [driver]: value };
    const later = moving.map((name) => [name, k.let(state[name].add(code.slope(name, state)))]);
    const after = code.value(argument, { ...state, ...Object.fromEntries(later) });
    const drift = k.let(after.sub(code.value(argument, state)));
    const slopeFactor = scope.parameters[UPSTROKE.slopeFactor];
    return k.let(code.value(rest, state).add(drift.mul(slopeFactor)).div(growth));
  }

  /** What the part changes, in units of it at x = 0 and of its slope. */
  private effect(byPart: F64, bySlope: F64): F64 {
    return byPart.mul(this.partHere).add(bySlope.mul(this.partSlope));
  }

  private offCycle(): F64 {
    const { suggestion, parameters: p } = this.scope;
    const off = suggestion.mul(this.growth).div(p[UPSTROKE.pace]).sub(1);
    const byPart = this.effect(p[UPSTROKE.paceChange], p[UPSTROKE.paceChangeOfSlope]);
    return off.sub(byPart).sub(p[UPSTROKE.paceSquare].mul(this.square));
  }

  private limit(of: keyof typeof LIMITS): F64 {
    const { held, free } = LIMITS[of];
    return this.scope.parameters[UPSTROKE.held].eq(1).select(held, free);
  }

  /** The neurons that are on the cycle, or nearly so: only those said to be near it, whoever else is. */
  private onCycle(): Mask {
    const most = this.scope.parameters[UPSTROKE.largestPart].min(this.limit('part'));
    const pure = this.partHere.abs().add(this.partSlope.abs().mul(4)).le(most);
    const near = this.scope.waits.and(this.off.abs().le(this.limit('pace')));
    const steady = this.change.abs().le(this.limit('change'));
    return this.k.letMask(near.and(pure).and(steady));
  }

  /** As many as keep stages below the ceiling, and sub-steps long enough to change the time. */
  private cycles(): F64 {
    const { k, before, growth, upstroke, scope } = this;
    const { parameters: p, suggestion, t } = scope;
    const room = p[upstroke.ceiling].sub(p[UPSTROKE.reach]).sub(before).div(p[UPSTROKE.rise]);
    const latest = t.add(p[UPSTROKE.duration].div(growth));
    // The upper word of a double tells its binary logarithm, or slightly less.
    const octaves = suggestion
      .div(latest.mul(SHORTEST))
      .high()
      .mul(2 ** -20)
      .sub(1023);
    const shrinking = octaves.mul(Math.LN2).div(p[UPSTROKE.advance]);
    return k.let(k.let(room).min(shrinking).sub(0.5).add(ROUNDER).sub(ROUNDER));
  }

  private passage(): Passage {
    const { k, growth, partHere, partSlope } = this;
    const p = this.scope.parameters;
    const cycles = this.cycles();
    const undisturbed = k.let(cycles.mul(p[UPSTROKE.advance]));
    const byPart = this.effect(p[UPSTROKE.lead], p[UPSTROKE.leadOfSlope]);
    const bySquare = p[UPSTROKE.leadSquare].mul(this.square);
    const byPace = p[UPSTROKE.paceLead].mul(this.off);
    const share = exp(k, undisturbed.neg()).neg().add(1);
    const advance = k.let(undisturbed.add(share.mul(byPart.add(bySquare).add(byPace))));
    const shrunk = exp(k, advance.neg());
    const course = courseInKernel(k, partHere, partSlope, advance, shrunk);
    const linear = this.effect(p[UPSTROKE.delay], p[UPSTROKE.delayOfSlope]);
    const further = p[UPSTROKE.delaySquare].mul(this.square);
    const delay = linear.add(further).add(p[UPSTROKE.paceDelay].mul(this.off));
    const time = k.let(p[UPSTROKE.duration].mul(course.time).add(delay));
    // The mean of pure cycles is that of all the time to infinity, and 1 in the exact solution.
    const pure = course.area.add(p[UPSTROKE.mean].sub(1).mul(course.time));
    const excess = this.effect(p[UPSTROKE.excess], p[UPSTROKE.excessOfSlope]);
    const area = p[UPSTROKE.duration].mul(pure).add(excess);
    const mean = k.let(area.div(time));
    return { cycles, advance, shrunk, time: k.let(time.div(growth)), mean };
  }

  /**
   * What the other variables come to, to the fourth order of the time, with the mean of the driver
   * V = V_0 - Delta ln(1 - t / T). In higher orders it counts by how long is left: a half, a third or a quarter
   * as far above V_0, and a little more by the part.
   */
  private othersBehind({ time, mean }: Passage): State {
    const { k, code, upstroke, scope, partHere, partSlope } = this;
    const part = k.let(partHere.sub(partSlope.mul(2 / 3)));
    const byPart = k.let(part.mul(part.mul(-1 / 72).add(1 / 24)));
    let values: State | undefined;
    for (const order of [4, 3, 2, 1]) {
      const above = order === 1 ? mean : mean.mul(1 / order).add(byPart);
      const at = values ? above.sub(this.moved(values)) : above;
      const state = { ...scope.state, ...values, [upstroke.driver]: this.driverAt(at) };
      const share = k.let(time.mul(1 / order));
      values = this.others((name) => scope.state[name].add(code.slope(name, state).mul(share)));
    }
    return values!;
  }

  /** What is small, of which powers are left out. */
  private inexactness(): F64 {
    return this.off.abs().add(this.partHere.abs());
  }

  private behind({ advance, shrunk }: Passage, others: State): Behind {
    const pace = this.scope.parameters[UPSTROKE.pace];
    return {
      // As far as the others have moved the argument, the driver need not.
      driver: this.driverAt(advance.sub(this.moved(others))),
      suggestion: this.k.let(shrunk.mul(pace).div(this.growth)),
    };
  }

  /** Whether what is left of the upstroke changes nothing, so that the driver may be put to the ceiling. */
  private fires({ driver, suggestion }: Behind): Mask {
    const { parameters: p, h } = this.scope;
    const below = p[this.upstroke.ceiling].sub(driver);
    const near = below.lt(p[UPSTROKE.slopeFactor].mul(NEAR_CEILING));
    const soon = suggestion.lt(h.mul(FLEETING));
    const allowed = p[this.upstroke.ceiling].le(this.scope.highest);
    return p[UPSTROKE.held].eq(1).and(near).and(soon).and(allowed);
  }

  /** See `passCycles`. */
  over(pass: Pass, fire: Fire): void {
    const { k, upstroke } = this;
    const sure = this.onCycle();
    k.ifAny(sure, () => {
      const { state, suggestion, left } = this.scope;
      const passage = this.passage();
      const others = this.othersBehind(passage);
      const { cycles, time } = passage;
      let may = sure.and(cycles.ge(1)).and(time.add(suggestion).lt(left));
      for (const [name, value] of Object.entries(others)) {
        const change = value.sub(state[name]).abs();
        may = may.and(change.le(state[name].abs().add(1).mul(this.limit('others'))));
      }
      const next = this.behind(passage, others);
      may = may.and(this.inexactness().mul(next.suggestion).le(LEFT_OVER));
      const mask = k.letMask(may);
      pass(mask, { ...others, [upstroke.driver]: next.driver }, time, next.suggestion);
      fire(k.letMask(mask.and(this.fires(next))));
    });
  }
}

/**
 * For neurons near the cycle: passes over as many cycles as may be. `pass` receives for which neurons
 * there are any, the state behind them, the time they take and what is suggested then. `fire`, called
 * behind it, receives whose driver may be put to the ceiling at once, in no time: the others go on from behind the
 * cycles.
 */
export function passCycles(
  k: KernelBuilder,
  code: SubstepCode,
  upstroke: Upstroke,
  scope: UpstrokeScope,
  pass: Pass,
  fire: Fire,
): void {
  const near = k.letMask(nearCycle(upstroke, scope));
  k.ifAny(near, () => {
    const waits = k.letMask(near.and(nearlyPure(code, upstroke, scope)));
    k.ifAny(waits, () => new Passing(k, code, upstroke, { ...scope, waits }).over(pass, fire));
  });
}
