/**
 * The worker threads of one simulation, seen from the main thread. Each worker of the pool gets one
 * task, which seats the engine there for the life of the pool; commands then go over a port of its
 * own, in order. The task returns once the engine is seated: a task that stayed would keep a program
 * alive that never calls `close`.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { NumericalInstabilityError, SimulationStateError, WorkerError } from '../errors/index.js';
import { createControlWords, raiseAbort, WORD } from './control-words.js';
import { unpackError } from './error-transfer.js';
import {
  type Answer,
  type Arguments,
  type Command,
  type Reply,
  type Request,
  UNANSWERED,
  type WorkerOptions,
} from './protocol.js';

interface Pending {
  readonly seat: Seat;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** A worker's end of the line. */
interface Seat {
  readonly port: MessagePort;
  /** Requests without an answer yet. */
  waiting: number;
}

/** A dead thread's port closes; its error, if it had one, comes within this time before or after. */
const LAST_WORDS_MS = 100;

/** Error of a worker that only stopped because another one failed. */
class ReleasedError extends Error {}

export class WorkerTeam {
  readonly control = createControlWords();
  private readonly pool: Piscina;
  private readonly seats: Seat[] = [];
  private readonly pending = new Map<number, Pending>();
  private requests = 0;
  private closing: Promise<void> | undefined;
  private lost: WorkerError | undefined;
  private uncaught: Error | undefined;

  constructor(
    readonly size: number,
    options: Pick<WorkerOptions, 'resolution' | 'seed'>,
  ) {
    this.pool = new Piscina({
      filename: workerFile(),
      minThreads: size,
      maxThreads: size,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      // An idle worker must go on serving its port instead of sleeping until the next task.
      atomics: 'disabled',
      // What workers keep is in memory of their own; of passing objects they make few.
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    // What kills a worker that has no task, as all in the pool's eyes; its port tells which it was.
    this.pool.on('error', (error: Error) => {
      this.uncaught = error;
    });
    // All tasks are submitted at once, while all workers are free, so each gets one.
    for (let rank = 0; rank < size; rank++) this.seat({ ...options, ...this.seatOf(rank) });
  }

  /** Why the workers are of no further use, if one of them is gone. */
  get failure(): WorkerError | undefined {
    return this.lost;
  }

  private seatOf(rank: number): Pick<WorkerOptions, 'rank' | 'workers' | 'control'> {
    return { rank, workers: this.size, control: this.control.buffer };
  }

  private seat(options: WorkerOptions): void {
    const { port1, port2 } = new MessageChannel();
    const { rank } = options;
    port1.on('message', (reply: Reply) => this.settle(reply, rank));
    port1.on('close', () => this.onThreadEnd(rank));
    port1.unref();
    this.seats.push({ port: port1, waiting: 0 });
    const seated = this.pool.run({ port: port2, options }, { transferList: [port2] });
    seated.catch((error: Error) => this.fail(rank, error));
  }

  /** Wish that the run stop after the present slice; all workers stop at the same one. */
  requestStop(wish: boolean): void {
    Atomics.store(this.control, WORD.stopRequested, wish ? 1 : 0);
  }

  /** Last step that the run has completed. */
  get progress(): number {
    return Atomics.load(this.control, WORD.progress);
  }

  call<C extends Command>(worker: number, command: C, ...args: Arguments<C>): Promise<Answer<C>> {
    const refusal = this.lost ?? (this.closing && closedError());
    if (refusal) return Promise.reject(refusal);
    const number = this.requests++;
    const seat = this.seats[worker];
    return new Promise<Answer<C>>((resolve, reject) => {
      const request: Request = { number, command, args };
      seat.port.postMessage(request);
      this.pending.set(number, { seat, resolve, reject });
      // Whoever waits for an answer keeps the process alive; an idle team does not.
      if (seat.waiting++ === 0) seat.port.ref();
    });
  }

  /**
   * A command that needs no answer: it is carried out before any later call. It has been checked,
   * so should it fail, the team fails with it.
   */
  post<C extends Command>(worker: number, command: C, ...args: Arguments<C>): void {
    if (this.lost || this.closing) return;
    const request: Request = { number: UNANSWERED, command, args };
    this.seats[worker].port.postMessage(request);
  }

  /** The same command to all workers; answers by worker. */
  all<C extends Command>(command: C, ...args: Arguments<C>): Promise<Answer<C>[]> {
    return this.gather((worker) => this.call(worker, command, ...args));
  }

  /** A call to every worker; waits for all, and rejects with the error that came first. */
  async gather<T>(callOf: (worker: number) => Promise<T>): Promise<T[]> {
    const calls = Array.from({ length: this.size }, (_, worker) => callOf(worker));
    const outcomes = await Promise.allSettled(calls);
    const errors = outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason as Error] : []));
    const cause = errors.filter((error) => !(error instanceof ReleasedError)).sort(byOccurrence)[0];
    if (cause ?? errors[0]) throw cause ?? errors[0];
    return outcomes.map((o) => (o as PromiseFulfilledResult<T>).value);
  }

  /**
   * Like `gather`, for a change that all workers must make or none: if one fails, others may have
   * made it already, so the team fails.
   */
  async change<T>(callOf: (worker: number) => Promise<T>): Promise<T[]> {
    const calls = Array.from({ length: this.size }, async (_, worker) => {
      try {
        return await callOf(worker);
      } catch (error) {
        this.fail(worker, error as Error);
        throw this.lost ?? error;
      }
    });
    return this.gather((worker) => calls[worker]);
  }

  /** End the threads, whatever they are doing; what is pending rejects with SimulationStateError. */
  close(): Promise<void> {
    this.closing ??= this.end(closedError());
    return this.closing;
  }

  private settle(reply: Reply, worker: number): void {
    if (reply.number === UNANSWERED && 'error' in reply) {
      this.fail(worker, unpackError(reply.error));
      return;
    }
    const pending = this.pending.get(reply.number);
    if (pending === undefined) return;
    this.pending.delete(reply.number);
    if (--pending.seat.waiting === 0) pending.seat.port.unref();
    if ('value' in reply) return pending.resolve(reply.value as never);
    pending.reject(reply.aborted ? new ReleasedError('released') : unpackError(reply.error));
  }

  private onThreadEnd(worker: number): void {
    if (this.closing || this.lost) return;
    setTimeout(
      () => this.fail(worker, this.uncaught ?? new Error('the thread ended')),
      LAST_WORDS_MS,
    );
  }

  /** A worker is gone: release the others, fail all that is pending, and give up the pool. */
  private fail(worker: number, cause: Error): void {
    if (this.closing || this.lost) return;
    this.lost = new WorkerError(worker, cause.message, { cause });
    void this.end(this.lost);
  }

  private async end(reason: Error): Promise<void> {
    raiseAbort(this.control);
    for (const { reject } of this.pending.values()) reject(reason);
    this.pending.clear();
    for (const { port } of this.seats) port.close();
    await this.pool.destroy();
  }
}

function closedError(): SimulationStateError {
  return new SimulationStateError('the simulation is closed');
}

/** By step and node where errors tell; so the outcome does not depend on who owns which node. */
function byOccurrence(a: Error, b: Error): number {
  if (!(a instanceof NumericalInstabilityError && b instanceof NumericalInstabilityError)) return 0;
  return a.step - b.step || a.node - b.node;
}

/** Default would be 48 MB per worker. */
const YOUNG_GENERATION_MB = 6;

/** The compiled entry, also when the library itself runs from its TypeScript sources (in tests). */
function workerFile(): string {
  const fromSources = import.meta.url.endsWith('.ts');
  const path = fromSources
    ? '../../dist/workers/engine-worker.js'
    : '../../workers/engine-worker.js';
  return new URL(path, import.meta.url).href;
}
