/**
 * The errors a user can cause or meet: one class per kind of mistake, each with the facts as
 * fields. Messages say what was wrong, where, what was expected and, if there is one, the
 * nearest valid value. A programmer's mistake is an assertion instead (`assert`).
 */
import { bytesText } from './bytes.js';
import { didYouMean } from './closest.js';
import { listOf, show } from './text.js';

export { closest, didYouMean } from './closest.js';

/** Base class: `catch (e) { if (e instanceof IsospikeError) ... }` catches what a user can mend. */
export class IsospikeError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A key (parameter, option, recordable, field) that does not exist where it was used. */
export class UnknownKeyError extends IsospikeError {
  constructor(
    readonly where: string,
    readonly key: string,
    readonly known: readonly string[],
    /** What to do instead, where that is known better than by the closest key. */
    readonly hint?: string,
  ) {
    const instead = hint === undefined ? didYouMean(key, known) : `; ${hint}`;
    super(`${where}: unknown key '${key}'${instead} (${listOf(known)})`);
  }
}

/** A property that an object does not have, where NEST's has one; `hint` says what there is instead. */
export class UnknownPropertyError extends IsospikeError {
  constructor(
    readonly owner: string,
    readonly property: string,
    readonly hint: string,
  ) {
    super(`a ${owner} has no property '${property}'; ${hint}`);
  }
}

/** A model, rule or distribution name that is not registered. */
export class UnknownNameError extends IsospikeError {
  constructor(
    readonly kind: string,
    readonly unknownName: string,
    readonly known: readonly string[],
    /** What would have a thing of that name. */
    readonly owner?: string,
  ) {
    const of = owner === undefined ? '' : ` of ${owner}`;
    const meant = didYouMean(unknownName, known);
    super(`unknown ${kind} '${unknownName}'${of}${meant} (${listOf(known)})`);
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
    const entries = Object.entries(values);
    const given = entries.map(([key, value]) =>
      entries.length === 1 ? show(value) : `${key} = ${show(value)}`,
    );
    const where = node === undefined ? model : `${model} (node ${node})`;
    super(`${where} needs ${requirement}; given ${given.join(', ')}`);
  }
}

/** An equation or condition of a neuron model that cannot be used. */
export class EquationError extends IsospikeError {
  constructor(
    readonly model: string,
    /** Where in the definition it stands: `equations.V_m`, `threshold`, `reset.w`. */
    readonly place: string,
    readonly equation: string,
    readonly problem: string,
  ) {
    super(`${model}: ${place} is '${equation}': ${problem}`);
  }
}

/** A name in an equation that is neither a parameter, a state variable nor a definition. */
export class UnknownQuantityError extends EquationError {
  constructor(
    model: string,
    place: string,
    equation: string,
    readonly unknownName: string,
    readonly known: readonly string[],
  ) {
    const list = [...known].sort().join(', ');
    const hint = didYouMean(unknownName, known);
    super(model, place, equation, `nothing is called '${unknownName}'${hint} (known: ${list})`);
  }
}

/** A connection that cannot be made. */
export class BadConnectionError extends IsospikeError {}

/** A key that must be there and is not. */
export class MissingKeyError extends IsospikeError {
  constructor(
    readonly where: string,
    readonly key: string,
    readonly expected: string,
  ) {
    super(`${where}: '${key}' is missing; expected ${expected}`);
  }
}

/** Text that is not JSON; line and column count from 1. */
export class JsonSyntaxError extends IsospikeError {
  constructor(
    readonly where: string,
    readonly line: number,
    readonly column: number,
    readonly problem: string,
  ) {
    super(`${where}:${line}:${column}: ${problem}`);
  }
}

/** An arithmetic expression that cannot be read; `position` counts characters from 0. */
export class ExpressionError extends IsospikeError {
  constructor(
    readonly where: string,
    readonly expression: string,
    readonly position: number,
    readonly problem: string,
  ) {
    super(`${where}: in the expression '${expression}', character ${position + 1}: ${problem}`);
  }
}

/** Named parameters that need each other; the first of `cycle` stands at its end again. */
export class CircularParametersError extends IsospikeError {
  constructor(
    readonly where: string,
    readonly cycle: readonly string[],
  ) {
    super(`${where}: these parameters depend on each other: ${cycle.join(' -> ')}`);
  }
}

/** One mistake in an experiment file: the path of the value in the file, and what is wrong. */
export interface ExperimentProblem {
  readonly path: string;
  readonly error: IsospikeError;
}

/** The mistakes found in an experiment file, all that could be told at once. */
export class ExperimentError extends IsospikeError {
  constructor(
    readonly where: string,
    readonly problems: readonly ExperimentProblem[],
  ) {
    const lines = problems.map(({ path, error }) =>
      namesPlace(error, path) ? error.message : `${path}: ${error.message}`,
    );
    super(
      lines.length === 1
        ? `${where}: ${lines[0]}`
        : `${where}: ${lines.length} problems\n${lines.map((line) => `  - ${line}`).join('\n')}`,
      { cause: problems[0]?.error },
    );
  }
}

/** Whether the error's own text says already where in the file the mistake is. */
function namesPlace(error: IsospikeError, path: string): boolean {
  const { where } = error as { where?: unknown };
  const isParent = typeof where === 'string' && (where === 'top level' || path.startsWith(where));
  return isParent || error.message.includes(path);
}

/** More memory than there is, said before it is taken. */
export class MemoryError extends IsospikeError {
  constructor(
    readonly what: string,
    readonly neededBytes: number,
    readonly availableBytes: number,
    /** What would help, if anything is known to. */
    readonly remedy?: string,
  ) {
    super(
      `${what} needs ${bytesText(neededBytes)} of memory, ${bytesText(availableBytes)} are available${remedy === undefined ? '' : `; ${remedy}`}`,
    );
  }
}

/** Where a node stands in its population; the index counts from 0. */
export interface Member {
  readonly population: string;
  readonly index: number;
}

/** A neuron's state left the range in which its equations make sense, or its step has no end. */
export class NumericalInstabilityError extends IsospikeError {
  constructor(
    readonly model: string,
    readonly node: number,
    readonly step: number,
    readonly timeMs: number,
    readonly values: Readonly<Record<string, number>>,
    /** In experiments, whose populations have names. */
    readonly member?: Member,
  ) {
    const state = Object.entries(values).map(([key, value]) => `${key} = ${value}`);
    const which = member === undefined ? '' : `, index ${member.index} of '${member.population}'`;
    super(
      `${model} (node ${node}${which}): numerical instability at ${timeMs} ms (step ${step}): ${state.join(', ')}`,
    );
  }
}

/**
 * Of two errors of a run, the one that came first: by step and node where errors tell, so that it
 * does not depend on who owns which node; else the one given first.
 */
export function earlierError(one: Error | undefined, other: Error): Error {
  if (one === undefined) return other;
  if (!(one instanceof NumericalInstabilityError && other instanceof NumericalInstabilityError)) {
    return one;
  }
  return (other.step - one.step || other.node - one.node) < 0 ? other : one;
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

/** A file or directory that the system does not let us read or write; `cause` is its error. */
export class FileError extends IsospikeError {
  constructor(
    readonly action: 'read' | 'write',
    readonly path: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`cannot ${action} ${path}: ${problem}`, options);
  }
}

/** The system gives no port for the live view; `cause` is its error. */
export class PortError extends IsospikeError {
  constructor(
    readonly address: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(
      `the live view gets no port on ${address}: ${problem}; the same run without --live needs none`,
      options,
    );
  }
}

/** An output directory that already holds something. */
export class OutputExistsError extends IsospikeError {
  constructor(
    readonly directory: string,
    /** What of ours it holds, which --force may replace. */
    readonly holds?: 'run' | 'study' | undefined,
  ) {
    super(
      holds === undefined
        ? `${directory} exists and is not the output of a run or a study; choose another directory (--force replaces runs and studies only)`
        : `${directory} already holds a ${holds}; choose another directory or use --force to replace it`,
    );
  }
}

/** A file of stored results that cannot be used. */
export class ResultsFileError extends IsospikeError {
  constructor(
    readonly path: string,
    readonly kind: 'missing' | 'foreign' | 'older' | 'newer' | 'damaged',
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${path} ${RESULTS_PROBLEMS[kind]}: ${detail}`, options);
  }
}

const RESULTS_PROBLEMS = {
  missing: 'does not exist',
  foreign: 'was not written by isospike',
  older: 'was written by an older isospike',
  newer: 'was written by a newer isospike',
  damaged: 'is damaged',
} as const;

/** A point of a scaling study that cannot fit into memory, found before any has run. */
export class PointMemoryError extends IsospikeError {
  constructor(
    readonly threads: number,
    readonly seed: number | string,
    /** Numbers of threads of the study with which its points would fit. */
    readonly fitting: readonly number[],
    override readonly cause: MemoryError,
  ) {
    const others =
      fitting.length === 0
        ? 'no point of the study would fit, a smaller network might'
        : `the points with --threads ${fitting.join(',')} would fit`;
    const on = threads === 1 ? '1 thread' : `${threads} threads`;
    super(`point on ${on}, seed ${seed}: ${cause.message}; ${others}`);
  }
}

/** A point of a scaling study whose process ended without a result, as when memory runs out. */
export class LostPointError extends IsospikeError {
  constructor(
    readonly threads: number,
    readonly ending: string,
  ) {
    super(`the process of a point with ${threads} threads ended without a result (${ending})`);
  }
}

/** Weak scaling of an experiment that does not say by what it grows. */
export class StudyRequestError extends IsospikeError {
  constructor(
    /** Those of the file, one of which could be named. */
    readonly parameters: readonly string[],
  ) {
    super(
      parameters.length === 0
        ? '--weak needs a parameter that grows with the threads, and the file has no "parameters"'
        : `--weak needs the name of the parameter that grows with the threads, as the file has no "size_parameter": --weak ${parameters.join(', --weak ')}`,
    );
  }
}

/** Runs of the same experiment and seed came to different results: a defect, or a faulty machine. */
export class DigestMismatchError extends IsospikeError {
  constructor(
    /** For each experiment and seed, which digest came of which runs. */
    readonly disagreements: readonly string[],
  ) {
    super(
      `results differ where they must be the same (a defect of isospike, or a faulty machine):\n  ${disagreements.join('\n  ')}`,
    );
  }
}

/** An internal invariant: its failure is a defect of isospike, not of the experiment. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`isospike internal error: ${message}`);
}
