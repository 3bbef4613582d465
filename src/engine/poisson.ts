/**
 * Spikes of Poisson generators onto this worker's nodes: an independent train per connection.
 *
 * Up to MEAN_FOR_COUNTS spikes per step, a connection waits for its next spike: unit exponentials,
 * keyed by (generator, target, which of their connections, running number), are spent by the
 * cumulative rate. So the cost is per spike, a changed rate rescales what is left of a wait, and
 * setting the same rate again changes nothing. Above, the count of each step is drawn by key.
 */
import {
  Draws,
  exponentialFromUniform,
  PoissonTable,
  type Seed,
  streamKey,
} from '../random/index.js';
import { MAX_STEP } from '../units/index.js';
import type { PoissonState } from './device-state.js';

export const MEAN_FOR_COUNTS = 0.1;
const CALENDAR_SLOTS = 1024;
const NEVER = MAX_STEP * 2 - 1;

/** What a connection takes as objects, measured: itself, its wait, its places in lists and calendar. */
export const POISSON_CONNECTION_BYTES = 800;
/** And what its list takes per generator that has connections. */
export const POISSON_GENERATOR_BYTES = 400;

/** One connection from a Poisson generator. */
export interface PoissonConnection {
  readonly generator: number;
  /** Node id of the target. */
  readonly target: number;
  /** Group of the target and index within it; group -1 for a spike recorder. */
  readonly group: number;
  readonly index: number;
  weight: number;
  readonly delay: number;
  readonly call: number;
  /** Place among the connections of its call on this worker. */
  readonly position: number;
  readonly synapse: string;
}

interface Wait {
  generator: PoissonState;
  /** Which connection between its generator and target it is, from 0. */
  readonly ordinal: number;
  /** Number of waits begun, which keys the next draw. */
  begun: number;
  /** Cumulative mean, from step `since` on, at which the next spike falls due. */
  due: number;
  since: number;
  nextStep: number;
}

export class PoissonConnections {
  /** In the order (generator, creation), once `prepare` has run. */
  connections: PoissonConnection[] = [];
  /** Connections that fire in the step last asked for, ascending, and how often. */
  readonly firing: number[] = [];
  readonly multiplicities: number[] = [];
  private waits: Wait[] = [];
  private readonly states = new Map<number, PoissonState>();
  private readonly connectionsOf = new Map<number, number[]>();
  private readonly ordinals = new Map<string, number>();
  private readonly tables = new Map<number, PoissonTable>();
  private readonly waiting: Draws;
  private readonly counting: Draws;
  /** Connections by the slot of their next spike. */
  private readonly calendar: number[][] = Array.from({ length: CALENDAR_SLOTS }, () => []);
  /** Connections whose counts are drawn every step. */
  private counted: number[] = [];
  /** Counts drawn for the present step, by connection. */
  private drawn = new Uint32Array(0);
  /** Connections were added, so that their order must be made anew. */
  private unsorted = true;
  /** The calendar must be made anew. */
  private stale = true;

  constructor(seed: Seed) {
    this.waiting = new Draws(streamKey(seed, 'poisson_generator waits'));
    this.counting = new Draws(streamKey(seed, 'poisson_generator counts'));
  }

  add(connection: PoissonConnection, now: number): void {
    const pair = `${connection.generator} ${connection.target}`;
    const ordinal = this.ordinals.get(pair) ?? 0;
    this.ordinals.set(pair, ordinal + 1);
    const generator = this.states.get(connection.generator)!;
    const wait = { generator, ordinal, begun: 0, due: 0, since: now, nextStep: NEVER };
    if (isWaiting(generator)) this.beginWait(connection, wait);
    this.index(connection.generator, this.connections.length);
    this.connections.push(connection);
    this.waits.push(wait);
    this.unsorted = true;
    this.stale = true;
  }

  private index(generator: number, connection: number): void {
    const known = this.connectionsOf.get(generator);
    if (known) known.push(connection);
    else this.connectionsOf.set(generator, [connection]);
  }

  /** New parameters of a generator after step `now`. */
  setState(generator: number, state: PoissonState, now: number): void {
    const old = this.states.get(generator);
    this.states.set(generator, state);
    if (old === undefined) return;
    // A wait is re-based only if its speed changes, so that setting the same rate is exact.
    const same =
      old.meanPerStep === state.meanPerStep &&
      old.active.after === state.active.after &&
      old.active.until === state.active.until;
    for (const c of this.connectionsOf.get(generator) ?? []) {
      const wait = this.waits[c];
      wait.generator = state;
      if (same) continue;
      if (isWaiting(old)) wait.due -= old.meanPerStep * activeSteps(old, wait.since, now);
      wait.since = now;
      if (!isWaiting(state) || isWaiting(old)) continue;
      wait.due = 0;
      this.beginWait(this.connections[c], wait);
    }
    this.stale = true;
  }

  /** Sort connections and waits, and make the calendar of the steps after `now`. */
  prepare(now: number): void {
    if (!this.stale) return;
    if (this.unsorted) this.sort();
    for (const slot of this.calendar) if (slot.length > 0) slot.length = 0;
    this.counted = [];
    this.drawn = new Uint32Array(this.waits.length);
    for (let c = 0; c < this.waits.length; c++) {
      if (isWaiting(this.waits[c].generator)) this.schedule(c, now);
      else if (this.waits[c].generator.meanPerStep > 0) this.counted.push(c);
    }
    this.stale = false;
  }

  private sort(): void {
    const order = this.connections.map((_, c) => c);
    order.sort((a, b) => this.connections[a].generator - this.connections[b].generator || a - b);
    this.connections = order.map((c) => this.connections[c]);
    this.waits = order.map((c) => this.waits[c]);
    this.connectionsOf.clear();
    this.connections.forEach(({ generator }, c) => {
      this.index(generator, c);
    });
    this.unsorted = false;
  }

  /** Find the connections that fire in a step; each step after `prepare` must be asked for once. */
  fire(step: number): void {
    const { firing, multiplicities } = this;
    const slot = this.calendar[step % CALENDAR_SLOTS];
    if (firing.length > 0) {
      firing.length = 0;
      multiplicities.length = 0;
    }
    if (slot.length === 0 && this.counted.length === 0) return;
    if (slot.length > 0) this.takeDue(slot, step);
    if (this.counted.length > 0) this.drawCounts(step);
    else if (firing.length > 1) firing.sort((a, b) => a - b);
    for (const c of firing) {
      multiplicities.push(
        isWaiting(this.waits[c].generator) ? this.spendWait(c, step) : this.drawn[c],
      );
    }
  }

  /** Move what is due from the slot to `firing`; what is due in a later round stays. */
  private takeDue(slot: number[], step: number): void {
    let kept = 0;
    for (const c of slot) {
      if (this.waits[c].nextStep === step) this.firing.push(c);
      else slot[kept++] = c;
    }
    slot.length = kept;
  }

  private drawCounts(step: number): void {
    for (const c of this.counted) {
      const { after, until } = this.waits[c].generator.active;
      if (step <= after || step > until) continue;
      this.drawn[c] = this.countOf(c, step);
      if (this.drawn[c] > 0) this.firing.push(c);
    }
    this.firing.sort((a, b) => a - b);
  }

  private countOf(c: number, step: number): number {
    const { generator, target } = this.connections[c];
    const { generator: state, ordinal } = this.waits[c];
    let table = this.tables.get(state.meanPerStep);
    if (table === undefined) {
      table = new PoissonTable(state.meanPerStep);
      this.tables.set(state.meanPerStep, table);
    }
    return table.count(this.counting.uniformAt(generator, target, ordinal, step));
  }

  /** How often the connection fires in this step; then it waits for its next spike. */
  private spendWait(c: number, step: number): number {
    const wait = this.waits[c];
    let fired = 0;
    do {
      fired += 1;
      this.beginWait(this.connections[c], wait);
    } while (nextStep(wait) <= step);
    this.schedule(c, step);
    return fired;
  }

  private beginWait({ generator, target }: PoissonConnection, wait: Wait): void {
    const u = this.waiting.uniformAt(generator, target, wait.ordinal, wait.begun);
    wait.due += exponentialFromUniform(u);
    wait.begun += 1;
  }

  private schedule(c: number, now: number): void {
    const wait = this.waits[c];
    wait.nextStep = Math.max(now + 1, nextStep(wait));
    if (wait.nextStep < NEVER) this.calendar[wait.nextStep % CALENDAR_SLOTS].push(c);
  }
}

function isWaiting(state: PoissonState): boolean {
  return state.meanPerStep <= MEAN_FOR_COUNTS;
}

/** Steps after `since`, up to and including `now`, in which the generator was active. */
function activeSteps({ active }: PoissonState, since: number, now: number): number {
  return Math.max(0, Math.min(now, active.until) - Math.max(since, active.after));
}

/** The step in which the wait ends, NEVER if not while the generator is active. */
function nextStep(wait: Wait): number {
  const { meanPerStep, active } = wait.generator;
  if (meanPerStep === 0) return NEVER;
  const step = Math.max(wait.since, active.after) + Math.max(1, Math.ceil(wait.due / meanPerStep));
  return step <= active.until && step < NEVER ? step : NEVER;
}
