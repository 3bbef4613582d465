/**
 * Adaptive Runge-Kutta-Fehlberg 4(5) within a grid step, neuron by neuron: E. Fehlberg, NASA TR
 * R-315 (1969), with the standard step control of the GNU Scientific Library. Works for every
 * model whose derivatives are given as equations, with a model's own jumps after each sub-step.
 */
import { KernelBuilder } from './builder.js';
import { type F64, f64, type Int, type Kernel, type Mask } from './ir.js';
import { SubstepCode, type SubstepModel } from './substep-code.js';

/** What jumps and conditions of a model can use: variables of the neuron at hand. */
export interface JumpScope {
  readonly k: KernelBuilder;
  /** State variables; `k.set` changes them. */
  readonly state: Readonly<Record<string, F64>>;
  readonly parameters: Readonly<Record<string, F64>>;
  /** What arrived in this step, still to be taken; of signed input, the positive weights. */
  readonly input: F64;
  /** The other weights of signed input; otherwise 0. */
  readonly inhibitoryInput: F64;
  /** A state variable as it was before this step. */
  readonly before: (name: string) => F64;
  /** Holds after the first sub-step of the grid step. */
  readonly first: Mask;
  /** Number of spikes fired in this step. */
  readonly spikes: F64;
}

export interface AdaptiveModel extends SubstepModel {
  /** All state variables in the order of the table of addresses, integrated ones among them. */
  readonly columns: readonly string[];
  readonly suggestion: string;
  /** Parameters and derived parameters in the order of their table of addresses. */
  readonly parameters: readonly string[];
  /** Whether positive and other weights arrive apart. */
  readonly signedInput: boolean;
  /** After each accepted sub-step. */
  readonly afterSubstep: (scope: JumpScope) => void;
  /** After the last sub-step. */
  readonly afterStep: (scope: JumpScope) => void;
  /** Ranges outside which a variable is unstable. */
  readonly bounds: ReadonlyMap<string, readonly [low: number, high: number]>;
}

/** Up to this ratio of estimated to allowed error, a sub-step is accepted. */
export const LARGEST_RATIO = 1.1;

/** Words of a spike in the kernel's list: number of the neuron, number of its spikes. */
export const FIRED_WORDS = 2;

/**
 * Kernel (columns, parameters, strides, input, inhibitory, list, count, fired, step) -> number of
 * neurons that fired, or -(i + 1) if neuron i is unstable. `columns` and `parameters` are tables of
 * addresses; `strides` holds, per parameter, a mask for the neuron's byte offset: 0 if all neurons
 * share the value. `inhibitory` matters for signed input only. `list` names the neurons to advance, `fired` receives who fired; `step` is the address of
 * the resolution in ms.
 */
export function adaptiveKernel(name: string, model: AdaptiveModel): Kernel {
  const k = new KernelBuilder(name, 1);
  const table = k.parameter('columns');
  const parameterTable = k.parameter('parameters');
  const strides = k.parameter('strides');
  const input = k.parameter('input');
  const inhibitory = k.parameter('inhibitory');
  const list = k.parameter('list');
  const count = k.parameter('count');
  const fired = k.parameter('fired');
  const h = k.loadAll(k.parameter('step'));
  const result = k.letInt(0);
  const next = k.letInt(0);
  const columns = model.columns.map((_, i) => k.loadInt(table.add(4 * i)));
  const parameters = model.parameters.map((_, i) => k.loadInt(parameterTable.add(4 * i)));
  const masks = model.parameters.map((_, i) => k.loadInt(strides.add(4 * i)));

  k.whileInt(next.lt(count), () => {
    const index = k.loadInt(list.add(next.shl(2)));
    const at = k.letInt(index.shl(3));
    const load = (address: Int): F64 => k.load(address);
    const state = record(model.columns, (i) => load(columns[i].add(at)));
    const values = record(model.parameters, (i) => load(parameters[i].add(at.and(masks[i]))));
    const spikes = k.variable(0);
    const grid = new GridStep(k, model, state, values, h);
    const scope = {
      k,
      state,
      parameters: values,
      input: load(input.add(at)),
      inhibitoryInput: model.signedInput ? load(inhibitory.add(at)) : f64(0),
      // Columns are written at the end.
      before: (name: string) => load(columns[model.columns.indexOf(name)].add(at)),
      first: grid.first,
      spikes,
    };
    const unstable = grid.integrate(() => model.afterSubstep(scope));
    model.afterStep(scope);
    model.columns.forEach((column, i) => {
      k.store(columns[i].add(at), state[column]);
    });
    k.if(spikes.gt(0), () => {
      k.storeInt(fired.add(result.shl(3)), index);
      k.storeInt(fired.add(result.shl(3)).add(4), spikes.toInt());
      k.setInt(result, result.add(1));
    });
    k.setInt(next, next.add(1));
    k.if(unstable, () => {
      k.setInt(result, index.mul(-1).sub(1));
      k.break();
    });
  });
  return k.finish(result);
}

function record(names: readonly string[], value: (i: number) => F64): Record<string, F64> {
  return Object.fromEntries(names.map((name, i) => [name, value(i)]));
}

/** The sub-steps of one neuron through one grid step. */
class GridStep {
  /** Holds after the first sub-step. */
  readonly first: Mask;
  private readonly names: readonly string[];
  private readonly code: SubstepCode;
  private readonly firstFlag: F64;
  private readonly t: F64;
  private readonly suggestion: F64;
  /** Derivatives at the end of the last sub-step, and whether they still hold. */
  private readonly carried: readonly F64[];
  private readonly carriedHold: F64;

  constructor(
    private readonly k: KernelBuilder,
    private readonly model: AdaptiveModel,
    private readonly state: Readonly<Record<string, F64>>,
    parameters: Readonly<Record<string, F64>>,
    private readonly h: F64,
  ) {
    this.code = new SubstepCode(k, model, parameters);
    this.names = this.code.names;
    this.firstFlag = k.variable(1);
    this.first = this.firstFlag.eq(1);
    this.t = k.variable(0);
    this.carried = this.names.map(() => k.variable(0));
    this.carriedHold = k.variable(0);
    this.suggestion = state[model.suggestion];
  }

  /** Returns the condition that a variable has left its bounds. */
  integrate(afterSubstep: () => void): Mask {
    const { k, h, t, suggestion } = this;
    const unstable = k.variable(0);
    k.if(suggestion.eq(0), () => k.set(suggestion, h));
    k.while(t.lt(h), () => {
      const slopes = this.firstSlopes();
      const reached = k.variable(0);
      const updated = this.names.map(() => k.variable(0));
      k.while(f64(1).eq(1), () => {
        const left = k.let(h.sub(t));
        const final = suggestion.gt(left);
        const isFinal = k.let(final.select(1, 0));
        const tried = k.let(final.select(left, suggestion));
        const { solution, ratio, slopesAtEnd } = this.code.try(this.state, slopes, tried);
        this.control(ratio, tried, () => {
          this.names.forEach((_, i) => {
            k.set(updated[i], solution[i]);
            if (slopesAtEnd) k.set(this.carried[i], slopesAtEnd[i]);
          });
          k.set(reached, isFinal.eq(1).select(h, t.add(tried)));
        });
        k.if(reached.gt(0), () => k.break());
      });
      this.names.forEach((name, i) => {
        k.set(this.state[name], updated[i]);
      });
      k.set(t, reached);
      this.whetherChanged(afterSubstep);
      k.set(this.firstFlag, 0);
      for (const [name, [low, high]] of this.model.bounds) {
        const inside = this.state[name].ge(low).and(this.state[name].le(high));
        k.if(inside.not(), () => {
          k.set(unstable, 1);
          k.set(t, h);
        });
      }
    });
    // More than the whole step is never tried, so that is all that need be remembered.
    k.set(suggestion, suggestion.min(h));
    return unstable.eq(1);
  }

  /** The derivatives of the last sub-step's end, unless a jump has changed what they depend on. */
  private firstSlopes(): F64[] {
    const { k } = this;
    const slopes = this.names.map(() => k.variable(0));
    const setAll = (values: readonly F64[]): void =>
      slopes.forEach((slope, i) => {
        k.set(slope, values[i]);
      });
    k.if(
      this.carriedHold.eq(1),
      () => setAll(this.carried),
      () => setAll(this.code.slopes(this.state)),
    );
    return slopes;
  }

  /** Do what may change the state, and note whether it did. */
  private whetherChanged(change: () => void): void {
    const { k, state } = this;
    if (this.model.errorControl.relative === 0) return change();
    const before = Object.entries(state).map(([name, value]) => [name, k.variable(value)] as const);
    change();
    const same = before.map(([name, value]) => state[name].eq(value)).reduce((a, b) => a.and(b));
    k.set(this.carriedHold, same.select(1, 0));
  }

  /** Accept, or suggest a smaller sub-step. */
  private control(ratio: F64, tried: F64, accept: () => void): void {
    const { k, t, suggestion } = this;
    // NaN comes of a sub-step so long that a stage overflows: tried again like any that is too long.
    const overflowed = ratio.eq(ratio).not();
    k.if(
      ratio.gt(LARGEST_RATIO).or(overflowed),
      () => {
        const shrinkage = f64(0.9).div(ratio.root(5));
        const smaller = k.let(tried.mul(f64(0.2).max(k.let(shrinkage))));
        k.if(
          t.add(smaller).eq(t),
          () => {
            k.set(suggestion, tried);
            accept();
          },
          () => k.set(suggestion, smaller),
        );
      },
      () => {
        k.set(suggestion, tried);
        // Below 3.4e-5 the sixth root would give the largest growth anyway, and where the whole step
        // was one sub-step, more than that is not remembered.
        k.if(
          ratio.lt(3.4e-5),
          () => k.set(suggestion, tried.mul(5)),
          () =>
            k.if(ratio.lt(0.5).and(tried.lt(this.h)), () => {
              const growth = k.let(k.let(f64(0.9).div(ratio.root(6))).max(1)).min(5);
              k.set(suggestion, tried.mul(growth));
            }),
        );
        accept();
      },
    );
  }
}
