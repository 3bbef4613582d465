/** Records of several recorders as one table, in canonical order. */
import type { SpikeColumns, WeightEventColumns } from './results.js';

/**
 * Spikes that any of the recorders noted, in the order (time, sender). A spike that several
 * recorders noted is one spike; one that a recorder noted q times (multiplicity) stands q times.
 */
export function mergeSpikes(recorders: readonly SpikeColumns[]): SpikeColumns {
  const empty: SpikeColumns = { senders: new Uint32Array(0), times: new Float64Array(0) };
  return recorders.reduce(mergeTwo, empty);
}

function mergeTwo(a: SpikeColumns, b: SpikeColumns): SpikeColumns {
  if (a.senders.length === 0) return b;
  const senders = new Uint32Array(a.senders.length + b.senders.length);
  const times = new Float64Array(senders.length);
  let [i, j, count] = [0, 0, 0];
  while (i < a.senders.length || j < b.senders.length) {
    const order = i === a.senders.length ? 1 : j === b.senders.length ? -1 : compare(a, i, b, j);
    const from = order <= 0 ? a : b;
    const at = order <= 0 ? i : j;
    senders[count] = from.senders[at]!;
    times[count++] = from.times[at]!;
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return { senders: senders.slice(0, count), times: times.slice(0, count) };
}

function compare(a: SpikeColumns, i: number, b: SpikeColumns, j: number): number {
  return a.times[i]! - b.times[j]! || a.senders[i]! - b.senders[j]!;
}

/** Weight events of all recorders, in the order (time, sender, target), then by recorder. */
export function mergeWeightEvents(recorders: readonly WeightEventColumns[]): WeightEventColumns {
  if (recorders.length === 1) return recorders[0]!;
  const senders = join(Uint32Array, recorders, 'senders');
  const targets = join(Uint32Array, recorders, 'targets');
  const times = join(Float64Array, recorders, 'times');
  const weights = join(Float64Array, recorders, 'weights');
  const order = Uint32Array.from(senders.keys()).sort(
    (a, b) =>
      times[a]! - times[b]! || senders[a]! - senders[b]! || targets[a]! - targets[b]! || a - b,
  );
  return {
    senders: Uint32Array.from(order, (i) => senders[i]!),
    targets: Uint32Array.from(order, (i) => targets[i]!),
    times: Float64Array.from(order, (i) => times[i]!),
    weights: Float64Array.from(order, (i) => weights[i]!),
  };
}

function join<T extends Uint32Array | Float64Array>(
  Column: new (length: number) => T,
  recorders: readonly WeightEventColumns[],
  key: keyof WeightEventColumns,
): T {
  const all = new Column(recorders.reduce((sum, recorder) => sum + recorder[key].length, 0));
  let at = 0;
  for (const recorder of recorders) {
    all.set(recorder[key], at);
    at += recorder[key].length;
  }
  return all;
}
