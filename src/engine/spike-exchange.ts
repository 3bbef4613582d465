/**
 * How the spikes of a slice get from the virtual process that emits them to all. The engine knows
 * this interface only; `parallel/` implements it with shared memory and a barrier.
 */

/** Words of one spike in a list: step, id of the sender, multiplicity. */
export const SPIKE_WORDS = 3;

/** Spikes of one virtual process in one slice, in the order (step, sender). */
export interface SpikeList {
  readonly words: Int32Array;
  /** Word at which the first spike begins. */
  readonly at: number;
  /** Number of spikes. */
  readonly count: number;
}

export interface SpikeExchange {
  /** Append a spike to the list of this process's present slice. */
  push(step: number, sender: number, multiplicity: number): void;
  /** End the slice, which reached step `reached`: this process's list is complete. */
  publish(reached: number): void;
  /**
   * All processes of this thread have published; called for one of them. Returns whether those of all other
   * threads have, too.
   */
  arrive(): boolean;
  /** Return once all processes have published; called for one process of each thread. */
  meet(): void;
  /**
   * Take everyone's list. All processes get the same outcome; after 'stop' the slice must still be
   * delivered, and one more is gone through.
   */
  take(): ExchangeOutcome;
  /** What the last `take` took: one list per process, valid until the next `push`. */
  readonly lists: readonly SpikeList[];
}

/** Whether every process goes on or all stop after the next slice, for which some have gone ahead. */
export type ExchangeOutcome = 'continue' | 'stop';

/** The exchange of a simulation with one virtual process and no other thread to talk to. */
export class SoloExchange implements SpikeExchange {
  private words = new Int32Array(64 * SPIKE_WORDS);
  private used = 0;
  readonly lists = [{ words: this.words, at: 0, count: 0 }];

  push(step: number, sender: number, multiplicity: number): void {
    if (this.used === this.words.length) {
      const larger = new Int32Array(2 * this.words.length);
      larger.set(this.words);
      this.words = larger;
    }
    this.words[this.used] = step;
    this.words[this.used + 1] = sender;
    this.words[this.used + 2] = multiplicity;
    this.used += SPIKE_WORDS;
  }

  publish(): void {}

  arrive(): boolean {
    return true;
  }

  meet(): void {}

  take(): ExchangeOutcome {
    this.lists[0] = { words: this.words, at: 0, count: this.used / SPIKE_WORDS };
    this.used = 0;
    return 'continue';
  }
}
