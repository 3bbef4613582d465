/** The kernels of static rows: weights, times a factor, added to the input of the targets. */
import { KernelBuilder } from '../kernel/builder.js';
import type { Kernel } from '../kernel/ir.js';

/**
 * Kernel (weights, input, factor, targets, count): `input` is the address of the target with index
 * 0; contiguous rows start there and pass anything for `targets`, others name their targets.
 */
export function staticRowKernel(contiguous: boolean): Kernel {
  const k = new KernelBuilder(contiguous ? 'static_run' : 'static_list', contiguous ? 2 : 1);
  const weights = k.parameter('weights');
  const input = k.parameter('input');
  const factor = k.loadAll(k.parameter('factor'));
  const targets = k.parameter('targets');
  const count = k.parameter('count');
  const done = k.letInt(0);
  k.eachAlone(count, (at) => {
    const target = input.add(contiguous ? at : k.loadInt(targets.add(at.half())).shl(3));
    const slot = contiguous ? target : k.letInt(target);
    k.store(slot, k.load(slot).add(k.load(weights.add(at)).mul(factor)));
  });
  return k.finish(done);
}
