/** Engines without threads, and what they are told. */
import type { ConnectCall } from '../../src/connectivity/connect-call.js';
import { Cycle } from '../../src/engine/cycle.js';
import { type CreateNodes, Engine, type RunPlan } from '../../src/engine/engine.js';
import { Partition } from '../../src/engine/partition.js';
import { SoloExchange } from '../../src/engine/spike-exchange.js';
import { Workspace } from '../../src/engine/workspace.js';
import type { KernelTarget } from '../../src/kernel/compile.js';
import type { KernelSource } from '../../src/kernel/module-image.js';
import { nodeModels, synapseModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';

export const AEIF = 'aeif_psc_delta_clopath';

export interface Setting {
  readonly kernels?: KernelTarget;
  readonly source?: KernelSource;
  readonly rank?: number;
  readonly processes?: number;
  /** ms */
  readonly resolution?: number;
  readonly seed?: number;
  readonly tileNodes?: number;
  /** Bytes of the segment before all that the engine allocates. */
  readonly offset?: number;
}

export function makeEngine(setting: Setting = {}): Engine {
  const workspace = new Workspace(setting.kernels, setting.source);
  if (setting.offset) workspace.segment.allocate(setting.offset, 'test');
  return new Engine({
    partition: new Partition(setting.rank ?? 0, setting.processes ?? 1),
    resolution: setting.resolution ?? 0.1,
    seed: setting.seed ?? 1,
    exchange: new SoloExchange(),
    workspace,
    ...(setting.tileNodes && { tileNodes: setting.tileNodes }),
  });
}

/** Makes an engine ready and advances it, alone on its thread; returns the step reached. */
export function advance(
  engine: Engine,
  steps: number,
  plan: RunPlan,
  cycle = new Cycle([engine.phases], () => 0),
): number {
  engine.prepare(plan);
  return cycle.run(steps, plan.sliceSteps);
}

/** Neurons of which one virtual process owns all; `given` holds parameters and states. */
export function neurons(
  model: string,
  firstId: number,
  size: number,
  given: Readonly<Record<string, number | Float64Array>> = {},
): CreateNodes {
  return neuronsOf(nodeModels.get(model) as NeuronModel, firstId, size, given);
}

/** The same of any model, which the engine must know. */
export function neuronsOf(
  { name: model, parameters, state }: NeuronModel,
  firstId: number,
  size: number,
  given: Readonly<Record<string, number | Float64Array>> = {},
): CreateNodes {
  const complete = (specs: typeof parameters) =>
    Object.fromEntries(Object.entries(specs).map(([n, s]) => [n, given[n] ?? s.default]));
  return { model, firstId, size, parameters: complete(parameters), state: complete(state) };
}

/** A call of a synapse model with its default parameters, unless others are given. */
export function connectCall(
  given: Pick<ConnectCall, 'rule' | 'sources' | 'targets'> &
    Partial<ConnectCall['synapse']> & { call?: number },
): ConnectCall {
  const { call = 0, rule, sources, targets, model = 'static_synapse', parameters = {} } = given;
  const specs = synapseModels.get(model)!.parameters;
  const defaults = Object.fromEntries(Object.entries(specs).map(([n, s]) => [n, s.default]));
  return {
    call,
    rule,
    sources,
    targets,
    synapse: {
      name: given.name ?? model,
      model,
      weight: given.weight ?? 1,
      delay: given.delay ?? 10,
      parameters: { ...defaults, ...parameters },
      recorder: given.recorder ?? 0,
    },
  };
}
