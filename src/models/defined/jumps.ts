/** What happens to a defined neuron at a spike and in its refractory period, as code of kernels. */
import type { KernelBuilder } from '../../kernel/builder.js';
import { valueBefore } from '../../kernel/equation.js';
import { EquationCode } from '../../kernel/equation-code.js';
import { type F64, f64, type Mask } from '../../kernel/ir.js';
import { type Bounds, type DerivedSpec, FINITE } from '../spec.js';
import type { Equations, ParsedNeuron } from './parse.js';

/** Nothing else can be called so. */
const durationOf = (counter: string): string => `duration of ${counter}`;

/** Steps of each phase. */
export function durations({ phases }: ParsedNeuron): Record<string, DerivedSpec> {
  return Object.fromEntries(
    phases.map(({ counter, duration }) => [
      durationOf(counter),
      { from: [duration], value: (v, h): number => Math.round(v[duration] / h) },
    ]),
  );
}

/** The ranges of all state variables: as given, else what is finite. */
export function boundsOf({ given }: ParsedNeuron): Bounds {
  return Object.fromEntries(
    Object.keys(given.state).map((name) => {
      const bound = given.bounds?.[name];
      if (!bound) return [name, FINITE];
      const [low, high] = FINITE;
      return [name, [bound.min ?? low, bound.max ?? high] as const];
    }),
  );
}

/** A neuron's quantities in the course of its jumps. */
export class Jumps {
  /** State variables as they are by now. */
  readonly state: Map<string, F64>;
  private readonly code: EquationCode;

  constructor(
    private readonly model: ParsedNeuron,
    private readonly k: KernelBuilder,
    state: Readonly<Record<string, F64>>,
    private readonly parameters: Readonly<Record<string, F64>>,
  ) {
    this.state = new Map(Object.entries(state));
    this.code = new EquationCode(k, model.definitions, new Map(Object.entries(parameters)));
  }

  /** Whether a phase is under way: a counter of `given` is not 0. */
  inPhase(given: ReadonlyMap<string, F64> = this.state): Mask | undefined {
    return anyOf(this.model.phases.map(({ counter }) => given.get(counter)!.gt(0)));
  }

  /**
   * Whether the neuron fires, unless a phase is under way.
   *
   * @param before values before the step; needed by thresholds that compare with them
   */
  reachesThreshold(before?: (name: string) => F64): Mask {
    const { threshold, remembered } = this.model;
    const scope = new Map(this.state);
    for (const name of remembered) scope.set(valueBefore(name), before!(name));
    const reached = threshold ? this.code.test(threshold, scope) : f64(1).lt(0);
    const busy = this.inPhase();
    return busy ? reached.and(busy.not()) : reached;
  }

  /** Add what arrives, but not to variables that are held by a phase counted in `given`. */
  receive(arriving: { input: F64; inhibitoryInput: F64 }, given = this.state): void {
    for (const [name, which] of this.model.receives) {
      const input = arriving[which];
      const holding = this.model.phases.filter(({ clamp }) => clamp.has(name));
      const held = anyOf(holding.map(({ counter }) => given.get(counter)!.gt(0)));
      const taken = held ? held.select(0, input) : input;
      this.state.set(name, this.k.let(this.state.get(name)!.add(taken)));
    }
  }

  /**
   * The jumps of a spike, and of phases that come to their end.
   *
   * @param ended where each phase ends
   * @param more steps that a new phase counts beyond its duration
   */
  follow(fired: Mask, ended: readonly (Mask | undefined)[], more: number): void {
    const { model, state, parameters, k } = this;
    this.assign(fired, model.reset);
    let entering: Mask | undefined = fired;
    model.phases.forEach(({ counter, clamp, after }, i) => {
      const steps = parameters[durationOf(counter)];
      const isLast = i === model.phases.length - 1;
      let over = ended[i];
      if (entering) {
        const begins = entering.and(steps.gt(0));
        state.set(counter, k.let(begins.select(steps.add(more), state.get(counter)!)));
        this.assign(begins, clamp);
        const skipped = entering.and(steps.eq(0));
        over = over ? over.or(skipped) : skipped;
      }
      if (over) this.assign(over, after);
      entering = isLast ? undefined : over;
    });
  }

  /** Hold what phases hold that are under way. */
  hold(): void {
    for (const { counter, clamp } of this.model.phases) {
      this.assign(this.state.get(counter)!.gt(0), clamp);
    }
  }

  /** Assign new values where the mask holds, all computed from the old ones. */
  private assign(mask: Mask, values: Equations): void {
    const { state, code, k } = this;
    // A scope of its own: values of definitions are kept by scope.
    const old = new Map(state);
    const changed = [...values].map(([name, equation]) => {
      const value = mask.select(code.value(equation, old), state.get(name)!);
      return [name, k.let(value)] as const;
    });
    for (const [name, value] of changed) state.set(name, value);
  }
}

function anyOf(masks: readonly Mask[]): Mask | undefined {
  return masks.length === 0 ? undefined : masks.reduce((a, b) => a.or(b));
}
