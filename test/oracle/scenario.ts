/**
 * The format of the reference scenarios: a network written out in full, and what it yields.
 * Keys are those of the JSON files in `test/fixtures/reference`, which its README describes.
 */

export type ParameterValue = number | boolean | readonly number[];
export type Parameters = Readonly<Record<string, ParameterValue>>;

export interface ScenarioNode {
  /** Counts from 1, without gaps. */
  readonly id: number;
  readonly model: string;
  readonly params?: Parameters;
}

export interface ScenarioConnection {
  readonly source: number;
  readonly target: number;
  /** A built-in synapse model or a key of `synapse_models`. */
  readonly model: string;
  readonly weight: number;
  /** In ms. */
  readonly delay: number;
  readonly params?: Parameters;
}

export interface SynapseModel {
  readonly base: string;
  readonly params: Parameters;
  readonly weight_recorder?: boolean;
}

export interface Recording {
  /** In ms. */
  readonly interval: number;
  readonly from: readonly string[];
  readonly nodes: readonly number[];
}

export interface Scenario {
  readonly name: string;
  /** In ms. */
  readonly resolution: number;
  readonly nodes: readonly ScenarioNode[];
  /** In creation order. */
  readonly connections: readonly ScenarioConnection[];
  readonly synapse_models?: Readonly<Record<string, SynapseModel>>;
  /** In ms. */
  readonly simulate: number;
  /** Durations of the Simulate calls, in ms; they add up to `simulate`. */
  readonly simulate_parts?: readonly number[];
  readonly record?: Recording;
}

/** Columns; `step` in units of the resolution. A spike of multiplicity q stands q times. */
export interface Spikes {
  readonly sender: readonly number[];
  readonly step: readonly number[];
}

/** Columns, ordered by step, source, target, weight. */
export interface WeightEvents {
  readonly source: readonly number[];
  readonly target: readonly number[];
  readonly step: readonly number[];
  readonly weight: readonly number[];
}

/** Columns of one node: `step` and one for each recorded variable. */
export type Trace = Readonly<Record<string, readonly number[]>>;

/** Index into `connections` and the weights that a query of it shows (one, unless a multapse). */
export type FinalWeight = readonly [index: number, weights: readonly number[]];

export interface Outcome {
  readonly spikes: Spikes;
  readonly weight_events?: WeightEvents;
  /** By node id. */
  readonly traces?: Readonly<Record<string, Trace>>;
  readonly final_weights: readonly FinalWeight[];
}

export interface Reference {
  readonly about: string;
  readonly scenario: Scenario;
  readonly expected: Outcome;
}

/** A time in ms as whole steps of the resolution; throws if it is off the grid by 1e-6 of a step. */
export function gridSteps(ms: number, resolution: number): number {
  const steps = Math.round(ms / resolution);
  if (!(Math.abs(ms / resolution - steps) <= 1e-6)) {
    throw new Error(`oracle: ${ms} ms is not a multiple of ${resolution} ms`);
  }
  return steps;
}
