/**
 * The cycle of one thread, through the virtual processes that it hosts. A slice is min_delay steps:
 * no spike emitted in it can arrive within it, so every node advances over the whole slice on what
 * has already been delivered.
 *
 *   update    each virtual process in turn: every node of it advances through the steps of the
 *             slice; its spikes go to the list of this process in the exchange
 *   exchange  the lists are published, all threads meet, so that each has finished its lists before
 *             anyone reads them, and everyone takes what the others have published
 *   deliver   each virtual process in turn: the spikes of all processes go through its rows into its
 *             input ring, into slots of steps after the slice: delays are at least min_delay
 *
 * `update` of the next slice writes a new list; the exchange keeps the old one readable until
 * everyone has met again. A thread that has others to wait for goes ahead meanwhile with what of the next slice
 * does not depend on their spikes; so who has more to do in one slice than the others keeps nobody waiting.
 */
import { assert, earlierError } from '../errors/index.js';
import type { ExchangeOutcome, SpikeExchange } from './spike-exchange.js';
import { Stopwatch } from './stopwatch.js';

/** A virtual process, as far as the cycle is concerned. */
export interface VirtualProcess {
  /** The last step whose spikes have been delivered. */
  readonly now: number;
  readonly exchange: SpikeExchange;
  /**
   * Make what changes are to be made after step `now`; returns the step after which there are others, the
   * same in all processes.
   */
  change(now: number): number;
  /** Do what of the next step's update does not depend on what is still to be delivered. */
  goAhead(): void;
  /** Advance the nodes through the steps first ... last. */
  update(first: number, last: number, stopwatch: Stopwatch): void;
  /** Deliver what the exchange has taken of these steps; `atEnd` if no slice follows. */
  deliver(first: number, last: number, atEnd: boolean): void;
}

/**
 * What the time of a run is divided into:
 *
 *   update    rates of generators change, nodes advance, also those that go ahead; what spike recorders note of
 *             neurons is in it
 *   wait      until the slowest thread has come to the same point
 *   exchange  publishing spikes and taking those of others
 *   deliver   spikes go through rows, plasticity included; what weight recorders note is in it, and what spike
 *             recorders note of generators
 *   record    multimeters sample
 */
export const PHASES = ['update', 'wait', 'exchange', 'deliver', 'record'] as const;

/** Phases as the stopwatch numbers them. */
export const PHASE = { update: 0, wait: 1, exchange: 2, deliver: 3, record: 4 } as const;

/** Wall time by phase in ms. */
export type PhaseTimes = Readonly<Record<(typeof PHASES)[number], number>>;

export class Cycle {
  private readonly stopwatch: Stopwatch;
  /** Those of the processes; made once, as V8 would compile `run` anew for every other kind of array. */
  private readonly exchanges: readonly SpikeExchange[];
  /** The step after which rates of generators change again. */
  private unchangedUntil = 0;
  /** What the exchange said last. */
  private outcome: ExchangeOutcome = 'continue';

  /** @param clock wall clock in ms, for the times of phases only; it cannot reach a result */
  constructor(
    private readonly processes: readonly VirtualProcess[],
    clock: () => number,
  ) {
    this.stopwatch = new Stopwatch(clock, PHASES.length);
    this.exchanges = processes.map(({ exchange }) => exchange);
  }

  /** Wall time by phase so far. */
  get times(): PhaseTimes {
    const times = PHASES.map((name) => [name, this.stopwatch.milliseconds(PHASE[name])]);
    return Object.fromEntries(times) as PhaseTimes;
  }

  /** Beginning of each slice and its phases, in ms, in the order of PHASES, since this was asked last. */
  tracePhases(): Float64Array {
    return this.stopwatch.trace();
  }

  /** Run `steps` steps in slices, fewer only if the exchange says so; returns the step reached. */
  run(steps: number, sliceSteps: number): number {
    const { stopwatch } = this;
    this.unchangedUntil = this.processes[0].now;
    this.outcome = 'continue';
    stopwatch.start();
    const now = this.goThrough(this.unchangedUntil + steps, sliceSteps);
    // What is set or connected next comes after it.
    if (now === this.unchangedUntil) this.change(now);
    stopwatch.stop();
    return now;
  }

  /**
   * Slice after slice. Little is in the loop itself, as V8 would compile all of it within the loop, once more by
   * itself, and give up the former.
   */
  private goThrough(end: number, sliceSteps: number): number {
    let { now } = this.processes[0];
    for (let stops = false; now < end && !stops; ) {
      // What was decided in the slice before: in this one, some have gone ahead by then.
      stops = this.outcome === 'stop';
      now = this.slice(now, end, sliceSteps, stops);
    }
    return now;
  }

  /** The slice after step `now`, which `stops` makes the last of the run; returns its last step. */
  private slice(now: number, end: number, sliceSteps: number, stops: boolean): number {
    const { processes, exchanges, stopwatch } = this;
    const timed = stopwatch.begin();
    if (now === this.unchangedUntil) this.unchangedUntil = this.change(now);
    const first = now + 1;
    const last = Math.min(now + sliceSteps, end, this.unchangedUntil);
    const atEnd = last === end || stops;
    this.update(first, last);
    if (timed) stopwatch.lap(PHASE.update);
    for (let i = 0; i < exchanges.length; i++) exchanges[i].publish(last);
    // For all processes of the thread.
    const met = exchanges[0].arrive();
    if (timed) stopwatch.lap(PHASE.exchange);
    if (!met && !atEnd) {
      for (let i = 0; i < processes.length; i++) processes[i].goAhead();
      if (timed) stopwatch.lap(PHASE.update);
    }
    exchanges[0].meet();
    if (timed) stopwatch.lap(PHASE.wait);
    for (let i = 0; i < exchanges.length; i++) this.outcome = exchanges[i].take();
    if (timed) stopwatch.lap(PHASE.exchange);
    for (let i = 0; i < processes.length; i++) processes[i].deliver(first, last, atEnd);
    if (timed) stopwatch.lap(PHASE.deliver);
    return last;
  }

  private change(now: number): number {
    const { processes } = this;
    const next = processes[0].change(now);
    for (let i = 1; i < processes.length; i++) {
      assert(processes[i].change(now) === next, 'processes change after different steps');
    }
    return next;
  }

  /** All processes get their turn even if one fails: which error comes first does not depend on who is where. */
  private update(first: number, last: number): void {
    let failure: Error | undefined;
    const { processes, stopwatch } = this;
    for (let i = 0; i < processes.length; i++) {
      try {
        processes[i].update(first, last, stopwatch);
      } catch (error) {
        failure = earlierError(failure, error as Error);
      }
    }
    if (failure) throw failure;
  }
}
