/**
 * Watching a run: its simulation is cut into pieces, and between two of them it stands still for a
 * watcher. How time is cut changes no result, and what a watcher reads changes nothing.
 */
import type { NetworkView } from './network-view.js';

export interface Watcher {
  /**
   * The network is built.
   * @param interrupt ends the present piece at the next slice, or the next before it has begun;
   *   `look` is called afterwards
   */
  begin(network: NetworkView, interrupt: () => void): void;
  /**
   * The simulation has reached this time (ms) and stands still until the promise resolves. Called
   * at the end of a run, too, wanted or not.
   */
  look(timeMs: number): Promise<void>;
}

/** The signals by which the pieces of a run end. */
export class Pieces {
  private controller = new AbortController();
  private wanted = false;
  private lookedAtMs = 0;

  /** @param stop ends the run, and with it the present piece */
  constructor(
    private readonly stop: AbortSignal | undefined,
    private readonly watcher: Watcher | undefined,
  ) {
    stop?.addEventListener('abort', this.end);
  }

  /** For the next call of simulate. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get stopped(): boolean {
    return this.stop?.aborted === true;
  }

  begin(network: () => NetworkView): void {
    this.watcher?.begin(network(), () => {
      this.wanted = true;
      this.end();
    });
  }

  /** Lets the watcher look if it wants to. */
  async rest(timeMs: number): Promise<void> {
    if (!this.wanted || this.stopped) return;
    this.wanted = false;
    this.controller = new AbortController();
    await this.look(timeMs);
  }

  /** The run is over: lets the watcher look if there is something new. */
  async finish(timeMs: number): Promise<void> {
    if (timeMs > this.lookedAtMs) await this.look(timeMs);
  }

  private async look(timeMs: number): Promise<void> {
    this.lookedAtMs = timeMs;
    await this.watcher?.look(timeMs);
  }

  close(): void {
    this.stop?.removeEventListener('abort', this.end);
  }

  private readonly end = (): void => {
    this.controller.abort();
  };
}
