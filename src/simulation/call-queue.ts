/** The calls to a simulation: in which order they are carried out, and whether there can be more. */
import { IsospikeError, SimulationStateError } from '../errors/index.js';

const OF_CALL = '\n  in the call\n';

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

  /** Carry out an asynchronous call after those before it. The stack of an error ends with that of the call. */
  add<T>(call: () => Promise<T>): Promise<T> {
    if (this.end) return Promise.reject(new SimulationStateError(this.end));
    // Frames are written out when they are read, so that a call that succeeds pays little.
    const caller: { stack?: string } = {};
    Error.captureStackTrace(caller, this.add);
    this.pending += 1;
    const result = this.last.then(async () => {
      try {
        return await call();
      } catch (error) {
        if (error instanceof IsospikeError) addCaller(error, caller);
        throw error;
      } finally {
        this.pending -= 1;
      }
    });
    this.last = result.catch(() => undefined);
    // A promise that the queue has not looked at: where the caller does not either, Node.js reports the error.
    return result.then((value) => value);
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

/** Where the error was found says little to users: what they wrote is on the stack of their call. */
function addCaller(error: IsospikeError, { stack = '' }: { readonly stack?: string }): void {
  const found = error.stack ?? String(error);
  // The error that ends a simulation may be that of several calls.
  if (found.includes(OF_CALL)) return;
  error.stack = found + OF_CALL + stack.slice(stack.indexOf('\n') + 1);
}
