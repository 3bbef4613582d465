/**
 * Whether a semilinear model's whole step, worked out by the passes of semilinear-kernel.ts, is one that the
 * step control would try and accept. It is decided from a neuron's own state.
 */
import type { KernelBuilder } from './builder.js';
import { isCalm } from './calm.js';
import {
  LARGEST_REMAINDER,
  LEAST_EXPONENTIAL,
  rangedNames,
  slopedNames,
} from './certain-region.js';
import {
  CEILING,
  type FastPath,
  FIRST_RANGE,
  firstSlope,
  LARGEST_EXPONENTIAL,
  LARGEST_SQUARES,
  OFFSET,
  REMAINDER,
  STEP,
} from './fast-path.js';
import { type Coefficients, type Quantity, SQUARES } from './fast-quantities.js';
import { LATER_STAGES } from './fehlberg.js';
import { type F64, f64, type Mask } from './ir.js';
import { A, G, type SubstepPlan, slope } from './substep-plan.js';
import { triesWhole } from './whole-step-kernel.js';

export class Acceptance {
  /** Variables and stimuli that errors depend on, or that have bounds and no range of their own. */
  private readonly involved: readonly string[];

  constructor(
    private readonly k: KernelBuilder,
    private readonly model: FastPath,
    private readonly plan: SubstepPlan,
    private readonly coefficients: Coefficients,
  ) {
    const ranged = rangedNames(model);
    const bounded = [...model.bounds.keys()].filter((name) => !ranged.includes(name));
    const names = new Set([...plan.estimates.flatMap((row) => [...row.keys()]), ...bounded]);
    this.involved = model.columns.filter((name) => names.has(name));
  }

  /**
   * Whether the neuron is in the region where it certainly is (certain-region.ts); if not, it may still be. The
   * region's limits are loaded now.
   */
  certain(): (quantity: Quantity) => Mask {
    const { k, model, plan, coefficients } = this;
    const limit = (i: number): F64 => k.let(coefficients.number(i));
    const [squares, exponential, offset] = [LARGEST_SQUARES, LARGEST_EXPONENTIAL, OFFSET].map(
      limit,
    );
    const [remainder, step] = [REMAINDER, STEP].map(limit);
    const ranges = rangedNames(model).map((name, i) => {
      const [lowest, highest] = [0, 1].map((end) => limit(FIRST_RANGE + 2 * i + end));
      return { name, lowest, highest };
    });
    const slopes = slopedNames(plan, model.driver).map(
      (name, i) => [slope(name), limit(firstSlope(model) + i)] as const,
    );
    return (quantity) => {
      const change = k.let(quantity(A(2)).abs().add(offset));
      const change2 = k.let(change.mul(change));
      const change4 = k.let(change2.mul(change2));
      const first = quantity(G(1));
      const inside = [
        k.let(first.max(LEAST_EXPONENTIAL)).mul(change4.mul(change4)).le(remainder),
        first.le(exponential),
        ...ranges.flatMap(({ name, lowest, highest }) => [
          quantity(name).gt(lowest),
          quantity(name).lt(highest),
        ]),
        ...slopes.map(([name, largest]) => quantity(name).abs().le(largest)),
        quantity(SQUARES).le(squares),
      ];
      // Who is not calm is not suggested a whole step (calm.ts).
      const isTried = quantity(model.suggestion).ge(step);
      return inside.reduce((all, one) => all.and(one), isTried);
    };
  }

  /** Of all whose magnitudes matter. */
  squares(quantity: Quantity): F64 {
    const [first = f64(0), ...others] = this.involved.map(quantity).map((x) => x.mul(x));
    return others.reduce((sum, square) => sum.add(square), first);
  }

  /**
   * Whether it is, elsewhere, for neurons of which `isTried` holds.
   * @param after variables as they are after the step
   */
  holds(quantity: Quantity, after: Quantity): Mask {
    return this.isWellApproximated(quantity)
      .and(this.isWithin(quantity, after))
      .and(this.coefficients.isAccurate(this.plan.errors)(quantity));
  }

  /** Whether no jump is under way, and the first sub-step that would be tried is the whole step. */
  isTried(quantity: Quantity): Mask {
    const { k, model, coefficients } = this;
    const state = new Map(model.columns.map((name) => [name, quantity(name)] as const));
    const tries = triesWhole(quantity(model.suggestion), coefficients.number(STEP));
    return isCalm(k, model.calm, state).and(tries);
  }

  /** The largest magnitude. */
  private largest(values: readonly F64[]): F64 {
    const { k } = this;
    const [first = f64(0), ...others] = values.map((value) => k.let(value.abs()));
    return others.reduce((largest, value) => k.let(value.max(largest)), first);
  }

  /** Whether the driver stays below the ceiling in all stages, and variables in their ranges. */
  private isWithin(quantity: Quantity, after: Quantity): Mask {
    const { model, plan, coefficients } = this;
    const ceiling = coefficients.number(CEILING);
    const driver = quantity(model.driver);
    let ok = after(model.driver).lt(ceiling);
    for (const row of plan.driverChanges) {
      ok = ok.and(driver.add(coefficients.dotOf(row, false)(quantity)).lt(ceiling));
    }
    for (const [name, [low, high]] of model.bounds) {
      if (Number.isFinite(low)) ok = ok.and(after(name).ge(low));
      if (Number.isFinite(high)) ok = ok.and(after(name).le(high));
    }
    return ok;
  }

  /** Whether the polynomial for e^d was good enough, in view of what it is multiplied with. */
  private isWellApproximated(quantity: Quantity): Mask {
    const { k } = this;
    const changes = LATER_STAGES.map((stage) => quantity(A(stage)));
    const d = this.largest(changes);
    const d2 = k.let(d.mul(d));
    const d4 = k.let(d2.mul(d2));
    return d.le(1).and(quantity(G(1)).mul(d4.mul(d4)).le(LARGEST_REMAINDER));
  }
}
