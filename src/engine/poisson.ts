/**
 * Spikes of Poisson generators onto this virtual process's nodes: an independent train per connection.
 *
 * Up to MEAN_FOR_COUNTS spikes per step, a connection waits for its next spike: unit exponentials,
 * keyed by (generator, target, which of their connections, running number), are spent by the
 * cumulative rate. So the cost is per spike, a changed rate rescales what is left of a wait, and
 * setting the same rate again changes nothing. Above, the count of each step is drawn by key
 * (poisson-counts.ts).
 */
import { IntList } from '../memory/columns.js';
import type { Segment } from '../memory/segment.js';
import { Draws, exponentialFromUniform, type Seed, streamKey } from '../random/index.js';
import { MAX_STEP } from '../units/index.js';
import { firesAlike, type PoissonState } from './device-state.js';
import type { KernelCache } from './kernel-cache.js';
import { NO_GROUP, PoissonColumns, type PoissonConnection } from './poisson-columns.js';
import { PoissonCounts } from './poisson-counts.js';
import { stableSortBy } from './stable-sort.js';

export const MEAN_FOR_COUNTS = 0.1;
const CALENDAR_SLOTS = 1024;
const NEVER = MAX_STEP * 2 - 1;
const END = -1;

/** A generator with its connections, once they are sorted: from ... to - 1. */
interface PoissonSource {
  state: PoissonState;
  from: number;
  to: number;
}

export class PoissonConnections {
  /** In the order (generator, creation), once `prepare` has run. */
  readonly columns: PoissonColumns;
  /** Connections whose counts are drawn every step. */
  readonly counts: PoissonCounts;
  /** Waiting connections that fire in the step last asked for, ascending, and how often. */
  readonly firing = new IntList();
  readonly multiplicities = new IntList();
  private readonly generators = new Map<number, PoissonSource>();
  /** Those with connections, in their order. */
  private connected: PoissonSource[] = [];
  private readonly waiting: Draws;
  /** By slot, the first of the connections whose next spike is due in it. */
  private readonly calendar = new Int32Array(CALENDAR_SLOTS).fill(END);
  /** Connections that have been sorted, and whose waits have begun; others were added since. */
  private sorted = 0;
  /** The calendar must be made anew. */
  private stale = true;

  constructor(seed: Seed, segment: Segment, kernels: KernelCache) {
    this.waiting = new Draws(streamKey(seed, 'poisson_generator waits'));
    this.columns = new PoissonColumns(segment);
    this.counts = new PoissonCounts(seed, this.columns, segment, kernels);
  }

  /** Number of connections. */
  get length(): number {
    return this.columns.length;
  }

  /** Of these, how many lead to neurons or relays, and not to a recorder. */
  get toNodes(): number {
    const { group, length } = this.columns;
    let count = 0;
    for (let c = 0; c < length; c++) if (group[c] !== NO_GROUP) count += 1;
    return count;
  }

  /** Whether any may fire in the step last asked for. */
  get fires(): boolean {
    return this.firing.length > 0 || this.counts.trains.length > 0;
  }

  add(connection: PoissonConnection, now: number): void {
    this.columns.push(connection, now);
    this.stale = true;
  }

  /** New parameters of a generator after step `now`. */
  setState(generator: number, state: PoissonState, now: number): void {
    const known = this.generators.get(generator);
    if (known === undefined) {
      this.generators.set(generator, { state, from: 0, to: 0 });
      return;
    }
    this.sort();
    const old = known.state;
    known.state = state;
    this.stale = true;
    // A wait is re-based only if its speed changes, so that setting the same rate is exact.
    if (firesAlike(old, state)) return;
    const { since, due } = this.columns;
    for (let c = known.from; c < known.to; c++) {
      if (isWaiting(old)) due[c] -= old.meanPerStep * activeSteps(old, since[c], now);
      since[c] = now;
      if (!isWaiting(state) || isWaiting(old)) continue;
      due[c] = 0;
      this.beginWait(c);
    }
  }

  /** Another rate after step `now`: expected spikes per step. */
  setMean(generator: number, meanPerStep: number, now: number): void {
    const { model, active } = this.generators.get(generator)!.state;
    this.setState(generator, { model, meanPerStep, active }, now);
  }

  /** Sort connections, and make the calendar of the steps after `now`. */
  prepare(now: number): void {
    if (!this.stale) return;
    this.sort();
    this.calendar.fill(END);
    const counted = [];
    for (const { state, from, to } of this.connected) {
      if (!isWaiting(state)) counted.push({ state, from, to });
      else for (let c = from; c < to; c++) this.schedule(c, state, now);
    }
    this.counts.prepare(counted);
    this.stale = false;
  }

  /** Put connections in order, number those between the same nodes, and begin the waits of new ones. */
  private sort(): void {
    const { columns, sorted } = this;
    const { length } = columns;
    if (sorted === length) return;
    const created = Uint32Array.from({ length }, (_, c) => c);
    const { generator, target, ordinal } = columns;
    const byGenerator = stableSortBy(generator, created);
    const byPair = stableSortBy(generator, stableSortBy(target, created));
    for (let i = 1; i < length; i++) {
      const [one, next] = [byPair[i - 1], byPair[i]];
      const samePair = generator[one] === generator[next] && target[one] === target[next];
      ordinal[next] = samePair ? ordinal[one] + 1 : 0;
    }
    for (let c = sorted; c < length; c++) {
      if (isWaiting(this.generators.get(generator[c])!.state)) this.beginWait(c);
    }
    if (byGenerator !== created) columns.permute(byGenerator);
    this.sorted = length;
    this.divide();
  }

  /** Tell the generators which connections are theirs. */
  private divide(): void {
    const { generator, length } = this.columns;
    this.connected = [];
    for (let from = 0, to = 0; from < length; from = to) {
      while (to < length && generator[to] === generator[from]) to++;
      const divided = Object.assign(this.generators.get(generator[from])!, { from, to });
      this.connected.push(divided);
    }
  }

  /** Find what fires in a step and draw its counts; each step after `prepare` must be asked for once. */
  fire(step: number): void {
    const { firing, multiplicities, columns, generators } = this;
    firing.clear();
    multiplicities.clear();
    this.takeDue(step);
    this.counts.draw(step);
    firing.sort();
    for (let i = 0; i < firing.length; i++) {
      const c = firing.values[i];
      const { state } = generators.get(columns.generator[c])!;
      multiplicities.push(this.spendWait(c, state, step));
    }
  }

  /** Move what is due from its slot to `firing`; what is due in a later round stays. */
  private takeDue(step: number): void {
    const { calendar } = this;
    const { nextStep, following } = this.columns;
    const slot = step % CALENDAR_SLOTS;
    let c = calendar[slot];
    if (c === END) return;
    calendar[slot] = END;
    while (c !== END) {
      const next = following[c];
      if (nextStep[c] === step) this.firing.push(c);
      else this.enter(c);
      c = next;
    }
  }

  /** How often the connection fires in this step; then it waits for its next spike. */
  private spendWait(c: number, state: PoissonState, step: number): number {
    let fired = 0;
    do {
      fired += 1;
      this.beginWait(c);
    } while (this.endOfWait(c, state) <= step);
    this.schedule(c, state, step);
    return fired;
  }

  private beginWait(c: number): void {
    const { generator, target, ordinal, begun, due } = this.columns;
    const u = this.waiting.uniformAt(generator[c], target[c], ordinal[c], begun[c]);
    due[c] += exponentialFromUniform(u);
    begun[c] += 1;
  }

  private schedule(c: number, state: PoissonState, now: number): void {
    const step = Math.max(now + 1, this.endOfWait(c, state));
    this.columns.nextStep[c] = step;
    if (step < NEVER) this.enter(c);
  }

  /** Into the calendar, at its next spike. */
  private enter(c: number): void {
    const { calendar } = this;
    const { nextStep, following } = this.columns;
    const slot = nextStep[c] % CALENDAR_SLOTS;
    following[c] = calendar[slot];
    calendar[slot] = c;
  }

  /** The step in which the wait ends, NEVER if not while the generator is active. */
  private endOfWait(c: number, { meanPerStep, active }: PoissonState): number {
    if (meanPerStep === 0) return NEVER;
    const { since, due } = this.columns;
    const steps = Math.max(1, Math.ceil(due[c] / meanPerStep));
    const step = Math.max(since[c], active.after) + steps;
    return step <= active.until && step < NEVER ? step : NEVER;
  }
}

function isWaiting(state: PoissonState): boolean {
  return state.meanPerStep <= MEAN_FOR_COUNTS;
}

/** Steps after `since`, up to and including `now`, in which the generator was active. */
function activeSteps({ active }: PoissonState, since: number, now: number): number {
  return Math.max(0, Math.min(now, active.until) - Math.max(since, active.after));
}
