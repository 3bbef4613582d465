/** What recorders have noted on this virtual process: columns per recorder, in the order of time. */
import { columnLength, F64Column, U32Column } from '../memory/columns.js';
import { MAX_STEP } from '../units/index.js';
import type { NodeGroup } from './node-group.js';

/** Steps in which a device is active: after < step <= until. */
export interface ActiveWindow {
  readonly after: number;
  readonly until: number;
}

export function isActive({ after, until }: ActiveWindow, step: number): boolean {
  return step > after && step <= until;
}

/** What is kept of each spike, each weight event, and each sample of `variables` variables. */
export const SPIKE_BYTES = 8;
export const WEIGHT_EVENT_BYTES = 20;
export function sampleBytes(variables: number): number {
  return 8 + 8 * variables;
}

/** A node that a spike recorder listens to, and one that a multimeter does, as objects, measured. */
export const LISTENER_BYTES = 72;
export const OBSERVED_BYTES = 100;

/** What a recorder with `entries` entries of `bytes` bytes takes on a virtual process. */
export function recordBytes(bytes: number, entries: number): number {
  return bytes * columnLength(entries);
}

export class SpikeRecord {
  readonly senders = new U32Column();
  readonly steps = new U32Column();

  constructor(public active: ActiveWindow) {}

  get bytes(): number {
    return this.senders.bytes + this.steps.bytes;
  }

  note(sender: number, step: number, multiplicity: number): void {
    if (!isActive(this.active, step)) return;
    for (let j = 0; j < multiplicity; j++) {
      this.senders.push(sender);
      this.steps.push(step);
    }
  }

  clear(): void {
    this.senders.clear();
    this.steps.clear();
  }
}

/** All spike recorders, and which of them listen to which node. */
export class SpikeRecords {
  readonly byRecorder = new Map<number, SpikeRecord>();
  private readonly listeners: (SpikeRecord[] | undefined)[] = [];
  private subscriptions = 0;

  get bytes(): number {
    let bytes = this.subscriptions * LISTENER_BYTES;
    for (const record of this.byRecorder.values()) bytes += record.bytes;
    return bytes;
  }

  subscribe(sender: number, recorder: number): void {
    const record = this.byRecorder.get(recorder)!;
    const listening = this.listeners[sender];
    this.subscriptions += 1;
    if (listening) listening.push(record);
    else this.listeners[sender] = [record];
  }

  note(sender: number, step: number, multiplicity: number): void {
    const listening = this.listeners[sender];
    if (listening === undefined) return;
    for (const record of listening) record.note(sender, step, multiplicity);
  }

  /** A spike that only one recorder gets. */
  noteFor(recorder: number, sender: number, step: number, multiplicity: number): void {
    this.byRecorder.get(recorder)!.note(sender, step, multiplicity);
  }
}

export class WeightRecord {
  readonly senders = new U32Column();
  readonly targets = new U32Column();
  readonly steps = new U32Column();
  readonly weights = new F64Column();

  constructor(public active: ActiveWindow) {}

  get bytes(): number {
    return this.senders.bytes + this.targets.bytes + this.steps.bytes + this.weights.bytes;
  }

  note(step: number, sender: number, target: number, weight: number): void {
    if (!isActive(this.active, step)) return;
    this.senders.push(sender);
    this.targets.push(target);
    this.steps.push(step);
    this.weights.push(weight);
  }

  clear(): void {
    for (const column of [this.senders, this.targets, this.steps, this.weights]) column.clear();
  }
}

/** Samples of state variables, all nodes of a step before those of the next. */
export class TraceRecord {
  readonly senders = new U32Column();
  readonly steps = new U32Column();
  readonly values: F64Column[];
  private readonly observed: { group: NodeGroup; index: number; columns: Float64Array[] }[] = [];

  constructor(
    public active: ActiveWindow,
    public intervalSteps: number,
    readonly variables: readonly string[],
  ) {
    this.values = variables.map(() => new F64Column());
  }

  get bytes(): number {
    const { senders, steps, values, observed } = this;
    const columns = [senders, steps, ...values].reduce((sum, column) => sum + column.bytes, 0);
    return columns + observed.length * OBSERVED_BYTES;
  }

  observe(group: NodeGroup, index: number): void {
    const columns = this.variables.map((name) => group.state(name));
    this.observed.push({ group, index, columns });
  }

  /** Whether it observes any node. */
  get observes(): boolean {
    return this.observed.length > 0;
  }

  /** The first step, from `step` on, at whose end it samples. */
  nextSample(step: number): number {
    const { active, intervalSteps } = this;
    const next = Math.ceil(Math.max(step, active.after + 1) / intervalSteps) * intervalSteps;
    return next <= active.until ? next : MAX_STEP;
  }

  sample(step: number): void {
    if (!isActive(this.active, step)) return;
    if (step % this.intervalSteps !== 0) return;
    for (const { group, index, columns } of this.observed) {
      this.senders.push(group.nodeId(index));
      this.steps.push(step);
      for (let v = 0; v < columns.length; v++) this.values[v].push(columns[v][index]);
    }
  }

  clear(): void {
    for (const column of [this.senders, this.steps, ...this.values]) column.clear();
  }
}
