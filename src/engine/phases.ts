/** What one virtual process does in the phases of a slice (see cycle.ts). */
import type { Currents } from './currents.js';
import { PHASE, type VirtualProcess } from './cycle.js';
import type { Delivery } from './deliver.js';
import type { InputRing } from './input-ring.js';
import type { NodeGroup } from './node-group.js';
import type { Plasticity } from './plasticity.js';
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

export class Phases implements VirtualProcess {
  /** The last step whose spikes have been delivered. */
  now = 0;
  /** Nodes of the group at hand that count spikes and get some, as indices within the group. */
  private readonly arrived: number[] = [];
  /** Local indices of the nodes whose input is summed, as ranges. */
  private summing: { from: number; to: number }[] = [];

  readonly exchange: SpikeExchange;

  constructor(private readonly parts: Parts) {
    this.exchange = parts.exchange;
  }

  /** Nodes may have been added since the last run. */
  prepare(): void {
    this.summing = this.parts.groups
      .filter(({ model }) => model.input !== 'count')
      .map(({ firstLocal, size }) => ({ from: firstLocal, to: firstLocal + size }));
  }

  change(now: number): number {
    return this.parts.rates.take(now);
  }

  goAhead(): void {
    const { groups } = this.parts;
    for (let g = 0; g < groups.length; g++) if (groups[g].size > 0) groups[g].kernel.goAhead?.();
  }

  update(first: number, last: number, stopwatch: Stopwatch): void {
    const { traceRecords } = this.parts;
    for (let step = first; step <= last; step++) {
      this.advance(step);
      if (traceRecords.size === 0) continue;
      stopwatch.lap(PHASE.update);
      for (const record of traceRecords.values()) record.sample(step);
      stopwatch.lap(PHASE.record);
    }
  }

  private advance(step: number): void {
    const { groups, plasticities, ring, currents, output } = this.parts;
    output.step = step;
    const at = ring.at(step);
    const arrivals = ring.arrivalsAt(step);
    const filled = ring.isFilled(step);
    let next = 0;
    for (let g = 0; g < groups.length; g++) {
      const group = groups[g];
      if (group.size === 0) continue;
      if (this.arrived.length > 0) this.arrived.length = 0;
      for (; next < arrivals.length && arrivals[next] < group.firstLocal + group.size; next++) {
        this.arrived.push(arrivals[next] - group.firstLocal);
      }
      const inputAt = at + group.firstLocal;
      group.kernel.update(step, ring.data, inputAt, ring.planeStride, this.arrived, filled);
      for (let j = 0; j < plasticities.length; j++) plasticities[j].endStep(g, step);
    }
    currents.update(step);
    ring.clear(step, this.summing);
  }

  deliver(first: number, last: number, atEnd: boolean): void {
    const { delivery, exchange, plasticities } = this.parts;
    delivery.deliver(first, last, exchange.lists);
    this.now = last;
    for (const plasticity of plasticities) plasticity.settle(last, atEnd);
  }
}
