/**
 * The values in an experiment file: numbers (or expressions that give them), names, distributions.
 * Every schema here carries, as its error text, what is expected at its place; `problems.ts`
 * completes that with path and value.
 */
import { z } from 'zod';
import { nodeModels } from '../models/registry.js';
import type { Distribution } from '../random/distribution.js';
import { NAME_PATTERN } from './expression.js';

/** What a number means and may be. */
export interface Quantity {
  /** What is expected, with unit and range: 'a duration in ms, > 0'. */
  readonly expected: string;
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
  readonly whole?: boolean;
}

/** One JSON value of a parameter (resolved: text only in lists of names, and for infinite numbers). */
export type ParamValue = number | boolean | string | Distribution | readonly ListElement[];
export type ListElement = number | boolean | string | readonly (number | boolean | string)[];
export type Params = Readonly<Record<string, ParamValue>>;

/**
 * How the numbers of a file are read. Two dialects of one schema: as written (numbers or
 * expressions), and resolved (expressions replaced by their values).
 */
export interface Dialect<N extends z.ZodType<number | string> = z.ZodType<number | string>> {
  number(quantity: Quantity): N;
  /** A finishing check of a parameter's distribution. */
  distribution<T extends z.ZodType>(schema: T): T;
}

const NAME_EXPECTED = 'a name: letters, digits, _ and -, not starting with a digit or -';
const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** A name the file gives to something: it also appears in paths and file names. */
export function ownName(description: string) {
  return z
    .string({ error: NAME_EXPECTED })
    .regex(NAME, { error: NAME_EXPECTED })
    .describe(description);
}

/** The name of a parameter, as expressions can contain it. */
export function parameterName(description: string) {
  const expected = 'a name: letters, digits and _, not starting with a digit';
  return z
    .string({ error: expected })
    .regex(NAME_PATTERN, { error: expected })
    .describe(description);
}

/** The name of something defined elsewhere: a model, a rule, a population. */
export function nameOf(what: string, description = what) {
  return z.string({ error: what }).min(1, { error: what }).describe(description);
}

export function text(description: string) {
  return z.string({ error: 'a text' }).describe(description);
}

export function flag(description: string) {
  return z.boolean({ error: 'true or false' }).describe(description);
}

/** An object with exactly these keys (some may be optional). */
export function strict<T extends z.ZodRawShape>(expected: string, shape: T) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : expected,
  });
}

/** A number proper, in its range. */
export function plainNumber(quantity: Quantity): z.ZodNumber {
  const { expected, min, above, max, whole } = quantity;
  const error = { error: expected };
  let schema = z.number(error);
  if (whole === true) schema = schema.int(error);
  if (min !== undefined) schema = schema.min(min, error);
  if (above !== undefined) schema = schema.gt(above, error);
  if (max !== undefined) schema = schema.max(max, error);
  return schema;
}

/** Numbers as a file may write them. */
export const asWritten: Dialect<z.ZodUnion<readonly [z.ZodNumber, z.ZodString]>> = {
  number(quantity) {
    const expected = `${quantity.expected}, or an expression`;
    return z
      .union([plainNumber(quantity), z.string({ error: expected }).min(1, { error: expected })], {
        error: expected,
      })
      .describe(quantity.expected);
  },
  distribution: (schema) => schema,
};

const anyNumber: Quantity = { expected: 'a finite number' };

/**
 * A distribution or arithmetic on distributions, as `random/distribution.ts` defines them, with
 * this dialect's numbers.
 */
export function distributionSchema(dialect: Dialect) {
  const number = dialect.number(anyNumber);
  const positive = dialect.number({ expected: 'a number > 0', above: 0 });
  const notNegative = dialect.number({ expected: 'a number >= 0', min: 0 });
  const operand = z.lazy(
    (): z.ZodType =>
      z.union([number, distribution], { error: 'a number, an expression or a distribution' }),
  );
  const basic = z.discriminatedUnion(
    'distribution',
    [
      strict(DISTRIBUTION, { distribution: z.literal('uniform'), min: number, max: number }),
      strict(DISTRIBUTION, { distribution: z.literal('normal'), mean: number, std: notNegative }),
      strict(DISTRIBUTION, {
        distribution: z.literal('lognormal'),
        mean: number,
        std: notNegative,
      }),
      strict(DISTRIBUTION, { distribution: z.literal('exponential'), beta: positive }),
    ],
    { error: DISTRIBUTION },
  );
  const binary = z.enum(['+', '-', '*', '/', 'min', 'max']);
  const combined = z.discriminatedUnion(
    'op',
    [
      strict(DISTRIBUTION, { op: binary, left: operand, right: operand }),
      strict(DISTRIBUTION, {
        op: z.literal('redraw').describe('draw from `of` until min <= value <= max'),
        of: z.lazy((): z.ZodType => distribution),
        min: number.exactOptional(),
        max: number.exactOptional(),
      }),
    ],
    { error: DISTRIBUTION },
  );
  const distribution = z
    .union([basic, combined], { error: DISTRIBUTION })
    .describe('a distribution: every element draws its own value');
  return distribution;
}

const DISTRIBUTION = 'a distribution, such as { "distribution": "uniform", "min": 0, "max": 1 }';
const PARAMETER = 'a number, an expression, true or false, a list of those, or a distribution';
const ELEMENT = 'a number, an expression, true or false, or a list of those';
const NAMES = 'a list of names';

/** Parameters that are lists of names (`record_from`): text in them is not an expression. */
const nameListParameters: readonly string[] = [...nodeModels.values()].flatMap((model) =>
  model.kind === 'neuron'
    ? []
    : Object.entries(model.parameters)
        .filter(([, spec]) => spec.type === 'names')
        .map(([name]) => name),
);

/** What JSON has no number for. */
const INFINITIES = [
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
] as const;

/** Parameters that may be infinite, as they are unless set, and how a file writes that. */
const infiniteParameters: ReadonlyMap<string, string> = new Map(
  [...nodeModels.values()].flatMap(({ parameters }) =>
    Object.entries(parameters).flatMap(([name, { default: value }]) =>
      INFINITIES.filter(([, infinite]) => infinite === value).map(
        ([word]) => [name, word] as const,
      ),
    ),
  ),
);

/** Parameters of a resolved experiment as a simulation takes them. */
export function numbersOf<P extends Params>(params: P): P {
  const entries = Object.entries(params).map(([name, value]) => {
    const infinite = INFINITIES.find(([word]) => word === value)?.[1];
    return [name, infinite ?? value];
  });
  return Object.fromEntries(entries) as P;
}

/** The value of one parameter. */
export function paramValue(dialect: Dialect): z.ZodType<ParamValue> {
  const number = dialect.number(anyNumber);
  const scalar = z.union([number, z.boolean()], { error: ELEMENT });
  const element = z.union([number, z.boolean(), z.array(scalar)], { error: ELEMENT });
  const value = z.union(
    [number, z.boolean(), dialect.distribution(distributionSchema(dialect)), z.array(element)],
    { error: PARAMETER },
  );
  return value.describe(PARAMETER) as unknown as z.ZodType<ParamValue>;
}

/** Parameters by name, beside those of `shape`; which names there are is the model's business. */
export function paramsSchema<T extends z.ZodRawShape>(
  value: z.ZodType<ParamValue>,
  description: string,
  shape: T,
): z.ZodType<Params & z.output<z.ZodObject<T>>> {
  const names = z.array(z.string({ error: 'a name' }), { error: NAMES });
  const lists = nameListParameters.map((name) => [name, names.exactOptional()] as const);
  const infinite = [...infiniteParameters].map(([name, word]) => {
    const error = `${PARAMETER}, or "${word}"`;
    return [name, z.union([z.literal(word), value], { error }).exactOptional()] as const;
  });
  const schema = z
    .object(
      { ...Object.fromEntries([...lists, ...infinite]), ...shape },
      { error: 'an object of parameters by name' },
    )
    .catchall(value)
    .describe(description);
  return schema as unknown as z.ZodType<Params & z.output<z.ZodObject<T>>>;
}
