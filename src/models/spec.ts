/**
 * What a model states about itself: names, units, defaults, checks. Validation, get and set,
 * recording, storage and documentation follow from these tables. The equations stand in the
 * model's own file, next to its tables.
 */
import { BadParametersError } from '../errors/index.js';
import type { KernelFunction } from '../kernel/compile.js';
import type { Kernel } from '../kernel/ir.js';
import type { Segment } from '../memory/segment.js';

/** A parameter value as stored: flags are 1 and 0. */
export type Values = Readonly<Record<string, number>>;

export interface QuantitySpec {
  readonly default: number;
  /** Unit as printed, '' for pure numbers. */
  readonly unit: string;
  readonly doc: string;
  /** Given and shown as true/false. */
  readonly flag?: boolean;
}

export interface StateSpec extends QuantitySpec {
  readonly settable?: boolean;
  readonly recordable?: boolean;
}

/** A condition on parameters; `names` are those it speaks of. */
export interface Check {
  readonly requires: string;
  readonly names: readonly string[];
  readonly holds: (values: Values) => boolean;
}

/** Ranges of state variables beyond which a neuron is unstable. */
export type Bounds = Readonly<Record<string, readonly [low: number, high: number]>>;

/** Any number but the infinite ones. */
export const FINITE: readonly [low: number, high: number] = [-Number.MAX_VALUE, Number.MAX_VALUE];

/** What a target remembers for plastic synapses: its filtered voltages, or its spikes. */
export type ArchiveKind = 'clopath' | 'spikes';

/** How spikes that arrive add up: their number, their summed weight, or by sign of the weight. */
export type InputKind = 'count' | 'sum' | 'signed';

/** A quantity that follows from parameters and resolution, for use in jumps. */
export interface DerivedSpec {
  readonly from: readonly string[];
  readonly value: (values: Values, resolution: number) => number;
}

/** Several of them that are computed together. */
export interface DerivedTogether {
  readonly names: readonly string[];
  readonly from: readonly string[];
  /** In the order of the names. */
  readonly values: (values: Values, resolution: number) => readonly number[];
}

/** A model in words and equations, for readers, in Markdown. */
export interface Description {
  /** What it is, and where it comes from. */
  readonly about: string;
  /** Abbreviations in the equations. */
  readonly definitions?: Readonly<Record<string, string>>;
  /** Time derivatives per ms of state variables. */
  readonly equations: Readonly<Record<string, string>>;
  /** What else happens in a step of the grid, in order. */
  readonly step: readonly string[];
}

export interface NeuronModel extends Description {
  readonly kind: 'neuron';
  readonly name: string;
  /** In one line. */
  readonly doc: string;
  readonly parameters: Readonly<Record<string, QuantitySpec>>;
  readonly state: Readonly<Record<string, StateSpec>>;
  readonly checks: readonly Check[];
  readonly input: InputKind;
  /** Unit of the weights of synapses onto it, '' for pure numbers. */
  readonly weightUnit: string;
  /** Takes currents (I_stim); otherwise current devices cannot be connected to it. */
  readonly takesCurrent: boolean;
  /** An archive that it can keep beside that of its spikes, which every neuron can. */
  readonly archive?: 'clopath';
  readonly kernel: (group: NeuronGroup) => NeuronKernel;
}

/** Some nodes of a group, one after the other, that are taken through the steps of a slice together. */
export interface Tile {
  /** Of the group's tiles, from 0. */
  readonly number: number;
  /** Index within the group of its first node; even. */
  readonly from: number;
  readonly size: number;
}

/** Everything of one worker's part of a population that a kernel needs. */
export interface NeuronGroup {
  readonly model: NeuronModel;
  /** Number of nodes of the group that this worker owns. */
  readonly size: number;
  readonly tiles: readonly Tile[];
  readonly resolution: number;
  /** Column of a state variable: one value per node of the group. */
  state(name: string): Float64Array;
  /** Column of a parameter: one value per node if they differ, else a single one. */
  parameter(name: string): Float64Array;
  /** Whether all nodes of the population, on all workers, were given one value. */
  isShared(parameter: string): boolean;
  /** Where the columns are. */
  readonly segment: Segment;
  /** The functions of kernels on that segment; made once per set. */
  compile(set: string, kernels: () => readonly Kernel[]): Record<string, KernelFunction>;
  nodeId(index: number): number;
  /** Emission of `multiplicity` spikes by node `index` in the present step. */
  emit(index: number, multiplicity: number): void;
}

/** What arrives at a tile in the present step, and where it is; the same object in all steps. */
export interface TileInput {
  /**
   * `data[at + i]` is what arrives at node i of the tile (for 'signed' input: the positive weights; the others are at
   * `at + inhibitoryOffset + i`).
   */
  readonly data: Float64Array;
  readonly at: number;
  readonly inhibitoryOffset: number;
  /** Byte address of node 0's number, and of the other one. */
  readonly address: number;
  readonly inhibitoryAddress: number;
  /** For 'count' input: nodes at which anything arrives, ascending, as `arrived[from]` to `arrived[to - 1]`. */
  readonly arrived: Int32Array;
  readonly from: number;
  readonly to: number;
  /** What to subtract from those to have indices within the tile. */
  readonly firstLocal: number;
  /** If not, all input of other kinds than 'count' is 0. */
  readonly filled: boolean;
}

/**
 * Advances a group, tile by tile. Created once per group; parameters are read again when `refresh` is called.
 */
export interface NeuronKernel {
  /**
   * Work out as much of a tile's next step as does not depend on what arrives in it. `update` does what is left, or
   * all: it makes no difference to a result. Between the two, nothing of the tile may change.
   */
  goAhead?(tile: Tile): void;
  /** Integrate a tile from step - 1 to step. */
  update(step: number, input: TileInput, tile: Tile): void;
  refresh(): void;
}

/** A model whose nodes exist on every worker and keep no state between workers. */
export interface DeviceModel {
  readonly kind: 'generator' | 'recorder';
  readonly name: string;
  readonly doc: string;
  readonly parameters: Readonly<Record<string, DeviceParameterSpec>>;
  /** What a generator sends. */
  readonly emits?: 'spikes' | 'current';
}

export interface DeviceParameterSpec {
  readonly default: number | readonly number[] | readonly string[];
  readonly unit: string;
  readonly doc: string;
  /** number: any finite; rate: finite and >= 0; times: grid times, ascending; names: words. */
  readonly type: 'number' | 'rate' | 'time' | 'times' | 'numbers' | 'counts' | 'names' | 'interval';
}

export interface SynapseModel {
  readonly name: string;
  readonly doc: string;
  /** Beside weight and delay, which every synapse has. */
  readonly parameters: Readonly<Record<string, QuantitySpec>>;
  readonly checks: readonly Check[];
  /** The archive that its targets must keep, if it is plastic. */
  readonly archive?: ArchiveKind;
}

/** Default values, by name. */
export function defaultsOf<T>(
  specs: Readonly<Record<string, { readonly default: T }>>,
): Record<string, T> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.default]));
}

export const POSITIVE = (name: string): Check => ({
  requires: `${name} > 0`,
  names: [name],
  holds: (v) => v[name] > 0,
});

export const NOT_NEGATIVE = (name: string): Check => ({
  requires: `${name} >= 0`,
  names: [name],
  holds: (v) => v[name] >= 0,
});

/** Throws BadParametersError for the first check that fails. */
export function runChecks(
  model: string,
  checks: readonly Check[],
  values: Values,
  node?: number,
): void {
  for (const check of checks) {
    if (check.holds(values)) continue;
    const given = Object.fromEntries(check.names.map((name) => [name, values[name]]));
    throw new BadParametersError(model, check.requires, given, node);
  }
}
