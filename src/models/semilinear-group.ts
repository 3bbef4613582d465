/**
 * The fast path of a group whose neurons share the parameters of a semilinear model: a step is worked out up
 * to where what arrives is added, which can be done before it is known what arrives.
 */
import type { AdaptiveModel } from '../kernel/adaptive-model.js';
import { arrivalKernel, jumpKernel } from '../kernel/arrival-kernels.js';
import type { KernelFunction } from '../kernel/compile.js';
import { type FastPath, fastPathCoefficients } from '../kernel/fast-path.js';
import { heldKernel } from '../kernel/held-kernel.js';
import { heldPhases, heldShape } from '../kernel/held-phases.js';
import { scratchLength, semilinearKernel } from '../kernel/semilinear-kernel.js';
import type { KernelTables } from './kernel-tables.js';
import { defaultsOf, type NeuronGroup, type Tile, type TileInput } from './spec.js';

/** No step has been gone ahead with. */
const NONE = -1;

export class SemilinearGroup {
  private readonly kernels: Record<string, KernelFunction>;
  /** Numbers for the parameters at hand; none if the path does not serve them. */
  private coefficients: Float64Array | undefined;
  /** Neurons that jump by what arrives, those of a tile from where it begins, as indices within it. */
  readonly jumping: Int32Array;
  /** Byte addresses. */
  private coefficientsAddress = 0;
  private readonly leftAddress: number;
  private readonly jumpingAddress: number;
  private readonly scratchAddress: number;
  /** Whether `arrive` also ends what has decayed, and must be called if nothing arrives, too. */
  readonly settles: boolean;
  /** Phases of held neurons that the kernel was made for, as text, and whether they are those of the parameters. */
  private readonly heldShape: string;
  private holds = false;
  /** How many of each tile are left to another path, in the step that was gone ahead with. */
  private readonly ahead: Int32Array;

  /**
   * @param calm values of parameters with the counters of jumps at zero, as they are when a neuron is calm
   * @param left receives which neurons are left to another path, as `jumping` has those that jump
   * @param adaptive the same model for the general path
   */
  constructor(
    private readonly group: NeuronGroup,
    private readonly model: FastPath,
    private readonly calm: (values: ReadonlyMap<string, number>) => ReadonlyMap<string, number>,
    private readonly tables: KernelTables,
    private readonly left: Int32Array,
    adaptive: AdaptiveModel,
  ) {
    const { segment, size } = group;
    const { name, parameters } = group.model;
    const defaults = new Map(Object.entries(defaultsOf(parameters)));
    this.kernels = group.compile(`${name} fast`, () => [
      semilinearKernel('advance', model, calm(defaults)),
      arrivalKernel('arrive', model),
      jumpKernel('jump', adaptive),
      heldKernel('hold', model, adaptive, calm(defaults)),
    ]);
    this.heldShape = heldShape(heldPhases(model, calm(defaults), group.resolution));
    this.ahead = new Int32Array(group.tiles.length).fill(NONE);
    this.scratchAddress = segment.allocate(8 * scratchLength(model), name);
    this.jumping = segment.allocateI32(size, name);
    this.jumpingAddress = this.jumping.byteOffset;
    this.leftAddress = left.byteOffset;
    this.settles = Object.keys(model.receives).some((variable) => variable !== model.driver);
  }

  /** Whether the path serves the group as its parameters are. */
  get serves(): boolean {
    return this.coefficients !== undefined;
  }

  /** @param values parameters of all neurons; undefined if the path does not serve them */
  refresh(values: ReadonlyMap<string, number> | undefined): void {
    const { model } = this;
    const { segment, resolution } = this.group;
    segment.release(this.coefficients);
    this.coefficients = undefined;
    if (!values) return;
    const calm = this.calm(values);
    const held = heldPhases(model, calm, resolution);
    const numbers = fastPathCoefficients(model, calm, resolution, held);
    this.holds = held.length > 0 && heldShape(held) === this.heldShape;
    this.coefficients = segment.allocateF64(numbers.length, this.group.model.name);
    this.coefficients.set(numbers);
    this.coefficientsAddress = this.coefficients.byteOffset;
  }

  /** Work out a tile's next step, as far as it does not depend on what arrives, unless that has been done. */
  goAhead(tile: Tile): void {
    if (this.ahead[tile.number] !== NONE) return;
    this.ahead[tile.number] = this.kernels.advance(
      this.tables.columnsOf(tile),
      this.coefficientsAddress,
      tile.size,
      this.leftAddress + 4 * tile.from,
      this.scratchAddress,
    );
  }

  /** End a step, but for what arrives at calm neurons; returns how many neurons are left to another path. */
  advance(input: TileInput, tile: Tile): number {
    this.goAhead(tile);
    const left = this.ahead[tile.number];
    this.ahead[tile.number] = NONE;
    return left > 0 && this.holds ? this.hold(left, input, tile) : left;
  }

  /** The step of those who are held. */
  private hold(left: number, input: TileInput, tile: Tile): number {
    const { tables } = this;
    return this.kernels.hold(
      tables.columnsOf(tile),
      tables.sharedAddress,
      this.coefficientsAddress,
      input.address,
      input.inhibitoryAddress,
      this.leftAddress + 4 * tile.from,
      left,
    );
  }

  /**
   * Add what arrives, except at the first `left` neurons that are left to another path: it is forgotten there.
   * Returns how many jump by it.
   */
  arrive(left: number, input: TileInput, tile: Tile): number {
    const { data, at, inhibitoryOffset } = input;
    this.forget(left, data, at, tile);
    if (this.group.model.input === 'signed') this.forget(left, data, at + inhibitoryOffset, tile);
    return this.kernels.arrive(
      this.tables.columnsOf(tile),
      this.coefficientsAddress,
      input.address,
      input.inhibitoryAddress,
      tile.size,
      this.jumpingAddress + 4 * tile.from,
    );
  }

  private forget(left: number, data: Float64Array, at: number, { from }: Tile): void {
    for (let j = 0; j < left; j++) data[at + this.left[from + j]] = 0;
  }

  /** Jumps of those; returns how many fire, appended at address `fired` as the general path does it. */
  jump(jumping: number, input: TileInput, tile: Tile, fired: number): number {
    const { tables } = this;
    return this.kernels.jump(
      tables.columnsOf(tile),
      tables.sharedAddress,
      input.address,
      input.inhibitoryAddress,
      this.jumpingAddress + 4 * tile.from,
      jumping,
      fired,
    );
  }
}
