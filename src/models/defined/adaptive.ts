/** Defined neurons whose equations are not linear: integrated by RKF45. */

import type { EndScope, JumpScope } from '../../kernel/adaptive-model.js';
import { f64, type Mask } from '../../kernel/ir.js';
import { settled } from '../../kernel/settled.js';
import type { AdaptiveDynamics } from '../adaptive-neuron.js';
import { boundsOf, durations, Jumps } from './jumps.js';
import { type ParsedNeuron, SUGGESTION } from './parse.js';
import { fastPathOf } from './semilinear.js';

const DEFAULT_TOLERANCE = 1e-6;

export function adaptiveDynamics(model: ParsedNeuron): AdaptiveDynamics {
  const { given } = model;
  const tolerance = given.tolerance ?? DEFAULT_TOLERANCE;
  const fast = fastPathOf(model);
  return {
    definitions: Object.fromEntries(model.definitions),
    derivatives: Object.fromEntries(model.derivatives),
    suggestion: SUGGESTION,
    errorControl: { absolute: tolerance, relative: tolerance },
    bounds: boundsOf(model),
    derived: durations(model),
    afterSubstep: (scope) => afterSubstep(model, scope),
    afterStep: (scope) => afterStep(model, scope),
    branches: false,
    ...(fast && { fast }),
  };
}

const takesEarly = ({ given }: ParsedNeuron): boolean => given.input?.after === 'first sub-step';

/** A threshold that compares with the value before the step is looked at once a step, at its end. */
const looksBack = ({ remembered }: ParsedNeuron): boolean => remembered.length > 0;

/**
 * A phase that hands over to another or has values to leave ends with the first sub-step of its last
 * step, the others with that step.
 */
function afterSubstep(model: ParsedNeuron, scope: JumpScope): void {
  const { k, state, parameters, first } = scope;
  const jumps = new Jumps(model, k, state, parameters);
  if (takesEarly(model)) {
    const arriving = {
      input: first.select(scope.input, 0),
      inhibitoryInput: first.select(scope.inhibitoryInput, 0),
    };
    jumps.receive(arriving);
  }
  const { phases } = model;
  const fired = looksBack(model) ? f64(1).lt(0) : fires(jumps, scope);
  const ended = phases.map(({ counter, after }, i): Mask | undefined => {
    if (after.size === 0 && i === phases.length - 1) return undefined;
    const ends = k.let(state[counter].eq(1).select(1, 0)).gt(0);
    jumps.state.set(counter, k.let(ends.select(0, state[counter])));
    return ends;
  });
  finish(jumps, scope, fired, ended);
}

function afterStep(model: ParsedNeuron, scope: EndScope): void {
  const { k, state, parameters } = scope;
  const receives = model.receives.size > 0 && !takesEarly(model);
  if (receives || looksBack(model)) {
    const jumps = new Jumps(model, k, state, parameters);
    if (receives) jumps.receive(scope);
    finish(jumps, scope, fires(jumps, scope, scope.before), []);
  }
  for (const { counter } of model.phases) k.set(state[counter], state[counter].sub(1).max(0));
  for (const name of model.derivatives.keys()) k.set(state[name], settled(state[name]));
}

function fires(jumps: Jumps, { k, spikes }: JumpScope, before?: EndScope['before']): Mask {
  const flag = k.let(jumps.reachesThreshold(before).select(1, 0));
  k.set(spikes, spikes.add(flag));
  return flag.gt(0);
}

function finish(
  jumps: Jumps,
  { k, state }: JumpScope,
  fired: Mask,
  ended: readonly (Mask | undefined)[],
): void {
  // One more than a phase lasts, because the present step counts too.
  jumps.follow(fired, ended, 1);
  jumps.hold();
  for (const [name, value] of jumps.state) if (value !== state[name]) k.set(state[name], value);
}
