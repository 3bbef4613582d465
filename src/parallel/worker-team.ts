/**
 * The worker threads of one simulation, seen from the main thread. Each worker of the pool gets one
 * task, which seats the engine there for the life of the pool; commands then go over a port of its
 * own, in order. The task returns once the engine is seated: a task that stayed would keep a program
 * alive that never calls `close`.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { WorkerError } from '../errors/index.js';
import { createControlWords, raiseAbort, WORD } from './control-words.js';
import { unpackError } from './error-transfer.js';
import type { Answer, Arguments, Command, Reply, Request, WorkerOptions } from './protocol.js';

interface Pending {
  readonly worker: number;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** Error of a worker that only stopped because another one failed. */
class ReleasedError extends Error {}

export class WorkerTeam {
  readonly control = createControlWords();
  private readonly pool: Piscina;
  private readonly ports: MessagePort[] = [];
  private readonly pending = new Map<number, Pending>();
  private requests = 0;
  private closed = false;
  private failure: Error | undefined;

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
    });
    // All tasks are submitted at once, while all workers are free, so each gets one.
    for (let rank = 0; rank < size; rank++) this.seat({ ...options, ...this.seatOf(rank) });
  }

  private seatOf(rank: number): Pick<WorkerOptions, 'rank' | 'workers' | 'control'> {
    return { rank, workers: this.size, control: this.control.buffer };
  }

  private seat(options: WorkerOptions): void {
    const { port1, port2 } = new MessageChannel();
    const { rank } = options;
    port1.on('message', (reply: Reply) => this.settle(reply));
    port1.on('close', () => this.fail(rank, new Error('the worker thread ended')));
    port1.unref();
    this.ports.push(port1);
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
    const refusal = this.failure ?? (this.closed ? new Error('the workers are closed') : undefined);
    if (refusal) return Promise.reject(refusal);
    const number = this.requests++;
    const port = this.ports[worker];
    return new Promise<Answer<C>>((resolve, reject) => {
      this.pending.set(number, { worker, resolve, reject });
      // Whoever waits for an answer keeps the process alive; an idle team does not.
      port.ref();
      const request: Request = { number, command, args };
      port.postMessage(request);
    });
  }

  /**
   * A command that needs no answer: it is carried out before any later call. Should it fail, that
   * is a defect, and the team fails with it.
   */
  post<C extends Command>(worker: number, command: C, ...args: Arguments<C>): void {
    this.call(worker, command, ...args).catch((error: Error) => this.fail(worker, error));
  }

  /** The same command to all workers; answers by worker. */
  all<C extends Command>(command: C, ...args: Arguments<C>): Promise<Answer<C>[]> {
    return this.gather((worker) => this.call(worker, command, ...args));
  }

  /** A call to every worker; waits for all, and fails with the error that came first in cause. */
  async gather<T>(callOf: (worker: number) => Promise<T>): Promise<T[]> {
    const calls = Array.from({ length: this.size }, (_, worker) => callOf(worker));
    const outcomes = await Promise.allSettled(calls);
    const errors = outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason as Error] : []));
    const cause = errors.find((error) => !(error instanceof ReleasedError)) ?? errors[0];
    if (cause) throw cause;
    return outcomes.map((o) => (o as PromiseFulfilledResult<T>).value);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    raiseAbort(this.control);
    for (const port of this.ports) port.close();
    for (const [number, { reject }] of this.pending) {
      this.pending.delete(number);
      reject(new Error('the workers are closed'));
    }
    await this.pool.destroy();
  }

  private settle(reply: Reply): void {
    const pending = this.pending.get(reply.number);
    if (pending === undefined) return;
    this.pending.delete(reply.number);
    if (![...this.pending.values()].some(({ worker }) => worker === pending.worker)) {
      this.ports[pending.worker].unref();
    }
    if ('value' in reply) return pending.resolve(reply.value as never);
    pending.reject(reply.aborted ? new ReleasedError('released') : unpackError(reply.error));
  }

  /** A worker is gone: release the others, fail all that is pending, and give up the pool. */
  private fail(worker: number, cause: Error): void {
    if (this.closed || this.failure) return;
    this.failure = new WorkerError(worker, cause.message, { cause });
    raiseAbort(this.control);
    for (const { reject } of this.pending.values()) reject(this.failure);
    this.pending.clear();
    for (const port of this.ports) port.close();
    void this.pool.destroy();
  }
}

/** The compiled entry, also when the library itself runs from its TypeScript sources (in tests). */
function workerFile(): string {
  const fromSources = import.meta.url.endsWith('.ts');
  const path = fromSources
    ? '../../dist/workers/engine-worker.js'
    : '../../workers/engine-worker.js';
  return new URL(path, import.meta.url).href;
}
