/** The nodes of a simulation as the main thread knows them: models and parameters, no state. */
import { IdSet } from '../connectivity/id-set.js';
import { inputPlanes } from '../engine/input-ring.js';
import { UnknownKeyError, ValueError } from '../errors/index.js';
import { type Check, type DeviceModel, type NeuronModel, runChecks } from '../models/spec.js';
import type { DeviceValues } from './device-values.js';
import { type NodeModelEntry, settableNames } from './model-registry.js';

/** The nodes of one `create` call. */
export interface NodeBlock {
  /** Name of the model as given. */
  readonly name: string;
  readonly firstId: number;
  readonly size: number;
  /** Neurons: running number among the groups of each virtual process. */
  readonly group: number;
  readonly neuron: NeuronModel | undefined;
  readonly device: DeviceModel | undefined;
  /** Neuron parameters: one value for all nodes or one each. */
  readonly parameters: Record<string, number | Float64Array>;
  /** Device parameters, one record per node. */
  readonly deviceValues: DeviceValues[];
}

/** The most ids that 32-bit rows and counters take. */
const MAX_NODES = 2 ** 30;

export class NodeRegistry {
  readonly blocks: NodeBlock[] = [];
  nodeCount = 0;
  /** Ids of multimeters that are connected. */
  readonly connectedMeters = new Set<number>();
  private groups = 0;

  add(
    entry: NodeModelEntry,
    size: number,
    parameters: Record<string, number | Float64Array>,
    deviceValues: DeviceValues[],
  ): NodeBlock {
    const neuron = entry.model.kind === 'neuron' ? entry.model : undefined;
    const block: NodeBlock = {
      name: entry.name,
      firstId: this.nodeCount + 1,
      size,
      group: neuron ? this.groups++ : -1,
      neuron,
      device: entry.model.kind === 'neuron' ? undefined : entry.model,
      parameters,
      deviceValues,
    };
    this.blocks.push(block);
    this.nodeCount += size;
    return block;
  }

  /** Numbers per node in the input ring. */
  get inputPlanes(): 1 | 2 {
    return inputPlanes(this.blocks.flatMap(({ neuron }) => neuron ?? []));
  }

  blockOf(id: number): NodeBlock {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.blocks[middle]!.firstId <= id) low = middle;
      else high = middle - 1;
    }
    return this.blocks[low]!;
  }

  /** The model and the ids of each part of a set that lies in one block. */
  runsOf(ids: IdSet): { model: string; first: number; count: number }[] {
    return this.parts(ids).map(({ block, ids: own }) => ({ model: block.name, ...own.ranges[0]! }));
  }

  /** Names of what nodes of a set have, each once. */
  namesOf(ids: IdSet): string[] {
    return [...new Set(this.parts(ids).flatMap(({ block }) => readableNames(block)))];
  }

  /** The parts of a set of ids that lie in one block each, in order. */
  parts(ids: IdSet): { block: NodeBlock; ids: IdSet; offset: number }[] {
    const parts: { block: NodeBlock; ids: IdSet; offset: number }[] = [];
    let offset = 0;
    for (const range of ids.ranges) {
      let { first, count } = range;
      while (count > 0) {
        const block = this.blockOf(first);
        const taken = Math.min(count, block.firstId + block.size - first);
        parts.push({ block, ids: new IdSet([{ first, count: taken }]), offset });
        first += taken;
        count -= taken;
        offset += taken;
      }
    }
    return parts;
  }
}

/** Parameters and state variables that can be read, and what else `get` knows. */
export function readableNames({ neuron, device }: NodeBlock): string[] {
  if (device) {
    const names = Object.keys(device.parameters);
    return device.kind === 'recorder' ? [...names, 'n_events'] : names;
  }
  const state = Object.entries(neuron!.state).filter(([, s]) => s.recordable || s.settable);
  return [...Object.keys(neuron!.parameters), ...state.map(([name]) => name)];
}

/** Throws ValueError unless `n` nodes can be made beside those that there are. */
export function checkNodeCount(n: unknown, present: number): asserts n is number {
  const most = MAX_NODES - present;
  if (Number.isSafeInteger(n) && (n as number) >= 1 && (n as number) <= most) return;
  const expected =
    most < 1
      ? `none, as there are ${present} nodes, and can be ${MAX_NODES}`
      : `a whole number from 1 to ${most}`;
  throw new ValueError('number of nodes', n, expected);
}

/** Names that are neither parameter nor settable state of a neuron are errors. */
export function checkNeuronKeys(name: string, model: NeuronModel, keys: readonly string[]): void {
  const known = settableNames(model);
  for (const key of keys) {
    if (!known.includes(key)) throw new UnknownKeyError(name, key, known);
  }
}

/**
 * Run checks of a model on parameters and state that may differ between nodes `firstId`, firstId + 1,
 * ...; checks of what is not among the values are left out.
 */
export function checkNeuronValues(
  name: string,
  checks: readonly Check[],
  values: Readonly<Record<string, number | Float64Array | undefined>>,
  firstId: number,
): void {
  const at = (column: number | Float64Array, i: number): number =>
    typeof column === 'number' ? column : column[i]!;
  for (const check of checks) {
    if (check.names.some((key) => values[key] === undefined)) continue;
    const columns = check.names.map((key) => values[key]!);
    const each = columns.find((c) => typeof c !== 'number');
    const longest = each === undefined ? 1 : (each as Float64Array).length;
    for (let i = 0; i < longest; i++) {
      const own: Record<string, number> = {};
      check.names.forEach((key, j) => {
        own[key] = at(columns[j]!, i);
      });
      runChecks(name, [check], own, each && firstId + i);
    }
  }
}
