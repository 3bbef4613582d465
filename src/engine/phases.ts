/** What one virtual process does in the phases of a slice (see cycle.ts). */
import type { GroupInput } from '../models/spec.js';
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
  /** What arrives at the group at hand. */
  private readonly input: { -readonly [key in keyof GroupInput]: GroupInput[key] };
  /** Local indices of the nodes whose input is summed, as ranges. */
  private summing: { from: number; to: number }[] = [];
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
    this.sampling = [...this.parts.traceRecords.values()];
    this.summing = [];
    for (const { model, firstLocal: from, size } of this.parts.groups) {
      if (model.input === 'count' || size === 0) continue;
      const before = this.summing.at(-1);
      if (before?.to === from) before.to += size;
      else this.summing.push({ from, to: from + size });
    }
  }

  change(now: number): number {
    return this.parts.rates.take(now);
  }

  goAhead(): void {
    const { groups } = this.parts;
    for (let g = 0; g < groups.length; g++) if (groups[g].size > 0) groups[g].kernel.goAhead?.();
  }

  update(first: number, last: number, stopwatch: Stopwatch): void {
    const { sampling } = this;
    for (let step = first; step <= last; step++) {
      this.advance(step);
      if (sampling.length === 0) continue;
      stopwatch.lap(PHASE.update);
      for (let i = 0; i < sampling.length; i++) sampling[i].sample(step);
      stopwatch.lap(PHASE.record);
    }
  }

  private advance(step: number): void {
    const { groups, plasticities, ring, currents, output } = this.parts;
    const { input } = this;
    output.step = step;
    const at = ring.at(step);
    const arrivals = ring.arrivalsAt(step);
    input.data = ring.data;
    input.inhibitoryOffset = ring.planeStride;
    input.arrived = arrivals.values;
    input.filled = ring.isFilled(step);
    input.to = 0;
    for (let g = 0; g < groups.length; g++) {
      const group = groups[g];
      if (group.size === 0) continue;
      const end = group.firstLocal + group.size;
      input.firstLocal = group.firstLocal;
      input.at = at + group.firstLocal;
      input.address = ring.address + 8 * input.at;
      input.inhibitoryAddress = input.address + 8 * input.inhibitoryOffset;
      input.from = input.to;
      while (input.to < arrivals.length && input.arrived[input.to] < end) input.to += 1;
      group.kernel.update(step, input);
    }
    for (let j = 0; j < plasticities.length; j++) plasticities[j].endStep(step);
    currents.update(step);
    ring.clear(step, this.summing);
  }

  deliver(first: number, last: number, atEnd: boolean): void {
    const { delivery, exchange, plasticities } = this.parts;
    delivery.deliver(first, last, exchange.lists);
    this.now = last;
    for (let j = 0; j < plasticities.length; j++) plasticities[j].settle(last, atEnd);
  }
}
