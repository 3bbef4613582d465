/** A barrier of all workers, on the shared control words. */
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { assert } from '../errors/index.js';
import { WORD } from './control-words.js';

/**
 * A look at the crossing count takes some 5 to 15 ns, waking up some 50 us. So if the others are at work on
 * other cores, it is better to look on for as long as waking and a short slice take: who has slept
 * comes late to the next crossing, and would send the others to sleep there, and so on for ever.
 */
const LOOKING_MS = 0.1;
/** In so many looks, the clock is asked once. */
const LOOKS = 500;
/**
 * If the others are not at work, since another program has taken a core, looking on steals the time of those
 * who are waited for, all the more if they now share one. So after it was in vain, it is hardly done for so many
 * crossings, twice as many each time that it is in vain again.
 */
const FIRST_REST = 4;
const LONGEST_REST = 16;
/** A sleeper looks for an abort this often, should its wake-up have come a moment too early. */
const ABORT_POLL_MS = 100;

/** Another worker failed; its own error tells why. */
export class AbortedError extends Error {}

export class Barrier {
  /** Crossings at which it hardly looks on that are to come, and how many it is to be the next time. */
  private resting = 0;
  private nextRest = FIRST_REST;
  /** Not all workers can be at work at a time. */
  private readonly crowded: boolean;
  /** Number of the crossing at which this worker has arrived, and whether all have. */
  private crossing = 0;
  private complete = true;
  /** Whether this worker has arrived where it has not met the others yet. */
  private arrived = false;

  constructor(
    private readonly words: Int32Array<SharedArrayBuffer>,
    private readonly workers: number,
  ) {
    this.crowded = workers > availableParallelism();
  }

  /**
   * This worker has arrived; returns whether it is the last of all. One worker alone waits for nobody. Then
   * comes `meet`.
   */
  arrive(): boolean {
    const { words, workers } = this;
    assert(!this.arrived, 'a worker arrives twice at one crossing');
    this.arrived = true;
    if (workers === 1) return true;
    this.crossing = Atomics.load(words, WORD.crossings);
    this.complete = Atomics.add(words, WORD.arrived, 1) === workers - 1;
    if (this.complete) {
      // Nobody else looks at it before the crossing is complete, which the next line says.
      words[WORD.arrived] = 0;
      Atomics.store(words, WORD.crossings, this.crossing + 1);
      // A worker that counted itself asleep after this load finds `crossings` changed and stays up.
      if (Atomics.load(words, WORD.sleepers) > 0) Atomics.notify(words, WORD.crossings);
    }
    return this.complete;
  }

  /**
   * Returns once all workers have arrived. Everything that any of them wrote before it arrived is then visible
   * to all: writes happen before the writer's Atomics.add on `arrived`, the last arrival's add sees all others,
   * its store to `crossings` comes after, and the others' loads of `crossings` come after that store.
   *
   * Throws AbortedError if one of them will never arrive. A crossing that was completed returns on
   * all workers, even if one fails right afterwards: so all end a failing run in the same slice.
   */
  meet(): void {
    const { words, crossing } = this;
    assert(this.arrived, 'a worker meets others where it has not arrived');
    this.arrived = false;
    if (this.complete) return;
    const hardly = this.crowded || this.resting > 0;
    const met = this.lookOn(crossing, hardly ? 0 : LOOKING_MS);
    this.learn(met);
    if (met) return;
    Atomics.add(words, WORD.sleepers, 1);
    const aborted = this.sleep(crossing);
    Atomics.sub(words, WORD.sleepers, 1);
    if (aborted) throw new AbortedError('another worker failed');
  }

  /**
   * Whether the others come while this worker looks. On its own, as V8 compiles it within the first
   * long loop: what would follow there has never run, and it would give up the code each time.
   */
  private lookOn(crossing: number, ms: number): boolean {
    const { words } = this;
    // The first looks are done before the clock is asked: mostly they are enough.
    let left = ms;
    for (let before = 0; left >= 0; ) {
      for (let look = 0; look < LOOKS; look++) {
        if (Atomics.load(words, WORD.crossings) !== crossing) return true;
      }
      if (ms === 0) return false;
      const now = performance.now();
      if (before > 0) left -= now - before;
      before = now;
    }
    return false;
  }

  /** From whether the others came while this worker looked on. */
  private learn(met: boolean): void {
    if (this.resting > 0) {
      this.resting -= 1;
    } else if (met) {
      this.nextRest = FIRST_REST;
    } else {
      this.resting = this.nextRest;
      this.nextRest = Math.min(LONGEST_REST, 2 * this.nextRest);
    }
  }

  /** Sleeps until the crossing is complete, or (true) never will be. */
  private sleep(crossing: number): boolean {
    const { words } = this;
    for (;;) {
      // In this order: whoever fails after the crossing raises `abort` after `crossings` changed.
      const aborted = Atomics.load(words, WORD.abort) !== 0;
      if (Atomics.load(words, WORD.crossings) !== crossing) return false;
      if (aborted) return true;
      Atomics.wait(words, WORD.crossings, crossing, ABORT_POLL_MS);
    }
  }
}
