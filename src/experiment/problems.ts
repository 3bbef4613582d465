/** From what the schema library reports to the errors of this package, with paths as users write them. */
import type { z } from 'zod';
import {
  ExperimentError,
  type ExperimentProblem,
  type IsospikeError,
  MissingKeyError,
  UnknownKeyError,
  UnknownNameError,
  ValueError,
} from '../errors/index.js';

type Path = readonly PropertyKey[];

/** Attached to a schema's own finding: makes the error once the path is known. */
export interface LateError {
  readonly make: (path: string) => IsospikeError;
}

/** `populations.exc.params.V_m`, `connections.0.weight`: as `--set` takes it. */
function pathText(path: Path): string {
  return path.map(String).join('.');
}

/**
 * The schema's findings about `data` as one error.
 * The messages of the schemas are what was expected there (see `values.ts`).
 */
export function experimentError(
  issues: readonly z.core.$ZodIssue[],
  data: unknown,
  where: string,
): ExperimentError {
  return new ExperimentError(
    where,
    issues.flatMap((issue) => translate(issue, data, [])),
  );
}

function translate(issue: z.core.$ZodIssue, data: unknown, prefix: Path): ExperimentProblem[] {
  const path = [...prefix, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: pathText([...path, key]),
        error: new UnknownKeyError(pathText(path) || 'top level', key, issue.message.split(', ')),
      }));
    case 'invalid_union':
      return fromUnion(issue, data, path);
    case 'custom': {
      const late = issue.params as LateError | undefined;
      if (late === undefined) return [wrongValue(path, data, issue.message)];
      return [{ path: pathText(path), error: late.make(pathText(path)) }];
    }
    case 'invalid_key':
      return [
        {
          path: pathText(path),
          error: new ValueError(
            `a key of ${pathText(path.slice(0, -1)) || 'top level'}`,
            String(path.at(-1)),
            issue.issues[0]?.message ?? issue.message,
          ),
        },
      ];
    default:
      return [wrongValue(path, data, issue.message)];
  }
}

/** Of several alternatives, the one whose JSON type the value has tells what is wrong with it. */
function fromUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  data: unknown,
  path: Path,
): ExperimentProblem[] {
  const value = valueAt(data, path);
  if (typeof value === 'string' && issue.discriminator !== undefined) {
    const { options = [] } = issue as { options?: readonly unknown[] };
    const known = options.map(String);
    return [
      { path: pathText(path), error: new UnknownNameError(issue.discriminator, value, known) },
    ];
  }
  const fitting = issue.errors.filter((branch) => !branch.some((inner) => isOther(inner, value)));
  if (fitting.length !== 1) return [wrongValue(path, data, issue.message)];
  return (fitting[0] ?? []).flatMap((inner) => translate(inner, data, path));
}

/** Whether an issue says that the value is something else altogether than the alternative describes. */
function isOther(issue: z.core.$ZodIssue, value: unknown): boolean {
  if (issue.code === 'invalid_type') return issue.path.length === 0;
  if (issue.code !== 'invalid_union') return false;
  if (issue.discriminator !== undefined) return valueAt(value, issue.path) === undefined;
  if (issue.path.length > 0 || issue.errors.length === 0) return false;
  return issue.errors.every((branch) => branch.some((inner) => isOther(inner, value)));
}

function wrongValue(path: Path, data: unknown, expected: string): ExperimentProblem {
  const value = valueAt(data, path);
  const error =
    value === undefined && path.length > 0
      ? new MissingKeyError(
          pathText(path.slice(0, -1)) || 'top level',
          String(path.at(-1)),
          expected,
        )
      : new ValueError(pathText(path) || 'the experiment', value, expected);
  return { path: pathText(path), error };
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
