/**
 * Values of the nodes of a population as an experiment gives them, interval after interval: what
 * `create` and `set` of a simulation would refuse is told, all of it, and nothing is drawn.
 */
import { UnknownKeyError } from '../../errors/index.js';
import type { NodeModel } from '../../models/registry.js';
import { type DeviceModel, defaultsOf, type NeuronModel } from '../../models/spec.js';
import {
  checkChangeable,
  checkRates,
  type DeviceCheck,
  type DeviceValue,
  deviceChecks,
  isScalar,
  parseDeviceValue,
} from '../../simulation/device-values.js';
import { isListOfLists } from '../../simulation/devices.js';
import { settableNames } from '../../simulation/model-registry.js';
import { checkNeuronKeys, checkNeuronValues } from '../../simulation/node-registry.js';
import { isArrayLike, isDrawn, statedValues } from '../../simulation/values.js';
import type { TimeGrid } from '../../units/index.js';
import type { PlacedErrors, Places } from '../placement.js';
import { numbersOf, type Params, type ParamValue } from '../values.js';
import { independent } from './independent.js';

/** Where in the network the nodes are. */
export interface Block {
  readonly size: number;
  readonly firstId: number;
}

export interface NodeValues {
  create(given: Params, places: Places): void;
  set(given: Params, places: Places): void;
  /** Rates that a stimulus sets, one for each node; the highest of them are these. */
  setRates(highest: readonly number[], path: string): void;
}

export interface CheckedPopulation {
  readonly model: NodeModel;
  readonly block: Block;
  readonly values: NodeValues;
}

/** By name; those whose model nobody knows are left out. */
export type CheckedPopulations = ReadonlyMap<string, CheckedPopulation>;

export function nodeValues(
  model: NodeModel,
  block: Block,
  grid: TimeGrid,
  errors: PlacedErrors,
): NodeValues {
  return model.kind === 'neuron'
    ? new NeuronValues(model, block, errors)
    : new DeviceColumns(model, block.size, grid, errors);
}

/** One number for all nodes or one each; undefined if it is drawn, or not what it should be. */
type Known = number | Float64Array | undefined;

class NeuronValues implements NodeValues {
  private readonly parameters: Record<string, Known>;

  constructor(
    private readonly model: NeuronModel,
    private readonly block: Block,
    private readonly errors: PlacedErrors,
  ) {
    this.parameters = defaultsOf(model.parameters);
  }

  create(given: Params, places: Places): void {
    this.take(given, places, defaultsOf(this.model.state));
  }

  set(given: Params, places: Places): void {
    this.take(given, places, {});
  }

  setRates(_highest: readonly number[], path: string): void {
    checkRateKey(this.model, path, this.errors);
    this.parameters.rate = undefined;
  }

  /** @param state what is known of the state beside what is given */
  private take(given: Params, places: Places, state: Readonly<Record<string, Known>>): void {
    const { model, block, errors } = this;
    const taken: Record<string, Known> = {};
    for (const [key, value] of Object.entries(numbersOf(given))) {
      taken[key] = errors.try(places, () => this.value(key, value));
      if (key in model.parameters) this.parameters[key] = taken[key];
    }
    const values = { ...state, ...taken, ...this.parameters };
    independent(model.checks, given, (check) =>
      errors.holds(places, () => checkNeuronValues(model.name, [check], values, block.firstId)),
    );
  }

  private value(key: string, value: ParamValue): Known {
    const { name, parameters } = this.model;
    checkNeuronKeys(name, this.model, [key]);
    const spec = parameters[key] ?? {};
    if (isDrawn(value, spec)) return undefined;
    return statedValues(`${name}.${key}`, value, this.block.size, spec);
  }
}

/** One value for all devices, or one each. */
type Column = { readonly all: DeviceValue } | { readonly each: readonly DeviceValue[] };

/** A number that nobody knows yet: nothing is wrong with it. */
const DRAWN: Column = { all: Number.NaN };

class DeviceColumns implements NodeValues {
  /** Undefined where it is not what it should be. */
  private readonly columns: Record<string, Column | undefined>;

  constructor(
    private readonly model: DeviceModel,
    private readonly size: number,
    private readonly grid: TimeGrid,
    private readonly errors: PlacedErrors,
  ) {
    const defaults = Object.entries(defaultsOf(model.parameters));
    this.columns = Object.fromEntries(defaults.map(([name, all]) => [name, { all }]));
  }

  create(given: Params, places: Places): void {
    for (const [key, value] of Object.entries(numbersOf(given))) {
      this.columns[key] = this.errors.try(places, () => this.column(key, value));
    }
    const known = ({ names }: DeviceCheck) => names.every((name) => this.columns[name]);
    independent(deviceChecks(this.model).filter(known), given, ({ names, check }) =>
      this.errors.holds(places, () => {
        for (const device of this.devices(names)) check(device);
      }),
    );
  }

  set(given: Params, places: Places): void {
    const changeable = Object.entries(given).filter(([key, value]) =>
      this.errors.holds(places, () => checkChangeable(this.model.name, this.model, key, value)),
    );
    this.create(Object.fromEntries(changeable), places);
  }

  setRates(highest: readonly number[], path: string): void {
    const { model, errors, grid } = this;
    if (!checkRateKey(model, path, errors)) return;
    const where = `${model.name}.rate`;
    errors.at(path, () => {
      for (const rate of highest) checkRates(where, rate, grid);
    });
  }

  private column(key: string, value: ParamValue): Column {
    const { model, size, grid } = this;
    const parse = (one: unknown) => parseDeviceValue(model, key, one, grid);
    const spec = model.parameters[key];
    if (spec === undefined) return { all: parse(value) };
    if (!isScalar(spec)) {
      const perDevice = isListOfLists(value) && value.length === size;
      return perDevice ? { each: Array.from(value, parse) } : { all: parse(value) };
    }
    if (isDrawn(value, {})) return DRAWN;
    if (!isArrayLike(value)) return { all: parse(value) };
    const stated = statedValues(`${model.name}.${key}`, value, size, {});
    return typeof stated === 'number'
      ? { all: parse(stated) }
      : { each: Array.from(stated, parse) };
  }

  /** The values of these names, device by device where they differ. */
  private *devices(names: readonly string[]): Iterable<Record<string, DeviceValue>> {
    const columns = names.map((name) => [name, this.columns[name]!] as const);
    const devices = columns.some(([, column]) => 'each' in column) ? this.size : 1;
    for (let i = 0; i < devices; i++) {
      yield Object.fromEntries(
        columns.map(([name, column]) => [name, 'each' in column ? column.each[i]! : column.all]),
      );
    }
  }
}

/** Whether the nodes have a rate that can be set; says so if not. */
function checkRateKey(model: NodeModel, path: string, errors: PlacedErrors): boolean {
  const known = model.kind === 'neuron' ? settableNames(model) : Object.keys(model.parameters);
  return errors.holds([{ path, given: {} }], () => {
    if (!known.includes('rate')) throw new UnknownKeyError(path, 'rate', known);
  });
}
