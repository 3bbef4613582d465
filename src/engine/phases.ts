/** What one virtual process does in the phases of a slice (see cycle.ts). */
import { earlierError } from '../errors/index.js';
import { cleared } from '../memory/columns.js';
import type { NeuronKernel, Tile } from '../models/spec.js';
import type { Currents } from './currents.js';
import { PHASE, type VirtualProcess } from './cycle.js';
import type { Delivery } from './deliver.js';
import type { InputRing, ToldInput } from './input-ring.js';
import type { NodeGroup } from './node-group.js';
import type { Plasticity, StepKeeper } from './plasticity.js';
import type { RateSchedule } from './rate-schedule.js';
import type { TraceRecord } from './records.js';
import type { SpikeExchange } from './spike-exchange.js';
import type { SpikeOutput } from './spike-output.js';
import type { Stopwatch } from './stopwatch.js';

interface Parts {
  readonly ring: InputRing;
  readonly groups: readonly NodeGroup[];
  readonly plasticities: readonly Plasticity[];
  readonly rates: RateSchedule;
  readonly currents: Currents;
  readonly traceRecords: ReadonlyMap<number, TraceRecord>;
  readonly output: SpikeOutput;
  readonly delivery: Delivery;
  readonly exchange: SpikeExchange;
}

/** What goes through steps together: a tile, its kernel, and what keeps something of its steps. */
class TileWork {
  readonly kernel: NeuronKernel;
  /** Whether its nodes count spikes. */
  readonly counts: boolean;
  /** Local indices of the first node, and of the first beyond. */
  readonly first: number;
  readonly end: number;

  constructor(
    group: NodeGroup,
    readonly tile: Tile,
    readonly keepers: readonly StepKeeper[],
  ) {
    this.kernel = group.kernel;
    this.counts = group.model.input === 'count';
    this.first = group.firstLocal + tile.from;
    this.end = this.first + tile.size;
  }
}

export class Phases implements VirtualProcess {
  /** The last step whose spikes have been delivered. */
  now = 0;
  /** What arrives at the tile at hand. */
  private readonly input: ToldInput;
  /** All tiles, in the order of their nodes. */
  private tiles: readonly TileWork[] = [];
  /** Of the list of arrivals at nodes that count spikes, how much has been gone through, by step. */
  private through: Int32Array = new Int32Array(64);
  /** Of the multimeters. */
  private sampling: readonly TraceRecord[] = [];

  readonly exchange: SpikeExchange;

  constructor(private readonly parts: Parts) {
    this.exchange = parts.exchange;
    const { data, address } = parts.ring;
    this.input = {
      ...{ data, at: 0, inhibitoryOffset: 0, address, inhibitoryAddress: address },
      ...{ arrived: new Int32Array(0), from: 0, to: 0, firstLocal: 0, filled: false },
    };
  }

  /** Nodes may have been added since the last run. */
  prepare(): void {
    const { groups, plasticities, traceRecords } = this.parts;
    this.sampling = [...traceRecords.values()].filter(({ observes }) => observes);
    this.parts.ring.tellPlace(this.input);
    this.tiles = groups.flatMap((group, g) => {
      const keepers = plasticities.flatMap((plasticity) => plasticity.keepers(g));
      return group.tiles.map((tile) => new TileWork(group, tile, keepers));
    });
  }

  change(now: number): number {
    return this.parts.rates.take(now);
  }

  goAhead(): void {
    const { tiles } = this;
    for (let t = 0; t < tiles.length; t++) tiles[t].kernel.goAhead?.(tiles[t].tile);
  }

  update(first: number, last: number, stopwatch: Stopwatch): void {
    const { sampling } = this;
    for (let from = first, to = first; from <= last; from = to + 1) {
      to = this.undisturbed(from, last);
      this.advance(from, to);
      this.parts.currents.update(to);
      if (sampling.length === 0) continue;
      stopwatch.lap(PHASE.update);
      for (let i = 0; i < sampling.length; i++) sampling[i].sample(to);
      stopwatch.lap(PHASE.record);
    }
  }

  /** The last step, from `from` on, before whose end nothing looks at all nodes, or changes some. */
  private undisturbed(from: number, last: number): number {
    const { sampling } = this;
    let to = Math.min(last, this.parts.currents.nextChange);
    for (let i = 0; i < sampling.length; i++) to = Math.min(to, sampling[i].nextSample(from));
    return to;
  }

  /** All nodes through some steps: tile by tile, so that what a tile reads and writes stays in the cache. */
  private advance(from: number, to: number): void {
    const { tiles } = this;
    const { output, ring } = this.parts;
    output.waits = to > from && tiles.length > 1;
    this.through = cleared(this.through, to - from + 1);
    for (let step = from; step <= to; step++) ring.sortArrivals(step);
    let failure: Error | undefined;
    let last = to;
    for (let t = 0; t < tiles.length; t++) {
      try {
        this.advanceTile(tiles[t], from, last);
      } catch (error) {
        // Other tiles may come to an earlier one, for which they need not go further than this.
        failure = earlierError(failure, error as Error);
        last = output.step;
      }
    }
    if (failure) throw failure;
    if (output.waits) output.release(from, to);
    for (let step = from; step <= to; step++) ring.clear(step);
  }

  private advanceTile(work: TileWork, from: number, to: number): void {
    const { output, ring } = this.parts;
    const { input } = this;
    const { kernel, tile, keepers, counts, first, end } = work;
    for (let step = from; step <= to; step++) {
      output.step = step;
      ring.tell(step, first, input);
      if (counts) this.findArrivals(step, step - from, end);
      kernel.update(step, input, tile);
      for (let i = 0; i < keepers.length; i++) keepers[i].endStep(step, tile);
      if (input.filled && !counts) ring.empty(input.at, tile.size);
    }
  }

  /** Where nodes up to local index `end` have arrivals in a step, number `i` of those gone through. */
  private findArrivals(step: number, i: number, end: number): void {
    const { input, through } = this;
    const { values, length } = this.parts.ring.arrivalsAt(step);
    input.arrived = values;
    input.from = through[i];
    input.to = input.from;
    while (input.to < length && values[input.to] < end) input.to += 1;
    through[i] = input.to;
  }

  deliver(first: number, last: number, atEnd: boolean): void {
    const { delivery, exchange, plasticities } = this.parts;
    delivery.deliver(first, last, exchange.lists);
    this.now = last;
    for (let j = 0; j < plasticities.length; j++) plasticities[j].settle(last, atEnd);
  }
}
