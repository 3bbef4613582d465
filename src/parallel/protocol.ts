/** Messages between the main thread and the workers. */
import type { Engine } from '../engine/engine.js';
import type { EngineReader } from '../engine/reader.js';
import type { Seed } from '../random/index.js';
import type { TransferredError } from './error-transfer.js';
import type { ProcessCommands, WorkerCommands } from './worker-host.js';

/** What virtual processes are made for. */
export interface KernelOptions {
  /** Virtual processes in all, dealt round robin to the workers. */
  readonly processes: number;
  readonly resolution: number;
  readonly seed: Seed;
}

/** What a worker's task starts with. */
export interface WorkerOptions extends KernelOptions {
  /** Number of the worker thread, and how many there are. */
  readonly worker: number;
  readonly workers: number;
  readonly control: SharedArrayBuffer;
}

type ProcessReceiver = Pick<ProcessCommands, keyof ProcessCommands> &
  Pick<EngineReader, keyof EngineReader> &
  Pick<Engine, keyof Engine>;
type WorkerReceiver = Pick<WorkerCommands, keyof WorkerCommands>;
type Receiver = ProcessReceiver & WorkerReceiver;

type MethodsOf<R> = {
  [K in keyof R]: R[K] extends (...args: never[]) => unknown ? K : never;
}[keyof R];

/** What the main thread can ask of a virtual process, and of a worker: methods, by name. */
export type ProcessCommand = MethodsOf<ProcessReceiver>;
export type WorkerCommand = MethodsOf<WorkerReceiver>;
export type Command = ProcessCommand | WorkerCommand;

export type Arguments<C extends Command> = Receiver[C] extends (...args: infer A) => unknown
  ? A
  : never;
export type Answer<C extends Command> = Receiver[C] extends (...args: never[]) => infer R
  ? R
  : never;

/** Number of requests whose sender waits for no answer; only their errors are reported. */
export const UNANSWERED = -1;

export interface Request {
  readonly number: number;
  /** The virtual process that is asked, or undefined for the worker as a whole. */
  readonly rank: number | undefined;
  readonly command: Command;
  readonly args: readonly unknown[];
}

export type Reply =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: TransferredError; readonly aborted: boolean };
