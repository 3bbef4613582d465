/**
 * What one run of an experiment leaves behind, in memory: the hand-over from running
 * (`run-experiment.ts`) to writing and plotting (`report/`). Bulk data are typed-array columns.
 * Everything but `command`, `wallTimes`, `threadTimes`, `versions` and `threads` is a function of the
 * experiment and its seed; in a run that failed, spike counts and final weights may be of up to a slice
 * after `simulatedTime`, on some threads more than on others.
 */
import type { ThreadTimes } from '../simulation/index.js';

/** Version of this structure as stored in `results.msgpack`; raised when a reader must change. */
export const RESULTS_VERSION = 4;

export type { ThreadTimes };

/** Spikes of all recorded nodes, in the order (time, sender). */
export interface SpikeColumns {
  /** Node ids. A spike of multiplicity q stands q times. */
  readonly senders: Uint32Array;
  /** Stamps in ms. */
  readonly times: Float64Array;
}

/** Transmissions over recorded plastic synapses, in the order (time, sender, target, creation). */
export interface WeightEventColumns {
  readonly senders: Uint32Array;
  readonly targets: Uint32Array;
  /** Stamps in ms. */
  readonly times: Float64Array;
  /** Transmitted weights (unit: the target's weightUnit). */
  readonly weights: Float64Array;
}

/** Samples of one multimeter, in the order (time, sender). */
export interface TraceColumns {
  /** Name of the multimeter in the experiment. */
  readonly recorder: string;
  readonly senders: Uint32Array;
  readonly times: Float64Array;
  /** One column per recordable, by name. */
  readonly values: Readonly<Record<string, Float64Array>>;
  /** Units of the recordables, '' for pure numbers, and where nothing was sampled. */
  readonly units: Readonly<Record<string, string>>;
}

/** The synapses made by one entry of the experiment's `connections`, in the order (source, target, creation). */
export interface WeightColumns {
  /** Name of the entry: its `name`, or `SOURCE-to-TARGET`. */
  readonly connection: string;
  readonly synapseModel: string;
  readonly plastic: boolean;
  readonly sourcePopulation: string;
  readonly targetPopulation: string;
  readonly source: Uint32Array;
  readonly target: Uint32Array;
  /** ms */
  readonly delay: Float64Array;
  readonly initial: Float64Array;
  readonly final: Float64Array;
}

export interface PopulationSummary {
  readonly name: string;
  readonly model: string;
  /** Unit of weights onto it; '' for pure numbers, and for generators and recorders. */
  readonly weightUnit: string;
  /** Node ids are consecutive: firstId ... firstId + size - 1. */
  readonly firstId: number;
  readonly size: number;
  /** False for generators and recorders. */
  readonly spiking: boolean;
  /** Spikes of all its nodes over the whole run, recorded or not. */
  readonly spikeCount: number;
  /** Mean rate in spikes/s per node. */
  readonly rate: number;
}

/** One interval of a Gaussian stimulus: where its centre stood. */
export interface StimulusInterval {
  readonly population: string;
  /** Start and end in ms. */
  readonly start: number;
  readonly end: number;
  /** Index of the generator (counting from 0) at the centre of the profile. */
  readonly center: number;
}

export interface RunResults {
  readonly version: typeof RESULTS_VERSION;
  readonly name: string;
  readonly description: string;
  /** The experiment as run: parameters substituted, defaults filled in, overrides applied. */
  readonly experiment: unknown;
  readonly rngSeed: number | string;
  /** ms */
  readonly resolution: number;
  /** Biological time simulated and asked for, in ms; equal if `complete`. */
  readonly simulatedTime: number;
  readonly requestedTime: number;
  readonly complete: boolean;
  /** Why the run ended before its time, if something failed. */
  readonly failure?: string;
  /** SHA-256 (hex) over all spikes, final states and weights, node by node; absent if the run failed. */
  readonly digest?: string;
  readonly populations: readonly PopulationSummary[];
  readonly spikes: SpikeColumns;
  readonly weightEvents: WeightEventColumns;
  readonly traces: readonly TraceColumns[];
  readonly weights: readonly WeightColumns[];
  readonly stimulus: readonly StimulusInterval[];
  /** The words of the command that repeats the run; absent if it was no command that ran it. */
  readonly command?: readonly string[];
  /** Number of worker threads; cannot influence anything above. */
  readonly threads: number;
  readonly versions: { readonly isospike: string; readonly node: string };
  /**
   * Wall time in s: build, then update, wait, exchange, deliver and record of the thread that spent
   * most on it, simulate (all of Simulate), total.
   */
  readonly wallTimes: Readonly<Record<string, number>>;
  /** Wall times of each thread in s. */
  readonly threadTimes: readonly ThreadTimes[];
}

/**
 * How much longer the busiest thread worked than threads did on average, as a fraction of the
 * average: 0 if all did the same. Building and waiting are no work. 0 if nothing was done.
 */
export function loadImbalance(threads: readonly ThreadTimes[]): number {
  const work = threads.map((t) => t.update + t.exchange + t.deliver + t.record);
  const mean = work.reduce((sum, seconds) => sum + seconds, 0) / work.length;
  return mean > 0 ? Math.max(...work) / mean - 1 : 0;
}
