/**
 * Neuron models as users define them: plain data, in which equations, conditions and jumps are texts.
 * Here is what such data may look like; `parse.ts` reads the texts.
 */
import { MissingKeyError, UnknownKeyError, ValueError } from '../../errors/index.js';

export interface NeuronDefinition {
  readonly name: string;
  /** What the model is, in one line. */
  readonly doc?: string;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly state: Readonly<Record<string, StateDefinition>>;
  /** Abbreviations for use in equations, conditions and jumps. */
  readonly definitions?: Readonly<Record<string, string>>;
  /**
   * Time derivatives per ms of state variables; the others change in jumps only. `I_stim` is the
   * current from devices: a model that uses it takes currents.
   */
  readonly equations: Readonly<Record<string, string>>;
  readonly input?: InputDefinition;
  /** The neuron fires where this holds, unless it is in a phase of its refractory period. */
  readonly threshold?: string;
  /** New values at a spike, all from those before it. */
  readonly reset?: Readonly<Record<string, string>>;
  /** What follows a spike: one phase, or several, one after the other. */
  readonly refractory?: PhaseDefinition | readonly PhaseDefinition[];
  /**
   * What a sub-step may contribute to the error of a variable, relative to its change and, below 1,
   * absolutely: a number or the name of a parameter (default 1e-6). Linear models have no such error.
   */
  readonly tolerance?: number | string;
  /**
   * Ranges of state variables beyond which a run ends with NumericalInstabilityError; where none is
   * given, that is where a variable is no longer a finite number.
   */
  readonly bounds?: Readonly<Record<string, BoundDefinition>>;
}

export interface ParameterDefinition {
  readonly default: number;
  /** As printed; none for pure numbers. */
  readonly unit?: string;
  readonly doc?: string;
  /** Conditions on parameters that must hold, such as 'tau_m > 0'. */
  readonly check?: string | readonly string[];
}

export interface StateDefinition {
  readonly default: number;
  readonly unit?: string;
  readonly doc?: string;
  /** Whether multimeters can record it (default true). */
  readonly recordable?: boolean;
  /** Whether users can set it (default true). */
  readonly settable?: boolean;
}

/**
 * What arrives in a step is added to state variables: the sum of all weights to `to`, or the sum of
 * the positive ones to `positive` and that of the others, with their sign, to `negative`. A variable
 * that is clamped takes nothing. It is added at the end of the step (the default), or after its
 * first sub-step, which is only different for models that are not linear.
 */
export type InputDefinition = (
  | { readonly to: string }
  | { readonly positive: string; readonly negative: string }
) & {
  readonly after?: 'step' | 'first sub-step';
  /** Unit of weights, as printed, where it is not that of the variable they are added to. */
  readonly unit?: string;
};

/** A phase that keeps the neuron from firing. One of no duration is passed over. */
export interface PhaseDefinition {
  /** Parameter that holds the duration in ms; it is rounded to the grid. */
  readonly duration: string;
  /** Variables that are held, and at what. */
  readonly clamp?: Readonly<Record<string, string>>;
  /** New values at the end of the phase. */
  readonly then?: Readonly<Record<string, string>>;
  /** Name for what is left of the phase, in steps; equations can compare it with 0. */
  readonly counter?: string;
}

export interface BoundDefinition {
  readonly min?: number;
  readonly max?: number;
}

/** Counter of a phase that does not name its own. */
export const DEFAULT_COUNTER = 'refractory_steps';

export function phasesOf({ refractory = [] }: NeuronDefinition): readonly PhaseDefinition[] {
  return Array.isArray(refractory) ? refractory : [refractory as PhaseDefinition];
}

const MODEL_NAME = /^[A-Za-z_][\w-]*$/;
const MODEL_NAME_EXPECTED = 'a name of letters, digits, _ and -, not beginning with a digit or -';

type Data = Readonly<Record<string, unknown>>;

/**
 * Throws unless `given` has the form of a definition.
 * @throws ValueError, MissingKeyError, UnknownKeyError
 */
export function checkForm(given: unknown): asserts given is NeuronDefinition {
  const { name } = object('neuron definition', given);
  if (typeof name !== 'string' || !MODEL_NAME.test(name))
    throw new ValueError('name of the model', name, MODEL_NAME_EXPECTED);
  keys(name, given as Data, {
    name: word,
    doc: word,
    parameters: each(
      table({ default: number, unit: word, doc: word, check: wordOrWords }, 'default'),
    ),
    state: each(
      table(
        { default: number, unit: word, doc: word, recordable: flag, settable: flag },
        'default',
      ),
    ),
    definitions: each(word),
    equations: each(word),
    input,
    threshold: word,
    reset: each(word),
    refractory: oneOrMore(
      table({ duration: word, clamp: each(word), then: each(word), counter: word }, 'duration'),
    ),
    tolerance: numberOrWord,
    bounds: each(table({ min: number, max: number })),
  });
  required(name, given as Data, ['parameters', 'state', 'equations']);
}

/** Throws unless a value is as expected. */
type Test = (where: string, value: unknown) => void;

function word(where: string, value: unknown): void {
  if (typeof value !== 'string') throw new ValueError(where, value, 'a text');
}

function flag(where: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new ValueError(where, value, 'true or false');
}

function number(where: string, value: unknown): void {
  if (!Number.isFinite(value)) throw new ValueError(where, value, 'a finite number');
}

function numberOrWord(where: string, value: unknown): void {
  if (typeof value !== 'string') number(where, value);
}

function wordOrWords(where: string, value: unknown): void {
  if (!Array.isArray(value)) return word(where, value);
  value.forEach((one, i) => {
    word(`${where}[${i}]`, one);
  });
}

function input(where: string, value: unknown): void {
  const data = object(where, value);
  const after: Test = (at, given) => {
    if (given !== 'step' && given !== 'first sub-step')
      throw new ValueError(at, given, "'step' or 'first sub-step'");
  };
  if ('to' in data) return keys(where, data, { to: word, after, unit: word });
  keys(where, data, { positive: word, negative: word, after, unit: word }, [
    'to',
    'positive',
    'negative',
    'after',
    'unit',
  ]);
  required(where, data, ['positive', 'negative']);
}

const each =
  (test: Test): Test =>
  (where, value) => {
    for (const [key, one] of Object.entries(object(where, value))) test(`${where}.${key}`, one);
  };

const table =
  (tests: Readonly<Record<string, Test>>, ...needed: readonly string[]): Test =>
  (where, value) => {
    const data = object(where, value);
    keys(where, data, tests);
    required(where, data, needed);
  };

const oneOrMore =
  (test: Test): Test =>
  (where, value) => {
    if (!Array.isArray(value)) return test(where, value);
    value.forEach((one, i) => {
      test(`${where}.${i}`, one);
    });
  };

function keys(
  where: string,
  data: Data,
  tests: Readonly<Record<string, Test>>,
  known: readonly string[] = Object.keys(tests),
): void {
  for (const [key, value] of Object.entries(data)) {
    if (!Object.hasOwn(tests, key)) throw new UnknownKeyError(where, key, known);
    if (value !== undefined) tests[key](`${where}.${key}`, value);
  }
}

function required(where: string, data: Data, names: readonly string[]): void {
  for (const key of names) {
    if (data[key] === undefined)
      throw new MissingKeyError(where, key, 'it, as every definition has it');
  }
}

function object(where: string, value: unknown): Data {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ValueError(where, value, 'an object of named values');
  return value as Data;
}
