/**
 * Passing over the upstroke of a spike. Where one exponential of the driving variable outgrows all
 * else in its derivative, sub-steps go in cycles (upstroke-cycle.ts): some ninety of them in the upstroke
 * of an adaptive exponential neuron, which take a microsecond together. As many as fit below the
 * ceiling are passed over at once; those before and after, and the spike itself, are sub-steps like all
 * others.
 *
 * With x for the driver above where the cycles begin, in slope factors, dx/dt = growth (e^x + part), where
 * the part of what is not of the exponential is small and linear in x. What the cycles come to is that of the
 * exact solution, as a series in the part, and of what the cycles differ from it. In a step with a spike this
 * mostly changes values by 10^-15 to 10^-14 of theirs. Without a clamp, sub-steps after the spike begin as
 * long as the last ones before it, which the ceiling disturbs; where they err by as much as they may, one
 * spike in a hundred changes values by more than 10^-11.
 */
import { ROUNDER } from '../math/binary64.js';
import type { KernelBuilder } from './builder.js';
import { exp } from './elementary.js';
import { type F64, f64, type Mask } from './ir.js';
import type { State, SubstepCode } from './substep-code.js';
import { UPSTROKE, type Upstroke } from './upstroke-model.js';

/** The part of what is not of the exponential may be so large; its fifth power is left out. */
const SMALL = 2.5e-3;
/** By how much it may change as the other variables do, of which the square is left out. */
const STEADY = 2 ** -22;
/** What the other variables may change by, of 1 or their magnitude; the fourth power is left out. */
const LARGEST_CHANGE = 2 ** -11;
/** How near the pace must be to that of the cycle, relatively; its square is left out. */
const NEAR_CYCLE = 2 ** -12;
/** The same as long as it is not known what the part makes of it. */
const PERHAPS_NEAR = 2 ** -7;
/**
 * Part and distance from the cycle, times the sub-step behind the cycles, in ms: when the neuron fires depends
 * on the last sub-steps, and these, at the ceiling, on what is left out.
 */
const LEFT_OVER = 2 ** -38;
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
}

/** For which neurons the suggested sub-step may be the first of a cycle, as far as is quickly said. */
export function nearCycle(
  { driver }: Upstroke,
  { waits, parameters, slopes, suggestion }: UpstrokeScope,
): Mask {
  const pace = suggestion.mul(slopes[driver]);
  return waits.and(differsLittle(pace, parameters[UPSTROKE.pace], PERHAPS_NEAR));
}

/** Relatively, and never from 0. */
function differsLittle(a: F64, b: F64, most: number): Mask {
  return a.sub(b).abs().lt(b.mul(most));
}

/** The cycles to be passed over, for each neuron. */
interface Passage {
  readonly cycles: F64;
  /** By how much x grows; e^-x behind them, and 1 less that. */
  readonly advance: F64;
  readonly shrunk: F64;
  readonly gone: F64;
  readonly time: F64;
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

  /** The same a third of the time later, by a straight line. */
  private partAt(above: F64 | number): F64 {
    return this.k.let(this.partHere.add(this.partSlope.mul(above)));
  }

  /** What the part changes, in units of it at x = 0 and of its slope. */
  private effect(byPart: F64, bySlope: F64): F64 {
    return byPart.mul(this.partHere).add(bySlope.mul(this.partSlope));
  }

  private offCycle(): F64 {
    const { suggestion, parameters: p } = this.scope;
    const off = suggestion.mul(this.growth).div(p[UPSTROKE.pace]).sub(1);
    return off.sub(this.effect(p[UPSTROKE.paceChange], p[UPSTROKE.paceChangeOfSlope]));
  }

  /** The neurons that are on the cycle, or nearly so: only those said to be near it, whoever else is. */
  onCycle(): Mask {
    const pure = this.partHere.abs().add(this.partSlope.abs().mul(4)).le(SMALL);
    const near = nearCycle(this.upstroke, this.scope).and(this.off.abs().le(NEAR_CYCLE));
    const steady = this.change.abs().le(STEADY);
    return this.k.let(near.and(pure).and(steady).select(1, 0)).eq(1);
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

  passage(): Passage {
    const { k, growth } = this;
    const p = this.scope.parameters;
    const cycles = this.cycles();
    const undisturbed = k.let(cycles.mul(p[UPSTROKE.advance]));
    const shrinkage = k.let(exp(k, undisturbed.neg()));
    const byPart = this.effect(p[UPSTROKE.lead], p[UPSTROKE.leadOfSlope]);
    const bySquare = p[UPSTROKE.leadSquare].mul(this.power(0, 2));
    const byPace = p[UPSTROKE.paceLead].mul(this.off);
    const further = k.let(shrinkage.neg().add(1).mul(byPart.add(bySquare).add(byPace)));
    const advance = k.let(undisturbed.add(further));
    // e^-further, which is small.
    const shrunk = k.let(
      further
        .mul(1 / 2)
        .sub(1)
        .mul(further)
        .add(1)
        .mul(shrinkage),
    );
    const gone = k.let(shrunk.neg().add(1));
    const delay = this.effect(p[UPSTROKE.delay], p[UPSTROKE.delayOfSlope]);
    const exact = p[UPSTROKE.duration].mul(this.exactTime(advance, shrunk, gone));
    return { cycles, advance, shrunk, gone, time: k.let(exact.add(delay).div(growth)) };
  }

  /**
   * The integral of e^-x / (1 + part e^-x) over x from 0 to `advance`: of its series, terms up to the
   * fourth order.
   */
  private exactTime(advance: F64, shrunk: F64, gone: F64): F64 {
    const { k } = this;
    const square = k.let(shrunk.mul(shrunk));
    const goneTwice = k.let(square.neg().add(1));
    const centre = f64(0.5).sub(advance.mul(square).div(goneTwice));
    const first = this.partAt(centre).mul(goneTwice);
    const slope = this.partSlope.mul(1 / 3);
    const second = this.power(1 / 3, 2).add(slope.mul(slope));
    const higher = second.mul(1 / 3).sub(this.power(1 / 4, 3).mul(1 / 4));
    const rest = higher.add(this.power(1 / 5, 4).mul(1 / 5));
    // All orders are gone by as much as the first; where that is not so, the part is smaller still.
    return gone.sub(first.mul(1 / 2)).add(rest.mul(gone));
  }

  /** How far the driver is above V_0 on the average of the time to infinity, in slope factors. */
  private mean(): F64 {
    const { k } = this;
    const distance = k.let(
      this.power(2 / 3, 2)
        .mul(1 / 9)
        .sub(this.partAt(1).mul(1 / 4)),
    );
    const second = this.power(1 / 3, 2).mul(1 / 3);
    const time = k.let(second.sub(this.partAt(1 / 2).mul(1 / 2)));
    const exact = distance.sub(time).div(time.add(1));
    return this.scope.parameters[UPSTROKE.mean].add(exact);
  }

  private power(above: number, exponent: number): F64 {
    const part = this.partAt(above);
    return Array<F64>(exponent - 1)
      .fill(part)
      .reduce((product, factor) => this.k.let(product.mul(factor)), part);
  }

  /**
   * What the other variables come to, to the third order of the time, with the mean of the driver
   * V = V_0 - Delta ln(1 - t / T). In higher orders it counts by how long is left: a half or a third as far
   * above V_0.
   */
  othersBehind({ advance, shrunk, gone, time }: Passage): State {
    const { k, code, upstroke, scope } = this;
    const above = k.let(this.mean().sub(advance.mul(shrunk).div(gone)));
    let values: State | undefined;
    for (const order of [3, 2, 1]) {
      const mean = values ? above.mul(1 / order).sub(this.moved(values)) : above.mul(1 / order);
      const state = { ...scope.state, ...values, [upstroke.driver]: this.driverAt(mean) };
      const part = k.let(time.mul(1 / order));
      values = this.others((name) => scope.state[name].add(code.slope(name, state).mul(part)));
    }
    return values!;
  }

  /** What is small, of which powers are left out. */
  inexactness(): F64 {
    return this.off.abs().add(this.partHere.abs());
  }

  /** The driver behind the cycles, and the sub-step that is suggested then. */
  behind({ advance, shrunk }: Passage, others: State): { driver: F64; suggestion: F64 } {
    const pace = this.scope.parameters[UPSTROKE.pace];
    return {
      // As far as the others have moved the argument, the driver need not.
      driver: this.driverAt(advance.sub(this.moved(others))),
      suggestion: shrunk.mul(pace).div(this.growth),
    };
  }
}

/**
 * For neurons near the cycle: passes over as many cycles as may be. `pass` receives for which neurons
 * there are any, the state behind them, the time they take and what is suggested then.
 */
export function passCycles(
  k: KernelBuilder,
  code: SubstepCode,
  upstroke: Upstroke,
  scope: UpstrokeScope,
  pass: (mask: Mask, state: State, time: F64, suggestion: F64) => void,
): void {
  const passing = new Passing(k, code, upstroke, scope);
  const sure = passing.onCycle();
  k.ifAny(sure, () => {
    const { state, suggestion, left } = scope;
    const passage = passing.passage();
    const others = passing.othersBehind(passage);
    const { cycles, time } = passage;
    let may = sure.and(cycles.ge(1)).and(time.add(suggestion).lt(left));
    for (const [name, value] of Object.entries(others)) {
      const change = value.sub(state[name]).abs();
      may = may.and(change.le(state[name].abs().add(1).mul(LARGEST_CHANGE)));
    }
    const next = passing.behind(passage, others);
    const behind = { ...others, [upstroke.driver]: next.driver };
    may = may.and(passing.inexactness().mul(next.suggestion).le(LEFT_OVER));
    const mask = k.let(may.select(1, 0)).eq(1);
    pass(mask, behind, time, next.suggestion);
  });
}
