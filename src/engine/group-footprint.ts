/**
 * What a group takes in the segment. It is found by making two small ones, as groups are made but
 * for their code, which is not compiled: what a model allocates is known where it is allocated.
 */
import { Segment } from '../memory/segment.js';
import type { NeuronModel } from '../models/spec.js';
import { delayLineBytes } from './delay-lines.js';
import type { KernelCache } from './kernel-cache.js';
import { type GroupValues, NodeGroup } from './node-group.js';
import { Partition } from './partition.js';
import type { SpikeOutput } from './spike-output.js';

/** Sizes of the groups that are made: columns of 4 and 8 bytes fill whole blocks. */
const [FEW, MANY] = [16, 32];

interface Footprint {
  readonly fixed: number;
  readonly perNode: number;
}

/** The neurons of one `create` call. */
export interface GroupShape {
  readonly model: NeuronModel;
  /** Parameters of which the neurons have values of their own. */
  readonly differing: readonly string[];
  /** Longest delay_u_bars, 0 for models without delay lines. */
  readonly lineSteps: number;
}

/** By model; those of the built-in ones serve all simulations of the process. */
const known = new WeakMap<NeuronModel, Map<string, Footprint>>();

export class GroupFootprints {
  constructor(private readonly resolution: number) {}

  /** Bytes that `nodes` neurons of a group take on a virtual process, delay lines included. */
  bytes({ model, differing, lineSteps }: GroupShape, nodes: number): number {
    const { fixed, perNode } = this.of(model, differing);
    const lines =
      model.archive === 'clopath'
        ? delayLineBytes(nodes, lineSteps, differing.includes('delay_u_bars'))
        : 0;
    return fixed + perNode * nodes + lines;
  }

  private of(model: NeuronModel, differing: readonly string[]): Footprint {
    const key = [this.resolution, ...differing].join(' ');
    const ofModel = known.get(model) ?? new Map<string, Footprint>();
    known.set(model, ofModel);
    const found = ofModel.get(key);
    if (found) return found;
    const [few, many] = [FEW, MANY].map((size) => this.trial(model, differing, size));
    const perNode = (many - few) / (MANY - FEW);
    const measured = { fixed: few - FEW * perNode, perNode };
    ofModel.set(key, measured);
    return measured;
  }

  private trial(model: NeuronModel, differing: readonly string[], size: number): number {
    const segment = new Segment();
    const values = (name: string, value: number): GroupValues =>
      differing.includes(name) ? new Float64Array(size).fill(value) : value;
    const defaults = (specs: Readonly<Record<string, { readonly default: number }>>) =>
      Object.fromEntries(Object.entries(specs).map(([name, s]) => [name, values(name, s.default)]));
    const description = {
      model,
      firstId: 1,
      size,
      parameters: defaults(model.parameters),
      state: defaults(model.state),
    };
    const uncompiled = { get: () => ({}) } as unknown as KernelCache;
    const silent = {} as SpikeOutput;
    new NodeGroup(description, new Partition(0, 1), segment, uncompiled, this.resolution, silent);
    return segment.usedBytes;
  }
}
