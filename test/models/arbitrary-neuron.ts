/** Neurons of any model, drawn from what its specification allows: whatever is in the registry. */
import fc from 'fast-check';
import type { NeuronModel, QuantitySpec } from '../../src/models/spec.js';

export type Numbers = Record<string, number>;

/** A value near the default; where that is 0, one of a size that its unit suggests. */
function near({ default: value, unit, flag }: QuantitySpec): fc.Arbitrary<number> {
  if (flag) return fc.constantFrom(0, 1);
  if (!Number.isFinite(value)) return fc.constant(value);
  const spread =
    value === 0 ? ({ ms: 2, pA: 200 }[unit] ?? 1) : (unit === 'mV' ? 0.1 : 0.3) * value;
  const low = value === 0 && unit !== 'pA' ? 0 : -1;
  return fc.double({ min: low, max: 1, noNaN: true }).map((u) => value + u * spread);
}

/** Parameters that pass the checks of the model. */
export function parametersOf(model: NeuronModel): fc.Arbitrary<Numbers> {
  const each = Object.entries(model.parameters).map(([name, spec]) => [name, near(spec)] as const);
  const state = Object.entries(model.state).map(([name, spec]) => [name, spec.default] as const);
  return fc
    .record(Object.fromEntries(each))
    .filter((values) =>
      model.checks.every((check) => check.holds({ ...Object.fromEntries(state), ...values })),
    );
}

/** State variables that users can set, near their defaults. */
export function stateOf(model: NeuronModel): fc.Arbitrary<Numbers> {
  const settable = Object.entries(model.state).filter(([, spec]) => spec.settable);
  return fc.record(Object.fromEntries(settable.map(([name, spec]) => [name, near(spec)] as const)));
}
