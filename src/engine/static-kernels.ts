/** The kernels of static rows: weights, times a factor, added to the input of the targets. */
import { KernelBuilder } from '../kernel/builder.js';
import type { F64, Int, Kernel } from '../kernel/ir.js';

/**
 * Kernel (weights, input, factor, targets, count, inhibitory): `input` is the address of the target with
 * index 0; contiguous rows start there and pass anything for `targets`, others name their targets.
 * Onto `signed` input, what is not positive goes `inhibitory` bytes further.
 */
export function staticRowKernel(contiguous: boolean, signed: boolean): Kernel {
  const k = new KernelBuilder(staticName(contiguous, signed), contiguous && !signed ? 2 : 1);
  const weights = k.parameter('weights');
  const input = k.parameter('input');
  const factor = k.loadAll(k.parameter('factor'));
  const targets = k.parameter('targets');
  const count = k.parameter('count');
  const inhibitory = k.parameter('inhibitory');
  const done = k.letInt(0);
  k.eachAlone(count, (at) => {
    const target = input.add(contiguous ? at : k.loadInt(targets.add(at.half())).shl(3));
    const weight = k.let(k.load(weights.add(at)).mul(factor));
    const slot = signed ? signedSlot(k, target, weight, inhibitory) : k.letInt(target);
    k.store(slot, k.load(slot).add(weight));
  });
  return k.finish(done);
}

export function staticName(contiguous: boolean, signed: boolean): string {
  return `static_${signed ? 'signed_' : ''}${contiguous ? 'run' : 'list'}`;
}

/** Where a weight goes that is onto signed input, in a kernel of one lane. Weights of a row mostly have one sign. */
export function signedSlot(k: KernelBuilder, target: Int, weight: F64, inhibitory: Int): Int {
  const slot = k.letInt(target);
  k.if(weight.gt(0).not(), () => k.setInt(slot, slot.add(inhibitory)));
  return slot;
}
