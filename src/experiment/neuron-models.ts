/** Neuron models that an experiment file defines, and where those of an experiment are found. */
import { z } from 'zod';
import { EquationError, type ExperimentProblem, IsospikeError } from '../errors/index.js';
import { definedNeuron } from '../models/defined/defined-neuron.js';
import type { NeuronDefinition } from '../models/defined/definition.js';
import { type NodeModel, type NodeModels, nodeModels } from '../models/registry.js';
import { type Dialect, flag, nameOf, ownName, parameterName, strict, text } from './values.js';

/** Equations, conditions and jumps are texts of their own language, the same in both dialects. */
export function neuronModelsSchema<N extends z.ZodType<number | string>>(dialect: Dialect<N>) {
  const number = dialect.number({ expected: 'a finite number' });
  const named = <S extends z.ZodType>(value: S, what: string) =>
    z.record(parameterName(what), value, { error: `an object by ${what}` });
  const equations = named(
    text('an equation, condition or value over the quantities of the model'),
    'name of a quantity',
  );
  const parameter = strict('a parameter: an object with "default"', {
    default: number.describe('value unless another is given'),
    unit: text('unit as printed').exactOptional(),
    doc: text('what it is').exactOptional(),
    check: z
      .union([z.string(), z.array(z.string())], { error: 'a condition, or a list of those' })
      .describe('conditions that must hold: "tau_m > 0"')
      .exactOptional(),
  });
  const stateVariable = strict('a state variable: an object with "default"', {
    default: number.describe('value at the beginning unless another is given'),
    unit: text('unit as printed').exactOptional(),
    doc: text('what it is').exactOptional(),
    recordable: flag('multimeters can record it (default: true)').exactOptional(),
    settable: flag('it can be set (default: true)').exactOptional(),
  });
  const phase = strict('a phase: an object with "duration"', {
    duration: nameOf('the parameter that holds the duration in ms'),
    clamp: equations.describe('variables that are held, and at what').exactOptional(),
    then: equations.describe('new values at the end').exactOptional(),
    counter: parameterName('name for what is left, in steps').exactOptional(),
  });
  const model = strict('a neuron model: an object with "parameters", "state", "equations"', {
    doc: text('what the model is, in one line').exactOptional(),
    parameters: named(parameter, 'name of a parameter'),
    state: named(stateVariable, 'name of a state variable'),
    definitions: equations.describe('abbreviations').exactOptional(),
    equations: equations.describe('time derivatives per ms of state variables'),
    input: inputSchema().exactOptional(),
    threshold: text('condition of a spike: "V_m >= V_th"').exactOptional(),
    reset: equations.describe('new values at a spike').exactOptional(),
    refractory: z
      .union([phase, z.array(phase)], { error: 'a phase, or a list of phases' })
      .describe('what follows a spike')
      .exactOptional(),
    tolerance: z
      .union([z.number(), z.string()], { error: 'a number, or the name of a parameter' })
      .describe('error allowed in a sub-step of a model that is not linear (default: 1e-6)')
      .exactOptional(),
    bounds: named(
      strict('an object with "min" and "max"', {
        min: number.exactOptional(),
        max: number.exactOptional(),
      }),
      'name of a state variable',
    )
      .describe('ranges beyond which a run ends')
      .exactOptional(),
  });
  return z
    .record(ownName('name of a neuron model'), model, {
      error: 'an object of neuron models by name',
    })
    .describe('neuron models of the experiment, each defined by its equations');
}

function inputSchema() {
  const after = z
    .enum(['step', 'first sub-step'], { error: '"step" or "first sub-step"' })
    .describe('when what arrives is added (default: at the end of the step)')
    .exactOptional();
  const unit = text('a unit, such as "pA"')
    .describe('unit of weights, where it is not that of the variable')
    .exactOptional();
  const variable = (which: string) => nameOf(`the state variable to which ${which} are added`);
  const expected = 'an object with "to", or with "positive" and "negative"';
  return z
    .union(
      [
        strict(expected, { to: variable('all weights'), after, unit }),
        strict(expected, {
          positive: variable('positive weights'),
          negative: variable('the other weights'),
          after,
          unit,
        }),
      ],
      { error: expected },
    )
    .describe('where arriving weights go');
}

/** A part of a resolved experiment. */
interface WithModels {
  readonly neuron_models: Readonly<Record<string, Omit<NeuronDefinition, 'name'>>>;
}

export function definitionsOf({ neuron_models }: WithModels): NeuronDefinition[] {
  return Object.entries(neuron_models).map(([name, definition]) => ({ ...definition, name }));
}

/** Adds the models that an experiment defines; returns what is wrong with the others. */
export function definitionProblems(
  experiment: WithModels,
  models: NodeModels,
): ExperimentProblem[] {
  return definitionsOf(experiment).flatMap((definition) => {
    try {
      models.define(definition);
      return [];
    } catch (error) {
      if (!(error instanceof IsospikeError)) throw error;
      return [{ path: placeOf(definition.name, error), error }];
    }
  });
}

function placeOf(model: string, error: IsospikeError): string {
  const path = `neuron_models.${model}`;
  return error instanceof EquationError ? `${path}.${error.place}` : path;
}

/** The node models that populations of an experiment can be of; its definitions must be right. */
export function nodeModelsOf(experiment: WithModels): ReadonlyMap<string, NodeModel> {
  const own = definitionsOf(experiment).map((one) => [one.name, definedNeuron(one)] as const);
  return new Map<string, NodeModel>([...nodeModels, ...own]);
}

/** Unit of weights onto nodes of a model, '' for pure numbers. */
export function weightUnitOf(model: NodeModel | undefined): string {
  return model?.kind === 'neuron' ? model.weightUnit : '';
}

/** Unit of what a multimeter can record of a model's nodes, '' for pure numbers. */
export function recordableUnitOf(model: NodeModel | undefined, recordable: string): string {
  return model?.kind === 'neuron' ? (model.state[recordable]?.unit ?? '') : '';
}
