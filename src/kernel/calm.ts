/**
 * Neurons are calm while no jump of theirs is under way: only these take the fast path. It need not ask, though, as
 * others are not left with a whole step suggested, but with nothing, 0, which comes to the same on other paths.
 */
import type { AdaptiveModel } from './adaptive-model.js';
import type { KernelBuilder } from './builder.js';
import type { Condition } from './equation.js';
import { EquationCode } from './equation-code.js';
import type { F64, Mask } from './ir.js';

export function isCalm(k: KernelBuilder, calm: Condition, state: ReadonlyMap<string, F64>): Mask {
  return new EquationCode(k, new Map(), new Map()).test(calm, state);
}

/** For neurons at the end of a step that may not be calm. Those to whom less than `whole` is suggested keep it. */
export function suggestToCalm(
  k: KernelBuilder,
  { calm, suggestion }: AdaptiveModel,
  state: Readonly<Record<string, F64>>,
  whole: F64,
): void {
  if (!calm) return;
  const suggested = state[suggestion];
  const stays = isCalm(k, calm, new Map(Object.entries(state))).or(suggested.lt(whole));
  k.set(suggested, stays.select(suggested, 0));
}
