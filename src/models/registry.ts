/** All models, one line each. */
import { ValueError } from '../errors/index.js';
import { withCommonParameters } from './common-parameters.js';
import { definedNeuron } from './defined/defined-neuron.js';
import {
  dcGenerator,
  poissonGenerator,
  spikeGenerator,
  stepCurrentGenerator,
} from './devices/generators.js';
import { multimeter, spikeRecorder, weightRecorder } from './devices/recorders.js';
import { aeifPscDeltaClopath } from './neurons/aeif-psc-delta-clopath.js';
import { hhPscAlphaClopath } from './neurons/hh-psc-alpha-clopath.js';
import { iafPscAlpha } from './neurons/iaf-psc-alpha.js';
import { iafPscDelta } from './neurons/iaf-psc-delta.js';
import { iafPscExp } from './neurons/iaf-psc-exp.js';
import { parrotNeuron } from './neurons/parrot-neuron.js';
import type { DeviceModel, NeuronModel, SynapseModel } from './spec.js';
import { clopathSynapse } from './synapses/clopath-synapse.js';
import { staticSynapse } from './synapses/static-synapse.js';
import { stdpSynapse } from './synapses/stdp-synapse.js';

export type NodeModel = NeuronModel | DeviceModel;

const NODE_MODELS: readonly NodeModel[] = [
  aeifPscDeltaClopath,
  hhPscAlphaClopath,
  iafPscDelta,
  iafPscExp,
  iafPscAlpha,
  parrotNeuron,
  poissonGenerator,
  spikeGenerator,
  dcGenerator,
  stepCurrentGenerator,
  spikeRecorder,
  multimeter,
  weightRecorder,
];

const SYNAPSE_MODELS: readonly SynapseModel[] = [staticSynapse, clopathSynapse, stdpSynapse];

/** The built-in ones. */
export const nodeModels: ReadonlyMap<string, NodeModel> = new Map(
  NODE_MODELS.map((model) => [
    model.name,
    model.kind === 'neuron' ? withCommonParameters(model) : model,
  ]),
);

export const synapseModels: ReadonlyMap<string, SynapseModel> = new Map(
  SYNAPSE_MODELS.map((model) => [model.name, model]),
);

/** The node models of one simulation: the built-in ones and its own. */
export class NodeModels {
  private readonly models = new Map(nodeModels);

  get(name: string): NodeModel | undefined {
    return this.models.get(name);
  }

  [Symbol.iterator](): IterableIterator<[string, NodeModel]> {
    return this.models[Symbol.iterator]();
  }

  /** Throws ValueError if the name is taken. */
  add(model: NeuronModel): void {
    if (this.models.has(model.name) || synapseModels.has(model.name)) {
      throw new ValueError('name of the new model', model.name, 'a name that no model has yet');
    }
    this.models.set(model.name, model);
  }

  /**
   * Add the model of a definition.
   * @throws what `defineNeuron` throws, and ValueError if the name is taken
   */
  define(definition: unknown): NeuronModel {
    const model = definedNeuron(definition);
    this.add(model);
    return model;
  }
}
