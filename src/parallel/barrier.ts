/** A barrier of all workers, on the shared control words. */
import { WORD } from './control-words.js';

/**
 * Looks at the crossing count before going to sleep. Waking takes some 50 us, so it is better to look
 * on for as long as that, if the others are at work on other cores. If they are not (fewer cores than
 * workers, or other programs on them), looking on steals the time of those who are waited for: then
 * it ends in sleep, and next time a worker looks on for half as long.
 */
const MOST_SPINS = 20_000;
const LEAST_SPINS = 500;
/** A sleeper looks for an abort this often, should its wake-up have come a moment too early. */
const ABORT_POLL_MS = 100;

/** Another worker failed; its own error tells why. */
export class AbortedError extends Error {}

export class Barrier {
  private spins = MOST_SPINS;

  constructor(
    private readonly words: Int32Array<SharedArrayBuffer>,
    private readonly workers: number,
  ) {}

  /**
   * Returns once all workers have called it equally often. Everything that any of them wrote
   * before its call is then visible to all: writes happen before the writer's Atomics.add on
   * `arrived`, the last arrival's add sees all others, its store to `crossings` comes after, and
   * the others' loads of `crossings` come after that store.
   *
   * Throws AbortedError if one of them will never arrive. A crossing that was completed returns on
   * all workers, even if one fails right afterwards: so all end a failing run in the same slice.
   */
  cross(): void {
    const { words, workers } = this;
    const crossing = Atomics.load(words, WORD.crossings);
    if (Atomics.add(words, WORD.arrived, 1) === workers - 1) {
      Atomics.store(words, WORD.arrived, 0);
      Atomics.store(words, WORD.crossings, crossing + 1);
      // A worker that counted itself asleep after this load finds `crossings` changed and stays up.
      if (Atomics.load(words, WORD.sleepers) > 0) Atomics.notify(words, WORD.crossings);
      return;
    }
    for (let spin = 0; spin < this.spins; spin++) {
      if (Atomics.load(words, WORD.crossings) === crossing) continue;
      this.spins = Math.min(MOST_SPINS, this.spins + (this.spins >> 3));
      return;
    }
    this.spins = Math.max(LEAST_SPINS, this.spins >> 1);
    Atomics.add(words, WORD.sleepers, 1);
    const aborted = this.sleep(crossing);
    Atomics.sub(words, WORD.sleepers, 1);
    if (aborted) throw new AbortedError('another worker failed');
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
