import { NumericalInstabilityError } from '../errors/index.js';
import { MOST_SUBSTEPS } from '../kernel/rkf45-kernel.js';
import { TimeGrid } from '../units/index.js';
import type { Bounds, NeuronGroup } from './spec.js';

/**
 * The error of a neuron of a group that has left its bounds: with the values they are about. If it is
 * within them, it took too many sub-steps.
 */
export function instability(
  group: NeuronGroup,
  bounds: Bounds,
  index: number,
  step: number,
): NumericalInstabilityError {
  const values = Object.keys(bounds).map((name) => [name, group.state(name)[index]] as const);
  const left = Object.entries(bounds).some(([name, [low, high]]) => {
    const value = group.state(name)[index];
    return !(value >= low && value <= high);
  });
  if (!left) values.push(['sub-steps', MOST_SUBSTEPS]);
  const node = group.nodeId(index);
  const timeMs = new TimeGrid(group.resolution).ms(step);
  const state = Object.fromEntries(values);
  return new NumericalInstabilityError(group.model.name, node, step, timeMs, state);
}
