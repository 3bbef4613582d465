/**
 * What kernels of neurons read beside their input: tables of the addresses of a group's state and
 * parameters, and of the quantities that follow from the parameters.
 */
import type { DerivedSpec, NeuronGroup } from './spec.js';

export class KernelTables {
  /** Names of state variables, in the order of `columns`. */
  readonly state: readonly string[];
  /** Names of parameters, then of derived ones, in the order of `parameters` and `strides`. */
  readonly names: readonly string[];
  /** Byte addresses of columns. */
  readonly columns: Int32Array;
  readonly parameters: Int32Array;
  /** Masks for the byte offset of a neuron: 0 where one value holds for all, else -1. */
  readonly strides: Int32Array;
  /** Values of the parameters that all neurons share, in the same order. */
  readonly shared: Float64Array;
  private derived: Float64Array[] = [];

  constructor(
    private readonly group: NeuronGroup,
    private readonly specs: Readonly<Record<string, DerivedSpec>>,
  ) {
    const { model, segment } = group;
    this.state = Object.keys(model.state);
    this.names = [...Object.keys(model.parameters), ...Object.keys(specs)];
    this.columns = segment.allocateI32(this.state.length, model.name);
    this.columns.set(this.state.map((name) => group.state(name).byteOffset));
    this.parameters = segment.allocateI32(this.names.length, model.name);
    this.strides = segment.allocateI32(this.names.length, model.name);
    this.shared = segment.allocateF64(this.names.length, model.name);
    this.refresh();
  }

  /** Read the parameters again. */
  refresh(): void {
    const { group } = this;
    for (const column of this.derived) group.segment.release(column);
    this.derived = Object.values(this.specs).map((spec) => this.derive(spec));
    const given = Object.keys(group.model.parameters).map((name) => group.parameter(name));
    const all = [...given, ...this.derived];
    this.parameters.set(all.map((column) => column.byteOffset));
    this.strides.set(all.map((column) => (column.length > 1 ? -1 : 0)));
    this.shared.set(all.map((column) => column[0]));
  }

  /** Whether the neurons of the group have values of their own for a parameter, given or derived. */
  differs(name: string): boolean {
    return this.strides[this.names.indexOf(name)] !== 0;
  }

  private derive({ from, value }: DerivedSpec): Float64Array {
    const { group } = this;
    const inputs = from.map((name) => group.parameter(name));
    const length = Math.max(...inputs.map((column) => column.length));
    const column = group.segment.allocateF64(length, group.model.name);
    for (let i = 0; i < length; i++) {
      const values = from.map(
        (name, j) => [name, inputs[j][inputs[j].length > 1 ? i : 0]] as const,
      );
      column[i] = value(Object.fromEntries(values), group.resolution);
    }
    return column;
  }
}
