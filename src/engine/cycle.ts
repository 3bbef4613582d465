/**
 * The cycle of one worker. A slice is min_delay steps: no spike emitted in it can arrive within it,
 * so every node advances over the whole slice on what has already been delivered.
 *
 *   update    every node of this worker advances through the steps of the slice; its spikes go to
 *             this worker's list in the exchange
 *   exchange  all workers meet: each has finished its list before anyone reads it
 *   deliver   the spikes of all workers go through this worker's rows into its input ring, into
 *             slots of steps after the slice: delays are at least min_delay
 *
 * `update` of the next slice writes a new list; the exchange keeps the old one readable until
 * everyone has met again.
 */
import type { ClopathArchive } from './clopath-archive.js';
import type { ConnectionTable } from './connection-table.js';
import type { Currents } from './currents.js';
import type { DelayLines } from './delay-lines.js';
import type { Delivery } from './deliver.js';
import type { InputRing } from './input-ring.js';
import type { NodeGroup } from './node-group.js';
import type { TraceRecord } from './records.js';
import * as R from './row.js';
import type { SpikeExchange } from './spike-exchange.js';
import type { SpikeOutput } from './spike-output.js';
import { Stopwatch } from './stopwatch.js';

export interface CycleParts {
  readonly table: ConnectionTable;
  readonly ring: InputRing;
  readonly groups: readonly NodeGroup[];
  readonly lines: readonly (DelayLines | undefined)[];
  readonly archives: readonly (ClopathArchive | undefined)[];
  readonly currents: Currents;
  readonly traceRecords: ReadonlyMap<number, TraceRecord>;
  readonly output: SpikeOutput;
  readonly delivery: Delivery;
  readonly exchange: SpikeExchange;
  readonly clock: () => number;
}

/** Wall time by phase in ms. */
export interface PhaseTimes {
  update: number;
  exchange: number;
  deliver: number;
}

/** Phases as the stopwatch numbers them. */
const UPDATE = 0;
const EXCHANGE = 1;
const DELIVER = 2;

export class Cycle {
  now = 0;
  private readonly stopwatch: Stopwatch;
  /** Nodes of the group at hand that count spikes and get some, as indices within the group. */
  private readonly arrived: number[] = [];
  /** Local indices of the nodes whose input is summed, as ranges. */
  private summing: { from: number; to: number }[] = [];
  /** Step up to which silent rows were looked for, by archive. */
  private readonly settledAt: number[] = [];

  constructor(private readonly parts: CycleParts) {
    this.stopwatch = new Stopwatch(parts.clock, 3);
  }

  /** Wall time by phase so far. */
  get times(): PhaseTimes {
    const { stopwatch } = this;
    return {
      update: stopwatch.milliseconds(UPDATE),
      exchange: stopwatch.milliseconds(EXCHANGE),
      deliver: stopwatch.milliseconds(DELIVER),
    };
  }

  /** Run `steps` steps in slices; returns the step reached. */
  run(steps: number, sliceSteps: number): number {
    const { exchange, delivery } = this.parts;
    const end = this.now + steps;
    let outcome: 'continue' | 'stop' = 'continue';
    this.summing = this.parts.groups
      .filter(({ model }) => model.input !== 'count')
      .map(({ firstLocal, size }) => ({ from: firstLocal, to: firstLocal + size }));
    this.stopwatch.start();
    while (this.now < end && outcome === 'continue') {
      const first = this.now + 1;
      const last = Math.min(this.now + sliceSteps, end);
      const timed = this.stopwatch.begin();
      for (let step = first; step <= last; step++) this.update(step);
      if (timed) this.stopwatch.lap(UPDATE);
      outcome = exchange.exchange(last);
      if (timed) this.stopwatch.lap(EXCHANGE);
      delivery.deliver(first, last, exchange.lists);
      this.now = last;
      this.settleSilentRows(last === end || outcome === 'stop');
      if (timed) this.stopwatch.lap(DELIVER);
    }
    this.stopwatch.stop();
    return this.now;
  }

  private update(step: number): void {
    const { groups, lines, archives, ring, currents, traceRecords, output } = this.parts;
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
      lines[g]?.enter(step);
      archives[g]?.update(step);
    }
    currents.update(step);
    ring.clear(step, this.summing);
    for (const record of traceRecords.values()) record.sample(step);
  }

  /**
   * Settle the rows whose source has long been silent, so that the archive need not remember more.
   * Once per epoch is often enough, and when it happens cannot change a result (see
   * clopath-delivery.ts); at the end of a run it must happen where entries are kept one by one, as
   * weights may be set then.
   */
  private settleSilentRows(atEnd: boolean): void {
    const { archives, table } = this.parts;
    for (let g = 0; g < archives.length; g++) {
      const archive = archives[g];
      if (archive === undefined || archive.potentiations.length === 0) continue;
      let shortest = Number.POSITIVE_INFINITY;
      for (const p of archive.potentiations) shortest = Math.min(shortest, p.epochSteps);
      const epoch = Math.floor(this.now / shortest);
      if (this.settledAt[g] === epoch && !(atEnd && archive.hasEntries)) continue;
      this.settledAt[g] = epoch;
      this.settleGroup(g, archive, table);
    }
  }

  private settleGroup(g: number, archive: ClopathArchive, table: ConnectionTable): void {
    let oldest = archive.reach(this.now);
    for (let row = 0; row < table.rowCount; row++) {
      const at = table.rowAt(row);
      const { i32 } = table.segment;
      if (i32[at + R.ROW_GROUP] !== g || i32[at + R.ROW_LASTS] === 0) continue;
      const potentiation = archive.potentiationOf(i32[at + R.ROW_VARIANT]);
      this.parts.delivery.clopath.settleIfSilent(at, this.now, archive, potentiation);
      const last = i32[at + R.ROW_LAST_SPIKE];
      if ((i32[at + R.ROW_FLAGS] & R.SETTLED) === 0 && last > 0) {
        oldest = Math.min(oldest, last - i32[at + R.ROW_DELAY]);
      }
    }
    archive.dropEntriesUpTo(oldest);
  }
}
