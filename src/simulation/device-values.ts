/** Parameters of devices: checked as users give them, and turned into what the workers use. */
import type { DeviceState } from '../engine/device-state.js';
import type { ActiveWindow } from '../engine/records.js';
import { BadParametersError, UnknownKeyError, ValueError } from '../errors/index.js';
import type { DeviceModel, DeviceParameterSpec } from '../models/spec.js';
import { MAX_STEP, type TimeGrid } from '../units/index.js';
import { isArrayLike, plainNumber } from './values.js';

export type DeviceValue = number | readonly number[] | readonly string[];
export type DeviceValues = Record<string, DeviceValue>;

/** Far beyond anything physical, and small enough for counts that add up to stay in 32 bits. */
const MAX_SPIKES_PER_STEP = 1e6;

/** True for parameters that hold one number per device. */
export function isScalar(spec: DeviceParameterSpec): boolean {
  return typeof spec.default === 'number';
}

/** One parameter of one device. Throws UnknownKeyError, ValueError or OffGridError. */
export function parseDeviceValue(
  model: DeviceModel,
  key: string,
  value: unknown,
  grid: TimeGrid,
): DeviceValue {
  if (!Object.hasOwn(model.parameters, key)) {
    throw new UnknownKeyError(model.name, key, Object.keys(model.parameters));
  }
  const spec = model.parameters[key]!;
  const where = `${model.name}.${key}`;
  switch (spec.type) {
    case 'number':
      return plainNumber(where, value);
    case 'rate':
      return parseRate(where, value, grid);
    case 'time':
      if (value === Number.POSITIVE_INFINITY && key !== 'origin') return value;
      grid.steps(where, plainNumber(where, value));
      return value as number;
    case 'interval':
      grid.delaySteps(where, plainNumber(where, value));
      return value as number;
    case 'names':
      return list(where, value, 'a list of recordables').map((name, i) => {
        if (typeof name !== 'string') {
          throw new ValueError(`${where}[${i}]`, name, 'the name of a recordable');
        }
        return name;
      });
    case 'times':
      return parseTimes(where, value, grid);
    case 'numbers':
      return list(where, value, 'a list of numbers').map((n, i) =>
        plainNumber(`${where}[${i}]`, n),
      );
    case 'counts':
      return list(where, value, 'a list of whole numbers').map((n, i) => {
        if (!Number.isSafeInteger(n) || (n as number) < 0 || (n as number) > MAX_SPIKES_PER_STEP) {
          const expected = `a whole number from 0 to ${MAX_SPIKES_PER_STEP}`;
          throw new ValueError(`${where}[${i}]`, n, expected);
        }
        return n as number;
      });
  }
}

function list(where: string, value: unknown, expected: string): unknown[] {
  if (!isArrayLike(value)) throw new ValueError(where, value, expected);
  return Array.from(value);
}

/** A rate in spikes/s. Throws ValueError. */
function parseRate(where: string, value: unknown, grid: TimeGrid): number {
  const rate = plainNumber(where, value);
  const highest = highestRate(grid);
  if (rate < 0 || rate > highest) {
    throw new ValueError(where, rate, `a rate from 0 to ${highest} spikes/s`);
  }
  return rate;
}

/** Finite numbers that are to be rates, one or many. Throws ValueError, which names the place within `where`. */
export function checkRates(where: string, rates: number | Float64Array, grid: TimeGrid): void {
  if (typeof rates === 'number') {
    parseRate(where, rates, grid);
    return;
  }
  const highest = highestRate(grid);
  const wrong = rates.findIndex((rate) => rate < 0 || rate > highest);
  if (wrong >= 0) parseRate(`${where}[${wrong}]`, rates[wrong], grid);
}

/** In spikes/s. */
function highestRate(grid: TimeGrid): number {
  return (MAX_SPIKES_PER_STEP * 1000) / grid.resolutionMs;
}

function parseTimes(where: string, value: unknown, grid: TimeGrid): number[] {
  const times = list(where, value, 'a list of times in ms').map((t, i) =>
    plainNumber(`${where}[${i}]`, t),
  );
  times.forEach((time, i) => {
    if (time <= 0) throw new ValueError(`${where}[${i}]`, time, 'a time > 0 in ms');
    grid.steps(`${where}[${i}]`, time);
    if (i > 0 && time < times[i - 1]!) {
      throw new ValueError(
        `${where}[${i}]`,
        time,
        `times in ascending order (the one before is ${times[i - 1]})`,
      );
    }
  });
  return times;
}

/** What a multimeter samples stays as it is once it is connected. Throws ValueError. */
export function checkChangeable(
  name: string,
  model: DeviceModel,
  key: string,
  value: unknown,
): void {
  if (model.name !== 'multimeter' || key !== 'record_from') return;
  throw new ValueError(`${name}.${key}`, value, 'to be given before the multimeter is connected');
}

/** A condition on several parameters of a device; throws BadParametersError or ValueError. */
export interface DeviceCheck {
  readonly names: readonly string[];
  readonly check: (values: DeviceValues) => void;
}

/** The conditions that parameters of a device must meet together. */
export function deviceChecks(model: DeviceModel): DeviceCheck[] {
  const own = model.name === 'spike_generator' ? TRAIN : [];
  const steps = model.name === 'step_current_generator' ? STEPS : [];
  return [...own, ...steps, ...WINDOW].map(({ names, check }) => ({
    names,
    check: (values) => check(model.name, values),
  }));
}

interface NamedCheck {
  readonly names: readonly string[];
  readonly check: (model: string, values: DeviceValues) => void;
}

/** @param optional whether the second list may be empty instead */
function sameLength(a: string, b: string, optional: boolean): NamedCheck {
  const check: NamedCheck['check'] = (model, values) => {
    const x = values[a] as readonly number[];
    const y = values[b] as readonly number[];
    if (x.length === y.length || (optional && y.length === 0)) return;
    throw new BadParametersError(model, `${a} and ${b} of the same length`, {
      [`number of ${a}`]: x.length,
      [`number of ${b}`]: y.length,
    });
  };
  return { names: [a, b], check };
}

const TRAIN = [
  sameLength('spike_times', 'spike_weights', true),
  sameLength('spike_times', 'spike_multiplicities', true),
];

const STEPS: readonly NamedCheck[] = [
  sameLength('amplitude_times', 'amplitude_values', false),
  {
    names: ['amplitude_times'],
    check: (model, values) => {
      const times = values.amplitude_times as readonly number[];
      const twice = times.findIndex((time, i) => i > 0 && time === times[i - 1]);
      if (twice < 0) return;
      const where = `${model}.amplitude_times[${twice}]`;
      throw new ValueError(where, times[twice], 'times that differ');
    },
  },
];

const WINDOW: readonly NamedCheck[] = [
  {
    names: ['start', 'stop'],
    check: (model, { start, stop }) => {
      if ((start as number) > (stop as number)) {
        throw new BadParametersError(model, 'start <= stop', { start, stop });
      }
    },
  },
];

/** The form in which virtual processes hold a device: steps; windows and spikes are shifted by origin. */
export function deviceState(model: DeviceModel, values: DeviceValues, grid: TimeGrid): DeviceState {
  const active = activeWindow(values, grid);
  const steps = (key: string): Int32Array =>
    Int32Array.from(values[key] as readonly number[], (ms) => grid.steps(key, ms));
  switch (model.name) {
    case 'poisson_generator': {
      return { model: model.name, meanPerStep: meanPerStep(values.rate as number, grid), active };
    }
    case 'spike_generator': {
      const origin = grid.steps('origin', values.origin as number);
      const all = steps('spike_times');
      const orOnes = (key: string): readonly number[] => {
        const given = values[key] as readonly number[];
        return given.length > 0 ? given : Array.from(all, () => 1);
      };
      const multiplicities = orOnes('spike_multiplicities');
      // None at all is no spike, neither for relays nor for plasticity.
      const some = (_: number, i: number): boolean => multiplicities[i]! > 0;
      return {
        model: model.name,
        // Later ones never come, and must not take more than 32 bits.
        steps: all.map((step) => Math.min(step + origin, MAX_STEP + 1)).filter(some),
        factors: Float64Array.from(orOnes('spike_weights').filter(some)),
        multiplicities: Int32Array.from(multiplicities.filter(some)),
        active,
      };
    }
    case 'dc_generator':
    case 'step_current_generator': {
      const dc = model.name === 'dc_generator';
      return {
        model: model.name,
        steps: dc ? Int32Array.of(0) : steps('amplitude_times'),
        amplitudes: Float64Array.from(
          dc ? [values.amplitude as number] : (values.amplitude_values as number[]),
        ),
        first: active.after,
        end: active.until,
      };
    }
    case 'multimeter':
      return {
        model: model.name,
        active,
        intervalSteps: grid.steps('interval', values.interval as number),
        variables: values.record_from as readonly string[],
      };
    default:
      return { model: model.name as 'spike_recorder' | 'weight_recorder', active };
  }
}

/** Expected spikes per step of a rate in spikes/s. */
export function meanPerStep(rate: number, grid: TimeGrid): number {
  return (rate * grid.resolutionMs) / 1000;
}

function activeWindow(values: DeviceValues, grid: TimeGrid): ActiveWindow {
  const origin = values.origin as number;
  const step = (ms: number): number =>
    Number.isFinite(ms)
      ? grid.steps('device time', ms) + grid.steps('origin', origin)
      : 2 * MAX_STEP;
  return { after: step(values.start as number), until: step(values.stop as number) };
}
