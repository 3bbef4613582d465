/** The virtual processes of one worker thread, as commands from the main thread reach them. */
import { performance } from 'node:perf_hooks';
import type { MessagePort } from 'node:worker_threads';
import { Cycle, type PhaseTimes } from '../engine/cycle.js';
import { Engine, type RunPlan } from '../engine/engine.js';
import { Partition } from '../engine/partition.js';
import { EngineReader } from '../engine/reader.js';
import { LARGEST_KEPT_BYTES, Workspace } from '../engine/workspace.js';
import type { F64Column, U32Column } from '../memory/columns.js';
import { AbortedError } from './barrier.js';
import { attachControlWords, raiseAbort } from './control-words.js';
import { packError } from './error-transfer.js';
import { prebuiltKernels } from './prebuilt-kernels.js';
import {
  type Command,
  type KernelOptions,
  type Reply,
  type Request,
  UNANSWERED,
  type WorkerOptions,
} from './protocol.js';
import { SharedSpikeExchange } from './shared-spike-exchange.js';

/** What a worker tells of itself, beside what its virtual processes tell. */
export interface WorkerStatus {
  /** Wall time in ms: making nodes and connections, and making them ready for runs. */
  readonly buildTime: number;
  readonly phaseTimes: PhaseTimes;
}

/** Commands of which building consists; `simulate` makes ready, then runs, which has its own times. */
const BUILDING: ReadonlySet<Command> = new Set<Command>([
  'createNeurons',
  'createDevices',
  'stageConnections',
  'commitConnections',
  'recordSpikes',
  'recordTraces',
  'simulate',
]);

/** Commands that answer with columns of which the worker keeps nothing: they are handed over, not copied. */
const HANDING_OVER: ReadonlySet<Command> = new Set<Command>(['getConnections']);

interface HostedProcess {
  readonly engine: Engine;
  readonly exchange: SharedSpikeExchange;
  /** Whose methods are its commands. */
  readonly receivers: readonly object[];
}

/** Commands to a worker as a whole. */
export class WorkerCommands {
  private cycle!: Cycle;
  private readonly kernels = prebuiltKernels();
  /** Wall time in ms of the commands of BUILDING. */
  buildingTime = 0;

  /** @param hosted receives the worker's virtual processes: of ranks worker, worker + workers, ... */
  constructor(
    private readonly hosted: HostedProcess[],
    private readonly options: WorkerOptions,
    private readonly control: Int32Array<SharedArrayBuffer>,
    private readonly clock: () => number,
  ) {
    this.reset(options);
  }

  /** New virtual processes, in which nothing is, instead of those that there are. */
  reset(kernel: KernelOptions): void {
    const options = { ...this.options, ...kernel };
    const { worker, workers, processes } = options;
    const kept = keptWorkspaces(this.hosted.splice(0));
    for (let rank = worker; rank < processes; rank += workers) {
      const workspace = kept.shift() ?? new Workspace('wasm', this.kernels);
      this.hosted.push(hostedProcess(rank, options, this.control, workspace));
    }
    const phases = this.hosted.map(({ engine }) => engine.phases);
    this.cycle = new Cycle(phases, this.clock);
    this.buildingTime = 0;
  }

  workerStatus(): WorkerStatus {
    const phaseTimes = this.cycle.times;
    const running = Object.values(phaseTimes).reduce((sum, ms) => sum + ms, 0);
    const buildTime = Math.max(0, this.buildingTime - running);
    return { buildTime, phaseTimes };
  }

  /** See Cycle.tracePhases. */
  tracePhases(): Float64Array {
    return this.cycle.tracePhases();
  }

  /** Advance by `steps`, with the given spike rings; returns the step reached. */
  simulate(steps: number, plan: RunPlan, rings: SharedArrayBuffer): number {
    for (const { engine, exchange } of this.hosted) {
      exchange.attach(rings);
      engine.prepare(plan);
    }
    return this.cycle.run(steps, plan.sliceSteps);
  }
}

/** Commands to a virtual process that need more than its engine does by itself. */
export class ProcessCommands {
  constructor(private readonly engine: Engine) {}

  /** After a failed run: drop what was recorded after `step`, the last that all workers completed. */
  dropRecordsAfter(step: number): void {
    const { spikeRecords, weightRecords, traceRecords } = this.engine;
    for (const r of spikeRecords.byRecorder.values()) truncateAfter(step, r.steps, [r.senders]);
    for (const r of weightRecords.values()) {
      truncateAfter(step, r.steps, [r.senders, r.targets, r.weights]);
    }
    for (const r of traceRecords.values()) truncateAfter(step, r.steps, [r.senders, ...r.values]);
  }
}

/** `step` ends a slice, and records are in the order of slices. */
function truncateAfter(step: number, steps: U32Column, others: (U32Column | F64Column)[]): void {
  const kept = steps.toArray().findLastIndex((s) => s <= step) + 1;
  for (const column of [steps, ...others]) column.truncate(kept);
}

/** Workspaces of processes that are gone, cleared, for those that follow; none if they are large. */
function keptWorkspaces(gone: readonly HostedProcess[]): (Workspace | undefined)[] {
  const workspaces = gone.map(({ engine }) => engine.leave());
  const bytes = workspaces.reduce((sum, workspace) => sum + (workspace?.bytes ?? 0), 0);
  if (bytes > LARGEST_KEPT_BYTES) return [];
  for (const workspace of workspaces) workspace?.clear();
  return workspaces;
}

/** Virtual process `rank`: they are dealt round robin to the workers. */
function hostedProcess(
  rank: number,
  { workers, processes, resolution, seed }: WorkerOptions,
  control: Int32Array<SharedArrayBuffer>,
  workspace: Workspace,
): HostedProcess {
  const exchange = new SharedSpikeExchange(control, rank, processes, workers);
  const partition = new Partition(rank, processes);
  const engine = new Engine({ partition, resolution, seed, exchange, workspace });
  const receivers = [new ProcessCommands(engine), new EngineReader(engine), engine];
  return { engine, exchange, receivers };
}

/**
 * Wall time in ms since a moment that all threads of the process share, so that what they say can be
 * compared; `performance.now` counts from where its thread began. Both run on one clock, so they
 * differ by a constant, best known from the pair of looks that came closest.
 */
function sharedClock(): () => number {
  let [offset, closest] = [0, Number.POSITIVE_INFINITY];
  for (let look = 0; look < 5; look++) {
    const before = performance.now();
    const [seconds, nanoseconds] = process.hrtime();
    const after = performance.now();
    if (after - before >= closest) continue;
    closest = after - before;
    offset = seconds * 1e3 + nanoseconds / 1e6 - (before + after) / 2;
  }
  return () => performance.now() + offset;
}

/** Serve commands until the port closes. A failed run releases the other workers. */
export function serve(port: MessagePort, options: WorkerOptions): void {
  const control = attachControlWords(options.control);
  const clock = sharedClock();
  const hosted: HostedProcess[] = [];
  const whole = new WorkerCommands(hosted, options, control, clock);
  const { worker, workers } = options;

  port.on('message', ({ number, rank, command, args }: Request) => {
    const began = clock();
    let reply: Reply;
    try {
      const candidates = rank === undefined ? [whole] : hosted[(rank - worker) / workers].receivers;
      const receiver = candidates.find((candidate) => command in candidate);
      const methods = receiver as Record<string, (...given: readonly unknown[]) => unknown>;
      reply = { number, value: methods[command](...args) };
    } catch (error) {
      if (command === 'simulate') raiseAbort(control);
      reply = { number, error: packError(error), aborted: error instanceof AbortedError };
    }
    if (BUILDING.has(command)) whole.buildingTime += clock() - began;
    if (number === UNANSWERED && !('error' in reply)) return;
    const handedOver = 'value' in reply && HANDING_OVER.has(command);
    port.postMessage(reply, handedOver ? buffersIn(reply) : []);
  });
}

/** Those of the columns in an answer, by name or by name in an object of it. */
function buffersIn(answer: object): ArrayBuffer[] {
  return Object.values(answer).flatMap((value: unknown) => {
    if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
    return typeof value === 'object' && value !== null ? buffersIn(value) : [];
  });
}
