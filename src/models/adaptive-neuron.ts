/**
 * Kernels of neurons whose equations are integrated by RKF45 with an adaptive sub-step. The general
 * path serves all; those whom a whole step suffices take a quicker one, if the model has it: the
 * fast path of semilinear models, or the whole-step path of those whose jumps have no branches.
 */

import type { AdaptiveModel, EndScope, JumpScope } from '../kernel/adaptive-model.js';
import type { KernelFunction } from '../kernel/compile.js';
import { type Equation, namesIn, parseCondition, parseEquation } from '../kernel/equation.js';
import type { FastPath } from '../kernel/fast-path.js';
import { adaptiveKernel, FIRED_WORDS, LANES } from '../kernel/rkf45-kernel.js';
import { type ErrorControl, Scratch } from '../kernel/substep-code.js';
import {
  LEAST_HELD_STEPS,
  UPSTROKE_PARAMETERS,
  type UpstrokeModel,
  upstrokeDependsOn,
  upstrokeOf,
  upstrokeParameters,
} from '../kernel/upstroke-model.js';
import { wholeStepKernel } from '../kernel/whole-step-kernel.js';
import { instability } from './instability.js';
import { KernelTables } from './kernel-tables.js';
import { SemilinearGroup } from './semilinear-group.js';
import {
  type Bounds,
  type DerivedSpec,
  type DerivedTogether,
  FINITE,
  type NeuronGroup,
  type NeuronKernel,
  type NeuronModel,
  type Tile,
  type TileInput,
  type Values,
} from './spec.js';

/** The dynamics of a model, as its file states them. */
export interface AdaptiveDynamics {
  /** Abbreviations used in the equations. */
  readonly definitions: Readonly<Record<string, string | Equation>>;
  /** Time derivatives per ms of state variables. */
  readonly derivatives: Readonly<Record<string, string | Equation>>;
  /** State variable that holds the suggested sub-step. */
  readonly suggestion: string;
  readonly errorControl: ErrorControl;
  /** Ranges of state variables; a run ends where one is left by a sub-step or jump. */
  readonly bounds: Bounds;
  readonly derived: Readonly<Record<string, DerivedSpec>>;
  readonly afterSubstep?: (scope: JumpScope) => void;
  readonly afterStep: (scope: EndScope) => void;
  /**
   * Whether `afterSubstep` or `afterStep` has branches (`k.if`). Without them both can be done for
   * several neurons at once, on the whole-step path.
   */
  readonly branches: boolean;
  /** Present if the model is semilinear while it is calm. */
  readonly fast?: {
    /** Variable that the exponential acts on, and the parameter it stays below. */
    readonly driver: string;
    readonly ceiling: string;
    /** Parameters that decide whether it is these two, and for which of their values it is. */
    readonly ceilingIf: {
      readonly names: readonly string[];
      readonly holds: (values: Values) => boolean;
    };
    /**
     * Parameters that decide for how many steps after a spike the driver is held (its slope is 0), and the number; 0
     * if something depends on how far beyond the ceiling it was.
     */
    readonly heldFor: {
      readonly names: readonly string[];
      readonly steps: (values: Values, resolution: number) => number;
    };
    /** What arrives is added to these variables, at the end of the step. */
    readonly receives: FastPath['receives'];
    /** No jump is under way: counters are 0. */
    readonly calm: string;
    /** Whether the fast path serves these parameters at all. */
    readonly applies: (values: Values) => boolean;
  };
}

export function adaptiveNeuron(dynamics: AdaptiveDynamics): (group: NeuronGroup) => NeuronKernel {
  return (group) => new AdaptiveNeuronKernel(group, dynamics);
}

function parsed(given: Readonly<Record<string, string | Equation>>) {
  return new Map(
    Object.entries(given).map(
      ([name, e]) => [name, typeof e === 'string' ? parseEquation(e) : e] as const,
    ),
  );
}

function fastPath(model: NeuronModel, dynamics: AdaptiveDynamics): FastPath | undefined {
  const { fast, derivatives, definitions, suggestion, errorControl, bounds } = dynamics;
  return (
    fast && {
      derivatives: parsed(derivatives),
      definitions: parsed(definitions),
      driver: fast.driver,
      receives: fast.receives,
      columns: Object.keys(model.state),
      suggestion,
      calm: parseCondition(fast.calm),
      ceiling: fast.ceiling,
      errorControl,
      bounds: new Map(
        Object.entries(bounds).filter(
          ([name, range]) => range !== FINITE || Object.hasOwn(fast.receives, name),
        ),
      ),
    }
  );
}

function upstrokeModel(dynamics: AdaptiveDynamics): UpstrokeModel | undefined {
  const { fast, errorControl } = dynamics;
  if (!fast) return undefined;
  const { driver, ceiling } = fast;
  const [derivatives, definitions] = [dynamics.derivatives, dynamics.definitions].map(parsed);
  const counters = countersOf(fast.calm);
  return upstrokeOf({ derivatives, definitions, driver, ceiling, errorControl, counters });
}

function countersOf(calm: string): ReadonlySet<string> {
  return namesIn(parseCondition(calm));
}

function countersAtZero(calm: string): (readonly [string, number])[] {
  return [...countersOf(calm)].map((name) => [name, 0] as const);
}

/** Parameters of the upstroke, for a model that has one. */
function derivedForUpstroke(
  { model }: NeuronGroup,
  upstroke: UpstrokeModel,
  { calm, ceilingIf, heldFor }: NonNullable<AdaptiveDynamics['fast']>,
): DerivedTogether {
  const names = new Set([...upstrokeDependsOn(upstroke), ...ceilingIf.names, ...heldFor.names]);
  const from = [...names].filter((name) => Object.hasOwn(model.parameters, name));
  const counters = countersAtZero(calm);
  const numbersFor = upstrokeParameters(upstroke);
  const none = UPSTROKE_PARAMETERS.map(() => 0);
  return {
    names: UPSTROKE_PARAMETERS,
    from,
    values: (values, resolution) => {
      const steps = heldFor.steps(values, resolution);
      const tooShort = steps > 0 && steps < LEAST_HELD_STEPS;
      if (tooShort || !ceilingIf.holds(values)) return none;
      return numbersFor(new Map([...Object.entries(values), ...counters]), steps > 0);
    },
  };
}

class AdaptiveNeuronKernel implements NeuronKernel {
  private general!: KernelFunction;
  private readonly fast: SemilinearGroup | undefined;
  private wholeStep: KernelFunction | undefined;
  private readonly upstroke: UpstrokeModel | undefined;
  private readonly tables: KernelTables;
  /** Who is left to the general path, those of a tile from where it begins, as indices within it. */
  private readonly list: Int32Array;
  /** Who fires in the step of a tile. */
  private readonly fired: Int32Array;
  /** Byte addresses: of the resolution, these lists, and memory for sub-steps. */
  private readonly stepAddress: number;
  private readonly listAddress: number;
  private readonly firedAddress: number;
  private readonly scratchAddress: number;
  private readonly ranges: readonly { column: Float64Array; low: number; high: number }[];

  constructor(
    private readonly group: NeuronGroup,
    private readonly dynamics: AdaptiveDynamics,
  ) {
    const { model, segment, size } = group;
    this.upstroke = upstrokeModel(dynamics);
    const together = this.upstroke && derivedForUpstroke(group, this.upstroke, dynamics.fast!);
    this.tables = new KernelTables(group, dynamics.derived, together);
    const step = segment.allocateF64(1, model.name);
    step[0] = group.resolution;
    this.stepAddress = step.byteOffset;
    this.list = segment.allocateI32(size, model.name);
    this.listAddress = this.list.byteOffset;
    this.fired = segment.allocateI32(size * FIRED_WORDS, model.name);
    this.firedAddress = this.fired.byteOffset;
    this.fast = this.semilinearGroup();
    const integrated = Object.keys(dynamics.derivatives).length;
    this.scratchAddress = segment.allocate(8 * Scratch.length(integrated, LANES), model.name);
    this.ranges = Object.entries(dynamics.bounds).map(([name, [low, high]]) => ({
      column: group.state(name),
      low,
      high,
    }));
    this.refreshPaths();
  }

  private get adaptiveModel(): AdaptiveModel {
    const { dynamics, group, tables } = this;
    const { suggestion, errorControl, afterSubstep, afterStep } = dynamics;
    return {
      derivatives: parsed(dynamics.derivatives),
      definitions: parsed(dynamics.definitions),
      bounds: new Map(Object.entries(dynamics.bounds)),
      parameters: tables.names,
      columns: tables.state,
      suggestion,
      errorControl,
      signedInput: group.model.input === 'signed',
      afterSubstep: afterSubstep ?? (() => {}),
      afterStep,
      ...(dynamics.fast && { calm: parseCondition(dynamics.fast.calm) }),
      ...(this.upstroke && { upstroke: this.upstroke }),
    };
  }

  private semilinearGroup(): SemilinearGroup | undefined {
    const { group, dynamics, tables, list } = this;
    const model = fastPath(group.model, dynamics);
    if (!model) return undefined;
    const counters = countersAtZero(dynamics.fast!.calm);
    const calm = (values: ReadonlyMap<string, number>) => new Map([...values, ...counters]);
    return new SemilinearGroup(group, model, calm, tables, list, this.adaptiveModel);
  }

  refresh(): void {
    this.tables.refresh();
    this.refreshPaths();
  }

  private refreshPaths(): void {
    const { group, dynamics, tables } = this;
    this.refreshFastPath();
    const each = new Set(tables.names.filter((name) => tables.differs(name)));
    const compile = (path: string, kernel: typeof adaptiveKernel): KernelFunction => {
      const set = [group.model.name, path, ...each].join(' ');
      return group.compile(set, () => [kernel(path, this.adaptiveModel, each)])[path];
    };
    this.general = compile('general', adaptiveKernel);
    if (!this.fast?.serves && !dynamics.branches) {
      this.wholeStep = compile('wholeStep', wholeStepKernel);
    }
  }

  /** The fast path serves groups whose neurons all have the same parameters. */
  private refreshFastPath(): void {
    const { group, dynamics, fast } = this;
    if (!fast) return;
    const names = Object.keys(group.model.parameters);
    const values = names.map((name) => [name, group.parameter(name)[0]] as const);
    // Not by the columns' lengths: a worker may own one neuron of a population that is not alike.
    const alike = names.every((name) => group.isShared(name));
    const serves = alike && dynamics.fast!.applies(Object.fromEntries(values));
    fast.refresh(serves ? new Map(values) : undefined);
  }

  goAhead(tile: Tile): void {
    if (this.fast?.serves) this.fast.goAhead(tile);
  }

  update(step: number, input: TileInput, tile: Tile): void {
    const { fast } = this;
    const left = this.takeQuickPath(input, tile);
    const outcome = left === 0 ? 0 : this.takeGeneralPath(left, input, tile);
    const arrives = fast?.serves && (input.filled || fast.settles);
    const jumping = arrives ? fast.arrive(left, input, tile) : 0;
    if (left + jumping > 0) this.conclude(step, input, tile, left, outcome, jumping);
  }

  /** What follows for those who did not take a quick path to the end; `outcome` is that of the general path. */
  private conclude(
    step: number,
    input: TileInput,
    tile: Tile,
    left: number,
    outcome: number,
    jumping: number,
  ): void {
    const { group, list, fired, fast } = this;
    const { from, size } = tile;
    let unstable = Math.min(
      outcome < 0 ? -outcome - 1 : size,
      this.firstOutside(list, tile, left) ?? size,
    );
    const count = Math.max(outcome, 0);
    let jumped = 0;
    if (fast && jumping > 0) {
      jumped = fast.jump(jumping, input, tile, this.firedAddress + 4 * FIRED_WORDS * count);
      unstable = Math.min(unstable, this.firstOutside(fast.jumping, tile, jumping) ?? size);
    }
    if (unstable < size) throw instability(group, this.dynamics.bounds, from + unstable, step);
    sortFired(fired, count);
    this.emit(from, count, jumped);
  }

  /** Spikes of those who fired by themselves and, behind in the list, of those who jumped, each ascending. */
  private emit(from: number, count: number, jumped: number): void {
    const { group, fired } = this;
    let jump = count;
    for (let j = 0; j < count || jump < count + jumped; ) {
      const isJump = j === count || fired[FIRED_WORDS * jump] < fired[FIRED_WORDS * j];
      const next = FIRED_WORDS * (jump < count + jumped && isJump ? jump++ : j++);
      group.emit(from + fired[next], fired[next + 1]);
    }
  }

  /** Lists the neurons that are left to the general path; returns how many. */
  private takeQuickPath(input: TileInput, tile: Tile): number {
    const { list, tables } = this;
    const { from, size } = tile;
    if (this.fast?.serves) return this.fast.advance(input, tile);
    if (this.wholeStep) {
      return this.wholeStep(
        tables.columnsOf(tile),
        tables.parametersOf(tile),
        tables.sharedAddress,
        input.address,
        input.inhibitoryAddress,
        size,
        this.listAddress + 4 * from,
        this.stepAddress,
        this.scratchAddress,
      );
    }
    for (let i = 0; i < size; i++) list[from + i] = i;
    return size;
  }

  /** The listed neurons' whole step; returns what the kernel does. */
  private takeGeneralPath(listed: number, input: TileInput, tile: Tile): number {
    const { tables } = this;
    return this.general(
      tables.columnsOf(tile),
      tables.parametersOf(tile),
      tables.sharedAddress,
      input.address,
      input.inhibitoryAddress,
      this.listAddress + 4 * tile.from,
      listed,
      this.firedAddress,
      this.stepAddress,
      this.scratchAddress,
    );
  }

  /** The first of the listed neurons that is outside its bounds at the end of the step. */
  private firstOutside(list: Int32Array, { from }: Tile, listed: number): number | undefined {
    for (let j = 0; j < listed; j++) {
      const i = list[from + j];
      for (const { column, low, high } of this.ranges) {
        if (!(column[from + i] >= low && column[from + i] <= high)) return i;
      }
    }
    return undefined;
  }
}

/** Orders the spikes of a kernel's list by neuron; two lanes take turns, so they nearly are. */
function sortFired(fired: Int32Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const [neuron, spikes] = [fired[FIRED_WORDS * i], fired[FIRED_WORDS * i + 1]];
    let at = FIRED_WORDS * i;
    for (; at > 0 && fired[at - FIRED_WORDS] > neuron; at -= FIRED_WORDS) {
      fired[at] = fired[at - FIRED_WORDS];
      fired[at + 1] = fired[at - FIRED_WORDS + 1];
    }
    fired[at] = neuron;
    fired[at + 1] = spikes;
  }
}
