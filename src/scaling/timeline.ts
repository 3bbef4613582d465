/**
 * Who waits for whom: the phases of each thread, slice by slice, over a stretch of time. Slices are
 * summed in bins, so that the size of a timeline does not depend on how many there are; a few
 * consecutive ones are kept one by one.
 */
import { phases } from '../simulation/index.js';

const MOST_BINS = 400;
/** Consecutive slices that are kept one by one. */
const SINGLE_SLICES = 24;

export interface Timeline {
  /** Threads of the run that was traced. */
  readonly threads: number;
  /** Biological time at which the stretch begins, and its length, in ms. */
  readonly start: number;
  readonly length: number;
  readonly slices: number;
  /** Consecutive slices summed in a bin; the last bin may hold fewer. */
  readonly slicesPerBin: number;
  /** By thread: durations in ms, phase after phase of the first bin, then of the next. */
  readonly bins: readonly (readonly number[])[];
  /**
   * By thread, in the same way: each of some consecutive slices. Of all such groups of slices it is
   * the one that took the median time.
   */
  readonly single: readonly (readonly number[])[];
}

/** @param traces by thread, as Simulation.tracePhases tells them */
export function timelineOf(
  traces: readonly Float64Array[],
  start: number,
  length: number,
): Timeline {
  const width = phases.length;
  const slices = traces[0]!.length / width;
  const slicesPerBin = Math.max(1, Math.ceil(slices / MOST_BINS));
  const singles = Math.min(slices, SINGLE_SLICES);
  const from = medianGroup(traces[0]!, singles);
  return {
    threads: traces.length,
    start,
    length,
    slices,
    slicesPerBin,
    bins: traces.map((trace) => binned(trace, slicesPerBin)),
    single: traces.map((trace) =>
      Array.from(trace.subarray(from * width, (from + singles) * width), rounded),
    ),
  };
}

/** First slice of the group of so many slices that took the median time of all groups. */
function medianGroup(trace: Float64Array, slices: number): number {
  const length = slices * phases.length;
  const groups = Array.from({ length: Math.floor(trace.length / (length || 1)) }, (_, group) => {
    const times = trace.subarray(group * length, (group + 1) * length);
    return { first: group * slices, ms: times.reduce((sum, ms) => sum + ms, 0) };
  });
  groups.sort((a, b) => a.ms - b.ms);
  return groups[Math.floor(groups.length / 2)]?.first ?? 0;
}

function binned(trace: Float64Array, slicesPerBin: number): number[] {
  const width = phases.length;
  const bins = Math.ceil(trace.length / (width * slicesPerBin));
  const sums = new Float64Array(bins * width);
  trace.forEach((ms, i) => {
    const bin = Math.floor(i / (width * slicesPerBin));
    sums[bin * width + (i % width)]! += ms;
  });
  return Array.from(sums, rounded);
}

/** To a nanosecond: finer than any clock. */
function rounded(ms: number): number {
  return Number(ms.toFixed(6));
}
