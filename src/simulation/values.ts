/** Values as users give them: plain numbers, flags, one per element, or a distribution. */
import { UnknownKeyError, ValueError } from '../errors/index.js';
import type { QuantitySpec } from '../models/spec.js';
import { type Distribution, type Key, parseDistribution, Sampler } from '../random/index.js';
import { Guarded } from './guarded.js';

/** A number or flag for all nodes, one value per node, or a distribution that each draws from. */
export type ParamValue =
  | number
  | boolean
  | string
  | ArrayLike<number>
  | ArrayLike<boolean>
  | ArrayLike<string>
  | ArrayLike<ArrayLike<number>>
  | Distribution;

export type Params = Readonly<Record<string, ParamValue>>;

export function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** What a number is for: flags are given as true or false; what is a default can be given again. */
export type Meaning = Partial<Pick<QuantitySpec, 'flag' | 'default'>>;

/** A finite number, or the default if that is infinite; flags become 1 or 0. */
export function plainNumber(where: string, value: unknown, spec: Meaning = {}): number {
  if (spec.flag) {
    if (typeof value !== 'boolean') throw new ValueError(where, value, 'true or false');
    return value ? 1 : 0;
  }
  if (typeof value !== 'number' || !(Number.isFinite(value) || value === spec.default)) {
    throw new ValueError(where, value, 'a finite number');
  }
  // Without the sign of a negative zero, which no user means and bits would show.
  return value + 0;
}

/** Each as `plainNumber` has it. The text that names a place is made only where something is wrong. */
function plainNumbers(where: string, values: ArrayLike<unknown>, spec: Meaning): Float64Array {
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < numbers.length; i++) {
    const value = values[i];
    const isPlain = typeof value === 'number' && Number.isFinite(value) && !spec.flag;
    numbers[i] = isPlain ? value + 0 : plainNumber(`${where}[${i}]`, value, spec);
  }
  return numbers;
}

/**
 * One value for all of `ids`, or one each. Distributions are drawn here, keyed by node id and by
 * `draw`, which tells how often the parameter was drawn before.
 */
export function resolveValues(
  where: string,
  value: unknown,
  ids: { readonly length: number; id(index: number): number },
  key: () => Key,
  draw: number,
  spec: Meaning = {},
): number | Float64Array {
  if (!isDrawn(value, spec)) return statedValues(where, value, ids.length, spec);
  const sampler = new Sampler(parseDistribution(where, value), key());
  const drawn = new Float64Array(ids.length);
  for (let i = 0; i < drawn.length; i++) drawn[i] = sampler.sample(ids.id(i), draw, 0);
  return drawn;
}

/** Whether a value is a distribution, or takes the place of one. */
export function isDrawn(value: unknown, { flag }: Meaning): boolean {
  return isRecord(value) && !flag;
}

/** One value for all of `count` nodes, or one each, as given. */
export function statedValues(
  where: string,
  value: unknown,
  count: number,
  spec: Meaning,
): number | Float64Array {
  if (!isArrayLike(value)) return plainNumber(where, value, spec);
  if (value.length !== count) {
    throw new ValueError(where, value, `one value for each of ${count} nodes`);
  }
  return collapsed(plainNumbers(where, value, spec));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !isArrayLike(value);
}

/** An object of named values, as users give options and parameters; with `known` keys only. */
export function namedValues(
  where: string,
  value: unknown,
  known?: readonly string[],
): Readonly<Record<string, unknown>> {
  if (!isRecord(value) || value instanceof Guarded) {
    throw new ValueError(where, value, 'an object of named values');
  }
  for (const key of known ? Object.keys(value) : []) {
    if (!known!.includes(key)) throw new UnknownKeyError(where, key, known!);
  }
  return value;
}

/** One number if all are the same: what counts is what was given, not how. */
export function collapsed(values: Float64Array): number | Float64Array {
  const first = values[0];
  return first !== undefined && values.every((value) => value === first) ? first : values;
}
