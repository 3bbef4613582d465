/**
 * The connections of one connect call that end on a virtual process, before they become rows:
 * collected in the order of the rule, then sorted by (source, delay, parameters, target, creation).
 */
import {
  type ConnectCall,
  type ConnectionValues,
  elementIndex,
} from '../connectivity/connect-call.js';
import { type ConnectionSink, enumerate } from '../connectivity/enumerate.js';
import { idsFrom } from '../connectivity/id-set.js';
import { ValueError } from '../errors/index.js';
import { runChecks, type SynapseModel } from '../models/spec.js';
import { isDistribution, Sampler, type Seed, streamKey } from '../random/index.js';
import { compareParameters, type RowParameters } from './connection-table.js';
import type { Partition } from './partition.js';
import { stableSortBy } from './stable-sort.js';

/** In passing, per connection: its five columns, and two orders while they are sorted. */
export const BATCH_BYTES = 24 + 8;

export class ConnectionBatch implements ConnectionSink {
  sources = new Uint32Array(INITIAL_CAPACITY);
  /** Local indices. */
  targets = new Uint32Array(INITIAL_CAPACITY);
  weights = new Float64Array(INITIAL_CAPACITY);
  /** Steps. */
  delays = new Uint32Array(INITIAL_CAPACITY);
  /** Index into `variants`. */
  variantOf = new Uint32Array(INITIAL_CAPACITY);
  length = 0;
  /** Distinct parameter combinations, ordered by their values. */
  variants: RowParameters[] = [];
  private readonly variantIndex = new Map<string, number>();
  private readonly weight: (a: number, b: number) => number;
  private readonly delay: (a: number, b: number) => number;
  private readonly parameters: (readonly [name: string, value: (a: number, b: number) => number])[];

  constructor(
    private readonly call: ConnectCall,
    private readonly model: SynapseModel,
    private readonly partition: Partition,
    private readonly seed: Seed,
    resolution: number,
  ) {
    const { synapse } = call;
    this.weight = this.valueOf('weight', synapse.weight);
    const delay = this.valueOf('delay', synapse.delay);
    this.delay = isDistribution(synapse.delay)
      ? (a, b) => Math.max(1, Math.round(delay(a, b) / resolution))
      : delay;
    this.parameters = Object.entries(synapse.parameters).map(
      ([name, values]) => [name, this.valueOf(name, values)] as const,
    );
    enumerate(
      call.rule,
      idsFrom(call.sources),
      idsFrom(call.targets),
      call.call,
      streamKey(seed, 'connection rule'),
      this,
    );
    this.sortVariants();
    this.checkValues();
  }

  owns(id: number): boolean {
    return this.partition.owns(id);
  }

  add(source: number, target: number, a: number, b: number): void {
    if (this.length === this.sources.length) this.grow();
    const i = this.length++;
    this.sources[i] = source;
    this.targets[i] = this.partition.localIndex(target);
    this.weights[i] = this.weight(a, b);
    this.delays[i] = this.delay(a, b);
    this.variantOf[i] = this.variant(a, b);
  }

  /** Connection numbers in the order (source, delay, parameters, target, creation). */
  sorted(): Uint32Array {
    let order: Uint32Array = Uint32Array.from({ length: this.length }, (_, i) => i);
    for (const key of [this.targets, this.variantOf, this.delays, this.sources]) {
      order = stableSortBy(key, order);
    }
    return order;
  }

  /**
   * Whether a pair of nodes has connections that differ in delay or parameters, so that the order
   * of rows no longer tells which was created first.
   */
  needsPositions(order: Uint32Array): boolean {
    if (this.variants.length === 1 && typeof this.call.synapse.delay === 'number') return false;
    const previous = new Map<number, number>();
    let source = 0;
    for (const i of order) {
      if (this.sources[i] !== source) {
        source = this.sources[i];
        previous.clear();
      }
      const p = previous.get(this.targets[i]);
      if (
        p !== undefined &&
        (this.delays[p] !== this.delays[i] || this.variantOf[p] !== this.variantOf[i])
      ) {
        return true;
      }
      previous.set(this.targets[i], i);
    }
    return false;
  }

  private valueOf(name: string, values: ConnectionValues): (a: number, b: number) => number {
    if (typeof values === 'number') return () => values;
    const { rule, sources, call } = this.call;
    if (values instanceof Float64Array) {
      const sourceCount = idsFrom(sources).length;
      return (a, b) => values[elementIndex(rule, sourceCount, a, b)];
    }
    const sampler = new Sampler(values, streamKey(this.seed, `connection ${name}`));
    return (a, b) => sampler.sample(call, a, b);
  }

  private variant(a: number, b: number): number {
    if (this.parameters.length === 0) return 0;
    const values = this.parameters.map(([, value]) => value(a, b));
    const key = values.join();
    let index = this.variantIndex.get(key);
    if (index === undefined) {
      index = this.variants.length;
      this.variantIndex.set(key, index);
      this.variants.push(Object.fromEntries(this.parameters.map(([name], j) => [name, values[j]])));
    }
    return index;
  }

  /** Order the variants by their values: their order of appearance differs between partitions. */
  private sortVariants(): void {
    if (this.variants.length === 0) this.variants.push({});
    const order = this.variants.map((_, i) => i);
    order.sort((i, j) => compareParameters(this.variants[i], this.variants[j]));
    const rank = new Uint32Array(order.length);
    order.forEach((from, to) => {
      rank[from] = to;
    });
    this.variants = order.map((i) => this.variants[i]);
    for (let i = 0; i < this.length; i++) this.variantOf[i] = rank[this.variantOf[i]];
  }

  /** Drawn values are only known here. A model's checks of the weight need its extremes alone. */
  private checkValues(): void {
    const lowest = new Float64Array(this.variants.length).fill(Number.POSITIVE_INFINITY);
    const highest = new Float64Array(this.variants.length).fill(Number.NEGATIVE_INFINITY);
    for (let i = 0; i < this.length; i++) {
      const weight = this.weights[i];
      if (!Number.isFinite(weight)) throw new ValueError('weight', weight, 'finite numbers');
      const v = this.variantOf[i];
      if (weight < lowest[v]) lowest[v] = weight;
      if (weight > highest[v]) highest[v] = weight;
    }
    for (let v = 0; v < this.variants.length; v++) {
      if (lowest[v] > highest[v]) continue;
      for (const weight of [lowest[v], highest[v]]) {
        runChecks(this.call.synapse.name, this.model.checks, { ...this.variants[v], weight });
      }
    }
  }

  private grow(): void {
    const capacity = 2 * this.sources.length;
    const copyTo = <T extends Uint32Array | Float64Array>(larger: T, from: T): T => {
      larger.set(from);
      return larger;
    };
    this.sources = copyTo(new Uint32Array(capacity), this.sources);
    this.targets = copyTo(new Uint32Array(capacity), this.targets);
    this.weights = copyTo(new Float64Array(capacity), this.weights);
    this.delays = copyTo(new Uint32Array(capacity), this.delays);
    this.variantOf = copyTo(new Uint32Array(capacity), this.variantOf);
  }
}

const INITIAL_CAPACITY = 64;
