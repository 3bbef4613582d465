/** The calls to a simulation: in which order they are carried out, and whether there can be more. */
import { SimulationStateError } from '../errors/index.js';

export class CallQueue {
  /** The last of the calls under way, and how many there are. */
  private last: Promise<unknown> = Promise.resolve();
  private pending = 0;
  /** Why there can be no more calls, if there can be none. */
  private end: string | undefined;
  /** What ended a run, after which there is no result. */
  failure: Error | undefined;

  /** @param lost why the workers are of no further use, if one of them is gone */
  constructor(private readonly lost: () => Error | undefined) {}

  get ended(): string | undefined {
    return this.end;
  }

  /** No call is taken any more; those under way are carried out. */
  close(reason: string): void {
    this.end = reason;
  }

  /** Carry out an asynchronous call after those before it. */
  add<T>(call: () => Promise<T>): Promise<T> {
    if (this.end) return Promise.reject(new SimulationStateError(this.end));
    this.pending += 1;
    const result = this.last.then(async () => {
      try {
        return await call();
      } finally {
        this.pending -= 1;
      }
    });
    this.last = result.catch(() => undefined);
    return result;
  }

  /** For calls that are carried out at once. Throws SimulationStateError. */
  checkIdle(): void {
    if (this.end) throw new SimulationStateError(this.end);
    this.checkUsable();
    if (this.pending > 0) {
      throw new SimulationStateError(
        'an asynchronous call is still under way; await it before this one',
      );
    }
  }

  /** Whether the simulation can go on. Throws SimulationStateError. */
  checkUsable(): void {
    const cause = this.failure ?? this.lost();
    if (cause === undefined) return;
    throw new SimulationStateError(`the simulation has failed: ${cause.message}`, { cause });
  }
}
