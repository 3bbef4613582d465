/** From the records of each virtual process to one set of columns in the canonical order. */
import type { RecordColumns } from '../engine/reader.js';
import type { TimeGrid } from '../units/index.js';

export interface SpikeEvents {
  readonly senders: Uint32Array;
  /** Stamps in ms. */
  readonly times: Float64Array;
}

export interface WeightEvents extends SpikeEvents {
  readonly targets: Uint32Array;
  readonly weights: Float64Array;
}

/** A multimeter's events: `senders`, `times`, and one Float64Array per recordable by name. */
export type TraceEvents = SpikeEvents & Readonly<Record<string, Float64Array | Uint32Array>>;

/** Sorted by (time, sender, target); events equal in these are of one process and keep its order. */
export function mergeRecords(
  parts: readonly RecordColumns[],
  grid: TimeGrid,
): SpikeEvents | WeightEvents | TraceEvents {
  const senders = concatenate(
    parts.map((p) => p.senders),
    Uint32Array,
  );
  const steps = concatenate(
    parts.map((p) => p.steps),
    Uint32Array,
  );
  const targets =
    parts[0].targets &&
    concatenate(
      parts.map((p) => p.targets!),
      Uint32Array,
    );
  const order = canonicalOrder(steps, senders, targets);
  const reorder = <T extends Uint32Array | Float64Array>(column: T): T => {
    const sorted = column.slice() as T;
    for (let i = 0; i < order.length; i++) sorted[i] = column[order[i]];
    return sorted;
  };
  const times = new Float64Array(steps.length);
  for (let i = 0; i < order.length; i++) times[i] = grid.ms(steps[order[i]]);
  const events = { senders: reorder(senders), times };
  if (targets) {
    const weights = concatenate(
      parts.map((p) => p.weights!),
      Float64Array,
    );
    return { ...events, targets: reorder(targets), weights: reorder(weights) };
  }
  const traces: Record<string, Float64Array> = {};
  parts[0].variables?.forEach((name, v) => {
    traces[name] = reorder(
      concatenate(
        parts.map((p) => p.values![v]),
        Float64Array,
      ),
    );
  });
  return { ...events, ...traces };
}

function canonicalOrder(
  steps: Uint32Array,
  senders: Uint32Array,
  targets?: Uint32Array,
): Uint32Array {
  const order = Uint32Array.from(steps, (_, i) => i);
  const compare = (a: number, b: number): number =>
    steps[a] - steps[b] || senders[a] - senders[b] || (targets ? targets[a] - targets[b] : 0);
  for (let i = 1; i < order.length; i++) {
    if (compare(i - 1, i) > 0) return order.sort((a, b) => compare(a, b) || a - b);
  }
  return order;
}

function concatenate<T extends Uint32Array | Float64Array>(
  parts: readonly T[],
  make: new (length: number) => T,
): T {
  if (parts.length === 1) return parts[0];
  const all = new make(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
