/** All models, one line each. */
import { withCommonParameters } from './common-parameters.js';
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

export const nodeModels: ReadonlyMap<string, NodeModel> = new Map(
  NODE_MODELS.map((model) => [
    model.name,
    model.kind === 'neuron' ? withCommonParameters(model) : model,
  ]),
);

export const synapseModels: ReadonlyMap<string, SynapseModel> = new Map(
  SYNAPSE_MODELS.map((model) => [model.name, model]),
);
