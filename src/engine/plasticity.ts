/**
 * A kind of plasticity on one virtual process: what its targets remember (their archive), and what a row of
 * its synapses does at a presynaptic spike. A row keeps its last presynaptic step (ROW_LAST_SPIKE),
 * the trace that its source left then (ROW_TRACE), and beside each weight one number (ROW_LASTS),
 * of which, and of the flag SETTLED, the kind decides the meaning.
 */
import type { ArchiveKind, Tile } from '../models/spec.js';
import type { ConnectionTable, Variant } from './connection-table.js';
import type { NodeGroup } from './node-group.js';
import type { WeightRecord } from './records.js';
import * as R from './row.js';

/** Where a spike through a plastic row leads. */
export interface PlasticTarget {
  group: NodeGroup;
  groupIndex: number;
  /** Step of arrival. */
  arrival: number;
  /** Input ring, and the index in it of the group's first neuron at the time of arrival. */
  input: Float64Array;
  inputAt: number;
  /** Byte address of that neuron's number. */
  inputAddress: number;
  /** Distance to where weights go that are not positive. */
  inhibitoryOffset: number;
  record: WeightRecord | undefined;
}

/** Keeps something of each step of a group's neurons. */
export interface StepKeeper {
  /** The neurons of a tile have reached the end of a step. */
  endStep(step: number, tile: Tile): void;
}

export interface Plasticity {
  /** Groups are added in the order of their indices. */
  addGroup(group: NodeGroup): void;
  /**
   * Connections of a kind onto a group's population were made: on all virtual processes alike, whoever got
   * the synapses.
   */
  begin(groupIndex: number, kind: ArchiveKind): void;
  /**
   * There is a plastic row, of whatever kind, at word `at`; before a run, as often as one likes. True if all
   * neurons of its group are known to have input of its variant, so that others of both have nothing to tell.
   */
  use(at: number, kind: ArchiveKind): boolean;
  /** Parameters of a group changed after step `now`. */
  refresh(groupIndex: number, now: number): void;
  /** Serve delays of up to `delay` steps in slices of `slice` steps, from step `now` on. */
  resize(now: number, delay: number, slice: number): void;
  /** What keeps something of each step of a group's neurons. */
  keepers(groupIndex: number): readonly StepKeeper[];
  /**
   * A spike of multiplicity q, stamped n, through the row at word `at`, which is of this kind:
   * updates the weights and sends them.
   */
  deliver(at: number, n: number, q: number, to: PlasticTarget): void;
  /**
   * A slice ended at step `now`. Now and then: settle the rows whose source has long been silent, so
   * that archives need not remember more. When this is done cannot change a result.
   */
  settle(now: number, atEnd: boolean): void;
  /** Weights or parameters of synapses are about to be set, after step `now`. */
  beforeChange(now: number): void;
}

/** Tell the archives which neurons have which plastic synapses. */
export function assignArchives(table: ConnectionTable, plasticities: readonly Plasticity[]): void {
  const { i32 } = table.segment;
  /** Groups and variants of which further rows have nothing to tell. */
  const known = new Set<number>();
  for (let row = 0; row < table.rowCount; row++) {
    const at = table.rowAt(row);
    const variant = i32[at + R.ROW_VARIANT];
    const pair = i32[at + R.ROW_GROUP] * table.variants.length + variant;
    if (known.has(pair)) continue;
    if (assignRow(at, table.variants[variant], plasticities)) known.add(pair);
  }
}

/** True if further rows of its group and variant have nothing to tell. */
function assignRow(
  at: number,
  { model: { archive } }: Variant,
  plasticities: readonly Plasticity[],
): boolean {
  if (archive === undefined) return true;
  let isKnown = true;
  for (const plasticity of plasticities) isKnown = plasticity.use(at, archive) && isKnown;
  return isKnown;
}
