/**
 * What follows for neurons whose step the fast path (semilinear-kernel.ts) has worked out: what arrives in the
 * step is added, and who fires by it jumps. So the fast path can go ahead before it is known what arrives.
 */
import type { AdaptiveModel, JumpScope } from './adaptive-model.js';
import { KernelBuilder } from './builder.js';
import { suggestToCalm } from './calm.js';
import { CEILING, type FastPath, INHIBITORY_INPUT, INPUT } from './fast-path.js';
import { type F64, f64, type Kernel, type Mask } from './ir.js';
import { FIRED_WORDS } from './rkf45-kernel.js';
import { settled } from './settled.js';

const ALWAYS = f64(0).eq(0);

/**
 * Kernel (columns, coefficients, input, inhibitory, count, list) -> length of the list, of those whom what
 * arrives would bring to the ceiling or out of their bounds: they are left as they are. `inhibitory` matters for
 * signed input only. Where nothing arrives, as must be for neurons that took another path, nothing happens.
 */
export function arrivalKernel(name: string, model: FastPath): Kernel {
  const k = new KernelBuilder(name, 2);
  const table = k.parameter('columns');
  const ceiling = k.let(k.loadAll(k.parameter('coefficients'), 8 * CEILING));
  const inputs = { [INPUT]: k.parameter('input'), [INHIBITORY_INPUT]: k.parameter('inhibitory') };
  const count = k.parameter('count');
  const list = k.parameter('list');
  const listed = k.letInt(0);
  const receivers = Object.entries(model.receives).map(([variable, which]) => ({
    variable,
    input: inputs[which],
    column: k.letInt(k.loadInt(table.add(4 * model.columns.indexOf(variable)))),
  }));
  k.each(count, (at) => {
    const sums = receivers.map(({ variable, input, column }) => {
      const before = k.let(k.load(column.add(at)));
      const arriving = k.let(k.load(input.add(at)));
      const sum = k.let(before.add(arriving));
      return { variable, address: column.add(at), before, arriving, sum };
    });
    let stays: Mask = ALWAYS;
    for (const { variable, sum, arriving } of sums) {
      const inside = boundsOf(model, variable, ceiling).map((test) => test(sum));
      const all = inside.reduce((others, one) => others.and(one), ALWAYS);
      stays = stays.and(all.or(arriving.eq(0)));
    }
    const ok = k.letMask(stays);
    for (const { variable, address, before, sum } of sums) {
      k.store(address, ok.select(variable === model.driver ? sum : settled(sum), before));
    }
    k.append(ok.not(), at, count, list, listed);
  });
  return k.finish(listed);
}

/** Tests that a received variable passes below the ceiling and within its bounds. */
function boundsOf(model: FastPath, variable: string, ceiling: F64): ((value: F64) => Mask)[] {
  const [low, high] = model.bounds.get(variable) ?? [];
  const tests: ((value: F64) => Mask)[] = [];
  if (variable === model.driver) tests.push((value) => value.lt(ceiling));
  if (low !== undefined && Number.isFinite(low)) tests.push((value) => value.ge(low));
  if (high !== undefined && Number.isFinite(high)) tests.push((value) => value.le(high));
  return tests;
}

/**
 * Kernel (columns, shared, input, inhibitory, list, count, fired) -> number of neurons that fired: what arrives,
 * and the jumps, for the listed neurons, whose whole step was one sub-step. They share their parameters; the
 * model does not look at what they were before the step. See rkf45-kernel.ts for the rest.
 */
export function jumpKernel(name: string, model: AdaptiveModel): Kernel {
  const k = new KernelBuilder(name, 1);
  const table = k.parameter('columns');
  const shared = k.parameter('shared');
  const input = k.parameter('input');
  const inhibitory = k.parameter('inhibitory');
  const list = k.parameter('list');
  const count = k.parameter('count');
  const fired = k.parameter('fired');
  const result = k.letInt(0);
  const next = k.letInt(0);
  k.whileInt(next.lt(count), () => {
    const neuron = k.loadInt(list.add(next.shl(2)));
    const at = k.letInt(neuron.shl(3));
    const columns = model.columns.map((column, i) => {
      const address = k.letInt(k.loadInt(table.add(4 * i)).add(at));
      return { column, address, value: k.load(address) };
    });
    const spikes = jumpAfterWholeStep(k, model, {
      state: Object.fromEntries(columns.map(({ column, value }) => [column, value])),
      parameters: Object.fromEntries(
        model.parameters.map((parameter, i) => [parameter, k.loadAll(shared, 8 * i)]),
      ),
      input: k.load(input.add(at)),
      inhibitoryInput: model.signedInput ? k.load(inhibitory.add(at)) : f64(0),
    });
    for (const { address, value } of columns) k.store(address, value);
    k.if(spikes.gt(0), () => {
      const to = k.letInt(fired.add(result.mul(4 * FIRED_WORDS)));
      k.storeInt(to, neuron);
      k.storeInt(to.add(4), spikes.toInt());
      k.setInt(result, result.add(1));
    });
    k.setInt(next, next.add(1));
  });
  return k.finish(result);
}

/**
 * The jumps of a neuron whose whole step was one sub-step, and is what is suggested in `state`, in a model that does
 * not look at what it was before the step; returns how often it fires.
 */
export function jumpAfterWholeStep(
  k: KernelBuilder,
  model: AdaptiveModel,
  of: Pick<JumpScope, 'state' | 'parameters' | 'input' | 'inhibitoryInput'>,
): F64 {
  const spikes = k.variable(0);
  const scope = {
    ...{ ...of, k, spikes },
    first: ALWAYS,
    before: (column: string): never => {
      throw new Error(`${column} before the step is not known here`);
    },
  };
  model.afterSubstep(scope);
  model.afterStep(scope);
  suggestToCalm(k, model, of.state, of.state[model.suggestion]);
  return spikes;
}
