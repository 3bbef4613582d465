/**
 * The draws of a connect call, many at a time. Each number is the one that connectivity/ draws for
 * the same connection one by one.
 */
import type { ConnectCall } from '../connectivity/connect-call.js';
import { idsFrom } from '../connectivity/id-set.js';
import type { KernelFunction } from '../kernel/compile.js';
import type { Segment } from '../memory/segment.js';
import { partnersKernel, uniformsKernel } from '../random/draw-kernels.js';
import { type Key, Sampler, type Seed, streamKey } from '../random/index.js';
import type { KernelCache } from './kernel-cache.js';

/** Blocks that are drawn beyond the degree, should the node itself be among its partners. */
const SPARE_PAIRS = 2;

export class BulkDraws {
  /** The weight, if all connections have the same. */
  readonly constantWeight: number | undefined;
  private readonly kernels: Record<string, KernelFunction>;
  private readonly ruleKey: Key;
  private readonly weightKey: Key;
  private readonly sampler: Sampler | undefined;
  /** Lowest value and range of uniformly distributed weights; size of the population. */
  private readonly scalars: Float64Array;
  private readonly isPlainUniform: boolean;
  private partnerBuffer: Uint32Array;
  private weightBuffer: Float64Array;

  constructor(
    private readonly segment: Segment,
    kernels: KernelCache,
    private readonly call: ConnectCall,
    seed: Seed,
  ) {
    this.kernels = kernels.get('draws', () => [uniformsKernel(), partnersKernel()]);
    this.ruleKey = streamKey(seed, 'connection rule');
    this.weightKey = streamKey(seed, 'connection weight');
    this.scalars = segment.allocateF64(3, SCRATCH);
    const outdegree = call.rule.rule === 'fixed_outdegree';
    this.scalars[2] = idsFrom(outdegree ? call.targets : call.sources).length;
    const { weight } = call.synapse;
    this.isPlainUniform =
      typeof weight === 'object' && 'distribution' in weight && weight.distribution === 'uniform';
    if (typeof weight === 'number') this.constantWeight = weight;
    else if (!(weight instanceof Float64Array)) this.sampler = new Sampler(weight, this.weightKey);
    if (
      typeof weight === 'object' &&
      'distribution' in weight &&
      weight.distribution === 'uniform'
    ) {
      this.scalars[0] = weight.min;
      this.scalars[1] = weight.max - weight.min;
    }
    const { rule } = call;
    const degree =
      rule.rule === 'fixed_indegree'
        ? rule.indegree
        : rule.rule === 'fixed_outdegree'
          ? rule.outdegree
          : 0;
    this.partnerBuffer = segment.allocateU32(degree + 2 * SPARE_PAIRS, SCRATCH);
    this.weightBuffer = segment.allocateF64(degree, SCRATCH);
  }

  release(): void {
    for (const block of [this.scalars, this.partnerBuffer, this.weightBuffer]) {
      this.segment.release(block);
    }
  }

  /** The `count` partners of a node as indices; `self` (or -1) is left out. Valid until the next call. */
  partners(node: number, count: number, self: number): Uint32Array {
    let pairs = (count + 1) >> 1;
    for (;;) {
      if (2 * pairs > this.partnerBuffer.length) this.growPartners(2 * pairs);
      const { k0, k1 } = this.ruleKey;
      const { byteOffset } = this.partnerBuffer;
      const population = this.scalars.byteOffset + 16;
      this.kernels.partners(byteOffset, pairs, k0, k1, this.call.call, node, population);
      if (self < 0) return this.partnerBuffer;
      let kept = 0;
      for (let i = 0; i < 2 * pairs; i++) {
        if (this.partnerBuffer[i] !== self) this.partnerBuffer[kept++] = this.partnerBuffer[i];
      }
      if (kept >= count) return this.partnerBuffer;
      pairs += SPARE_PAIRS + count - kept;
    }
  }

  private growPartners(length: number): void {
    this.segment.release(this.partnerBuffer);
    this.partnerBuffer = this.segment.allocateU32(length, SCRATCH);
  }

  /** Weights of the connections from source `s` to targets `firstTarget`, + step, ..., into `weights[at ...]`. */
  targetWeights(
    weights: Float64Array,
    at: number,
    count: number,
    firstTarget: number,
    step: number,
    s: number,
  ): void {
    if (this.constantWeight !== undefined) {
      weights.fill(this.constantWeight, at, at + count);
    } else if (this.isPlainUniform) {
      this.uniforms(weights.byteOffset + 8 * at, count, firstTarget, step, s, 0);
    } else {
      for (let i = 0; i < count; i++) {
        weights[at + i] = this.sampler!.sample(this.call.call, firstTarget + i * step, s);
      }
    }
  }

  /** Weights of a node's connections number 0 ... count - 1. Valid until the next call. */
  partnerWeights(node: number, count: number): Float64Array {
    const { weightBuffer } = this;
    if (this.isPlainUniform) this.uniforms(weightBuffer.byteOffset, count, node, 0, 0, 1);
    else {
      for (let i = 0; i < count; i++) {
        weightBuffer[i] = this.sampler!.sample(this.call.call, node, i);
      }
    }
    return weightBuffer;
  }

  private uniforms(
    out: number,
    count: number,
    c1: number,
    step1: number,
    c2: number,
    step2: number,
  ): void {
    const { k0, k1 } = this.weightKey;
    const scalars = this.scalars.byteOffset;
    this.kernels.uniforms(out, count, k0, k1, this.call.call, c1, step1, c2, step2, 0, scalars);
  }
}

const SCRATCH = 'scratch of draws';
