/** Plasticity of stdp_synapse: the groups' archives of spikes, and the rows' delivery. */
import type { ArchiveKind } from '../models/spec.js';
import type { ConnectionTable } from './connection-table.js';
import { Decays } from './decay.js';
import type { InputRing } from './input-ring.js';
import type { NodeGroup } from './node-group.js';
import type { Plasticity, PlasticTarget, StepKeeper } from './plasticity.js';
import * as R from './row.js';
import { SpikeArchive } from './spike-archive.js';
import { StdpDelivery, type StdpRule, stdpRule } from './stdp-delivery.js';

/** Silent rows are looked for this often in the longest window. */
const LOOKS_PER_WINDOW = 8;

/** Most steps back of which spikes are kept, for rows with this window. */
export function keptSteps(window: number): number {
  return window + Math.ceil(window / LOOKS_PER_WINDOW);
}

export class StdpPlasticity implements Plasticity {
  private readonly groups: NodeGroup[] = [];
  /** By group, of those with plastic input. */
  private readonly archives: (SpikeArchive | undefined)[] = [];
  /** By variant, of this kind. */
  private readonly rules: (StdpRule | undefined)[] = [];
  private readonly decays = new Decays();
  private readonly delivery: StdpDelivery;
  /** Steps; 0 while there are no rows. */
  private longestWindow = 0;
  private lookedAt = 0;

  constructor(
    private readonly table: ConnectionTable,
    ring: InputRing,
  ) {
    this.delivery = new StdpDelivery(table, ring);
  }

  addGroup(group: NodeGroup): void {
    this.groups.push(group);
    this.archives.push(undefined);
  }

  /** Spikes are kept from the first plastic input on, whatever its kind. */
  begin(groupIndex: number): void {
    const group = this.groups[groupIndex];
    this.archives[groupIndex] ??= new SpikeArchive(group, this.table.segment, this.decays);
    group.spikes = this.archives[groupIndex];
  }

  use(at: number, kind: ArchiveKind): boolean {
    const { segment } = this.table;
    const archive = this.archives[segment.i32[at + R.ROW_GROUP]]!;
    if (kind === 'spikes') {
      archive.isRead = true;
      const { windowSteps } = this.ruleOf(segment.i32[at + R.ROW_VARIANT]);
      this.longestWindow = Math.max(this.longestWindow, windowSteps);
    }
    return archive.activate(this.table.targetsOf(at));
  }

  private ruleOf(variant: number): StdpRule {
    const { resolution } = this.groups[0];
    this.rules[variant] ??= stdpRule(this.table.variants[variant], resolution, this.decays);
    return this.rules[variant];
  }

  refresh(groupIndex: number): void {
    this.archives[groupIndex]?.refresh();
  }

  resize(now: number, delay: number, slice: number): void {
    for (const archive of this.archives) archive?.resize(now, delay, slice);
  }

  /** Spikes are noted when they happen (see SpikeOutput). */
  keepers(): readonly StepKeeper[] {
    return [];
  }

  deliver(at: number, n: number, q: number, to: PlasticTarget): void {
    const rule = this.ruleOf(this.table.segment.i32[at + R.ROW_VARIANT]);
    this.delivery.deliver(at, n, q, to, this.archives[to.groupIndex]!, rule);
  }

  settle(now: number): void {
    const isTime = now - this.lookedAt >= this.longestWindow / LOOKS_PER_WINDOW;
    if (isTime && this.longestWindow > 0) this.settleRows(now);
  }

  /** So that what a row has gained until then does not depend on when it was last looked at. */
  beforeChange(now: number): void {
    if (this.longestWindow > 0) this.settleRows(now);
  }

  /** Settle the rows whose source has long been silent, and forget what the others do not need. */
  private settleRows(now: number): void {
    const { table, archives } = this;
    const { i32 } = table.segment;
    this.lookedAt = now;
    const reach = archives.map((archive) => archive?.known.reach(now) ?? 0);
    for (let row = 0; row < table.rowCount; row++) {
      const at = table.rowAt(row);
      const variant = i32[at + R.ROW_VARIANT];
      if (table.variants[variant].model.archive !== 'spikes') continue;
      const rule = this.ruleOf(variant);
      const g = i32[at + R.ROW_GROUP];
      if (this.delivery.settleIfSilent(at, now, archives[g]!, rule)) continue;
      reach[g] = Math.min(reach[g], i32[at + R.ROW_LAST_SPIKE] - i32[at + R.ROW_DELAY]);
    }
    archives.forEach((archive, g) => {
      archive?.dropUpTo(reach[g]);
    });
  }
}
