/** The engine of one worker, as commands from the main thread reach it. */
import { performance } from 'node:perf_hooks';
import type { MessagePort } from 'node:worker_threads';
import { Engine, type RunPlan } from '../engine/engine.js';
import { Partition } from '../engine/partition.js';
import { EngineReader, type EngineStatus } from '../engine/reader.js';
import type { F64Column, U32Column } from '../memory/columns.js';
import { AbortedError } from './barrier.js';
import { attachControlWords, raiseAbort } from './control-words.js';
import { packError } from './error-transfer.js';
import {
  type Command,
  type Reply,
  type Request,
  UNANSWERED,
  type WorkerOptions,
} from './protocol.js';
import { SharedSpikeExchange } from './shared-spike-exchange.js';

/** What a worker tells of itself: its engine, and what it holds outside the segment. */
export interface WorkerStatus extends EngineStatus {
  /** Bytes of JavaScript objects and arrays since the worker began. */
  readonly heapBytes: number;
  /** Wall time in ms: making nodes and connections, and making them ready for runs. */
  readonly buildTime: number;
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

/** Commands that need more than the engine. */
export class RunCommands {
  private readonly initialHeap = heapBytes();
  /** Wall time in ms of the commands of BUILDING. */
  buildingTime = 0;

  constructor(
    private readonly engine: Engine,
    private readonly exchange: SharedSpikeExchange,
    private readonly reader: EngineReader,
  ) {}

  workerStatus(): WorkerStatus {
    const status = this.reader.status();
    const running = Object.values(status.phaseTimes).reduce((sum, ms) => sum + ms, 0);
    const buildTime = Math.max(0, this.buildingTime - running);
    return { ...status, heapBytes: heapBytes() - this.initialHeap, buildTime };
  }

  /** Advance by `steps`, with the given spike rings; returns the step reached. */
  simulate(steps: number, plan: RunPlan, rings: SharedArrayBuffer): number {
    this.exchange.attach(rings);
    return this.engine.simulate(steps, plan);
  }

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

/** Of this thread alone; segments do not count. */
function heapBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** `steps` ascend. */
function truncateAfter(step: number, steps: U32Column, others: (U32Column | F64Column)[]): void {
  const kept = steps.toArray().findLastIndex((s) => s <= step) + 1;
  for (const column of [steps, ...others]) column.truncate(kept);
}

/** Serve commands until the port closes. A failed run releases the other workers. */
export function serve(port: MessagePort, options: WorkerOptions): void {
  const { rank, workers, resolution, seed } = options;
  const control = attachControlWords(options.control);
  const exchange = new SharedSpikeExchange(control, rank, workers);
  const partition = new Partition(rank, workers);
  const clock = (): number => performance.now();
  const engine = new Engine({ partition, resolution, seed, exchange, clock });
  const reader = new EngineReader(engine);
  const run = new RunCommands(engine, exchange, reader);
  const receivers: object[] = [run, reader, engine];

  port.on('message', ({ number, command, args }: Request) => {
    const began = clock();
    let reply: Reply;
    try {
      const receiver = receivers.find((candidate) => command in candidate);
      const methods = receiver as Record<string, (...given: readonly unknown[]) => unknown>;
      reply = { number, value: methods[command](...args) };
    } catch (error) {
      if (command === 'simulate') raiseAbort(control);
      reply = { number, error: packError(error), aborted: error instanceof AbortedError };
    }
    if (BUILDING.has(command)) run.buildingTime += clock() - began;
    if (number !== UNANSWERED || 'error' in reply) port.postMessage(reply);
  });
}
