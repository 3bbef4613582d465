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
import { courseInNumbers } from './upstroke-course.js';

/**
 * From the first sub-step after a rejected one to the next that is. Beside e^x, there may be a part of what
 * this is at the beginning: `r` + `s` x, both small. What it changes is in units of these.
 */
export interface UpstrokeCycle {
  /** Its first sub-step, times the slope of x. */
  readonly pace: number;
  /** By how much x grows. */
  readonly advance: number;
  /** Time until infinity, if cycle follows cycle, times the slope at the beginning. */
  readonly duration: number;
  /** How far above the beginning x is on the average of that time, for variables that x drives. */
  readonly mean: number;
  /** How far the stages of its sub-steps, rejected ones too, are above x at its beginning. */
  readonly reach: number;
  /** How much further many cycles reach, by r and by s; to the second order, by the square of r. */
  readonly lead: number;
  readonly leadOfSlope: number;
  readonly leadSquare: number;
  /** By how much the pace is larger, relatively. */
  readonly paceChange: number;
  readonly paceChangeOfSlope: number;
  readonly paceSquare: number;
  /** How much further many cycles reach by what else the pace is larger, relatively. */
  readonly paceLead: number;
  /** How much longer that takes than `duration` times the time of an exact solution. */
  readonly paceDelay: number;
  /** How much longer than `duration` times that of an exact solution the time is, as `lead` and its like. */
  readonly delay: number;
  readonly delayOfSlope: number;
  readonly delaySquare: number;
  /** How much more than that of an exact solution and of `mean` the integral of x over time is. */
  readonly excess: number;
  readonly excessOfSlope: number;
  /** How large r may be, of either sign, for these to tell the time; 0 if they do not. */
  readonly largestPart: number;
}

/** How exactly x is integrated: what its error may be, in all and per change in the sub-step. */
interface Accuracy {
  readonly absolute: number;
  readonly relative: number;
}

/** Paces that differ by less, relatively, are the same. */
const SAME = 1e-8;
const FIRST_PACE = 0.1;
/** Of a course; most have a cycle after 15, and take 30 more until it has been seen. */
const MOST_SUBSTEPS = 100;
/** What happens in cycles is seen in so many of them; with a part beside e^x, after so many others. */
const SEEN = 12;
const SETTLING = 6;
/** The part that is tried, at x = 0. */
const DISTURBANCE = 1e-3;
/** Largest parts that may be allowed, and how well the time must be known then, relatively. */
const PARTS = [1.2e-2, 5e-3, 2.5e-3, 1e-3];
const ACCURATE = 1e-10;

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
  const course = courseOf(accuracy, NOTHING, FIRST_PACE, (here, before) =>
    Boolean(before && Math.abs(here.pace / before.pace - 1) < SAME),
  );
  if (!course) return undefined;
  const { pace, reach } = course;
  const advance = course.advance / SEEN;
  // What follows is the same once more, further up and so much shorter.
  const left = exp(-course.advance);
  const duration = course.time / (1 - left);
  const mean = (course.area / duration + left * course.advance) / (1 - left);
  const cycle = { pace, advance, duration, mean, reach };
  const effects = effectsOf(accuracy, cycle);
  if (!effects) return undefined;
  const known = { ...cycle, ...effects };
  return { ...known, largestPart: largestPartOf(accuracy, known) };
}

/**
 * What the effects are worth: with a part that leads to other decisions of step control, they tell nothing. Parts
 * that grow with x are not tried; those that are allowed beside one that does not mostly err by less than 5e-10.
 */
function largestPartOf(accuracy: Accuracy, cycle: KnownCycle): number {
  const isAccurate = (part: number): boolean => timeErrorOf(accuracy, cycle, part) <= ACCURATE;
  return PARTS.find((part) => isAccurate(part) && isAccurate(-part)) ?? 0;
}

/** Of the time that is known of cycles with such a part, relatively. */
function timeErrorOf(accuracy: Accuracy, cycle: KnownCycle, part: number): number {
  const effect = (linear: number, bySquare: number): number => (linear + bySquare * part) * part;
  const pace = cycle.pace * (1 + effect(cycle.paceChange, cycle.paceSquare));
  const course = courseOf(accuracy, { at0: part, slope: 0 }, pace, () => true);
  if (!course) return Number.POSITIVE_INFINITY;
  const exact = courseInNumbers(part, 0, course.advance, exp(-course.advance));
  const known = cycle.duration * exact.time + effect(cycle.delay, cycle.delaySquare);
  return Math.abs(course.time / known - 1);
}

type KnownCycle = Omit<UpstrokeCycle, 'largestPart'>;
type Undisturbed = Pick<UpstrokeCycle, 'pace' | 'advance' | 'duration' | 'mean'>;

function effectsOf(accuracy: Accuracy, cycle: Undisturbed) {
  const effect = (at0: number, slope: number) => effectOf(accuracy, cycle, { at0, slope });
  const [plus, minus] = [effect(DISTURBANCE, 0), effect(-DISTURBANCE, 0)];
  const linear = effect(0, DISTURBANCE);
  const changed = courseOf(accuracy, NOTHING, cycle.pace * (1 + DISTURBANCE), () => true);
  if (!plus || !minus || !linear || !changed) return undefined;
  const paceLead = (changed.advance - SEEN * cycle.advance) / DISTURBANCE;
  const unchanged = courseInNumbers(0, 0, changed.advance, exp(-changed.advance));
  const paceDelay = (changed.time - cycle.duration * unchanged.time) / DISTURBANCE;
  const half = (of: (effect: Effect) => number): number => (of(plus) - of(minus)) / 2;
  const both = (of: (effect: Effect) => number): number => (of(plus) + of(minus)) / 2;
  const { from, left } = plus;
  const lead = half((e) => e.further) / (1 - left);
  const paceChange = half((e) => e.paceChange);
  const delay = half((e) => e.delay);
  const excess = half((e) => e.excess);
  // What is linear in x is more of e^x later on than what is constant.
  const furtherLater = lead * linear.advance * linear.left;
  const perSquare = (value: number): number => value / (DISTURBANCE * exp(-from));
  return {
    lead,
    leadOfSlope: (linear.further + furtherLater) / (1 - linear.left) - lead * linear.from,
    leadSquare: perSquare(both((e) => e.further) / (1 - left * left)),
    paceChange,
    paceChangeOfSlope: linear.paceChange - paceChange * linear.from,
    paceLead,
    paceDelay,
    delay,
    delayOfSlope: linear.delay - delay * linear.from,
    excess,
    excessOfSlope: linear.excess - excess * linear.from,
    paceSquare: perSquare(both((e) => e.paceChange)),
    delaySquare: perSquare(both((e) => e.delay)),
  };
}

/** What is beside e^x: linear in x. */
interface Rest {
  readonly at0: number;
  readonly slope: number;
}

const NOTHING: Rest = { at0: 0, slope: 0 };

/** What a rest changes. */
interface Effect {
  readonly from: number;
  readonly advance: number;
  /** e^-advance. */
  readonly left: number;
  /** Of `advance`. */
  readonly further: number;
  readonly delay: number;
  readonly excess: number;
  readonly paceChange: number;
}

/** Its effects in units of what `DISTURBANCE` is of e^x once cycles are settled. */
function effectOf(
  accuracy: Accuracy,
  { pace, advance, duration, mean }: Undisturbed,
  rest: Rest,
): Effect | undefined {
  const course = courseOf(accuracy, rest, pace, (_here, _before, count) => count === SETTLING);
  if (!course) return undefined;
  const { from } = course;
  const part = DISTURBANCE * exp(-from);
  const left = exp(-course.advance);
  const unit = exp(-from);
  const here = (rest.at0 + rest.slope * from) * unit;
  const exact = courseInNumbers(here, rest.slope * unit, course.advance, left);
  return {
    from,
    advance: course.advance,
    left,
    further: (course.advance - SEEN * advance) / part,
    delay: (course.time - duration * exact.time) / part,
    excess: (course.area - duration * (exact.area + (mean - 1) * exact.time)) / part,
    paceChange: (course.pace / pace - 1) / part,
  };
}

/** `SEEN` cycles from x = `from` on. */
interface Course {
  readonly from: number;
  readonly pace: number;
  readonly advance: number;
  /** In units of e^-from. */
  readonly time: number;
  /** The integral of how far x is above `from` over that time. */
  readonly area: number;
  readonly reach: number;
}

/** Cycles from the first beginning at which `begins` holds. */
function courseOf(
  accuracy: Accuracy,
  rest: Rest,
  firstPace: number,
  begins: (here: Beginning, before: Beginning | undefined, count: number) => boolean,
): Course | undefined {
  let first: Beginning | undefined;
  let before: Beginning | undefined;
  let [count, time, area, reach, end] = [0, 0, 0, 0, 0];
  for (const here of beginnings(accuracy, rest, firstPace)) {
    count += 1;
    if (first && before) {
      const unit = before.pace * exp(first.x - before.x);
      time += here.time * unit;
      area += (here.area + here.time * (before.x - first.x)) * unit;
      reach = Math.max(reach, here.reach);
      if (count === end)
        return { from: first.x, pace: first.pace, advance: here.x - first.x, time, area, reach };
    } else if (begins(here, before, count)) {
      first = here;
      end = count + SEEN;
    }
    before = here;
  }
  return undefined;
}

/** The first sub-step of all or after a rejected one, and what was from the one before until here. */
interface Beginning {
  readonly x: number;
  /** The sub-step times e^x. */
  readonly pace: number;
  /** In units of the first sub-step. */
  readonly time: number;
  /** The integral of how far x was above where it began. */
  readonly area: number;
  readonly reach: number;
}

/** Integrates dx/dt = e^x + rest from x = 0 on. */
function* beginnings(accuracy: Accuracy, rest: Rest, firstPace: number): Generator<Beginning> {
  let [x, pace, from, first] = [0, firstPace, 0, firstPace];
  let [time, area, reach] = [0, 0, 0];
  let rejected = false;
  yield { x, pace, time, area, reach };
  for (let i = 0; i < MOST_SUBSTEPS; i++) {
    const { change, mean, error, slope, highest } = substep(pace, x, rest);
    const ratio = error / (accuracy.absolute + accuracy.relative * pace * slope);
    const accepted = ratio <= LARGEST_RATIO;
    if (accepted && rejected) {
      yield { x, pace, time, area, reach };
      [from, first, time, area, reach] = [x, pace, 0, 0, 0];
    }
    rejected = !accepted;
    reach = Math.max(reach, x - from + highest);
    if (accepted) {
      const duration = (pace / first) * exp(from - x);
      time += duration;
      area += duration * (x - from + mean);
      x += change;
      pace *= exp(change);
    }
    pace *= factorAfter(ratio);
  }
}

const slopes = new Float64Array(STAGES);

/** A sub-step from `x` on, time in units of e^-x. */
function substep(length: number, x: number, rest: Rest) {
  const unit = exp(-x);
  const along = (weights: readonly number[]): number => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i] * slopes[i];
    return length * sum;
  };
  const slopeAt = (change: number): number =>
    exp(change) + unit * (rest.at0 + rest.slope * (x + change));
  slopes[0] = slopeAt(0);
  let highest = 0;
  let mean = 0;
  for (let stage = 1; stage < STAGES; stage++) {
    const change = along(STAGE_WEIGHTS[stage - 1]);
    highest = Math.max(highest, change);
    mean += SOLUTION_WEIGHTS[stage] * change;
    slopes[stage] = slopeAt(change);
  }
  const change = along(SOLUTION_WEIGHTS);
  return { change, error: Math.abs(along(ERROR_WEIGHTS)), slope: slopeAt(change), mean, highest };
}
