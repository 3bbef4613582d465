/** What the general path (rkf45-kernel.ts) holds of the neuron in a lane. */
import type { AdaptiveModel, JumpScope } from './adaptive-model.js';
import type { KernelBuilder } from './builder.js';
import { type F64, f64 } from './ir.js';

/** Whether the sub-step being tried is a leap, or one has been rejected in this step of the grid. */
export const LEAPING = { no: 0, now: 1, never: 2 } as const;

export class Lane {
  readonly state: Readonly<Record<string, F64>>;
  readonly parameters: Readonly<Record<string, F64>>;
  readonly input: F64;
  readonly inhibitoryInput: F64;
  /** 1 while there is a neuron. */
  readonly busy: F64;
  /** Its byte offset in the columns. */
  readonly at: F64;
  /** Time within the grid step, in ms. */
  readonly t: F64;
  /** 1 until the first sub-step is done. */
  readonly firstFlag: F64;
  readonly spikes: F64;
  readonly substeps: F64;
  readonly unstable: F64;
  /** Derivatives at the beginning of the sub-step, and whether they still hold: 1 if they do. */
  readonly slopes: readonly F64[];
  readonly slopesHold: F64;
  readonly suggestion: F64;
  /** Of `LEAPING`, and the sub-step that would have been tried without a leap. */
  readonly leaping: F64;
  readonly setAside: F64;
  /** 1 once the rest of an upstroke has been left out, and what variables were before that. */
  readonly fires: F64;
  readonly unfired: readonly (readonly [variable: F64, kept: F64])[];
  /** What a neuron begins a grid step with. */
  readonly atBeginning: readonly (readonly [F64, number])[];
  readonly scope: JumpScope;

  constructor(k: KernelBuilder, model: AdaptiveModel, parameter: (name: string, i: number) => F64) {
    const variable = (): F64 => k.variable(0);
    this.state = Object.fromEntries(model.columns.map((name) => [name, variable()]));
    this.parameters = Object.fromEntries(
      model.parameters.map((name, i) => [name, parameter(name, i)]),
    );
    this.input = variable();
    this.inhibitoryInput = model.signedInput ? variable() : f64(0);
    this.busy = variable();
    this.at = variable();
    this.t = variable();
    this.firstFlag = variable();
    this.spikes = variable();
    this.substeps = variable();
    this.unstable = variable();
    this.slopes = [...model.derivatives.keys()].map(variable);
    this.slopesHold = k.variable(1);
    this.suggestion = this.state[model.suggestion];
    this.leaping = variable();
    this.setAside = variable();
    this.fires = variable();
    const kept = [...Object.values(this.state), this.t, this.spikes];
    this.unfired = kept.map((value) => [value, variable()] as const);
    this.atBeginning = [
      [this.leaping, LEAPING.no],
      [this.fires, 0],
      [this.busy, 1],
      [this.t, 0],
      [this.firstFlag, 1],
      [this.spikes, 0],
      [this.substeps, 0],
      [this.unstable, 0],
    ];
    this.scope = {
      k,
      state: this.state,
      parameters: this.parameters,
      input: this.input,
      inhibitoryInput: this.inhibitoryInput,
      first: this.firstFlag.eq(1),
      spikes: this.spikes,
    };
  }
}
