/**
 * Distributions of parameters (weights, delays, initial potentials) as plain data: JSON and
 * structuredClone carry them unchanged. Names and meanings are NEST's. Wherever a distribution
 * occurs in an expression it draws on its own: `x.sub(x)` is not 0.
 */
import { UnknownKeyError, UnknownNameError, ValueError } from '../errors/index.js';
import { support } from './support.js';

/** Uniform between min and max. */
export interface UniformDistribution {
  readonly distribution: 'uniform';
  readonly min: number;
  readonly max: number;
}

/** Normal (Gaussian) with the given mean and standard deviation. */
export interface NormalDistribution {
  readonly distribution: 'normal';
  readonly mean: number;
  readonly std: number;
}

/** The exponential of a normal that has the given mean and standard deviation. */
export interface LognormalDistribution {
  readonly distribution: 'lognormal';
  readonly mean: number;
  readonly std: number;
}

/** Exponential with scale, and hence mean, beta. */
export interface ExponentialDistribution {
  readonly distribution: 'exponential';
  readonly beta: number;
}

/** Arithmetic on what the two sides give; 'min' and 'max' are the smaller and the larger one. */
export interface Combination {
  readonly op: '+' | '-' | '*' | '/' | 'min' | 'max';
  readonly left: Parameter;
  readonly right: Parameter;
}

/** Draws from `of` until min <= value <= max; a bound that is absent does not limit. */
export interface Redraw {
  readonly op: 'redraw';
  readonly of: Distribution;
  readonly min?: number;
  readonly max?: number;
}

export type BasicDistribution =
  | UniformDistribution
  | NormalDistribution
  | LognormalDistribution
  | ExponentialDistribution;

export type Distribution = BasicDistribution | Combination | Redraw;

/** A constant, or a distribution from which each element draws its own value. */
export type Parameter = number | Distribution;

/** What the functions below return: the data, with arithmetic as methods. */
export type Composable<D extends Distribution = Distribution> = D & Arithmetic;

export interface Arithmetic {
  add(other: Parameter): Composable<Combination>;
  sub(other: Parameter): Composable<Combination>;
  mul(other: Parameter): Composable<Combination>;
  div(other: Parameter): Composable<Combination>;
  neg(): Composable<Combination>;
  redraw(min: number, max: number): Composable<Redraw>;
}

const arithmetic: Arithmetic & ThisType<Distribution> = {
  add(other) {
    return add(this, other);
  },
  sub(other) {
    return sub(this, other);
  },
  mul(other) {
    return mul(this, other);
  },
  div(other) {
    return div(this, other);
  },
  neg() {
    return neg(this);
  },
  redraw(lowest, highest) {
    return redraw(this, lowest, highest);
  },
};

/** Uniform between min and max; min < max. */
export function uniform(min = 0, max = 1): Composable<UniformDistribution> {
  return checked('uniform', { distribution: 'uniform', min, max });
}

/** Normal with mean and standard deviation std >= 0. */
export function normal(mean = 0, std = 1): Composable<NormalDistribution> {
  return checked('normal', { distribution: 'normal', mean, std });
}

/** exp of a normal with mean and standard deviation std >= 0 (of that normal, as in NEST). */
export function lognormal(mean = 0, std = 1): Composable<LognormalDistribution> {
  return checked('lognormal', { distribution: 'lognormal', mean, std });
}

/** Exponential with mean beta > 0. */
export function exponential(beta = 1): Composable<ExponentialDistribution> {
  return checked('exponential', { distribution: 'exponential', beta });
}

export function add(left: Parameter, right: Parameter): Composable<Combination> {
  return checked('add', { op: '+', left, right });
}

export function sub(left: Parameter, right: Parameter): Composable<Combination> {
  return checked('sub', { op: '-', left, right });
}

export function mul(left: Parameter, right: Parameter): Composable<Combination> {
  return checked('mul', { op: '*', left, right });
}

export function div(left: Parameter, right: Parameter): Composable<Combination> {
  return checked('div', { op: '/', left, right });
}

export function neg(operand: Parameter): Composable<Combination> {
  return mul(operand, -1);
}

/** The smaller of two draws; with a constant, a cap. */
export function min(left: Parameter, right: Parameter): Composable<Combination> {
  return checked('min', { op: 'min', left, right });
}

/** The larger of two draws; with a constant, a floor. */
export function max(left: Parameter, right: Parameter): Composable<Combination> {
  return checked('max', { op: 'max', left, right });
}

/**
 * As nest.math.redraw: draws again until lowest <= value <= highest, giving up with an error
 * after 1000 tries. An infinite bound does not limit.
 */
export function redraw(of: Distribution, lowest: number, highest: number): Composable<Redraw> {
  return checked('redraw', {
    op: 'redraw',
    of,
    ...(lowest === Number.NEGATIVE_INFINITY ? {} : { min: lowest }),
    ...(highest === Number.POSITIVE_INFINITY ? {} : { max: highest }),
  });
}

/** Whether a value has the shape of a distribution; `parseDistribution` says if it is a valid one. */
export function isDistribution(value: unknown): value is Distribution {
  if (typeof value !== 'object' || value === null) return false;
  return 'distribution' in value || 'op' in value;
}

/**
 * Checks plain data and returns it as a distribution. `where` names the parameter in errors:
 * UnknownNameError, UnknownKeyError, ValueError.
 */
export function parseDistribution(where: string, data: unknown): Composable {
  if (!isDistribution(data)) {
    throw new ValueError(where, data, "a distribution, as { distribution: 'uniform', min, max }");
  }
  return 'op' in data ? parseOperation(where, data) : parseBasic(where, data);
}

/** The same for a parameter: a finite number, or a distribution. */
export function parseParameter(where: string, data: unknown): Parameter {
  if (typeof data === 'number' && Number.isFinite(data)) return data;
  if (isDistribution(data)) return parseDistribution(where, data);
  throw new ValueError(where, data, 'a finite number or a distribution');
}

/** A distribution as a user would write it, for error texts. */
export function describeParameter(parameter: Parameter): string {
  if (typeof parameter === 'number') return String(parameter);
  if ('distribution' in parameter) {
    const values = FIELDS[parameter.distribution].map((field) => fieldOf(parameter, field));
    return `${parameter.distribution}(${values.join(', ')})`;
  }
  if (parameter.op === 'redraw') {
    const { of, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = parameter;
    return `redraw(${describeParameter(of)}, ${min}, ${max})`;
  }
  const [left, right] = [describeParameter(parameter.left), describeParameter(parameter.right)];
  const isFunction = parameter.op === 'min' || parameter.op === 'max';
  return isFunction ? `${parameter.op}(${left}, ${right})` : `(${left} ${parameter.op} ${right})`;
}

const FIELDS: Readonly<Record<BasicDistribution['distribution'], readonly string[]>> = {
  uniform: ['min', 'max'],
  normal: ['mean', 'std'],
  lognormal: ['mean', 'std'],
  exponential: ['beta'],
};
const BINARY: readonly string[] = ['+', '-', '*', '/', 'min', 'max'] satisfies Combination['op'][];

/** What builders return is what parsing returns, so both obey the same checks. */
function checked<D extends Distribution>(where: string, data: D): Composable<D> {
  return parseDistribution(where, data) as Distribution as Composable<D>;
}

function compose<D extends Distribution>(data: D): Composable<D> {
  return Object.freeze(Object.assign(Object.create(arithmetic), data));
}

function parseBasic(where: string, data: BasicDistribution): Composable {
  const name = data.distribution;
  if (!Object.hasOwn(FIELDS, name)) {
    throw new UnknownNameError(`distribution of ${where}`, String(name), Object.keys(FIELDS));
  }
  checkKeys(where, data, ['distribution', ...FIELDS[name]]);
  for (const field of FIELDS[name]) checkFinite(`${where}.${field}`, fieldOf(data, field));
  switch (name) {
    case 'uniform': {
      const { min, max } = data;
      if (!(min < max)) throw new ValueError(`${where}.min`, min, `less than max, which is ${max}`);
      checkFinite(`${where}: max - min`, max - min);
      return compose({ distribution: name, min, max });
    }
    case 'exponential':
      if (!(data.beta > 0)) throw new ValueError(`${where}.beta`, data.beta, 'more than 0');
      return compose({ distribution: name, beta: data.beta });
    default:
      if (!(data.std >= 0)) throw new ValueError(`${where}.std`, data.std, 'at least 0');
      return compose({ distribution: name, mean: data.mean, std: data.std });
  }
}

function parseOperation(where: string, data: Combination | Redraw): Composable {
  if (data.op === 'redraw') return parseRedraw(where, data);
  if (!BINARY.includes(data.op)) {
    throw new UnknownNameError(`op of ${where}`, String(data.op), [...BINARY, 'redraw']);
  }
  checkKeys(where, data, ['op', 'left', 'right']);
  const left = parseParameter(`${where}.left`, data.left);
  const right = parseParameter(`${where}.right`, data.right);
  if (data.op === '/') {
    const [lowest, highest] = support(right);
    if (lowest === 0 && highest === 0) {
      throw new ValueError(`${where}.right`, right, 'a divisor other than 0');
    }
  }
  return compose({ op: data.op, left, right });
}

function parseRedraw(where: string, data: Redraw): Composable {
  checkKeys(where, data, ['op', 'of', 'min', 'max']);
  const of = parseDistribution(`${where}.of`, data.of);
  const bounds = { ...bound(where, data, 'min'), ...bound(where, data, 'max') };
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = bounds;
  if (min > max) throw new ValueError(`${where}.min`, min, `at most max, which is ${max}`);
  const [lowest, highest] = support(of);
  if (lowest > max || highest < min) {
    const all = `what ${describeParameter(of)} gives lies in [${lowest}, ${highest}]`;
    throw new ValueError(`${where}: [min, max]`, [min, max], `bounds that can be met: ${all}`);
  }
  return compose({ op: 'redraw', of, ...bounds });
}

function bound(where: string, data: Redraw, key: 'min' | 'max'): { min?: number; max?: number } {
  const value = data[key];
  if (value === undefined) return {};
  checkFinite(`${where}.${key}`, value);
  return { [key]: value };
}

function checkKeys(where: string, data: object, known: readonly string[]): void {
  for (const key of Object.keys(data)) {
    if (!known.includes(key)) throw new UnknownKeyError(where, key, known);
  }
}

function checkFinite(where: string, value: unknown): void {
  if (!Number.isFinite(value)) throw new ValueError(where, value, 'a finite number');
}

function fieldOf(data: BasicDistribution, field: string): number {
  return data[field as keyof typeof data] as unknown as number;
}
