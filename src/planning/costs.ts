/** What single things cost in time. Every estimate of time is a sum of these. */

/** How a row of synapses is delivered. */
export type RowKind = 'relay' | 'static' | 'clopath' | 'stdp';

/** ns on one thread. */
export interface RowCosts {
  /** Finding a row and what belongs to it. */
  readonly row: number;
  /** A synapse of it, with consecutive targets and with a list of them. */
  readonly run: number;
  readonly list: number;
}

export interface NeuronCosts {
  /** A step, and what a spike costs beyond. */
  readonly step: number;
  readonly spike: number;
}

/** Times in ns, but for those that begin with `start`, which are in s. */
export interface Costs {
  /** Whether all that counts for the network was measured; otherwise typical costs stand in. */
  readonly measured: boolean;
  /** A slice of one step on one thread, when nothing happens; meeting of all threads. */
  readonly slice: number;
  readonly meeting: number;
  /** Neurons by population; of the others, typical ones. */
  readonly neurons: ReadonlyMap<string, NeuronCosts>;
  readonly anyNeuron: NeuronCosts;
  /** A step of a neuron with a Clopath archive, beyond. */
  readonly archive: number;
  readonly relaySpike: number;
  readonly poissonSpike: number;
  /**
   * A connection of a Poisson generator whose counts are drawn step by step, per step: of a generator
   * with many, whose counts are drawn and sent together, and of one with few.
   */
  readonly poissonCount: number;
  readonly poissonCountAlone: number;
  readonly rows: Readonly<Record<RowKind, RowCosts>>;
  /** A spike, a weight, a sample that is recorded. */
  readonly record: number;
  /** A connection made the quick way, what it takes more if its weight is drawn, and one by one. */
  readonly quickConnection: number;
  readonly drawnWeight: number;
  readonly connection: number;
  /** Until all threads answer, and until their code is compiled. */
  readonly startThreads: number;
  readonly startCode: number;
}

/**
 * Measured on one kind of machine (bench/README.md): good enough to choose a number of threads, not to
 * plan a run by.
 */
export function typicalCosts(threads: number): Costs {
  return {
    measured: false,
    slice: 400,
    meeting: threads === 1 ? 0 : 5000 + 1000 * threads,
    neurons: new Map(),
    anyNeuron: { step: 25, spike: 40_000 },
    archive: 2,
    relaySpike: 150,
    poissonSpike: 400,
    poissonCount: 9,
    poissonCountAlone: 50,
    rows: {
      relay: { row: 50, run: 10, list: 10 },
      static: { row: 50, run: 1.5, list: 3.5 },
      clopath: { row: 120, run: 7, list: 10 },
      stdp: { row: 100, run: 60, list: 60 },
    },
    record: 30,
    quickConnection: 25,
    drawnWeight: 15,
    connection: 300,
    startThreads: 0.1,
    startCode: 0.1,
  };
}
