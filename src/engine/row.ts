/**
 * Layout of a row: the synapses from one source onto one group of a virtual process that share connect
 * call, delay and parameters. A row is one cache line of 32-bit words in the segment.
 */
export const ROW_WORDS = 16;
export const ROW_BYTES = 4 * ROW_WORDS;

/** Node id of the source. */
export const ROW_SOURCE = 0;
/** Number of the connect call. */
export const ROW_CALL = 1;
/** Index of the target group. */
export const ROW_GROUP = 2;
/** Number of synapses. */
export const ROW_COUNT = 3;
/** Steps. */
export const ROW_DELAY = 4;
/** Index into the table's variants. */
export const ROW_VARIANT = 5;
/** u32 index of the target list (indices within the group); or the first target if contiguous. */
export const ROW_TARGETS = 6;
/** Bits CONTIGUOUS, SETTLED and ABOVE_CAP. */
export const ROW_FLAGS = 7;
/** The targets are consecutive and no list is kept. */
export const CONTIGUOUS = 1;
/** `lasts` holds pending amounts of weight (see clopath-delivery.ts). */
export const SETTLED = 2;
/** Some weight may be above Wmax, as it stays until there is potentiation. */
export const ABOVE_CAP = 4;
/** f64 index of the weights. */
export const ROW_WEIGHTS = 8;
/** f64 index of what a plastic synapse keeps beside its weight; 0 for static ones. */
export const ROW_LASTS = 9;
/** u32 index of the synapses' places in their call, 0 if their order says it. */
export const ROW_POSITIONS = 10;
/** Step of the last presynaptic spike, 0 for none. */
export const ROW_LAST_SPIKE = 11;
/** Place of the row's first synapse among those of its source, delay and parameters in the call. */
export const ROW_BASE = 12;
/** Orders rows that are otherwise alike: index in the table when made, or when parameters were last set. */
export const ROW_RANK = 13;
/** The presynaptic trace x after the last spike, a f64 in words 14 and 15. */
export const ROW_TRACE = 14;

/** Something for rows whose targets are consecutive, and for others. */
export interface ByShape<T> {
  readonly run: T;
  readonly list: T;
}

/** What a row's synapses keep beside their weights. */
export interface SynapseColumns {
  readonly lasts: boolean;
  readonly targets: boolean;
  readonly positions: boolean;
}

/** Bytes of one synapse in the columns that its row points to. */
export function synapseBytes({ lasts, targets, positions }: SynapseColumns): number {
  return 8 + (lasts ? 8 : 0) + (targets ? 4 : 0) + (positions ? 4 : 0);
}

/** Synapses of a row for which a call of a kernel is worth it. */
export const LEAST_FOR_KERNEL = 4;
