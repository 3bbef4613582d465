/**
 * What kernels of neurons read beside their input: tables of the addresses of a group's state and
 * parameters, and of the quantities that follow from the parameters.
 */
import type { DerivedSpec, DerivedTogether, NeuronGroup, Tile, Values } from './spec.js';

export class KernelTables {
  /** Names of state variables, in the order of `columns`. */
  readonly state: readonly string[];
  /** Names of parameters, then of derived ones, in the order of `parameters` and `shared`. */
  readonly names: readonly string[];
  /** Byte addresses of columns, from where each tile begins: a table for each. */
  private readonly columns: Int32Array;
  private readonly parameters: Int32Array;
  /** Values of the parameters that all neurons share, in the same order. */
  readonly shared: Float64Array;
  /** Byte addresses of these three: V8 tells the `byteOffset` of an array by a call, 9 ns each time. */
  private readonly columnsAddress: number;
  private readonly parametersAddress: number;
  readonly sharedAddress: number;
  /** Bytes of a tile's tables. */
  private readonly columnsBytes: number;
  private readonly parametersBytes: number;
  private derived: Float64Array[] = [];
  /** Columns by what they are derived by, and what they were derived from. */
  private readonly made = new Map<object, { from: Float64Array[]; columns: Float64Array[] }>();
  private differing: ReadonlySet<string> = new Set();

  constructor(
    private readonly group: NeuronGroup,
    private readonly specs: Readonly<Record<string, DerivedSpec>>,
    private readonly together?: DerivedTogether,
  ) {
    const { model, segment } = group;
    this.state = Object.keys(model.state);
    this.names = [...Object.keys(model.parameters), ...this.derivedNames()];
    const tables = group.tiles.length;
    this.columns = segment.allocateI32(tables * this.state.length, model.name);
    this.parameters = segment.allocateI32(tables * this.names.length, model.name);
    const states = this.state.map((name) => group.state(name).byteOffset);
    for (const { number, from } of group.tiles) {
      this.columns.set(
        states.map((address) => address + 8 * from),
        number * states.length,
      );
    }
    this.shared = segment.allocateF64(this.names.length, model.name);
    this.columnsAddress = this.columns.byteOffset;
    this.parametersAddress = this.parameters.byteOffset;
    this.sharedAddress = this.shared.byteOffset;
    this.columnsBytes = 4 * this.state.length;
    this.parametersBytes = 4 * this.names.length;
    this.refresh();
  }

  /** Read the parameters again. */
  refresh(): void {
    const { group } = this;
    this.derived = this.derive();
    const given = Object.keys(group.model.parameters).map((name) => group.parameter(name));
    const all = [...given, ...this.derived];
    for (const { number, from } of group.tiles) {
      const own = all.map(({ byteOffset, length }) => byteOffset + (length > 1 ? 8 * from : 0));
      this.parameters.set(own, number * own.length);
    }
    this.differing = new Set(this.names.filter((_, i) => all[i].length > 1));
    this.shared.set(all.map((column) => column[0]));
  }

  /** Byte addresses of a tile's tables. */
  columnsOf({ number }: Tile): number {
    return this.columnsAddress + this.columnsBytes * number;
  }
  parametersOf({ number }: Tile): number {
    return this.parametersAddress + this.parametersBytes * number;
  }

  /** Whether the neurons of the group have values of their own for a parameter, given or derived. */
  differs(name: string): boolean {
    return this.differing.has(name);
  }

  private derivedNames(): string[] {
    return [...Object.keys(this.specs), ...(this.together?.names ?? [])];
  }

  private derive(): Float64Array[] {
    const single = Object.values(this.specs).flatMap((spec) => {
      const { from, value } = spec;
      return this.derivedBy(spec, 1, from, (values, h) => [value(values, h)]);
    });
    const { together } = this;
    if (!together) return single;
    const { names, from, values } = together;
    return [...single, ...this.derivedBy(together, names.length, from, values)];
  }

  /**
   * Columns of `count` quantities, the same as before if nothing they depend on has changed: one value for
   * all neurons if the parameters have one for all.
   */
  private derivedBy(
    spec: object,
    count: number,
    from: readonly string[],
    compute: (values: Values, resolution: number) => readonly number[],
  ): Float64Array[] {
    const { segment, model, resolution } = this.group;
    const inputs = from.map((name) => this.group.parameter(name));
    const known = this.made.get(spec);
    if (known?.from.every((column, i) => column === inputs[i])) return known.columns;
    for (const column of known?.columns ?? []) segment.release(column);
    const lengths = inputs.map((column) => column.length);
    // A worker may own none of a population whose neurons are not alike.
    const length = lengths.includes(0) ? 0 : Math.max(1, ...lengths);
    const columns = Array.from({ length: count }, () => segment.allocateF64(length, model.name));
    for (let i = 0; i < length; i++) {
      const given = from.map((name, j) => [name, inputs[j][inputs[j].length > 1 ? i : 0]] as const);
      const values = compute(Object.fromEntries(given), resolution);
      columns.forEach((column, j) => {
        column[i] = values[j];
      });
    }
    this.made.set(spec, { from: inputs, columns });
    return columns;
  }
}
