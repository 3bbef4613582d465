/** Plasticity of clopath_synapse: delay lines and archives of the groups, and the rows' delivery. */
import type { Segment } from '../memory/segment.js';
import type { ArchiveKind } from '../models/spec.js';
import { MAX_STEP } from '../units/index.js';
import { ClopathArchive } from './clopath-archive.js';
import { ClopathDelivery, type RowTarget } from './clopath-delivery.js';
import type { ConnectionTable } from './connection-table.js';
import { DelayLines } from './delay-lines.js';
import type { KernelCache } from './kernel-cache.js';
import type { NodeGroup } from './node-group.js';
import type { Plasticity, PlasticTarget, StepKeeper } from './plasticity.js';
import * as R from './row.js';

export class ClopathPlasticity implements Plasticity {
  private readonly groups: NodeGroup[] = [];
  /** By group, of models that have them. */
  private readonly lines: (DelayLines | undefined)[] = [];
  private readonly archives: (ClopathArchive | undefined)[] = [];
  private readonly delivery: ClopathDelivery;
  /** Epoch up to which silent rows were looked for, by archive. */
  private readonly settledAt: number[] = [];
  /** Step before which no group comes to another epoch. */
  private due = 0;
  private readonly segment: Segment;

  constructor(
    private readonly table: ConnectionTable,
    kernels: KernelCache,
  ) {
    this.segment = table.segment;
    this.delivery = new ClopathDelivery(table, table.segment, kernels);
  }

  addGroup(group: NodeGroup): void {
    const lines =
      group.model.archive === 'clopath' ? new DelayLines(group, this.segment) : undefined;
    this.groups.push(group);
    this.lines.push(lines);
    this.archives.push(undefined);
  }

  begin(groupIndex: number, kind: ArchiveKind): void {
    const lines = this.lines[groupIndex];
    if (kind !== 'clopath' || lines === undefined || this.archives[groupIndex]) return;
    const group = this.groups[groupIndex];
    this.archives[groupIndex] = new ClopathArchive(group, lines, this.segment);
    if (group.model.input === 'signed') this.delivery.serveSigned();
  }

  use(at: number, kind: ArchiveKind): boolean {
    if (kind !== 'clopath') return true;
    this.due = 0;
    const { i32 } = this.segment;
    const { index, parameters } = this.table.variants[i32[at + R.ROW_VARIANT]];
    const archive = this.archives[i32[at + R.ROW_GROUP]]!;
    return archive.usedBy(index, parameters.tau_x, this.table.targetsOf(at));
  }

  refresh(groupIndex: number, now: number): void {
    this.lines[groupIndex]?.refresh(now);
    const archive = this.archives[groupIndex];
    if (archive === undefined) return;
    // What a row has gained until then must not depend on whether it is settled before entries are kept or after.
    if (archive.neuronsToKeep().length > 0) this.settleGroup(groupIndex, archive, now);
    archive.refresh();
  }

  resize(now: number, delay: number, slice: number): void {
    for (const archive of this.archives) archive?.resize(now, delay, slice);
  }

  keepers(groupIndex: number): readonly StepKeeper[] {
    const lines = this.lines[groupIndex];
    const archive = this.archives[groupIndex];
    return [lines, archive].filter((keeper) => keeper !== undefined);
  }

  deliver(at: number, n: number, q: number, to: PlasticTarget): void {
    const target = to as RowTarget;
    target.archive = this.archives[to.groupIndex]!;
    target.potentiation = target.archive.potentiationOf(this.segment.i32[at + R.ROW_VARIANT]);
    this.delivery.deliver(at, n, q, target);
  }

  /**
   * Once per epoch is often enough, and when it happens cannot change a result (see
   * clopath-delivery.ts); at the end of a run it must happen where entries are kept one by one, as
   * weights may be set then.
   */
  settle(now: number, atEnd: boolean): void {
    if (now < this.due && !atEnd) return;
    const { archives } = this;
    this.due = MAX_STEP;
    for (let g = 0; g < archives.length; g++) {
      const archive = archives[g];
      if (archive === undefined || archive.potentiations.length === 0) continue;
      let shortest = Number.POSITIVE_INFINITY;
      for (const p of archive.potentiations) shortest = Math.min(shortest, p.epochSteps);
      const epoch = Math.floor(now / shortest);
      this.due = Math.min(this.due, (epoch + 1) * shortest);
      if (this.settledAt[g] === epoch && !(atEnd && archive.hasEntries)) continue;
      this.settledAt[g] = epoch;
      this.settleGroup(g, archive, now);
    }
  }

  private settleGroup(g: number, archive: ClopathArchive, now: number): void {
    archive.dropEntriesUpTo(Math.min(archive.known.reach(now), this.settleRows(g, archive, now)));
  }

  /**
   * The last step that no row will ask for any more. On its own, as V8 compiles it within the first long
   * loop: what would follow there has never run, and it would give up the code each time.
   */
  private settleRows(g: number, archive: ClopathArchive, now: number): number {
    const { table } = this;
    let oldest = now;
    for (let row = 0; row < table.rowCount; row++) {
      oldest = Math.min(oldest, this.settleRow(table.rowAt(row), g, archive, now));
    }
    return oldest;
  }

  /** The last step that the row will not ask for any more, `now` if it is none of the group or settled. */
  private settleRow(at: number, g: number, archive: ClopathArchive, now: number): number {
    const { i32 } = this.segment;
    if (i32[at + R.ROW_GROUP] !== g || i32[at + R.ROW_LASTS] === 0) return now;
    const { index, model } = this.table.variants[i32[at + R.ROW_VARIANT]];
    if (model.archive !== 'clopath') return now;
    this.delivery.settleIfSilent(at, now, archive, archive.potentiationOf(index));
    const last = i32[at + R.ROW_LAST_SPIKE];
    const isWaiting = (i32[at + R.ROW_FLAGS] & R.SETTLED) === 0 && last > 0;
    return isWaiting ? last - i32[at + R.ROW_DELAY] : now;
  }

  beforeChange(): void {}
}
