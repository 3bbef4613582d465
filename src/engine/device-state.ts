/** Parameters of a device as virtual processes hold them: times in steps, windows already shifted by origin. */
import type { ActiveWindow } from './records.js';

/** A device as objects, measured: on every virtual process, and as much on the main thread. */
export const DEVICE_BYTES = 480;

export interface PoissonState {
  readonly model: 'poisson_generator';
  /** Expected number of spikes per step. */
  readonly meanPerStep: number;
  readonly active: ActiveWindow;
}

/** Whether two generators, or one before and after a change, fire by the same law. */
export function firesAlike(a: PoissonState, b: PoissonState): boolean {
  return (
    a.meanPerStep === b.meanPerStep &&
    a.active.after === b.active.after &&
    a.active.until === b.active.until
  );
}

export interface SpikeTrainState {
  readonly model: 'spike_generator';
  /** Ascending; equal steps are allowed. */
  readonly steps: Int32Array;
  readonly factors: Float64Array;
  readonly multiplicities: Int32Array;
  readonly active: ActiveWindow;
}

/** Both current generators: the amplitude from each step on; 0 before the first. */
export interface CurrentState {
  readonly model: 'dc_generator' | 'step_current_generator';
  readonly steps: Int32Array;
  readonly amplitudes: Float64Array;
  /** Emits in steps first <= n < end. */
  readonly first: number;
  readonly end: number;
}

export interface RecorderState {
  readonly model: 'spike_recorder' | 'weight_recorder';
  readonly active: ActiveWindow;
}

export interface MultimeterState {
  readonly model: 'multimeter';
  readonly active: ActiveWindow;
  readonly intervalSteps: number;
  readonly variables: readonly string[];
}

export type GeneratorState = PoissonState | SpikeTrainState | CurrentState;
export type DeviceState = GeneratorState | RecorderState | MultimeterState;
