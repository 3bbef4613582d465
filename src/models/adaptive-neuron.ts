/**
 * Kernels of neurons whose equations are integrated by RKF45 with an adaptive sub-step: the fast
 * path for whoever is calm and alike, the general one for all others.
 */
import { NumericalInstabilityError } from '../errors/index.js';
import type { KernelFunction } from '../kernel/compile.js';
import { parseCondition, parseEquation } from '../kernel/equation.js';
import { adaptiveKernel, FIRED_WORDS, type JumpScope } from '../kernel/rkf45-kernel.js';
import {
  type FastPath,
  fastPathCoefficients,
  semilinearKernel,
} from '../kernel/semilinear-kernel.js';
import type { DerivedSpec, NeuronGroup, NeuronKernel, NeuronModel } from './spec.js';

/** The dynamics of a model, as its file states them. */
export interface AdaptiveDynamics {
  /** Abbreviations used in the equations. */
  readonly definitions: Readonly<Record<string, string>>;
  /** Time derivatives per ms of state variables. */
  readonly derivatives: Readonly<Record<string, string>>;
  /** State variable that holds the suggested sub-step. */
  readonly suggestion: string;
  /** Parameter: component i of an error estimate may be tolerance * (1 + |change in the sub-step|). */
  readonly tolerance: string;
  readonly bounds: Readonly<Record<string, readonly [low: number, high: number]>>;
  readonly derived: Readonly<Record<string, DerivedSpec>>;
  readonly afterSubstep: (scope: JumpScope) => void;
  readonly afterStep: (scope: JumpScope) => void;
  /** Present if the model is semilinear while it is calm. */
  readonly fast?: {
    /** Variable that the exponential and the input act on, and the parameter it stays below. */
    readonly driver: string;
    readonly ceiling: string;
    /** No jump is under way. */
    readonly calm: string;
    /** Whether the fast path serves these parameters at all. */
    readonly applies: (values: Readonly<Record<string, number>>) => boolean;
  };
}

export function adaptiveNeuron(dynamics: AdaptiveDynamics): (group: NeuronGroup) => NeuronKernel {
  return (group) => new AdaptiveNeuronKernel(group, dynamics);
}

function parsed(texts: Readonly<Record<string, string>>) {
  return new Map(Object.entries(texts).map(([name, text]) => [name, parseEquation(text)] as const));
}

function fastPath(model: NeuronModel, dynamics: AdaptiveDynamics): FastPath | undefined {
  const { fast, derivatives, definitions, suggestion, tolerance, bounds } = dynamics;
  return (
    fast && {
      derivatives: parsed(derivatives),
      definitions: parsed(definitions),
      driver: fast.driver,
      columns: Object.keys(model.state),
      suggestion,
      calm: parseCondition(fast.calm),
      ceiling: fast.ceiling,
      tolerance,
      bounds: new Map(Object.entries(bounds)),
    }
  );
}

class AdaptiveNeuronKernel implements NeuronKernel {
  private readonly general: KernelFunction;
  private readonly fast: KernelFunction | undefined;
  private readonly fastModel: FastPath | undefined;
  /** Names of parameters and derived ones, in the order of the kernel's tables. */
  private readonly names: readonly string[];
  private readonly columnTable: Int32Array;
  private readonly parameterTable: Int32Array;
  private readonly strides: Int32Array;
  private readonly step: Float64Array;
  private readonly list: Int32Array;
  private readonly fired: Int32Array;
  private derivedColumns: Float64Array[] = [];
  private coefficients: Float64Array | undefined;

  constructor(
    private readonly group: NeuronGroup,
    private readonly dynamics: AdaptiveDynamics,
  ) {
    const { model, segment, size } = group;
    const columns = Object.keys(model.state);
    this.names = [...Object.keys(model.parameters), ...Object.keys(dynamics.derived)];
    this.fastModel = fastPath(model, dynamics);
    const { general, fast } = group.compile(model.name, () => this.kernels(columns));
    this.general = general;
    this.fast = fast;
    this.columnTable = segment.allocateI32(columns.length, model.name);
    this.columnTable.set(columns.map((name) => group.state(name).byteOffset));
    this.parameterTable = segment.allocateI32(this.names.length, model.name);
    this.strides = segment.allocateI32(this.names.length, model.name);
    this.step = segment.allocateF64(1, model.name);
    this.step[0] = group.resolution;
    this.list = segment.allocateI32(size, model.name);
    this.fired = segment.allocateI32(size * FIRED_WORDS, model.name);
    this.refresh();
  }

  private kernels(columns: readonly string[]) {
    const { dynamics, fastModel, group } = this;
    const { suggestion, tolerance, afterSubstep, afterStep } = dynamics;
    const general = adaptiveKernel('general', {
      derivatives: parsed(dynamics.derivatives),
      definitions: parsed(dynamics.definitions),
      bounds: new Map(Object.entries(dynamics.bounds)),
      parameters: this.names,
      columns,
      suggestion,
      tolerance,
      afterSubstep,
      afterStep,
    });
    if (!fastModel) return [general];
    const { parameters } = group.model;
    const defaults = new Map(
      Object.entries(parameters).map(([name, spec]) => [name, spec.default]),
    );
    return [general, semilinearKernel('fast', fastModel, this.calmValues(defaults))];
  }

  /** Parameters with the counters of jumps at zero, as they are when a neuron is calm. */
  private calmValues(parameters: ReadonlyMap<string, number>): Map<string, number> {
    const integrated = Object.keys(this.dynamics.derivatives);
    const { state } = this.group.model;
    const counters = Object.keys(state).filter(
      (n) => !integrated.includes(n) && state[n].unit === 'steps',
    );
    return new Map([...parameters, ...counters.map((name) => [name, 0] as const)]);
  }

  refresh(): void {
    const { group, dynamics } = this;
    const { segment, model, resolution } = group;
    for (const column of this.derivedColumns) segment.release(column);
    this.derivedColumns = Object.values(dynamics.derived).map(({ from, value }) => {
      const inputs = from.map((name) => group.parameter(name));
      const length = Math.max(...inputs.map((column) => column.length));
      const column = segment.allocateF64(length, model.name);
      for (let i = 0; i < length; i++) {
        const values = from.map(
          (name, j) => [name, inputs[j][inputs[j].length > 1 ? i : 0]] as const,
        );
        column[i] = value(Object.fromEntries(values), resolution);
      }
      return column;
    });
    const given = Object.keys(model.parameters).map((name) => group.parameter(name));
    const columns = [...given, ...this.derivedColumns];
    this.parameterTable.set(columns.map((column) => column.byteOffset));
    this.strides.set(columns.map((column) => (column.length > 1 ? -1 : 0)));
    this.refreshFastPath(given);
  }

  /** The fast path serves groups whose neurons all have the same parameters. */
  private refreshFastPath(columns: readonly Float64Array[]): void {
    const { group, dynamics, fastModel } = this;
    group.segment.release(this.coefficients);
    this.coefficients = undefined;
    const values = Object.keys(group.model.parameters).map(
      (name, j) => [name, columns[j][0]] as const,
    );
    // Not by the columns' lengths: a worker may own one neuron of a population that is not alike.
    const alike = Object.keys(group.model.parameters).every((name) => group.isShared(name));
    if (!fastModel || !alike || !dynamics.fast?.applies(Object.fromEntries(values))) return;
    const numbers = fastPathCoefficients(
      fastModel,
      this.calmValues(new Map(values)),
      group.resolution,
    );
    this.coefficients = group.segment.allocateF64(numbers.length, group.model.name);
    this.coefficients.set(numbers);
  }

  update(step: number, input: Float64Array, inputAt: number): void {
    const { group, list, fired, columnTable } = this;
    const inputAddress = input.byteOffset + 8 * inputAt;
    let listed = group.size;
    if (this.fast && this.coefficients) {
      const coefficients = this.coefficients.byteOffset;
      listed = this.fast(
        columnTable.byteOffset,
        coefficients,
        inputAddress,
        group.size,
        list.byteOffset,
      );
      if (listed === 0) return;
    } else {
      for (let i = 0; i < group.size; i++) list[i] = i;
    }
    const count = this.general(
      columnTable.byteOffset,
      this.parameterTable.byteOffset,
      this.strides.byteOffset,
      inputAddress,
      list.byteOffset,
      listed,
      fired.byteOffset,
      this.step.byteOffset,
    );
    if (count < 0) this.fail(-count - 1, step);
    for (let j = 0; j < count; j++) {
      group.emit(fired[FIRED_WORDS * j], fired[FIRED_WORDS * j + 1]);
    }
  }

  private fail(index: number, step: number): never {
    const { group, dynamics } = this;
    const names = Object.keys(dynamics.bounds);
    const values = Object.fromEntries(names.map((name) => [name, group.state(name)[index]]));
    throw new NumericalInstabilityError(group.model.name, group.nodeId(index), step, values);
  }
}
