/**
 * Whether a semilinear model's whole step, worked out by the passes of semilinear-kernel.ts, is one that the
 * step control would try and accept. It is decided from a neuron's own state.
 */
import type { KernelBuilder } from './builder.js';
import { EquationCode } from './equation-code.js';
import { CEILING, type FastPath, STEP, TOLERANCE } from './fast-path.js';
import { type Coefficients, newValue, type Quantity } from './fast-quantities.js';
import { LATER_STAGES, NODES } from './fehlberg.js';
import { type F64, f64, type Mask } from './ir.js';
import { A, G, type SubstepPlan } from './substep-plan.js';

/** The stage at the end of the step. */
const LAST_STAGE = 5;
/** Largest G1 d^8, of which what the polynomial leaves out is less than 1/40000: below 2e-12. */
const LARGEST_REMAINDER = 2 ** -24;

/** What the answers have in common, of the neurons at hand. */
interface Extent {
  /** Largest magnitude among the variables, the stimuli and 1, and among the argument's changes. */
  readonly state: F64;
  readonly change: F64;
  /** A bound on the error, and the part for the state of both bounds of `ErrorBound`. */
  readonly error: F64;
  readonly errorOfState: F64;
}

export class Acceptance {
  /** Variables and stimuli that errors depend on. */
  private readonly involved: readonly string[];

  constructor(
    private readonly k: KernelBuilder,
    private readonly model: FastPath,
    private readonly plan: SubstepPlan,
    private readonly coefficients: Coefficients,
  ) {
    const names = new Set([...plan.errors.values()].flatMap((row) => [...row.keys()]));
    this.involved = model.columns.filter((name) => names.has(name));
  }

  /**
   * Whether it is, as far as bounds on the errors tell; if not, it may still be. Mostly the first tells.
   * @param again the same quantities, to be loaded where the second is asked for
   */
  isSure(quantity: Quantity, again: Quantity): Mask {
    const { k, coefficients } = this;
    const tolerance = coefficients.number(TOLERANCE);
    const extent = this.extent(quantity);
    const error = k.variable(extent.error);
    k.ifAny(error.le(tolerance).not(), () => k.set(error, this.closestBound(again, extent)));
    return this.isWithin(quantity, extent).and(error.le(tolerance));
  }

  /** Whether it is. */
  holds(quantity: Quantity): Mask {
    const extent = this.extent(quantity);
    return this.isWithin(quantity, extent).and(this.isAccurate(quantity, extent));
  }

  private extent(quantity: Quantity): Extent {
    const { k, coefficients } = this;
    const state = this.largest(this.involved.map(quantity), f64(1));
    const change = this.largest(
      LATER_STAGES.map((stage) => quantity(A(stage))),
      f64(0),
    );
    const errorOfState = k.let(coefficients.error('state').mul(state));
    const perExponential = coefficients
      .error('exponential')
      .add(coefficients.error('change').mul(change));
    const error = k.let(errorOfState.add(quantity(G(1)).mul(perExponential)));
    return { state, change, error, errorOfState };
  }

  /** The largest magnitude, and at least `least`. */
  private largest(values: readonly F64[], least: F64): F64 {
    const { k } = this;
    return values.reduce((largest, value) => k.let(k.let(value.abs()).max(largest)), least);
  }

  /** Whether the step is one that the passes are good for. */
  private isWithin(quantity: Quantity, extent: Extent): Mask {
    const { k, model, coefficients } = this;
    const ceiling = coefficients.number(CEILING);
    const step = coefficients.number(STEP);
    const state = new Map(model.columns.map((name) => [name, quantity(name)] as const));
    const suggestion = quantity(model.suggestion);
    let ok = new EquationCode(k, new Map(), new Map())
      .test(model.calm, state)
      .and(this.isWellApproximated(quantity, extent))
      .and(quantity(model.driver).add(this.largestDriverChange(quantity, extent)).lt(ceiling))
      .and(quantity(newValue(model.driver)).lt(ceiling))
      .and(suggestion.ge(step).or(suggestion.eq(0)));
    for (const [name, [low, high]] of model.bounds) {
      const value = quantity(newValue(name));
      if (Number.isFinite(low)) ok = ok.and(value.ge(low));
      if (Number.isFinite(high)) ok = ok.and(value.le(high));
    }
    return ok;
  }

  /** By how much the driver changes until any of the stages, at most. */
  private largestDriverChange(quantity: Quantity, { state, change }: Extent): F64 {
    const { coefficients } = this;
    const byArgument = coefficients.driver('argument').mul(change);
    const byState = coefficients.driver('state').mul(state);
    const byExponential = coefficients.driver('exponential').mul(quantity(G(1)));
    return byArgument.add(byState).add(byExponential);
  }

  /** Whether the polynomial for e^d was good enough, in view of what it is multiplied with. */
  private isWellApproximated(quantity: Quantity, { change }: Extent): Mask {
    const { k } = this;
    const d2 = k.let(change.mul(change));
    const d4 = k.let(d2.mul(d2));
    return change.le(1).and(quantity(G(1)).mul(d4.mul(d4)).le(LARGEST_REMAINDER));
  }

  /**
   * Whether every error estimate is within the tolerance. One of two bounds that they share may tell; only if
   * neither does for one of the neurons, estimates are computed.
   */
  private isAccurate(quantity: Quantity, extent: Extent): Mask {
    const { k, plan, coefficients } = this;
    const tolerance = coefficients.number(TOLERANCE);
    const worst = k.variable(this.closestBound(quantity, extent));
    k.ifAny(worst.le(tolerance).not(), () => {
      const estimate = k.variable(0);
      for (const row of plan.errors.values()) {
        k.set(estimate, k.let(coefficients.dotOf(row, false)(quantity).abs()).max(estimate));
      }
      // Only where it was asked for: whether the other neuron of the pair did must not matter.
      k.set(worst, worst.le(tolerance).select(worst, estimate));
    });
    // Not if the bound was not a number.
    return worst.le(tolerance).and(extent.error.ge(0));
  }

  /** The smaller of both bounds of `ErrorBound`. */
  private closestBound(quantity: Quantity, extent: Extent): F64 {
    return extent.error.min(this.closerBound(quantity, extent));
  }

  /** See `ErrorBound`; infinite where it does not hold. */
  private closerBound(quantity: Quantity, { change: d, errorOfState }: Extent): F64 {
    const { k, coefficients } = this;
    const last = quantity(A(LAST_STAGE));
    const bends = LATER_STAGES.filter((stage) => stage !== LAST_STAGE).map((stage) =>
      quantity(A(stage)).sub(last.mul(NODES[stage - 1])),
    );
    const bent = this.largest(bends, f64(0));
    const d2 = k.let(d.mul(d));
    const part = (name: Parameters<Coefficients['error']>[0]): F64 => coefficients.error(name);
    const low = part('exponential').add(part('linear').mul(d));
    const high = part('cubic').mul(d).add(part('quadratic')).mul(d2);
    const highest = part('quartic').mul(d2.mul(d2)).add(part('bent').mul(bent));
    const bound = errorOfState.add(quantity(G(1)).mul(low.add(high).add(highest)));
    return d
      .max(bent)
      .le(1 / 4)
      .select(bound, Number.POSITIVE_INFINITY);
  }
}
