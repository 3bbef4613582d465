/** A virtual process's part of the nodes of one `create` call: storage of parameters and state. */
import type { KernelFunction } from '../kernel/compile.js';
import type { Kernel } from '../kernel/ir.js';
import type { Segment } from '../memory/segment.js';
import type { NeuronGroup, NeuronKernel, NeuronModel, Tile } from '../models/spec.js';
import type { KernelCache } from './kernel-cache.js';
import type { Partition } from './partition.js';
import type { SpikeArchive } from './spike-archive.js';
import type { SpikeOutput } from './spike-output.js';

/** One value for all nodes of the group, or one per owned node. */
export type GroupValues = number | Float64Array;

/**
 * Most nodes of a tile: what they are after a step is still in the second-level cache in the next one, and
 * what is between kernels is small beside these.
 */
export const TILE_NODES = 2048;

export interface GroupDescription {
  readonly model: NeuronModel;
  readonly firstId: number;
  readonly size: number;
  readonly parameters: Readonly<Record<string, GroupValues>>;
  readonly state: Readonly<Record<string, GroupValues>>;
}

export class NodeGroup implements NeuronGroup {
  readonly model: NeuronModel;
  readonly size: number;
  /** Id of the first node of the whole population, and number of its nodes on all virtual processes. */
  readonly firstId: number;
  readonly populationSize: number;
  /** Local index of the group's first owned node. */
  readonly firstLocal: number;
  readonly tiles: readonly Tile[];
  readonly kernel: NeuronKernel;
  /** Keeps the spikes of neurons with plastic input, once there are any. */
  spikes: SpikeArchive | undefined;
  private readonly states = new Map<string, Float64Array>();
  private readonly parameters = new Map<string, Float64Array>();
  private readonly shared = new Set<string>();

  constructor(
    description: GroupDescription,
    private readonly partition: Partition,
    readonly segment: Segment,
    private readonly kernels: KernelCache,
    readonly resolution: number,
    private readonly output: SpikeOutput,
    tileNodes = TILE_NODES,
  ) {
    const { model, firstId } = description;
    this.model = model;
    this.firstId = firstId;
    this.populationSize = description.size;
    this.firstLocal = partition.countUpTo(firstId - 1);
    this.size = partition.countUpTo(firstId - 1 + description.size) - this.firstLocal;
    for (const name of Object.keys(model.state)) {
      const column = segment.allocateF64(this.size, `state of ${model.name}`);
      setColumn(column, description.state[name]);
      this.states.set(name, column);
    }
    for (const name of Object.keys(model.parameters)) {
      this.storeParameter(name, description.parameters[name]);
    }
    // Nodes that only count spikes are visited where spikes arrive.
    this.tiles = tilesOf(this.size, model.input === 'count' ? this.size : tileNodes);
    this.kernel = model.kernel(this);
  }

  state(name: string): Float64Array {
    return this.states.get(name)!;
  }

  parameter(name: string): Float64Array {
    return this.parameters.get(name)!;
  }

  compile(set: string, kernels: () => readonly Kernel[]): Record<string, KernelFunction> {
    return this.kernels.get(set, kernels);
  }

  /** Whether all nodes of the population were given one value, whoever owns them. */
  isShared(parameter: string): boolean {
    return this.shared.has(parameter);
  }

  nodeId(index: number): number {
    return this.partition.idOf(this.firstLocal + index);
  }

  emit(index: number, multiplicity: number): void {
    this.output.emit(this, index, multiplicity);
  }

  /** Values of a state variable for nodes `indices` of the group. */
  setState(name: string, indices: Uint32Array, values: GroupValues): void {
    const column = this.state(name);
    for (let j = 0; j < indices.length; j++) {
      column[indices[j]] = typeof values === 'number' ? values : values[j];
    }
  }

  setParameter(name: string, values: GroupValues): void {
    this.storeParameter(name, values);
  }

  private storeParameter(name: string, values: GroupValues): void {
    this.segment.release(this.parameters.get(name));
    const length = typeof values === 'number' ? 1 : this.size;
    if (typeof values === 'number') this.shared.add(name);
    else this.shared.delete(name);
    const column = this.segment.allocateF64(length, `parameters of ${this.model.name}`);
    setColumn(column, values);
    this.parameters.set(name, column);
  }
}

function setColumn(column: Float64Array, values: GroupValues): void {
  if (typeof values === 'number') column.fill(values);
  else column.set(values);
}

/**
 * Tiles of at most `most` nodes (2 at least), alike but for the last; each begins at an even index, as kernels
 * take pairs.
 */
function tilesOf(size: number, most: number): Tile[] {
  if (size === 0) return [];
  const count = size <= most ? 1 : Math.ceil(size / Math.max(2, most - (most & 1)));
  const each = 2 * Math.ceil(size / (2 * count));
  return Array.from({ length: count }, (_, number) => ({
    ...{ number, from: number * each },
    size: Math.min(each, size - number * each),
  }));
}
