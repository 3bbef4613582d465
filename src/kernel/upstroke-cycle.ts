/**
 * What step control does while an exponential runs away, dx/dt = e^x. Whether a sub-step is accepted
 * and what follows depends on its pace alone, which is its length times the slope. Unless the
 * tolerance is large, the pace comes to the same value after every rejected sub-step, once there have
 * been a few: from then on x grows by the same amount in every cycle, and sub-steps shrink by the same
 * factor.
 */
import { exp } from '../math/index.js';
import { ERROR_WEIGHTS, SOLUTION_WEIGHTS, STAGE_WEIGHTS, STAGES } from './fehlberg.js';
import { factorAfter, LARGEST_RATIO } from './step-control.js';

/** From the first sub-step after a rejected one to the next that is. */
export interface UpstrokeCycle {
  /** Its first sub-step, times the slope of x. */
  readonly pace: number;
  /** By how much x grows. */
  readonly advance: number;
  /** How long this cycle and all that might follow take together, in units of its first sub-step. */
  readonly duration: number;
  /** How far the stages of its sub-steps, rejected ones too, are above x at its beginning. */
  readonly reach: number;
  /**
   * If dx/dt = e^x + r, many cycles from x = 0 on reach further by `lead` times r, for small r; if r is
   * linear in x, by `lead` times r at x = `centre`.
   */
  readonly lead: number;
  readonly centre: number;
}

/** How exactly x is integrated: what its error may be, in all and per change in the sub-step. */
interface Accuracy {
  readonly absolute: number;
  readonly relative: number;
}

/** Paces that differ by less, relatively, are the same. */
const SAME = 1e-8;
const FIRST_PACE = 0.1;
/** Whatever has no cycle after this many sub-steps, never has; most have one after 15, and leads after 60. */
const MOST_SUBSTEPS = 100;
/** Leads are those of so many cycles after so many others, of r that is this at x = 0, and 1. */
const LEADING = 20;
const SETTLING = 8;
const DISTURBANCE = 1e-2;
const FARTHEST_CENTRE = 4;

/**
 * The cycle of x = V / `slopeFactor` where an error of V may be `absolute` + `relative` * |change of
 * V in the sub-step|; undefined if the pace does not settle.
 */
export function upstrokeCycle(
  slopeFactor: number,
  absolute: number,
  relative: number,
): UpstrokeCycle | undefined {
  const accuracy = { absolute: absolute / slopeFactor, relative };
  let before: Beginning | undefined;
  for (const here of beginnings(accuracy, () => 0)) {
    if (before && Math.abs(here.pace / before.pace - 1) < SAME) {
      const { pace, time, reach } = here;
      const advance = here.x - before.x;
      const duration = time / (1 - exp(-advance));
      const leads = leadsOf(accuracy, advance);
      return leads && { pace, advance, duration, reach, ...leads };
    }
    before = here;
  }
  return undefined;
}

function leadsOf(accuracy: Accuracy, advance: number) {
  const constant = leadOf(accuracy, advance, () => DISTURBANCE);
  const linear = leadOf(accuracy, advance, (x) => DISTURBANCE * x);
  if (!constant || !linear) return undefined;
  const centre = linear.lead / constant.lead - linear.from;
  // Else cycles were not settled enough for such a small difference.
  return Math.abs(centre) < FARTHEST_CENTRE ? { lead: constant.lead, centre } : undefined;
}

/** How much further than without it x comes with this rest, in units of what is small from then on. */
function leadOf(accuracy: Accuracy, advance: number, rest: (x: number) => number) {
  let settled: Beginning | undefined;
  let count = 0;
  for (const here of beginnings(accuracy, rest)) {
    count += 1;
    if (count === SETTLING) settled = here;
    if (!settled || count < SETTLING + LEADING) continue;
    const small = DISTURBANCE * exp(-settled.x) * (1 - exp(-LEADING * advance));
    return { lead: (here.x - settled.x - LEADING * advance) / small, from: settled.x };
  }
  return undefined;
}

/** The first sub-step after a rejected one, and what was from the one before until here. */
interface Beginning {
  readonly x: number;
  /** The sub-step times e^x. */
  readonly pace: number;
  /** In units of the first sub-step. */
  readonly time: number;
  readonly reach: number;
}

/** Integrates dx/dt = e^x + `rest`(x) from x = 0 on. */
function* beginnings(accuracy: Accuracy, rest: (x: number) => number): Generator<Beginning> {
  let [x, pace, from, first] = [0, FIRST_PACE, 0, FIRST_PACE];
  let [time, reach] = [0, 0];
  let rejected = false;
  for (let i = 0; i < MOST_SUBSTEPS; i++) {
    const { change, error, slope, highest } = substep(pace, x, rest);
    const ratio = error / (accuracy.absolute + accuracy.relative * pace * slope);
    const accepted = ratio <= LARGEST_RATIO;
    if (accepted && rejected) {
      yield { x, pace, time, reach };
      [from, first, time, reach] = [x, pace, 0, 0];
    }
    rejected = !accepted;
    reach = Math.max(reach, x - from + highest);
    if (accepted) {
      time += (pace / first) * exp(from - x);
      x += change;
      pace *= exp(change);
    }
    pace *= factorAfter(ratio);
  }
}

const slopes = new Float64Array(STAGES);

/** A sub-step from `x` on, time in units of e^-x. */
function substep(length: number, x: number, rest: (x: number) => number) {
  const unit = exp(-x);
  const along = (weights: readonly number[]): number => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i] * slopes[i];
    return length * sum;
  };
  const slopeAt = (change: number): number => exp(change) + unit * rest(x + change);
  slopes[0] = slopeAt(0);
  let highest = 0;
  for (let stage = 1; stage < STAGES; stage++) {
    const change = along(STAGE_WEIGHTS[stage - 1]);
    highest = Math.max(highest, change);
    slopes[stage] = slopeAt(change);
  }
  const change = along(SOLUTION_WEIGHTS);
  return { change, error: Math.abs(along(ERROR_WEIGHTS)), slope: slopeAt(change), highest };
}
