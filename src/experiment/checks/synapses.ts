/** What a simulation would refuse of the synapse models of an experiment. */
import { UnknownKeyError, UnknownNameError, ValueError } from '../../errors/index.js';
import { synapseModels } from '../../models/registry.js';
import { runChecks } from '../../models/spec.js';
import { plainNumber } from '../../simulation/values.js';
import type { TimeGrid } from '../../units/index.js';
import type { PlacedErrors, Places } from '../placement.js';
import type { ResolvedExperiment } from '../schema.js';
import { type ExperimentSynapse, synapseModelsOf } from '../synapse-models.js';
import { independent } from './independent.js';
import type { CheckedPopulations } from './node-values.js';

export interface CheckedSynapses {
  /** Names that connections may use, also of those of which nothing else can be known. */
  readonly names: readonly string[];
  /** Those of which parameters are known. */
  readonly models: ReadonlyMap<string, ExperimentSynapse>;
  /** Those in which nothing is wrong. */
  readonly sound: ReadonlySet<string>;
}

export function checkedSynapses(
  { synapse_models }: ResolvedExperiment,
  populations: CheckedPopulations,
  nodeModels: readonly string[],
  grid: TimeGrid,
  errors: PlacedErrors,
): CheckedSynapses {
  const models = synapseModelsOf({ synapse_models });
  const names = [...synapseModels.keys()];
  const sound = new Set<string>(names);
  for (const [name, copy] of Object.entries(synapse_models)) {
    const before = errors.problems.length;
    const path = `synapse_models.${name}`;
    errors.at(path, () => checkNew(name, [...nodeModels, ...synapseModels.keys()]));
    errors.at(`${path}.base`, () => checkBase(copy.base, names));
    const synapse = models.get(name);
    if (synapse) {
      checkParams(synapse, copy.params, grid, errors, [
        { path, given: copy },
        { path: `${path}.params`, given: copy.params },
      ]);
      const recorder = copy.weight_recorder;
      if (recorder !== undefined) {
        const at = `${path}.weight_recorder`;
        errors.at(at, () => checkRecorder(at, recorder, synapse, populations));
      }
    }
    names.push(name);
    if (errors.problems.length === before && sound.has(copy.base)) sound.add(name);
  }
  return { names, models, sound };
}

function checkNew(name: string, taken: readonly string[]): void {
  if (!taken.includes(name)) return;
  throw new ValueError('name of the new model', name, 'a name that no model has yet');
}

function checkBase(base: string, known: readonly string[]): void {
  if (!known.includes(base)) throw new UnknownNameError('synapse model', base, known);
}

/** Checks what a copy changes of its base. */
function checkParams(
  { name, model, values }: ExperimentSynapse,
  params: ExperimentSynapse['values'],
  grid: TimeGrid,
  errors: PlacedErrors,
  places: Places,
): void {
  const known = ['weight', 'delay', ...Object.keys(model.parameters)];
  const numbers: Record<string, number> = {};
  for (const [key, value] of Object.entries(values)) {
    if (!Object.hasOwn(params, key)) {
      if (typeof value === 'number') numbers[key] = value;
      continue;
    }
    const number = errors.try(places, () => {
      if (!known.includes(key)) throw new UnknownKeyError(name, key, known);
      return plainNumber(`${name}.${key}`, value);
    });
    if (number !== undefined) numbers[key] = number;
  }
  const { delay } = numbers;
  if (delay !== undefined) errors.try(places, () => grid.delaySteps(`${name}.delay`, delay));
  // The weight is checked where connections are made: until then it may still be replaced.
  const checks = model.checks.filter(
    ({ names }) => !names.includes('weight') && names.every((one) => one in numbers),
  );
  independent(checks, params, (check) =>
    errors.holds(places, () => runChecks(name, [check], numbers)),
  );
}

function checkRecorder(
  path: string,
  recorder: string,
  { model }: ExperimentSynapse,
  populations: CheckedPopulations,
): void {
  const population = populations.get(recorder);
  if (population === undefined) return;
  if (population.model.name !== 'weight_recorder' || population.block.size !== 1) {
    throw new ValueError(path, recorder, 'a population of one node of model weight_recorder');
  }
  if (model.archive === undefined) {
    const expected = 'to be left out: the weights of a synapse that is not plastic do not change';
    throw new ValueError(path, recorder, expected);
  }
}
