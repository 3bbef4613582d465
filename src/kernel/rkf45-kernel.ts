/**
 * Adaptive Runge-Kutta-Fehlberg 4(5) within a grid step: E. Fehlberg, NASA TR R-315 (1969), with the
 * standard step control of the GNU Scientific Library. Works for every model whose derivatives are
 * given as equations, with a model's own jumps after each sub-step.
 *
 * Several neurons are at work at a time, one in each lane. They need different numbers of sub-steps,
 * so a lane takes the next neuron as soon as its own has reached the end of the grid step. No lane
 * sees what others hold: who shares a vector with whom cannot matter to a result.
 */
import type { AdaptiveModel } from './adaptive-model.js';
import { KernelBuilder } from './builder.js';
import { suggestToCalm } from './calm.js';
import { inversePower } from './elementary.js';
import { type F64, f64, type Int, int, type Kernel, type Lanes, type Mask } from './ir.js';
import { Lane, LEAPING } from './lane.js';
import {
  GROWING_POWER,
  GROWS_BELOW,
  LARGEST_FACTOR,
  LARGEST_RATIO,
  LEAST_FACTOR,
  SAFETY,
  SHRINKING_POWER,
} from './step-control.js';
import { Scratch, SubstepCode } from './substep-code.js';
import { AT_CEILING, passCycles } from './upstroke.js';
import { UPSTROKE } from './upstroke-model.js';

/** Words of a spike in the kernel's list: number of the neuron, number of its spikes. */
export const FIRED_WORDS = 2;

/** A neuron that takes so many sub-steps in a step of the grid will never come to its end. */
export const MOST_SUBSTEPS = 1e7;

/** Neurons at a time. */
export const LANES: Lanes = 2;
/** No neuron has this number. */
const NOBODY = 2 ** 31 - 1;
/** Roots are taken of no larger ratio; of this one it gives the largest shrinkage. */
const LARGEST_ROOTED = 1e300;
/** Ratios below this would let the sub-step grow by more than the largest factor. */
const GROWS_MOST = 3.4e-5;
/** Up to this ratio the rest of a step is taken as one sub-step; error estimates are then below 10^-9. */
const LEISURELY = 2 ** -12;

/**
 * Kernel (columns, parameters, shared, input, inhibitory, list, count, fired, step, scratch) -> number of
 * neurons that fired, or -(i + 1) if neuron i is the first that is unstable. `columns` and
 * `parameters` are tables of addresses, `shared` is the address of the values that hold for all
 * neurons. `inhibitory` matters for signed input only. `list` names the neurons to advance, `fired`
 * receives who fired, in any order; `step` is the address of the resolution in ms,
 * `scratch` that of memory for a sub-step.
 *
 * @param each names of the parameters that differ between neurons
 */
export function adaptiveKernel(
  name: string,
  model: AdaptiveModel,
  each: ReadonlySet<string>,
): Kernel {
  return new GeneralKernel(name, model, each).build();
}

class GeneralKernel {
  private readonly k: KernelBuilder;
  private readonly columns: ReadonlyMap<string, Int>;
  /** Where the parameters are that differ between neurons. */
  private readonly addresses: ReadonlyMap<string, Int>;
  private readonly input: Int;
  private readonly inhibitory: Int;
  private readonly list: Int;
  private readonly count: Int;
  private readonly fired: Int;
  private readonly h: F64;
  /** Number of neurons that have fired, number of the next to take, number of those not yet done. */
  private readonly result: Int;
  private readonly next: Int;
  private readonly remaining: Int;
  private readonly firstUnstable: Int;
  private readonly lane: Lane;
  private readonly scratch: Scratch;
  private code!: SubstepCode;

  constructor(
    name: string,
    private readonly model: AdaptiveModel,
    private readonly each: ReadonlySet<string>,
  ) {
    this.k = new KernelBuilder(name, LANES);
    const { k } = this;
    const table = k.parameter('columns');
    const parameterTable = k.parameter('parameters');
    const shared = k.parameter('shared');
    this.input = k.parameter('input');
    this.inhibitory = k.parameter('inhibitory');
    this.list = k.parameter('list');
    this.count = k.parameter('count');
    this.fired = k.parameter('fired');
    this.h = k.loadAll(k.parameter('step'));
    this.scratch = new Scratch(k, k.parameter('scratch'), LANES);
    this.columns = new Map(
      model.columns.map((column, i) => [column, k.loadInt(table.add(4 * i))] as const),
    );
    this.addresses = new Map(
      [...each].map((parameter) => {
        const i = model.parameters.indexOf(parameter);
        return [parameter, k.loadInt(parameterTable.add(4 * i))] as const;
      }),
    );
    this.result = k.letInt(0);
    this.next = k.letInt(0);
    this.remaining = k.letInt(this.count);
    this.firstUnstable = k.letInt(NOBODY);
    this.lane = new Lane(k, model, (parameter, i) =>
      each.has(parameter) ? k.variable(0) : k.loadAll(shared, 8 * i),
    );
  }

  private substepCode(): SubstepCode {
    const { k, model, lane, scratch } = this;
    const others = model.upstroke ? [model.upstroke.rest, model.upstroke.argument] : [];
    return new SubstepCode(k, model, lane.parameters, scratch, others);
  }

  build(): Kernel {
    const { k, each, result, firstUnstable } = this;
    // What follows from parameters alone is worked out once if all neurons share them.
    if (each.size === 0) this.code = this.substepCode();
    k.whileInt(int(0).lt(this.remaining), () => {
      this.takeNeurons();
      this.renewSlopes();
      this.substep();
      this.putNeurons();
    });
    k.ifInt(firstUnstable.lt(NOBODY), () => k.setInt(result, firstUnstable.mul(-1).sub(1)));
    return k.finish(result);
  }

  /** Lanes that are free take the next neurons, while there are any. */
  private takeNeurons(): void {
    const { k, model, lane, next, list } = this;
    const { state, slopesHold } = lane;
    k.ifInt(next.lt(this.count), () => {
      k.eachLane(lane.busy.eq(0), () =>
        k.ifInt(next.lt(this.count), () => {
          const at = k.letInt(k.loadInt(list.add(next.shl(2))).shl(3));
          k.setInt(next, next.add(1));
          for (const [name, column] of this.columns) k.set(state[name], k.load(column.add(at)));
          for (const [name, address] of this.addresses) {
            k.set(lane.parameters[name], k.load(address.add(at)));
          }
          k.set(lane.input, k.load(this.input.add(at)));
          if (model.signedInput) k.set(lane.inhibitoryInput, k.load(this.inhibitory.add(at)));
          k.set(lane.at, at.toF64());
          for (const [variable, value] of lane.atBeginning) k.set(variable, value);
          k.set(slopesHold, 0);
          const suggestion = state[model.suggestion];
          k.if(suggestion.eq(0), () => k.set(suggestion, this.h));
        }),
      );
      if (this.each.size > 0) this.code = this.substepCode();
    });
  }

  /** Derivatives at the beginning of a sub-step; mostly those at the end of the last one. */
  private renewSlopes(): void {
    const { k, lane, code } = this;
    const { slopes, slopesHold, state } = lane;
    k.ifAny(slopesHold.eq(0), () => {
      code.slopes(state).forEach((slope, i) => {
        k.set(slopes[i], slopesHold.eq(0).select(slope, slopes[i]));
      });
      k.set(slopesHold, 1);
    });
  }

  private substep(): void {
    const { k, model, lane, code, h } = this;
    const { state, slopes, t, suggestion } = lane;
    const left = k.let(h.sub(t));
    const isFinal = k.letMask(suggestion.gt(left));
    const tried = k.let(isFinal.select(left, suggestion));
    const { solution, ratio, slopesAtEnd } = code.try(state, slopes, tried);
    const accepted = this.control(ratio, tried);
    code.names.forEach((name, i) => {
      k.set(state[name], accepted.select(solution[i], state[name]));
      if (slopesAtEnd) k.set(slopes[i], accepted.select(slopesAtEnd[i], slopes[i]));
    });
    k.set(t, accepted.select(isFinal.select(h, t.add(tried)), t));
    const unchanged = this.jump(accepted, slopesAtEnd !== undefined);
    if (unchanged) this.leap(accepted.and(unchanged).and(ratio.lt(GROWS_MOST)));
    k.set(lane.firstFlag, accepted.select(0, lane.firstFlag));
    for (const [name, [low, high]] of model.bounds) {
      const outside = state[name].ge(low).and(state[name].le(high)).not();
      k.if(accepted.and(outside), () => {
        k.set(lane.unstable, 1);
        k.set(t, h);
      });
    }
    this.resumeUpstroke();
    this.passUpstroke(accepted);
    this.endEndless();
  }

  /**
   * Behind a spike, the sub-step is as short as it was in the upstroke, and has to grow some twenty times
   * over, although the driver is held. Where the rest of the grid step errs by little, it is one sub-step.
   */
  private leap(grown: Mask): void {
    const { k, model, lane, code, h } = this;
    if (!model.upstroke) return;
    const { suggestion, setAside, leaping, t } = lane;
    const slope = lane.slopes[code.names.indexOf(model.upstroke.driver)];
    const held = slope.eq(0).and(lane.parameters[UPSTROKE.held].eq(1));
    const far = suggestion.mul(LARGEST_FACTOR).lt(h.sub(t));
    const leaps = k.letMask(grown.and(held).and(far).and(leaping.eq(LEAPING.no)));
    k.set(setAside, leaps.select(suggestion, setAside));
    k.set(suggestion, leaps.select(h, suggestion));
    k.set(leaping, leaps.select(LEAPING.now, leaping));
  }

  /** Neurons that fire again and again, say, whose reset does not end what makes them fire. */
  private endEndless(): void {
    const { k, lane, h } = this;
    const { substeps, unstable, t } = lane;
    k.set(substeps, substeps.add(1));
    const endless = lane.busy.eq(1).and(substeps.ge(MOST_SUBSTEPS));
    k.ifAny(endless, () => {
      k.set(unstable, endless.select(1, unstable));
      k.set(t, endless.select(h, t));
    });
  }

  /** Where a sub-step was rejected in an upstroke, what follows may be known. */
  private passUpstroke(accepted: Mask): void {
    const { k, model, lane, code, h } = this;
    const { upstroke } = model;
    if (!upstroke) return;
    const { state, parameters, slopes, suggestion, t } = lane;
    const named = Object.fromEntries(code.names.map((name, i) => [name, slopes[i]]));
    const left = k.let(h.sub(t));
    // What arrived is added after the first sub-step: that one is never passed over.
    const waits = lane.busy.eq(1).and(lane.firstFlag.eq(0)).and(accepted.not());
    const [, highest] = model.bounds.get(upstroke.driver) ?? [0, Number.POSITIVE_INFINITY];
    const scope = { waits, state, parameters, slopes: named, suggestion, t, left, h, highest };
    passCycles(
      k,
      code,
      upstroke,
      scope,
      (mask, behind, time, suggested) => {
        for (const [name, value] of Object.entries(behind)) {
          k.set(state[name], mask.select(value, state[name]));
        }
        k.set(t, mask.select(t.add(time), t));
        k.set(suggestion, mask.select(suggested, suggestion));
        k.set(lane.slopesHold, mask.select(0, lane.slopesHold));
      },
      (mask) => {
        for (const [value, kept] of lane.unfired) k.set(kept, mask.select(value, kept));
        const driver = state[upstroke.driver];
        k.set(driver, mask.select(parameters[upstroke.ceiling], driver));
        k.set(suggestion, mask.select(suggestion.mul(AT_CEILING), suggestion));
        k.set(lane.fires, mask.select(1, lane.fires));
      },
    );
  }

  /** Neurons for whom what follows their spike is not one sub-step go through the rest of their upstroke. */
  private resumeUpstroke(): void {
    const { k, model, lane } = this;
    if (!model.upstroke) return;
    const { fires, unfired, leaping, slopesHold } = lane;
    const resumes = fires.eq(1).and(leaping.eq(LEAPING.never));
    k.ifAny(resumes, () => {
      for (const [value, kept] of unfired) k.set(value, resumes.select(kept, value));
      k.set(slopesHold, resumes.select(0, slopesHold));
      k.set(fires, resumes.select(0, fires));
    });
  }

  /** Suggests the next sub-step; returns where the one that was tried is accepted. */
  private control(ratio: F64, tried: F64): Mask {
    const { k, lane, h } = this;
    const { leaping } = lane;
    const leaps = k.letMask(leaping.eq(LEAPING.now));
    const most = leaps.select(LEISURELY, LARGEST_RATIO);
    // NaN comes of a sub-step so long that a stage overflows: tried again like any that is too long.
    const tooLong = k.letMask(ratio.gt(most).or(ratio.eq(ratio).not()));
    // Where the whole step was one sub-step, more than that is not remembered.
    const grows = ratio.lt(GROWS_BELOW).and(ratio.ge(GROWS_MOST)).and(tried.lt(h));
    const factor = k.variable(ratio.lt(GROWS_MOST).select(LARGEST_FACTOR, 1));
    k.ifAny(lane.busy.eq(1).and(tooLong.or(grows)), () => {
      const finite = k.let(ratio.le(LARGEST_ROOTED).select(ratio, LARGEST_ROOTED));
      const power = tooLong.select(SHRINKING_POWER, GROWING_POWER);
      const root = k.let(inversePower(k, finite, power).mul(SAFETY));
      const rooted = tooLong.select(
        k.let(f64(LEAST_FACTOR).max(root)),
        k.let(root.max(1).min(LARGEST_FACTOR)),
      );
      k.set(factor, tooLong.or(grows).select(rooted, factor));
    });
    const suggested = k.let(tried.mul(factor));
    // So short that time would not advance: taken as it is.
    const shortest = tooLong.and(lane.t.add(suggested).eq(lane.t));
    const missed = leaps.and(tooLong);
    k.set(lane.suggestion, missed.select(lane.setAside, shortest.select(tried, suggested)));
    k.set(leaping, missed.select(LEAPING.never, leaps.select(LEAPING.no, leaping)));
    return k.letMask(lane.busy.eq(1).and(tooLong.not().or(shortest)));
  }

  /**
   * The jumps after a sub-step; derivatives hold on where they change nothing. Returns where that is, if the
   * derivatives at the end are known.
   */
  private jump(accepted: Mask, haveSlopes: boolean): Mask | undefined {
    const { k, model, lane } = this;
    const { state, slopesHold } = lane;
    const before = haveSlopes
      ? Object.entries(state).map(([name, value]) => [name, k.variable(value)] as const)
      : [];
    k.if(accepted, () => model.afterSubstep(lane.scope));
    const same = before.map(([name, value]) => state[name].eq(value));
    const unchanged = haveSlopes ? k.letMask(same.reduce((a, b) => a.and(b))) : undefined;
    const renewed = unchanged ? accepted.and(unchanged.not()) : accepted;
    k.set(slopesHold, renewed.select(0, slopesHold));
    return unchanged;
  }

  /** Neurons at the end of the step leave their lanes. */
  private putNeurons(): void {
    const { k, model, lane, result, columns } = this;
    const { state, suggestion } = lane;
    k.eachLane(lane.busy.eq(1).and(lane.t.ge(this.h)), () => {
      const at = k.letInt(lane.at.toInt());
      // More than the whole step is never tried, so that is all that need be remembered.
      k.set(suggestion, suggestion.min(this.h));
      model.afterStep({ ...lane.scope, before: (name) => k.load(columns.get(name)!.add(at)) });
      suggestToCalm(k, model, state, this.h);
      for (const [name, column] of columns) k.store(column.add(at), state[name]);
      k.if(lane.spikes.gt(0), () => {
        k.storeInt(this.fired.add(result.shl(3)), at.shr(3));
        k.storeInt(this.fired.add(result.shl(3)).add(4), lane.spikes.toInt());
        k.setInt(result, result.add(1));
      });
      k.if(lane.unstable.eq(1), () =>
        k.ifInt(at.shr(3).lt(this.firstUnstable), () => k.setInt(this.firstUnstable, at.shr(3))),
      );
      k.set(lane.busy, 0);
      k.setInt(this.remaining, this.remaining.sub(1));
    });
  }
}
