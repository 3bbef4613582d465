/** A population driven step by step, without network: input goes in, states and spikes come out. */

import { Engine } from '../../src/engine/engine.js';
import type { GroupValues, NodeGroup } from '../../src/engine/node-group.js';
import { Partition } from '../../src/engine/partition.js';
import { SoloExchange } from '../../src/engine/spike-exchange.js';
import { Workspace } from '../../src/engine/workspace.js';
import type { KernelTarget } from '../../src/kernel/compile.js';
import { definedNeuron } from '../../src/models/defined/defined-neuron.js';
import type { NeuronDefinition } from '../../src/models/defined/definition.js';
import { nodeModels } from '../../src/models/registry.js';
import type { NeuronModel } from '../../src/models/spec.js';

export interface PopulationOptions {
  readonly kernels?: KernelTarget;
  /** Which worker's part of the population, and how many workers there are. */
  readonly rank?: number;
  readonly workers?: number;
  readonly resolution?: number;
  readonly tileNodes?: number;
  readonly parameters?: Readonly<Record<string, GroupValues>>;
  readonly state?: Readonly<Record<string, GroupValues>>;
}

export class Population {
  readonly engine: Engine;
  readonly group: NodeGroup;
  /** Spikes of each neuron in the last step. */
  readonly spikes: Float64Array;
  private readonly input: Float64Array;
  private readonly counted: Float64Array;

  /** @param size of the whole population; values are given for all of it */
  constructor(model: string | NeuronDefinition, size: number, options: PopulationOptions = {}) {
    const partition = new Partition(options.rank ?? 0, options.workers ?? 1);
    this.engine = new Engine({
      partition,
      resolution: options.resolution ?? 0.1,
      seed: 1,
      exchange: new SoloExchange(),
      workspace: new Workspace(options.kernels),
      ...(options.tileNodes && { tileNodes: options.tileNodes }),
    });
    const defined = typeof model === 'string' ? undefined : definedNeuron(model);
    if (typeof model !== 'string') this.engine.defineNeuron(model);
    const specs = defined ?? (nodeModels.get(model as string) as NeuronModel);
    const own = (values: GroupValues): GroupValues =>
      typeof values === 'number' ? values : values.filter((_, i) => partition.owns(i + 1));
    const complete = (
      defaults: NeuronModel['state'],
      given: Readonly<Record<string, GroupValues>> = {},
    ) =>
      Object.fromEntries(Object.entries(defaults).map(([n, s]) => [n, own(given[n] ?? s.default)]));
    this.engine.createNeurons({
      model: specs.name,
      firstId: 1,
      size,
      parameters: complete(specs.parameters as NeuronModel['state'], options.parameters),
      state: complete(specs.state, options.state),
    });
    this.group = this.engine.groups[0];
    this.input = this.engine.segment.allocateF64(2 * this.plane, 'test');
    this.spikes = new Float64Array(this.group.size);
    this.counted = new Float64Array(this.group.size);
  }

  /** Numbers in a plane of the input; kernels read a few more than there are neurons. */
  private get plane(): number {
    return this.group.size + 4;
  }

  /** Begin the next step, before it is known what arrives. */
  goAhead(): void {
    const { kernel, tiles } = this.group;
    for (const tile of tiles) kernel.goAhead?.(tile);
  }

  /** @param inhibitory for signed input: the weights that are not positive */
  step(
    step: number,
    input: (index: number) => number = () => 0,
    inhibitory: (index: number) => number = () => 0,
  ): void {
    const { engine, group, spikes, counted, plane } = this;
    for (let i = 0; i < group.size; i++) {
      this.input[i] = input(i);
      this.input[plane + i] = inhibitory(i);
    }
    engine.output.step = step;
    for (const tile of group.tiles) {
      const address = this.input.byteOffset + 8 * tile.from;
      const input = {
        ...{ data: this.input, at: tile.from, address },
        ...{ inhibitoryOffset: plane, inhibitoryAddress: address + 8 * plane },
        ...{ arrived: new Int32Array(0), from: 0, to: 0, firstLocal: tile.from },
        filled: this.input.some((weight) => weight !== 0),
      };
      group.kernel.update(step, input, tile);
    }
    for (let i = 0; i < group.size; i++) {
      spikes[i] = engine.output.counts[i] - counted[i];
      counted[i] = engine.output.counts[i];
    }
  }

  state(name: string): Float64Array {
    return this.group.state(name);
  }

  /** All state variables of a neuron. */
  neuron(index: number): number[] {
    return Object.keys(this.group.model.state).map((name) => this.state(name)[index]);
  }
}
