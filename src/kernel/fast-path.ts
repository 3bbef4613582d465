/**
 * What a semilinear model must tell for the fast path (semilinear-kernel.ts), and the numbers that its
 * kernel reads for a set of parameters.
 */
import type { Row } from './affine.js';
import { certainRegion, rangedNames, slopedNames } from './certain-region.js';
import type { Condition } from './equation.js';
import { type HeldPhase, heldRows } from './held-phases.js';
import type { ErrorControl } from './substep-code.js';
import { planSubstep, type SemilinearModel, type SubstepPlan } from './substep-plan.js';

/** Name of what arrives at the neurons in this step. */
export const INPUT = 'input';
/** The same for what signed input brings beside positive weights. */
export const INHIBITORY_INPUT = 'inhibitoryInput';

export interface FastPath extends SemilinearModel {
  /** Columns in the order of the table of addresses: state variables and stimuli. */
  readonly columns: readonly string[];
  /** Column of the sub-step that the error control suggests, 0 for none yet. */
  readonly suggestion: string;
  /** No jump is under way: counters are 0, which equations compare with 0 alone. */
  readonly calm: Condition;
  /** Parameter below which the driver must stay. */
  readonly ceiling: string;
  /** Which input each variable takes. */
  readonly receives: Readonly<Record<string, typeof INPUT | typeof INHIBITORY_INPUT>>;
  /** Error estimates up to the absolute tolerance pass, whatever the relative one. */
  readonly errorControl: ErrorControl;
  /** Ranges outside which a variable is unstable. */
  readonly bounds: ReadonlyMap<string, readonly [low: number, high: number]>;
}

/**
 * Where kernels find them: these, ranges and largest slopes of the certain region, the rows of the plan, and those
 * of held neurons.
 */
export const STEP = 0;
export const CEILING = 1;
export const TOLERANCE = 2;
/** Of the certain region: the largest sum of squares, negative if there is none, and the others. */
export const LARGEST_SQUARES = 3;
export const LARGEST_EXPONENTIAL = 4;
export const OFFSET = 5;
export const REMAINDER = 6;
export const FIRST_RANGE = 7;

/**
 * Coefficients of the plan and the held phases for a set of parameters, in the order in which kernels expect them.
 */
export function fastPathCoefficients(
  model: FastPath,
  values: ReadonlyMap<string, number>,
  h: number,
  held: readonly HeldPhase[],
): Float64Array {
  const plan = planSubstep(model, values, h);
  const { absolute } = model.errorControl;
  const tolerance = typeof absolute === 'number' ? absolute : values.get(absolute)!;
  const ceiling = values.get(model.ceiling)!;
  const { driver, bounds } = model;
  const region = certainRegion(plan, { driver, ceiling, tolerance, bounds });
  const squares = Math.sign(region.magnitude) * region.magnitude * region.magnitude;
  const numbers = [
    ...[h, ceiling, tolerance, squares, region.exponential],
    ...[region.offset, region.remainder, ...region.ranges.flat()],
    ...region.slopes,
  ];
  for (const row of [...rowsOf(plan), ...heldRows(held)]) numbers.push(...row.values());
  return Float64Array.from(numbers);
}

/** Number of the first of the largest slopes. */
export function firstSlope(model: FastPath): number {
  return FIRST_RANGE + 2 * rangedNames(model).length;
}

/** Number of the first coefficient of the plan's rows. */
export function firstRow(model: FastPath, plan: SubstepPlan): number {
  return firstSlope(model) + slopedNames(plan, model.driver).length;
}

/** Number of the first coefficient of held neurons. */
export function firstHeldRow(model: FastPath, plan: SubstepPlan): number {
  return rowsOf(plan).reduce((at, row) => at + row.size, firstRow(model, plan));
}

/** The rows of a plan, in the order of their coefficients. */
export function rowsOf(plan: SubstepPlan): Row[] {
  return [
    plan.argument,
    ...plan.slopes.values(),
    ...plan.argumentChanges,
    ...plan.solutions.values(),
    ...plan.driverChanges,
    ...plan.errors.values(),
  ];
}
