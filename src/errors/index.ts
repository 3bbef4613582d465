/**
 * The errors a user can cause or meet: one class per kind of mistake, each with the facts as
 * fields. Messages say what was wrong, where, what was expected and, if there is one, the
 * nearest valid value. A programmer's mistake is an assertion instead (`assert`).
 */
import { didYouMean } from './closest.js';

export { closest, didYouMean } from './closest.js';

/** Base class: `catch (e) { if (e instanceof IsospikeError) ... }` catches what a user can mend. */
export class IsospikeError extends Error {
  override name = new.target.name;
}

/** A key (parameter, option, recordable, field) that does not exist where it was used. */
export class UnknownKeyError extends IsospikeError {
  constructor(
    readonly where: string,
    readonly key: string,
    readonly known: readonly string[],
  ) {
    super(
      `${where}: unknown key '${key}'${didYouMean(key, known)} (known: ${[...known].sort().join(', ')})`,
    );
  }
}

/** A model, rule or distribution name that is not registered. */
export class UnknownNameError extends IsospikeError {
  constructor(
    readonly kind: string,
    readonly unknownName: string,
    readonly known: readonly string[],
  ) {
    super(
      `unknown ${kind} '${unknownName}'${didYouMean(unknownName, known)} (known: ${[...known].sort().join(', ')})`,
    );
  }
}

/** A value of the wrong type or out of range. */
export class ValueError extends IsospikeError {
  constructor(
    readonly where: string,
    readonly value: unknown,
    readonly expected: string,
  ) {
    super(`${where} is ${show(value)}; expected ${expected}`);
  }
}

/** A time that is not a multiple of the resolution. */
export class OffGridError extends IsospikeError {
  constructor(
    readonly where: string,
    readonly value: number,
    readonly resolution: number,
    readonly nearest: number,
  ) {
    super(
      `${where} is ${value} ms, not a multiple of the resolution ${resolution} ms; the nearest valid value is ${nearest} ms`,
    );
  }
}

/** A combination of parameters that a model cannot have. */
export class BadParametersError extends IsospikeError {
  constructor(
    readonly model: string,
    readonly requirement: string,
    readonly values: Readonly<Record<string, unknown>>,
    readonly node?: number,
  ) {
    const given = Object.entries(values).map(([key, value]) => `${key} = ${show(value)}`);
    const where = node === undefined ? model : `${model} (node ${node})`;
    super(`${where}: ${requirement}; given ${given.join(', ')}`);
  }
}

/** A connection that cannot be made. */
export class BadConnectionError extends IsospikeError {}

/** More memory than there is, said before it is taken. */
export class MemoryError extends IsospikeError {
  constructor(
    readonly what: string,
    readonly neededBytes: number,
    readonly availableBytes: number,
  ) {
    super(
      `${what} needs ${megabytes(neededBytes)} of memory, ${megabytes(availableBytes)} are available`,
    );
  }
}

/** A neuron's state left the range in which its equations make sense. */
export class NumericalInstabilityError extends IsospikeError {
  constructor(
    readonly model: string,
    readonly node: number,
    readonly step: number,
    readonly values: Readonly<Record<string, number>>,
  ) {
    const state = Object.entries(values).map(([key, value]) => `${key} = ${value}`);
    super(`${model} (node ${node}): numerical instability in step ${step}: ${state.join(', ')}`);
  }
}

/** A worker thread ended or threw; `cause` is its error. */
export class WorkerError extends IsospikeError {
  constructor(
    readonly worker: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`worker ${worker}: ${message}`, options);
  }
}

/** The simulation cannot take this call in its present state (closed, failed, or busy). */
export class SimulationStateError extends IsospikeError {}

/** An internal invariant: its failure is a defect of isospike, not of the experiment. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`isospike internal error: ${message}`);
}

function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number' || value === null || value === undefined) return String(value);
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${(value as Uint8Array).length})`;
  if (Array.isArray(value) && value.length > 8) return `an array of ${value.length}`;
  return JSON.stringify(value);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
