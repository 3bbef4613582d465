/** Messages between the main thread and the workers. */
import type { Engine } from '../engine/engine.js';
import type { EngineReader } from '../engine/reader.js';
import type { Seed } from '../random/index.js';
import type { TransferredError } from './error-transfer.js';
import type { RunCommands } from './worker-host.js';

/** What a worker's task starts with. */
export interface WorkerOptions {
  readonly rank: number;
  readonly workers: number;
  readonly resolution: number;
  readonly seed: Seed;
  readonly control: SharedArrayBuffer;
}

/** What the main thread can ask of a worker: the methods of these classes, by name. */
type Receiver = Pick<RunCommands, keyof RunCommands> &
  Pick<EngineReader, keyof EngineReader> &
  Omit<Engine, keyof RunCommands>;

export type Command = {
  [K in keyof Receiver]: Receiver[K] extends (...args: never[]) => unknown ? K : never;
}[keyof Receiver];

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
  readonly command: Command;
  readonly args: readonly unknown[];
}

export type Reply =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: TransferredError; readonly aborted: boolean };
