/**
 * The cycle of one worker. A slice is min_delay steps: no spike emitted in it can arrive within it,
 * so every node advances over the whole slice on what has already been delivered.
 *
 *   update    every node of this worker advances through the steps of the slice; its spikes go to
 *             this worker's list in the exchange
 *   exchange  the list is published, all workers meet, so that each has finished its list before
 *             anyone reads it, and everyone takes what the others have published
 *   deliver   the spikes of all workers go through this worker's rows into its input ring, into
 *             slots of steps after the slice: delays are at least min_delay
 *
 * `update` of the next slice writes a new list; the exchange keeps the old one readable until
 * everyone has met again.
 */
import type { Currents } from './currents.js';
import type { Delivery } from './deliver.js';
import type { InputRing } from './input-ring.js';
import type { NodeGroup } from './node-group.js';
import type { Plasticity } from './plasticity.js';
import type { TraceRecord } from './records.js';
import type { SpikeExchange } from './spike-exchange.js';
import type { SpikeOutput } from './spike-output.js';
import { Stopwatch } from './stopwatch.js';

export interface CycleParts {
  readonly ring: InputRing;
  readonly groups: readonly NodeGroup[];
  readonly plasticities: readonly Plasticity[];
  readonly currents: Currents;
  readonly traceRecords: ReadonlyMap<number, TraceRecord>;
  readonly output: SpikeOutput;
  readonly delivery: Delivery;
  readonly exchange: SpikeExchange;
  readonly clock: () => number;
}

/** Phases as the stopwatch numbers them. */
const UPDATE = 0;
const WAIT = 1;
const EXCHANGE = 2;
const DELIVER = 3;
const RECORD = 4;

/** Wall time by phase in ms. */
export interface PhaseTimes {
  /** Nodes advance; what spike recorders note is in it. */
  readonly update: number;
  /** Until the slowest worker has come to the same point. */
  readonly wait: number;
  /** Publishing spikes and taking those of others. */
  readonly exchange: number;
  /** Spikes go through rows, plasticity included; what weight recorders note is in it. */
  readonly deliver: number;
  /** Multimeters sample. */
  readonly record: number;
}

export class Cycle {
  now = 0;
  private readonly stopwatch: Stopwatch;
  /** Nodes of the group at hand that count spikes and get some, as indices within the group. */
  private readonly arrived: number[] = [];
  /** Local indices of the nodes whose input is summed, as ranges. */
  private summing: { from: number; to: number }[] = [];

  constructor(private readonly parts: CycleParts) {
    this.stopwatch = new Stopwatch(parts.clock, 5);
  }

  /** Wall time by phase so far. */
  get times(): PhaseTimes {
    const { stopwatch } = this;
    return {
      update: stopwatch.milliseconds(UPDATE),
      wait: stopwatch.milliseconds(WAIT),
      exchange: stopwatch.milliseconds(EXCHANGE),
      deliver: stopwatch.milliseconds(DELIVER),
      record: stopwatch.milliseconds(RECORD),
    };
  }

  /** Run `steps` steps in slices; returns the step reached. */
  run(steps: number, sliceSteps: number): number {
    const { exchange, delivery, plasticities } = this.parts;
    const { stopwatch } = this;
    const end = this.now + steps;
    let outcome: 'continue' | 'stop' = 'continue';
    this.summing = this.parts.groups
      .filter(({ model }) => model.input !== 'count')
      .map(({ firstLocal, size }) => ({ from: firstLocal, to: firstLocal + size }));
    stopwatch.start();
    while (this.now < end && outcome === 'continue') {
      const first = this.now + 1;
      const last = Math.min(this.now + sliceSteps, end);
      stopwatch.begin();
      for (let step = first; step <= last; step++) this.update(step);
      stopwatch.lap(UPDATE);
      exchange.publish(last);
      stopwatch.lap(EXCHANGE);
      exchange.meet();
      stopwatch.lap(WAIT);
      outcome = exchange.take();
      stopwatch.lap(EXCHANGE);
      delivery.deliver(first, last, exchange.lists);
      this.now = last;
      const atEnd = last === end || outcome === 'stop';
      for (const plasticity of plasticities) plasticity.settle(last, atEnd);
      stopwatch.lap(DELIVER);
    }
    stopwatch.stop();
    return this.now;
  }

  private update(step: number): void {
    const { groups, plasticities, ring, currents, traceRecords, output } = this.parts;
    output.step = step;
    const at = ring.at(step);
    const arrivals = ring.arrivalsAt(step);
    let next = 0;
    for (let g = 0; g < groups.length; g++) {
      const group = groups[g];
      if (group.size === 0) continue;
      if (group.model.input === 'count') this.arrived.length = 0;
      for (; next < arrivals.length && arrivals[next] < group.firstLocal + group.size; next++) {
        this.arrived.push(arrivals[next] - group.firstLocal);
      }
      group.kernel.update(step, ring.data, at + group.firstLocal, ring.planeStride, this.arrived);
      for (let j = 0; j < plasticities.length; j++) plasticities[j].endStep(g, step);
    }
    currents.update(step);
    ring.clear(step, this.summing);
    if (traceRecords.size === 0) return;
    this.stopwatch.lap(UPDATE);
    for (const record of traceRecords.values()) record.sample(step);
    this.stopwatch.lap(RECORD);
  }
}
