/** Changes to an experiment from outside its file: `--set path=value`. */
import {
  ExperimentError,
  type ExperimentProblem,
  type IsospikeError,
  UnknownKeyError,
  ValueError,
} from '../errors/index.js';
import { type Experiment, parseExperiment } from './schema.js';

type Container = Record<string, unknown>;

/** Sections in which a new name could only be a slip: nothing in the file would refer to it. */
const CLOSED_SECTIONS: ReadonlySet<string> = new Set([
  'parameters',
  'populations',
  'synapse_models',
]);

/**
 * The experiment with values replaced. An override is `path=value`: the path as in error messages
 * (`populations.exc.params.b`; connections by index or by their name), or the name of a parameter
 * alone (`S=10`); the value is JSON or, if it is not, a text (`parameters.n=2 * S`).
 * @throws ExperimentError: unknown path, or a value that the format does not allow
 */
export function applyOverrides(
  experiment: Experiment,
  overrides: readonly string[],
  where: string,
): Experiment {
  if (overrides.length === 0) return experiment;
  const changed = structuredClone(experiment) as unknown as Container;
  const problems: ExperimentProblem[] = [];
  for (const override of overrides) {
    const error = apply(changed, override);
    if (error !== undefined) problems.push({ path: `--set ${override}`, error });
  }
  if (problems.length > 0) throw new ExperimentError(where, problems);
  return parseExperiment(changed, `${where} with --set ${overrides.join(' --set ')}`);
}

/** Changes the experiment in place, or says why not. */
function apply(experiment: Container, override: string): IsospikeError | undefined {
  const equals = override.indexOf('=');
  const path = equals < 0 ? '' : override.slice(0, equals).trim();
  if (path === '') return new ValueError('override', override, 'path=value');
  const keys = fullPath(experiment, path);
  if (keys instanceof UnknownKeyError) return keys;
  let container = experiment;
  for (const [depth, key] of keys.slice(0, -1).entries()) {
    const found = memberKey(container, key);
    const member = found === undefined ? undefined : container[found];
    const walked = keys.slice(0, depth + 1).join('.');
    if (found === undefined) return unknown(container, key, keys.slice(0, depth));
    if (typeof member !== 'object' || member === null) {
      return new ValueError(walked, member, 'an object or a list, to change something in it');
    }
    container = member as Container;
  }
  const last = keys.at(-1) as string;
  const parent = keys.slice(0, -1);
  const existing = memberKey(container, last);
  const mustExist =
    Array.isArray(container) || (parent.length === 1 && CLOSED_SECTIONS.has(parent[0]!));
  if (existing === undefined && mustExist) return unknown(container, last, parent);
  container[existing ?? last] = parseValue(override.slice(equals + 1).trim());
  return undefined;
}

/** A path of one word is a parameter, or a top-level key. */
function fullPath(experiment: Container, path: string): string[] | UnknownKeyError {
  const keys = path.split('.');
  if (keys.length > 1) return keys;
  const parameters = experiment.parameters as Container;
  if (Object.hasOwn(parameters, path)) return ['parameters', path];
  if (Object.hasOwn(experiment, path)) return keys;
  return new UnknownKeyError('parameters', path, Object.keys(parameters));
}

/** The key of an existing member; members of a list also go by their `name`. */
function memberKey(container: Container, key: string): string | undefined {
  if (Object.hasOwn(container, key) && !(Array.isArray(container) && key === 'length')) return key;
  if (!Array.isArray(container)) return undefined;
  const index = container.findIndex((member) => (member as { name?: string } | null)?.name === key);
  return index < 0 ? undefined : String(index);
}

function unknown(container: Container, key: string, parent: readonly string[]): UnknownKeyError {
  const known = Array.isArray(container)
    ? container.map((member, index) => (member as { name?: string } | null)?.name ?? String(index))
    : Object.keys(container);
  return new UnknownKeyError(parent.join('.') || 'top level', key, known);
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
