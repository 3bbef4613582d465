/**
 * The worker threads of one simulation, and of those that follow it there, seen from the main thread.
 * Each worker of the pool gets one task, which seats its virtual processes there for the life of the pool;
 * commands then go over a port of its own, in order. The task returns once they are seated: a task that
 * stayed would keep a program alive that never calls `close`.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { assert, earlierError, SimulationStateError, WorkerError } from '../errors/index.js';
import { packageFile } from '../package/index.js';
import { createControlWords, raiseAbort, resetControlWords, WORD } from './control-words.js';
import { unpackError } from './error-transfer.js';
import {
  type Answer,
  type Arguments,
  type Command,
  type KernelOptions,
  type ProcessCommand,
  type Reply,
  type Request,
  UNANSWERED,
  type WorkerCommand,
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

  private dealt: number;

  constructor(
    readonly threads: number,
    options: KernelOptions,
  ) {
    this.dealt = this.dividedBy(options.processes);
    this.pool = new Piscina({
      filename: packageFile('dist/engine-worker.js'),
      minThreads: threads,
      maxThreads: threads,
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
    const { buffer: control } = this.control;
    for (let worker = 0; worker < threads; worker++) {
      this.seat({ ...options, worker, workers: threads, control });
    }
  }

  private dividedBy(processes: number): number {
    const { threads } = this;
    assert(processes % threads === 0, `${processes} virtual processes on ${threads} threads`);
    return processes;
  }

  private refusal(): Error | undefined {
    return this.lost ?? (this.closing && closedError());
  }

  /** Why the workers are of no further use, if one of them is gone. */
  get failure(): WorkerError | undefined {
    return this.lost;
  }

  private seat(options: WorkerOptions): void {
    const { port1, port2 } = new MessageChannel();
    const { worker } = options;
    port1.on('message', (reply: Reply) => this.settle(reply, worker));
    port1.on('close', () => this.onThreadEnd(worker));
    port1.unref();
    this.seats.push({ port: port1, waiting: 0 });
    const seated = this.pool.run({ port: port2, options }, { transferList: [port2] });
    seated.catch((error: Error) => this.fail(worker, error));
  }

  /** Wish that the run stop with the next slice; all workers stop at the same one. */
  requestStop(wish: boolean): void {
    Atomics.store(this.control, WORD.stopRequested, wish ? 1 : 0);
  }

  /** Last step that the run has completed. */
  get progress(): number {
    return Atomics.load(this.control, WORD.progress);
  }

  /**
   * Let the workers begin anew, with nothing in their virtual processes. None may be at work; a run that failed
   * is forgotten.
   */
  async reset(options: KernelOptions): Promise<void> {
    const refusal = this.refusal();
    if (refusal) throw refusal;
    this.dealt = this.dividedBy(options.processes);
    resetControlWords(this.control);
    await this.allWorkers('reset', options);
  }

  /** Virtual processes, a multiple of the threads. */
  get processes(): number {
    return this.dealt;
  }

  /** A command to a virtual process. */
  call<C extends ProcessCommand>(
    rank: number,
    command: C,
    ...args: Arguments<C>
  ): Promise<Answer<C>> {
    return this.request(this.workerOf(rank), rank, command, args);
  }

  private workerOf(rank: number): number {
    return rank % this.threads;
  }

  private request<C extends Command>(
    worker: number,
    rank: number | undefined,
    command: C,
    args: Arguments<C>,
  ): Promise<Answer<C>> {
    const refusal = this.refusal();
    if (refusal) return Promise.reject(refusal);
    const number = this.requests++;
    const seat = this.seats[worker];
    return new Promise<Answer<C>>((resolve, reject) => {
      const request: Request = { number, rank, command, args };
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
  post<C extends ProcessCommand>(rank: number, command: C, ...args: Arguments<C>): void {
    if (this.lost || this.closing) return;
    const request: Request = { number: UNANSWERED, rank, command, args };
    this.seats[this.workerOf(rank)].port.postMessage(request);
  }

  /** The same command to all virtual processes; answers by rank. */
  all<C extends ProcessCommand>(command: C, ...args: Arguments<C>): Promise<Answer<C>[]> {
    return gathered(this.ranks().map((rank) => this.call(rank, command, ...args)));
  }

  /** The same command to all workers; answers by worker. */
  allWorkers<C extends WorkerCommand>(command: C, ...args: Arguments<C>): Promise<Answer<C>[]> {
    return gathered(this.seats.map((_, worker) => this.request(worker, undefined, command, args)));
  }

  /**
   * A call to every virtual process, for a change that all must make or none: if one fails, others
   * may have made it already, so the team fails.
   */
  change<T>(callOf: (rank: number) => Promise<T>): Promise<T[]> {
    const calls = this.ranks().map(async (rank) => {
      try {
        return await callOf(rank);
      } catch (error) {
        this.fail(this.workerOf(rank), error as Error);
        throw this.lost ?? error;
      }
    });
    return gathered(calls);
  }

  /** Of all virtual processes. */
  ranks(): number[] {
    return Array.from({ length: this.processes }, (_, rank) => rank);
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

/** Waits for all, and rejects with the error that came first. */
async function gathered<T>(calls: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(calls);
  const errors = outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason as Error] : []));
  const causes = errors.filter((error) => !(error instanceof ReleasedError));
  if (causes.length > 0) throw causes.reduce(earlierError);
  if (errors.length > 0) throw errors[0];
  return outcomes.map((o) => (o as PromiseFulfilledResult<T>).value);
}

/** Default would be 48 MB per worker. */
const YOUNG_GENERATION_MB = 6;
