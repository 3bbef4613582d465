/** The synapse models that connections of an experiment can be of: the built-in ones and its copies. */
import { synapseModels } from '../models/registry.js';
import { defaultsOf, type SynapseModel } from '../models/spec.js';
import type { ResolvedExperiment } from './schema.js';
import type { ParamValue } from './values.js';

export interface ExperimentSynapse {
  readonly name: string;
  /** The built-in model behind it. */
  readonly model: SynapseModel;
  /** weight, delay in ms and the model's own parameters. */
  readonly values: Readonly<Record<string, ParamValue>>;
  /** The population that records what its synapses transmit. */
  readonly weightRecorder: string | undefined;
}

export type ExperimentSynapses = ReadonlyMap<string, ExperimentSynapse>;

/** By name; copies of what there is not are left out. */
export function synapseModelsOf({
  synapse_models,
}: Pick<ResolvedExperiment, 'synapse_models'>): ExperimentSynapses {
  const all = new Map<string, ExperimentSynapse>();
  for (const [name, model] of synapseModels) {
    const values = { weight: 1, delay: 1, ...defaultsOf(model.parameters) };
    all.set(name, { name, model, values, weightRecorder: undefined });
  }
  for (const [name, { base: original, params, weight_recorder }] of Object.entries(
    synapse_models,
  )) {
    const base = all.get(original);
    if (base === undefined || all.has(name)) continue;
    const values = { ...base.values, ...params };
    const weightRecorder = weight_recorder ?? base.weightRecorder;
    all.set(name, { name, model: base.model, values, weightRecorder });
  }
  return all;
}
