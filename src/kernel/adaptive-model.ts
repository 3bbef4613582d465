/** What a model must tell for the general path (rkf45-kernel.ts). */
import type { KernelBuilder } from './builder.js';
import type { Condition } from './equation.js';
import type { F64, Mask } from './ir.js';
import type { SubstepModel } from './substep-code.js';
import type { Upstroke } from './upstroke-model.js';

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
  /** Holds after the first sub-step of the grid step. */
  readonly first: Mask;
  /** Number of spikes fired in this step. */
  readonly spikes: F64;
}

/** The same after the last sub-step. */
export interface EndScope extends JumpScope {
  /** A state variable as it was before this step. */
  readonly before: (name: string) => F64;
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
  readonly afterStep: (scope: EndScope) => void;
  /** Present if there is a fast path: no jump is under way (calm.ts). */
  readonly calm?: Condition;
  /** Ranges outside which a variable is unstable. */
  readonly bounds: ReadonlyMap<string, readonly [low: number, high: number]>;
  /** If there is one, `UPSTROKE_PARAMETERS` are among the parameters. */
  readonly upstroke?: Upstroke;
}
