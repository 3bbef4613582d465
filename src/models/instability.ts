import { NumericalInstabilityError } from '../errors/index.js';
import type { Bounds, NeuronGroup } from './spec.js';

/** The error of a neuron of a group that has left its bounds: with the values they are about. */
export function instability(
  group: NeuronGroup,
  bounds: Bounds,
  index: number,
  step: number,
): NumericalInstabilityError {
  const values = Object.keys(bounds).map((name) => [name, group.state(name)[index]] as const);
  const node = group.nodeId(index);
  return new NumericalInstabilityError(group.model.name, node, step, Object.fromEntries(values));
}
