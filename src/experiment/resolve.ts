/** From an experiment as written to plain numbers: named parameters, expressions, references. */
import { z } from 'zod';
import {
  CircularParametersError,
  ExperimentError,
  type ExperimentProblem,
  IsospikeError,
  ValueError,
} from '../errors/index.js';
import { parseDistribution } from '../random/distribution.js';
import { contentProblems } from './checks/contents.js';
import { evaluateExpression } from './expression.js';
import { applyOverrides } from './overrides.js';
import { experimentError, type LateError } from './problems.js';
import { referenceProblems } from './references.js';
import {
  type EvaluatedNumber,
  type Experiment,
  experimentSchema,
  type ResolvedExperiment,
} from './schema.js';
import { type Dialect, plainNumber } from './values.js';

/**
 * Applies overrides, evaluates all expressions and checks all that the file says.
 * @param overrides `path=value`, see `overrides.ts`
 * @param where name of the file, for errors
 * @throws ExperimentError
 */
export function resolveExperiment(
  experiment: Experiment,
  overrides: readonly string[] = [],
  where = 'experiment',
): ResolvedExperiment {
  const { $schema: _, ...written } = applyOverrides(experiment, overrides, where);
  const parameters = resolveParameters(written.parameters, where);
  const result = experimentSchema(evaluating(parameters)).safeParse(written);
  if (!result.success) throw experimentError(result.error.issues, written, where);
  const references = referenceProblems(result.data);
  const problems = [...references, ...contentProblems(result.data, references)];
  if (problems.length > 0) throw new ExperimentError(where, problems.toSorted(inFileOrder));
  return result.data;
}

const SECTIONS: readonly unknown[] = [
  'size_parameter',
  'kernel',
  'neuron_models',
  'populations',
  'synapse_models',
  'connections',
  'protocol',
];

/** By section, and by entry of lists; whoever mends a file goes through it once. */
function inFileOrder(one: ExperimentProblem, other: ExperimentProblem): number {
  const placeOf = ({ path }: ExperimentProblem) => {
    const [section, entry] = path.split('.');
    return [SECTIONS.indexOf(section), Number(entry)] as const;
  };
  const [[section, entry], [otherSection, otherEntry]] = [placeOf(one), placeOf(other)];
  return section - otherSection || entry - otherEntry || 0;
}

/** Values of named parameters, which may use each other in any order. */
function resolveParameters(
  written: Experiment['parameters'],
  where: string,
): ReadonlyMap<string, number> {
  const names = Object.keys(written);
  const values = new Map<string, number>();
  const underWay: string[] = [];
  const evaluate = (name: string): number => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const start = underWay.indexOf(name);
    if (start >= 0) {
      throw new CircularParametersError('parameters', [...underWay.slice(start), name]);
    }
    underWay.push(name);
    const expression = written[name] as number | string;
    const value =
      typeof expression === 'number'
        ? expression
        : evaluateExpression(expression, `parameters.${name}`, evaluate, names);
    underWay.pop();
    values.set(name, value);
    return value;
  };
  const problems: ExperimentProblem[] = [];
  for (const name of names) {
    underWay.length = 0;
    const error = caught(() => evaluate(name));
    if (error !== undefined) problems.push({ path: `parameters.${name}`, error });
  }
  if (problems.length > 0) throw new ExperimentError(where, withoutRepetition(problems));
  return values;
}

/** A parameter that uses a wrong one fails with the same message: it is told once. */
function withoutRepetition(problems: readonly ExperimentProblem[]): ExperimentProblem[] {
  const cycleOf = ({ error }: ExperimentProblem) =>
    error instanceof CircularParametersError
      ? [...new Set(error.cycle)].sort().join()
      : error.message;
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = cycleOf(problem);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The dialect that evaluates expressions over the given parameters while it checks. */
function evaluating(parameters: ReadonlyMap<string, number>): Dialect<EvaluatedNumber> {
  const names = [...parameters.keys()];
  const lookup = (name: string) => parameters.get(name) as number;
  return {
    number(quantity) {
      const plain = plainNumber(quantity);
      const evaluated = z.string({ error: quantity.expected }).transform((expression, context) => {
        const evaluate = (path: string) => {
          const value = evaluateExpression(expression, path, lookup, names);
          if (plain.safeParse(value).success) return value;
          throw new ValueError(
            path,
            value,
            `${quantity.expected} (it is the value of '${expression}')`,
          );
        };
        return attempt(evaluate, context);
      });
      return z.union([plain, evaluated], { error: quantity.expected });
    },
    distribution(schema) {
      const check = (data: unknown, context: z.RefinementCtx) => {
        attempt((path) => parseDistribution(path, data), context);
      };
      return schema.superRefine(check);
    },
  };
}

/** Runs a check; its error becomes an issue that is completed once its path is known. */
function attempt<T>(check: (path: string) => T, context: z.RefinementCtx): T {
  try {
    return check('');
  } catch (error) {
    if (!(error instanceof IsospikeError)) throw error;
    const make = (path: string) => caught(() => check(path)) ?? error;
    const late: LateError = { make };
    context.addIssue({ code: 'custom', message: error.message, params: { ...late } });
    return z.NEVER;
  }
}

function caught(action: () => unknown): IsospikeError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof IsospikeError) return error;
    throw error;
  }
}
