/** All models, one line each. */
import {
  dcGenerator,
  poissonGenerator,
  spikeGenerator,
  stepCurrentGenerator,
} from './devices/generators.js';
import { multimeter, spikeRecorder, weightRecorder } from './devices/recorders.js';
import { aeifPscDeltaClopath } from './neurons/aeif-psc-delta-clopath.js';
import { parrotNeuron } from './neurons/parrot-neuron.js';
import type { DeviceModel, NeuronModel, SynapseModel } from './spec.js';
import { clopathSynapse } from './synapses/clopath-synapse.js';
import { staticSynapse } from './synapses/static-synapse.js';

export type NodeModel = NeuronModel | DeviceModel;

const NODE_MODELS: readonly NodeModel[] = [
  aeifPscDeltaClopath,
  parrotNeuron,
  poissonGenerator,
  spikeGenerator,
  dcGenerator,
  stepCurrentGenerator,
  spikeRecorder,
  multimeter,
  weightRecorder,
];

const SYNAPSE_MODELS: readonly SynapseModel[] = [staticSynapse, clopathSynapse];

export const nodeModels: ReadonlyMap<string, NodeModel> = new Map(
  NODE_MODELS.map((model) => [model.name, model]),
);

export const synapseModels: ReadonlyMap<string, SynapseModel> = new Map(
  SYNAPSE_MODELS.map((model) => [model.name, model]),
);
