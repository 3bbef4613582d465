export { defineNeuron } from '../models/defined/defined-neuron.js';
export type {
  BoundDefinition,
  InputDefinition,
  NeuronDefinition,
  ParameterDefinition,
  PhaseDefinition,
  StateDefinition,
} from '../models/defined/definition.js';
export type { ConnSpec, SynSpec, SynValue } from './connect-spec.js';
export { ConnectionCollection, type ConnectionValues } from './connection-collection.js';
export type { Ends, FilterArguments, FilterSpec } from './connector.js';
export type { FollowedRecord, Follower, FollowSpec, News } from './follower.js';
export { type KernelStatus, type Phase, phases, type ThreadTimes } from './kernel-status.js';
export {
  type Events,
  NodeCollection,
  type NodeValues,
  type Rate,
  type Times,
} from './node-collection.js';
export type { SimulateOptions, SimulateOutcome } from './runner.js';
export {
  Simulation,
  simulation,
} from './simulation.js';
export type { SimulationOptions } from './simulation-options.js';
export type { Params, ParamValue } from './values.js';
