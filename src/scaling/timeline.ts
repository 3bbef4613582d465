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
    bins: traces.map((trace) => binned(trace, slicesPerBin)),
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
  const groups = Array.from({ length: count }, (_, group) => {
    const first = group * slices;
    let ms = 0;
    for (let slice = first; slice < first + slices; slice++) {
      for (const time of phasesOf(trace, slice)) ms += time;
    }
    return { first, ms };
  });
  groups.sort((a, b) => a.ms - b.ms);
  return groups[Math.floor(groups.length / 2)]?.first ?? 0;
}

function binned(trace: Float64Array, slicesPerBin: number): number[] {
  const width = phases.length;
  const slices = trace.length / WIDTH;
  const sums = new Float64Array(Math.ceil(slices / slicesPerBin) * width);
  for (let slice = 0; slice < slices; slice++) {
    const bin = Math.floor(slice / slicesPerBin);
    phasesOf(trace, slice).forEach((ms, phase) => {
      sums[bin * width + phase]! += ms;
    });
  }
  return Array.from(sums, rounded);
}

/** To a nanosecond: finer than any clock. */
function rounded(ms: number): number {
  return Number(ms.toFixed(6));
}
