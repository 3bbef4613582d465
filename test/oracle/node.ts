/** What every node of the oracle has in common. */
import type { ClopathArchive } from './clopath-archive.js';
import type { Parameters } from './scenario.js';
import type { SpikeArchive } from './stdp-synapse.js';

/** All that arrives at a node for one step, summed in canonical order. */
export interface Arrivals {
  /** Sum of all weights. */
  weight: number;
  /** Sum of the weights > 0. */
  excitatory: number;
  /** Sum of the other weights. */
  inhibitory: number;
  /** Number of spikes, whatever their weights. */
  spikeCount: number;
  /** In pA. */
  current: number;
}

export function nothingArrived(): Arrivals {
  return { weight: 0, excitatory: 0, inhibitory: 0, spikeCount: 0, current: 0 };
}

/** A neuron or relay: takes what arrives in a step, says how many spikes it emits in it. */
export interface SpikingNode {
  readonly advance: (step: number, arrivals: Readonly<Arrivals>) => number;
  read(variable: string): number;
  /** Present in Clopath neurons. */
  readonly clopathArchive?: ClopathArchive;
  /** Its own spikes, for STDP synapses onto it. */
  readonly spikeArchive: SpikeArchive;
}

/** One emission of a spike device; `factor` multiplies the weight of the connection. */
export interface Emission {
  readonly multiplicity: number;
  readonly factor: number;
}

/** A generator: what it emits in a step depends on the step alone. */
export interface Generator {
  spikes(step: number): readonly Emission[];
  /** In pA. */
  current(step: number): number;
}

/** The defaults overlaid with the given values; a key that has no default is a mistake. */
export function withDefaults<T extends object>(model: string, defaults: T, given: Parameters): T {
  for (const key of Object.keys(given)) {
    if (!(key in defaults)) throw new Error(`oracle: ${model} has no parameter '${key}'`);
  }
  return { ...defaults, ...given };
}

/** Looks up a recordable by its name. */
export function readFrom(model: string, values: Record<string, number>, variable: string): number {
  const value = values[variable];
  if (value === undefined) throw new Error(`oracle: ${model} has no recordable '${variable}'`);
  return value;
}
