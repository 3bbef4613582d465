/** Ctrl-C and SIGTERM while a run is under way, and what else ends it in the same way. */
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

type Signal = (typeof SIGNALS)[number];

/** What to do at a signal: the first asks the run to end, the others insist. */
export interface Reactions {
  readonly onFirst: () => void;
  readonly onMore: (exitStatus: number) => void;
}

/** From its construction until `stop`, signals no longer end the process by themselves. */
export class Interruption {
  private readonly controller = new AbortController();
  private status = 0;

  constructor(private readonly reactions: Reactions) {
    for (const name of SIGNALS) process.on(name, this.receive);
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** 128 + the number of the first signal, as shells say it; 0 if there was none. */
  get exitStatus(): number {
    return this.status;
  }

  stop(): void {
    for (const name of SIGNALS) process.off(name, this.receive);
  }

  /** Like Ctrl-C, but if the run is ending already it changes nothing. */
  request(): void {
    if (!this.signal.aborted) this.receive('SIGINT');
  }

  private readonly receive = (name: Signal): void => {
    if (this.signal.aborted) {
      this.reactions.onMore(this.status);
      return;
    }
    this.status = 128 + constants.signals[name];
    this.controller.abort();
    this.reactions.onFirst();
  };
}
