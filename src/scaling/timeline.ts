/**
 * Who waits for whom: the phases of each thread, slice by slice, over a stretch of time. Slices are
 * summed in bins, so that the size of a timeline does not depend on how many there are; a few
 * consecutive ones are kept one by one, with the times at which they began.
 */
import { phases } from '../simulation/index.js';

const MOST_BINS = 400;
/** Numbers per slice of a trace: its beginning, then its phases. */
const WIDTH = 1 + phases.length;
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
  /** By thread, of these slices: when each began, in ms since the first of them all did. */
  readonly began: readonly (readonly number[])[];
}

/** @param traces by thread, as Simulation.tracePhases tells them */
export function timelineOf(
  traces: readonly Float64Array[],
  start: number,
  length: number,
): Timeline {
  const slices = traces[0]!.length / WIDTH;
  const slicesPerBin = Math.max(1, Math.ceil(slices / MOST_BINS));
  const singles = Math.min(slices, SINGLE_SLICES);
  const from = medianGroup(traces[0]!, singles);
  const kept = Array.from({ length: singles }, (_, i) => from + i);
  const first = Math.min(...traces.map((trace) => beginningOf(trace, from)));
  return {
    threads: traces.length,
    start,
    length,
    slices,
    slicesPerBin,
    bins: traces.map((trace) => Array.from(summed(trace, slicesPerBin), rounded)),
    single: traces.map((trace) => kept.flatMap((slice) => phasesOf(trace, slice).map(rounded))),
    began: traces.map((trace) => kept.map((slice) => rounded(beginningOf(trace, slice) - first))),
  };
}

function beginningOf(trace: Float64Array, slice: number): number {
  return trace[slice * WIDTH] ?? 0;
}

function phasesOf(trace: Float64Array, slice: number): number[] {
  return Array.from(trace.subarray(slice * WIDTH + 1, (slice + 1) * WIDTH));
}

/** First slice of the group of so many slices that took the median time of all groups. */
function medianGroup(trace: Float64Array, slices: number): number {
  const count = Math.floor(trace.length / (slices * WIDTH || 1));
  const sums = summed(trace, slices);
  const groups = Array.from({ length: count }, (_, group) => {
    const times = sums.subarray(group * phases.length, (group + 1) * phases.length);
    return { first: group * slices, ms: times.reduce((sum, ms) => sum + ms, 0) };
  });
  groups.sort((a, b) => a.ms - b.ms);
  return groups[Math.floor(groups.length / 2)]?.first ?? 0;
}

/** Phases of so many slices together, one such bin after the other; the last may hold fewer slices. */
function summed(trace: Float64Array, slicesPerBin: number): Float64Array {
  const slices = trace.length / WIDTH;
  const sums = new Float64Array(Math.ceil(slices / (slicesPerBin || 1)) * phases.length);
  for (let slice = 0; slice < slices; slice++) {
    const bin = Math.floor(slice / slicesPerBin);
    for (let phase = 0; phase < phases.length; phase++) {
      sums[bin * phases.length + phase]! += trace[slice * WIDTH + 1 + phase]!;
    }
  }
  return sums;
}

/** To a nanosecond: finer than any clock. */
function rounded(ms: number): number {
  return Number(ms.toFixed(6));
}
