/** From a user's definition to a model like the built-in ones, run by the same kernels. */
import { adaptiveNeuron } from '../adaptive-neuron.js';
import { withCommonParameters } from '../common-parameters.js';
import { exactNeuron } from '../exact-neuron.js';
import { type NeuronModel, type QuantitySpec, runChecks, type StateSpec } from '../spec.js';
import { adaptiveDynamics } from './adaptive.js';
import type { NeuronDefinition } from './definition.js';
import { describe } from './describe.js';
import { linearDynamics } from './linear.js';
import { type ParsedNeuron, parseNeuron, STIMULUS, SUGGESTION } from './parse.js';

/**
 * A definition, checked: to state a model in one place and give it to simulations in others.
 * @throws EquationError, UnknownQuantityError, UnknownNameError, UnknownKeyError, MissingKeyError,
 *   ValueError, BadParametersError (defaults that fail a check)
 */
export function defineNeuron<const D extends NeuronDefinition>(definition: D): D {
  definedNeuron(definition);
  return definition;
}

/**
 * The model of a definition. Where the equations are linear with constant coefficients, whatever the
 * parameters, it is integrated exactly, else by RKF45.
 * @throws what `defineNeuron` throws
 */
export function definedNeuron(definition: unknown): NeuronModel {
  const parsed = parseNeuron(definition);
  const { given, receives, checks, takesCurrent } = parsed;
  const linear = linearDynamics(parsed);
  const model = withCommonParameters({
    kind: 'neuron',
    name: given.name,
    doc: given.doc ?? '',
    ...describe(given),
    parameters: parametersOf(given),
    state: { ...stateOf(parsed), ...(linear ? {} : { [SUGGESTION]: SUGGESTION_SPEC }) },
    checks,
    input: receives.size > 1 ? 'signed' : 'sum',
    weightUnit: weightUnitOf(given),
    takesCurrent,
    kernel: linear ? exactNeuron(linear) : adaptiveNeuron(adaptiveDynamics(parsed)),
  });
  const defaults = Object.entries(model.parameters).map(([name, spec]) => [name, spec.default]);
  runChecks(model.name, model.checks, Object.fromEntries(defaults));
  return model;
}

// 0 stands for "not yet suggested": the first sub-step tries the whole grid step.
const SUGGESTION_SPEC: StateSpec = {
  default: 0,
  unit: 'ms',
  doc: 'sub-step that the error control suggests',
};

function weightUnitOf({ input, state }: NeuronDefinition): string {
  if (input === undefined) return '';
  return input.unit ?? state['to' in input ? input.to : input.positive].unit ?? '';
}

function parametersOf({ parameters }: NeuronDefinition): Record<string, QuantitySpec> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, spec]) => [
      name,
      { default: spec.default, unit: spec.unit ?? '', doc: spec.doc ?? '' },
    ]),
  );
}

function stateOf({ given, phases, takesCurrent }: ParsedNeuron): Record<string, StateSpec> {
  const own = Object.entries(given.state).map(([name, spec]): [string, StateSpec] => {
    const { unit = '', doc = '', recordable = true, settable = true } = spec;
    return [name, { default: spec.default, unit, doc, recordable, settable }];
  });
  const stimulus: StateSpec = {
    default: 0,
    unit: 'pA',
    doc: 'current from devices, acting in the next step',
  };
  const counters = phases.map(({ counter }): [string, StateSpec] => [
    counter,
    { default: 0, unit: 'steps', doc: 'what is left of a phase of the refractory period' },
  ]);
  const current: [string, StateSpec][] = takesCurrent ? [[STIMULUS, stimulus]] : [];
  return Object.fromEntries([...own, ...current, ...counters]);
}
