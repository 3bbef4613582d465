/** Which nodes can be connected with which, and how: what their models say, whoever owns them. */
import type { Ids } from '../connectivity/id-set.js';
import { BadConnectionError, UnknownNameError } from '../errors/index.js';
import type { DeviceModel, NeuronModel, SynapseModel } from '../models/spec.js';

/** Nodes of one model, as far as a connection asks for them. */
export interface EndBlock {
  /** Name of the model as given. */
  readonly name: string;
  readonly firstId: number;
  readonly neuron: NeuronModel | undefined;
  readonly device: DeviceModel | undefined;
}

type Blocks = Iterable<EndBlock>;

export type ConnectedRecorder = 'spike_recorder' | 'multimeter';

/** Throws BadConnectionError unless there is something to connect. */
export function checkNotEmpty(sources: Ids, targets: Ids): void {
  if (sources.length > 0 && targets.length > 0) return;
  throw new BadConnectionError('connect needs at least one source and one target');
}

/**
 * The recorder of a connection, if one side is all recorders.
 * Throws BadConnectionError for a weight recorder, which is not connected.
 */
export function recorderAmong(sources: Blocks, targets: Blocks): ConnectedRecorder | undefined {
  const all = (blocks: Blocks, name: string) =>
    [...blocks].every(({ device }) => device?.name === name);
  if (all(targets, 'spike_recorder')) return 'spike_recorder';
  if (all(sources, 'multimeter')) return 'multimeter';
  if ([...sources, ...targets].some(({ device }) => device?.name === 'weight_recorder')) {
    throw new BadConnectionError(
      "a weight_recorder is not connected: name it in a synapse model, copyModel('clopath_synapse', 'recorded', { weight_recorder })",
    );
  }
  return undefined;
}

/** Recorders note what is there: no synapse that changes, no rule that chooses. Throws BadConnectionError. */
export function checkRecording(
  recorder: ConnectedRecorder,
  rule: string,
  synapse: { readonly name: string; readonly model: SynapseModel },
): void {
  if (synapse.model.archive !== undefined) {
    throw new BadConnectionError(`recorders take static connections only; given ${synapse.name}`);
  }
  if (rule !== 'all_to_all' && rule !== 'one_to_one') {
    throw new BadConnectionError(
      `a ${recorder} is connected by all_to_all or one_to_one; given ${rule}`,
    );
  }
}

/** Whether nodes have what a recorder notes. Throws BadConnectionError. */
export function checkRecorded(recorder: ConnectedRecorder, block: EndBlock): void {
  const { name, firstId, neuron, device } = block;
  if (recorder === 'spike_recorder') {
    if (neuron || device?.emits === 'spikes') return;
    throw new BadConnectionError(`${name} (node ${firstId}) emits no spikes to record`);
  }
  if (neuron) return;
  throw new BadConnectionError(`${name} (node ${firstId}) has nothing for a multimeter`);
}

/** Throws UnknownNameError unless every name is a recordable of the model. */
export function checkRecordables(model: NeuronModel, names: readonly string[]): void {
  const known = Object.keys(model.state).filter((name) => model.state[name]!.recordable);
  for (const name of names) {
    if (!known.includes(name)) throw new UnknownNameError('recordable', name, known, model.name);
  }
}

/**
 * Whether sources send spikes or currents that the targets can take, and the synapse fits both.
 * Throws BadConnectionError.
 */
export function checkEndpoints(
  sources: Blocks,
  targets: Blocks,
  synapse: { readonly name: string; readonly model: SynapseModel },
): void {
  for (const target of targets) checkTarget(target, synapse);
  for (const source of sources) {
    const { name, firstId, device } = source;
    if (device?.kind === 'recorder') {
      throw new BadConnectionError(
        `${name} (node ${firstId}) cannot be a source: ${wayOf(device)}`,
      );
    }
    if (device && synapse.model.archive !== undefined) {
      throw new BadConnectionError(
        `only static connections can leave a device; ${name} (node ${firstId}) with ${synapse.name}: put a parrot_neuron in between`,
      );
    }
    if (device?.emits !== 'current') continue;
    for (const target of targets) {
      if (target.neuron?.takesCurrent) continue;
      throw new BadConnectionError(
        `${target.name} (node ${target.firstId}) takes no currents from ${name}`,
      );
    }
  }
}

function checkTarget(
  { name, firstId, neuron, device }: EndBlock,
  synapse: { readonly name: string; readonly model: SynapseModel },
): void {
  if (device) {
    throw new BadConnectionError(`${name} (node ${firstId}) cannot be a target: ${wayOf(device)}`);
  }
  if (synapse.model.archive === 'clopath' && neuron?.archive !== 'clopath') {
    throw new BadConnectionError(
      `${synapse.name} needs targets with a clopath archive; ${name} (node ${firstId}) has none`,
    );
  }
}

/** How a device is connected, for errors. */
function wayOf({ kind, name }: DeviceModel): string {
  if (kind === 'generator') return `connect(${name}, nodes)`;
  const way = name === 'multimeter' ? `connect(${name}, nodes)` : `connect(nodes, ${name})`;
  return `it has a call of its own, ${way}`;
}
