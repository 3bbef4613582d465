/**
 * Passing over the upstroke of a spike. Where one exponential of the driving variable outgrows all
 * else in its derivative, sub-steps go in cycles (upstroke-cycle.ts): some seventy of them in the upstroke
 * of an adaptive exponential neuron, which take less than 10^-6 ms together. As many as fit below the
 * ceiling are passed over at once; those before and after, and the spike itself, are sub-steps like all
 * others. In a step with a spike this mostly changes values by 10^-15 of theirs; where the neuron is
 * driven so strongly that sub-steps right after the spike err by as much as they may, one in a hundred by
 * more than 10^-11, as which these are depends on the last sub-steps below the ceiling.
 */
import { ROUNDER } from '../math/binary64.js';
import type { KernelBuilder } from './builder.js';
import { exp } from './elementary.js';
import type { F64, Mask } from './ir.js';
import type { State, SubstepCode } from './substep-code.js';
import { UPSTROKE, type Upstroke } from './upstroke-model.js';

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
  return waits.and(differsLittle(suggestion.mul(slope), parameters[UPSTROKE.pace], NEAR_CYCLE));
}

/** Relatively, and never from 0. */
function differsLittle(a: F64, b: F64, most: number): Mask {
  return a.sub(b).abs().lt(b.mul(most));
}

/** Time and shrinkage of cycles to be passed over, for each neuron. */
interface Passage {
  /** How many cycles, and by which power of e they shrink the sub-step. */
  readonly cycles: F64;
  readonly decay: F64;
  /** e^-decay, and 1 less that. */
  readonly shrunk: F64;
  readonly gone: F64;
  readonly time: F64;
}

class Passing {
  /** The driver, and what its slope would be by the exponential alone. */
  private readonly before: F64;
  private readonly growth: F64;

  constructor(
    private readonly k: KernelBuilder,
    private readonly code: SubstepCode,
    private readonly upstroke: Upstroke,
    private readonly scope: UpstrokeScope,
  ) {
    this.before = scope.state[upstroke.driver];
    this.growth = k.let(scope.slope.sub(this.restAt(0)));
  }

  /** What is beside the exponential in the slope, so many slope factors further up. */
  private restAt(above: F64 | number): F64 {
    const { k, code, upstroke, scope, before } = this;
    const { driver, rest } = upstroke;
    const value = before.add(scope.parameters[UPSTROKE.slopeFactor].mul(above));
    return code.value(rest, { ...scope.state, [driver]: k.let(value) });
  }

  /** The neurons that are on the cycle. They are near it as well, whoever else is. */
  onCycle(): Mask {
    const { k, growth } = this;
    const { waits, slope, suggestion, parameters } = this.scope;
    const pure = slope.sub(growth).abs().le(slope.mul(NEGLIGIBLE));
    const exact = differsLittle(suggestion.mul(growth), parameters[UPSTROKE.pace], ON_CYCLE);
    return k.let(waits.and(pure).and(exact).select(1, 0)).eq(1);
  }

  /** As many as keep stages below the ceiling, and sub-steps long enough to change the time. */
  passage(): Passage {
    const { k, before, growth, upstroke, scope } = this;
    const { parameters: p, suggestion, t } = scope;
    const room = p[upstroke.ceiling].sub(p[UPSTROKE.reach]).sub(before).div(p[UPSTROKE.advance]);
    const latest = t.add(p[UPSTROKE.duration].div(growth));
    // The upper word of a double tells its binary logarithm, or slightly less.
    const octaves = suggestion
      .div(latest.mul(SHORTEST))
      .high()
      .mul(2 ** -20)
      .sub(1023);
    const shrinking = octaves.mul(Math.LN2).div(p[UPSTROKE.decay]);
    const cycles = k.let(k.let(room).min(shrinking).sub(0.5).add(ROUNDER).sub(ROUNDER));
    const decay = k.let(cycles.mul(p[UPSTROKE.decay]));
    const shrunk = k.let(exp(k, decay.neg()));
    const gone = k.let(shrunk.neg().add(1));
    // The rest, which acts while e^-x is not small, makes the time somewhat shorter or longer.
    const rest = this.restAt(0.5).div(growth).mul(0.5);
    const time = k.let(gone.sub(rest).mul(p[UPSTROKE.duration]).div(growth));
    return { cycles, decay, shrunk, gone, time };
  }

  /** By how much the other variables change, which take the mean of the driver for it. */
  changes({ decay, shrunk, gone, time }: Passage): ReadonlyMap<string, F64> {
    const { k, code, upstroke, scope, before } = this;
    const { driver } = upstroke;
    // V = V_0 - Delta ln(1 - t / T)
    const above = decay.mul(shrunk).div(gone).neg().add(1);
    const mean = k.let(before.add(scope.parameters[UPSTROKE.slopeFactor].mul(above)));
    const state = { ...scope.state, [driver]: mean };
    const others = code.names.filter((name) => name !== driver);
    return new Map(others.map((name) => [name, k.let(code.slope(name, state).mul(time))]));
  }

  /** The driver behind the cycles, and the sub-step that is suggested then. */
  behind({ cycles, shrunk, gone }: Passage): { driver: F64; suggestion: F64 } {
    const { k, before, growth } = this;
    const p = this.scope.parameters;
    const rest = this.restAt(p[UPSTROKE.centre]);
    const further = k.let(p[UPSTROKE.lead].mul(rest).div(growth).mul(gone));
    const next = k.let(shrunk.mul(p[UPSTROKE.pace]).div(growth));
    return {
      driver: before.add(cycles.mul(p[UPSTROKE.advance]).add(further)),
      suggestion: next.sub(next.mul(further).div(p[UPSTROKE.slopeFactor])),
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
    const changes = passing.changes(passage);
    const { cycles, time } = passage;
    let may = sure.and(cycles.ge(1)).and(time.add(suggestion).lt(left));
    const behind: Record<string, F64> = {};
    for (const [name, change] of changes) {
      may = may.and(change.abs().le(state[name].abs().add(1).mul(LARGEST_CHANGE)));
      behind[name] = state[name].add(change);
    }
    const mask = k.let(may.select(1, 0)).eq(1);
    const next = passing.behind(passage);
    behind[upstroke.driver] = next.driver;
    pass(mask, behind, time, next.suggestion);
  });
}
