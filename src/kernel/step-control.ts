/**
 * The standard step control of the GNU Scientific Library, for a method of fifth order: what follows
 * from the largest ratio of estimated to allowed error in a sub-step.
 */
import { pow } from '../math/index.js';

/** Up to this ratio a sub-step is accepted. */
export const LARGEST_RATIO = 1.1;
/** Below this ratio the next sub-step is longer. */
export const GROWS_BELOW = 0.5;
/** Of the sub-step that would just do, this much is suggested. */
export const SAFETY = 0.9;
export const SHRINKING_POWER = 1 / 5;
export const GROWING_POWER = 1 / 6;
/** Factors between one sub-step and the next. */
export const LEAST_FACTOR = 0.2;
export const LARGEST_FACTOR = 5;

/** Next sub-step over the one with this ratio. */
export function factorAfter(ratio: number): number {
  if (!(ratio <= LARGEST_RATIO)) {
    return Math.max(LEAST_FACTOR, SAFETY * pow(ratio, -SHRINKING_POWER));
  }
  if (ratio >= GROWS_BELOW) return 1;
  return Math.min(LARGEST_FACTOR, Math.max(1, SAFETY * pow(ratio, -GROWING_POWER)));
}
