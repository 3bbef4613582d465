/** What multimeters sampled: under which names it is kept, and which of it is drawn. */
import type { RunResults, TraceColumns } from '../experiment/results.js';
import { fileName } from './file-name.js';

/** More lines than these in one panel hide each other. */
const MOST_NEURONS = 3;
/** Of more multimeters the first have a figure; the tables have all. */
const MOST_DRAWN = 8;

/** Names of the files of each trace, without extensions; recorders of similar names differ, too. */
export function traceStems(traces: readonly TraceColumns[]): string[] {
  const taken = new Set<string>();
  return traces.map(({ recorder }) => {
    const stem = `traces-${fileName(recorder)}`;
    let name = stem;
    for (let copy = 2; taken.has(name); copy++) name = `${stem}-${copy}`;
    taken.add(name);
    return name;
  });
}

export interface DrawnNeuron {
  /** 'exc 3 (id 8)': the third of the population exc. */
  readonly label: string;
  /** Rows of the trace's columns that are its samples, in the order of time. */
  readonly rows: Uint32Array;
  /** Stamps of its recorded spikes, in ms. */
  readonly spikes: Float64Array;
}

/** What is drawn of a trace: the first of the neurons that were sampled. */
export interface DrawnTrace {
  readonly stem: string;
  readonly trace: TraceColumns;
  readonly neurons: readonly DrawnNeuron[];
  /** Neurons that were sampled. */
  readonly sampled: number;
  /** Of the axis, in ms: the run, or the part of it that was sampled if that is much less. */
  readonly start: number;
  readonly end: number;
}

/** The traces that have a figure. */
export function drawnTraces(results: RunResults): DrawnTrace[] {
  const stems = traceStems(results.traces);
  return results.traces
    .map((trace, i) => ({ trace, stem: stems[i]! }))
    .filter(({ trace }) => trace.times.length > 0 && Object.keys(trace.values).length > 0)
    .slice(0, MOST_DRAWN)
    .map(({ trace, stem }) => {
      const ids = distinct(trace.senders);
      const neurons = [...ids.subarray(0, MOST_NEURONS)].map((id) => ({
        label: labelOf(results, id),
        rows: rowsOf(trace.senders, id),
        spikes: spikesOf(results, id),
      }));
      return { stem, trace, neurons, sampled: ids.length, ...timesShown(results, trace) };
    });
}

function distinct(senders: Uint32Array): Uint32Array {
  const seen = new Uint8Array(senders.reduce((a, b) => Math.max(a, b)) + 1);
  for (const sender of senders) seen[sender] = 1;
  return Uint32Array.from(seen.keys()).filter((id) => seen[id] === 1);
}

function labelOf({ populations }: RunResults, id: number): string {
  const { name, firstId } = populations.find(
    (one) => id >= one.firstId && id < one.firstId + one.size,
  )!;
  return `${name} ${id - firstId + 1} (id ${id})`;
}

function spikesOf({ spikes: { senders, times } }: RunResults, id: number): Float64Array {
  return Float64Array.from(rowsOf(senders, id), (row) => times[row]!);
}

/** Rows of a table that are of a node. */
function rowsOf(senders: Uint32Array, id: number): Uint32Array {
  const rows: number[] = [];
  for (let i = 0; i < senders.length; i++) if (senders[i] === id) rows.push(i);
  return Uint32Array.from(rows);
}

function timesShown({ simulatedTime }: RunResults, { times }: TraceColumns) {
  const [first, last] = [times[0]!, times.at(-1)!];
  if (last - first > simulatedTime / 2) return { start: 0, end: simulatedTime };
  return first < last ? { start: first, end: last } : { start: first, end: first + 1 };
}

/**
 * Which of the samples a line through all of them needs to look the same in columns that are `width`
 * ms wide: of each column the first, the least, the greatest and the last.
 */
export function neededSamples(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  width: number,
): number[] {
  const needed: number[] = [];
  for (let first = 0; first < times.length; ) {
    const column = Math.floor(times[first]! / width);
    let [least, greatest, next] = [first, first, first];
    for (; next < times.length && Math.floor(times[next]! / width) === column; next++) {
      if (values[next]! < values[least]!) least = next;
      if (values[next]! > values[greatest]!) greatest = next;
    }
    const [lower, upper] = least < greatest ? [least, greatest] : [greatest, least];
    for (const sample of [first, lower, upper, next - 1]) {
      if (sample !== needed.at(-1)) needed.push(sample);
    }
    first = next;
  }
  return needed;
}
