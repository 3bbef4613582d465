/**
 * Whole steps of neurons that are held (held-phases.ts): clamped or refractory, as a counter says that is not 0.
 */
import type { AdaptiveModel } from './adaptive-model.js';
import { jumpAfterWholeStep } from './arrival-kernels.js';
import { KernelBuilder } from './builder.js';
import { namesIn } from './equation.js';
import { type FastPath, firstHeldRow, STEP } from './fast-path.js';
import { Coefficients, type Quantity } from './fast-quantities.js';
import { type HeldPhase, heldPhases, heldRows } from './held-phases.js';
import { type F64, f64, type Int, type Kernel, type Mask } from './ir.js';
import { planSubstep } from './substep-plan.js';
import { triesWhole, withinBounds } from './whole-step-kernel.js';

/**
 * Kernel (columns, shared, coefficients, input, inhibitory, list, count) -> how many of the listed neurons are left
 * to the general path, first in the list. The others' step is done, and they have taken what arrives. They share
 * their parameters. See rkf45-kernel.ts for the rest.
 *
 * @param adaptive the same model for the general path, which does not look at what neurons were before the step
 * @param values any valid parameters
 */
export function heldKernel(
  name: string,
  model: FastPath,
  adaptive: AdaptiveModel,
  values: ReadonlyMap<string, number>,
): Kernel {
  return new HeldKernel(name, model, adaptive, values).build();
}

class HeldKernel {
  private readonly k: KernelBuilder;
  private readonly phases: readonly HeldPhase[];
  private readonly columns: readonly Int[];
  private readonly parameters: Readonly<Record<string, F64>>;
  private readonly coefficients: Coefficients;
  /** Where what arrives is; of both kinds, if it is signed. */
  private readonly inputs: readonly Int[];
  private readonly list: Int;
  private readonly count: Int;

  constructor(
    name: string,
    private readonly model: FastPath,
    private readonly adaptive: AdaptiveModel,
    values: ReadonlyMap<string, number>,
  ) {
    this.k = new KernelBuilder(name, 1);
    const { k } = this;
    // The shape of rows does not depend on the values.
    this.phases = heldPhases(model, values, 1);
    const first = firstHeldRow(model, planSubstep(model, values, 1));
    const table = k.parameter('columns');
    const shared = k.parameter('shared');
    this.coefficients = new Coefficients(
      k,
      k.parameter('coefficients'),
      heldRows(this.phases),
      first,
    );
    const inputs = [k.parameter('input'), k.parameter('inhibitory')];
    this.inputs = adaptive.signedInput ? inputs : inputs.slice(0, 1);
    this.list = k.parameter('list');
    this.count = k.parameter('count');
    this.columns = adaptive.columns.map((_, i) => k.letInt(k.loadInt(table.add(4 * i))));
    this.parameters = Object.fromEntries(
      adaptive.parameters.map((parameter, i) => [parameter, k.loadAll(shared, 8 * i)]),
    );
  }

  build(): Kernel {
    const { k, list, count } = this;
    const left = k.letInt(0);
    const next = k.letInt(0);
    k.whileInt(next.lt(count), () => {
      const neuron = k.letInt(k.loadInt(list.add(next.shl(2))));
      const isDone = this.step(k.letInt(neuron.shl(3)));
      k.if(isDone.not(), () => {
        k.storeInt(list.add(left.shl(2)), neuron);
        k.setInt(left, left.add(1));
      });
      k.setInt(next, next.add(1));
    });
    return k.finish(left);
  }

  /** The step of a neuron, if it is held; returns whether it is done. */
  private step(at: Int): Mask {
    const { k, model, adaptive, columns, coefficients } = this;
    const old = new Map(adaptive.columns.map((name, i) => [name, k.load(columns[i].add(at))]));
    const quantity: Quantity = (name) => old.get(name)!;
    const state = Object.fromEntries([...old].map(([name, value]) => [name, k.variable(value)]));
    const isDone = k.variable(0);
    const accepted = k.variable(0);
    const counters = [...namesIn(model.calm)];
    for (const phase of this.phases) {
      const others = counters.filter((counter) => counter !== phase.counter);
      const isHeld = others.reduce(
        (all, other) => all.and(quantity(other).eq(0)),
        quantity(phase.counter).gt(0),
      );
      k.if(isHeld, () => k.set(accepted, this.advance(phase, quantity, state).select(1, 0)));
    }
    const step = coefficients.number(STEP);
    const isTried = triesWhole(quantity(model.suggestion), step);
    k.if(accepted.eq(1).and(isTried).and(withinBounds(adaptive, state)), () => {
      k.set(state[model.suggestion], step);
      const spikes = this.jump(at, state);
      k.if(spikes.eq(0).and(withinBounds(adaptive, state)), () => {
        adaptive.columns.forEach((name, i) => {
          k.store(columns[i].add(at), state[name]);
        });
        for (const address of this.inputs) k.store(address.add(at), f64(0));
        k.set(isDone, 1);
      });
    });
    return isDone.eq(1);
  }

  /** New values of what is integrated; returns whether the step is accepted. */
  private advance(
    { solutions, errors }: HeldPhase,
    quantity: Quantity,
    state: Readonly<Record<string, F64>>,
  ): Mask {
    const { k, coefficients } = this;
    for (const [name, row] of solutions) {
      k.set(state[name], coefficients.dotOf(row, false)(quantity));
    }
    return coefficients.isAccurate(errors)(quantity);
  }

  /** What follows a sub-step and a step; returns how often the neuron fires. */
  private jump(at: Int, state: Readonly<Record<string, F64>>): F64 {
    const { k, adaptive, parameters } = this;
    const [input, inhibitoryInput = f64(0)] = this.inputs.map((address) => k.load(address.add(at)));
    return jumpAfterWholeStep(k, adaptive, { state, parameters, input, inhibitoryInput });
  }
}
