/**
 * The quick path of a model with an adaptive sub-step and few jumps: the whole grid step as one
 * sub-step, two neurons at a time, by the operations of rkf45-kernel.ts.
 *
 * A neuron takes it if the whole step would be tried first and accepted, it stays within its bounds
 * and does not fire. The others keep their state and go to a list, for the general kernel. Both come
 * to the same bits, so it does not matter which neurons share a pair.
 */

import type { AdaptiveModel } from './adaptive-model.js';
import { KernelBuilder } from './builder.js';
import { suggestToCalm } from './calm.js';
import { type F64, f64, type Int, type Kernel, type Mask } from './ir.js';
import { LANES } from './rkf45-kernel.js';
import { LARGEST_RATIO } from './step-control.js';
import { Scratch, SubstepCode } from './substep-code.js';

/**
 * Kernel (columns, parameters, shared, input, inhibitory, count, list, step, scratch) -> length of the list.
 * `columns` and `parameters` are tables of addresses, `shared` is the address of the values that
 * hold for all neurons, `step` that of the resolution in ms,
 * `scratch` that of memory for a sub-step.
 *
 * @param model must have jumps without branches
 * @param each names of the parameters that differ between neurons
 */
export function wholeStepKernel(
  name: string,
  model: AdaptiveModel,
  each: ReadonlySet<string>,
): Kernel {
  const k = new KernelBuilder(name, LANES);
  const columnTable = k.parameter('columns');
  const parameterTable = k.parameter('parameters');
  const shared = k.parameter('shared');
  const input = k.parameter('input');
  const inhibitory = k.parameter('inhibitory');
  const count = k.parameter('count');
  const list = k.parameter('list');
  const h = k.loadAll(k.parameter('step'));
  const scratch = new Scratch(k, k.parameter('scratch'), LANES);
  const listed = k.letInt(0);
  const columns = new Map(
    model.columns.map((column, i) => [column, k.loadInt(columnTable.add(4 * i))] as const),
  );
  const addresses = new Map(
    [...each].map((parameter) => {
      const i = model.parameters.indexOf(parameter);
      return [parameter, k.loadInt(parameterTable.add(4 * i))] as const;
    }),
  );
  const parametersAt = (at: Int | undefined): Record<string, F64> =>
    Object.fromEntries(
      model.parameters.map((parameter, i) => {
        const own = addresses.get(parameter);
        return [parameter, own && at ? k.load(own.add(at)) : k.loadAll(shared, 8 * i)];
      }),
    );
  // What follows from parameters alone is worked out once if all neurons share them.
  const common = each.size === 0 ? substepOf(parametersAt(undefined)) : undefined;
  function substepOf(parameters: Record<string, F64>) {
    return { parameters, code: new SubstepCode(k, model, parameters, scratch) };
  }

  k.each(count, (at) => {
    const before = (column: string): F64 => k.load(columns.get(column)!.add(at));
    const old = Object.fromEntries(model.columns.map((column) => [column, before(column)]));
    const { parameters, code } = common ?? substepOf(parametersAt(at));
    const suggestion = old[model.suggestion];
    const { solution, ratio } = code.try(old, code.slopes(old), h);
    const state = Object.fromEntries(
      model.columns.map((column) => {
        const i = code.names.indexOf(column);
        return [column, k.variable(i < 0 ? old[column] : solution[i])];
      }),
    );
    k.set(state[model.suggestion], h);
    const accepted = ratio.le(LARGEST_RATIO).and(triesWhole(suggestion, h));
    const spikes = k.variable(0);
    const scope = {
      k,
      state,
      parameters,
      input: k.load(input.add(at)),
      inhibitoryInput: model.signedInput ? k.load(inhibitory.add(at)) : f64(0),
      before,
      first: f64(1).eq(1),
      spikes,
    };
    model.afterSubstep(scope);
    // From the state as it is here.
    const ok = k.letMask(accepted.and(withinBounds(model, state)));
    model.afterStep(scope);
    suggestToCalm(k, model, state, h);
    const stays = spikes.eq(0).and(withinBounds(model, state));
    const done = k.letMask(ok.and(stays));
    for (const [column, address] of columns) {
      k.store(address.add(at), done.select(state[column], old[column]));
    }
    k.append(done.not(), at, count, list, listed);
  });
  return k.finish(listed);
}

/** Whether the whole step would be tried: it is what is suggested, at least, or nothing is yet. */
export function triesWhole(suggestion: F64, h: F64): Mask {
  return suggestion.eq(0).or(suggestion.ge(h));
}

export function withinBounds(model: AdaptiveModel, state: Readonly<Record<string, F64>>): Mask {
  const conditions = [...model.bounds].map(([name, [low, high]]) =>
    state[name].ge(low).and(state[name].le(high)),
  );
  return conditions.reduce((all, one) => all.and(one), f64(0).eq(0));
}
