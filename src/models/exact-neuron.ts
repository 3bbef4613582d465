/**
 * Kernels of neurons that are integrated exactly from one grid step to the next, two at a time. Each
 * neuron's step is a function of its own state, input and parameters alone.
 */
import { KernelBuilder } from '../kernel/builder.js';
import type { KernelFunction } from '../kernel/compile.js';
import { type F64, f64, int, type Kernel, type Mask } from '../kernel/ir.js';
import { instability } from './instability.js';
import { KernelTables } from './kernel-tables.js';
import type {
  Bounds,
  DerivedSpec,
  DerivedTogether,
  NeuronGroup,
  NeuronKernel,
  Tile,
  TileInput,
} from './spec.js';

/** A neuron at the beginning of a step. */
export interface ExactScope<P extends string = string> {
  readonly k: KernelBuilder;
  readonly state: Readonly<Record<string, F64>>;
  readonly parameters: Readonly<Record<P, F64>>;
  /** What arrives in this step; of signed input, the positive weights. */
  readonly input: F64;
  /** The other weights of signed input; otherwise 0. */
  readonly inhibitoryInput: F64;
}

/** The same neuron at the end of the step. */
export interface ExactStep {
  /** New values of the state variables that change. */
  readonly state: Readonly<Record<string, F64>>;
  /** Neurons that fire in this step. */
  readonly fired: Mask;
}

/** The dynamics of a model, as its file states them. */
export interface ExactDynamics<P extends string = string> {
  readonly derived: Readonly<Record<string, DerivedSpec>>;
  /** Further derived parameters, such as all coefficients of a matrix. */
  readonly propagators?: DerivedTogether;
  /** The parameters that a step reads, given or derived. */
  readonly reads: readonly P[];
  readonly step: (scope: ExactScope<P>) => ExactStep;
  /** Ranges of state variables beyond which a run ends. */
  readonly bounds?: Bounds;
}

export function exactNeuron<P extends string>(
  dynamics: ExactDynamics<P>,
): (group: NeuronGroup) => NeuronKernel {
  return (group) => new ExactNeuronKernel(group, dynamics as ExactDynamics);
}

class ExactNeuronKernel implements NeuronKernel {
  private readonly tables: KernelTables;
  private readonly fired: Int32Array;
  /** Byte addresses of the lists of neurons that fire, and of those that are unstable. */
  private readonly firedAddress: number;
  private readonly unstableAddress: number;
  private advance!: KernelFunction;

  constructor(
    private readonly group: NeuronGroup,
    private readonly dynamics: ExactDynamics,
  ) {
    this.tables = new KernelTables(group, dynamics.derived, dynamics.propagators);
    this.fired = group.segment.allocateI32(group.size, group.model.name);
    this.firedAddress = this.fired.byteOffset;
    this.unstableAddress = group.segment.allocate(
      4 * (dynamics.bounds ? group.size : 1),
      group.model.name,
    );
    this.chooseKernel();
  }

  refresh(): void {
    this.tables.refresh();
    this.chooseKernel();
  }

  private chooseKernel(): void {
    const { group, dynamics, tables } = this;
    const each = dynamics.reads.filter((name) => tables.differs(name));
    const set = [group.model.name, 'advance', ...each].join(' ');
    this.advance = group.compile(set, () => [this.kernel(new Set(each))]).advance;
  }

  /**
   * Kernel (columns, parameters, shared, input, inhibitory, count, fired, unstable) -> number of
   * neurons that fired, or -(i + 1) if neuron i is the first that is unstable. `columns` and
   * `parameters` are tables of addresses, `shared` the address of the values that hold for all;
   * `fired` and `unstable` receive who is, ascending.
   */
  private kernel(each: ReadonlySet<string>): Kernel {
    const { dynamics, tables, group } = this;
    const k = new KernelBuilder('advance', 2);
    const columnTable = k.parameter('columns');
    const parameterTable = k.parameter('parameters');
    const shared = k.parameter('shared');
    const input = k.parameter('input');
    const inhibitory = k.parameter('inhibitory');
    const count = k.parameter('count');
    const list = k.parameter('fired');
    const unstableList = k.parameter('unstable');
    const listed = k.letInt(0);
    const unstable = k.letInt(0);
    const columns = tables.state.map((_, i) => k.loadInt(columnTable.add(4 * i)));
    const number = (name: string): number => tables.names.indexOf(name);
    const addresses = new Map(
      [...each].map((name) => [name, k.loadInt(parameterTable.add(4 * number(name)))] as const),
    );
    k.each(count, (at) => {
      const { state, fired } = dynamics.step({
        k,
        state: Object.fromEntries(tables.state.map((n, i) => [n, k.load(columns[i].add(at))])),
        parameters: Object.fromEntries(
          dynamics.reads.map((name) => {
            const own = addresses.get(name);
            return [name, own ? k.load(own.add(at)) : k.loadAll(shared, 8 * number(name))];
          }),
        ),
        input: k.load(input.add(at)),
        inhibitoryInput: group.model.input === 'signed' ? k.load(inhibitory.add(at)) : f64(0),
      });
      for (const [name, value] of Object.entries(state)) {
        k.store(columns[tables.state.indexOf(name)].add(at), value);
      }
      k.append(fired, at, count, list, listed);
      if (dynamics.bounds) {
        k.append(outside(dynamics.bounds, state), at, count, unstableList, unstable);
      }
    });
    k.ifInt(int(0).lt(unstable), () => k.setInt(listed, k.loadInt(unstableList).mul(-1).sub(1)));
    return k.finish(listed);
  }

  update(step: number, input: TileInput, tile: Tile): void {
    const { group, tables, fired, dynamics } = this;
    const { from } = tile;
    const count = this.advance(
      tables.columnsOf(tile),
      tables.parametersOf(tile),
      tables.sharedAddress,
      input.address,
      input.inhibitoryAddress,
      tile.size,
      this.firedAddress,
      this.unstableAddress,
    );
    if (count < 0) throw instability(group, dynamics.bounds!, from - count - 1, step);
    for (let j = 0; j < count; j++) group.emit(from + fired[j], 1);
  }
}

/** Where a state variable that changes has left its range, or is not a number. */
function outside(bounds: Bounds, state: Readonly<Record<string, F64>>): Mask {
  const inside = Object.entries(bounds)
    .filter(([name]) => Object.hasOwn(state, name))
    .map(([name, [low, high]]) => state[name].ge(low).and(state[name].le(high)));
  return inside.reduce((all, one) => all.and(one), f64(0).eq(0)).not();
}
