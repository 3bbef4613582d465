/** The protocol unrolled: every interval with its place in time and what happens when it begins. */
import { ValueError } from '../errors/index.js';
import type { Seed } from '../random/key.js';
import { TimeGrid } from '../units/index.js';
import type { ResolvedExperiment } from './schema.js';
import { centerDraws, type GaussianRate } from './stimulus.js';

type ProtocolEntry = ResolvedExperiment['protocol'][number];

/** One pass through an entry of the protocol. Times in ms, on the grid. */
export interface Interval {
  /** Index in the protocol. */
  readonly entry: number;
  readonly start: number;
  readonly end: number;
  /** Parameters to set at `start`, by population. */
  readonly set: ProtocolEntry['set'];
  readonly stimulus?: { readonly profile: GaussianRate; readonly center: number };
}

/**
 * All intervals of the protocol, in order; a function of the experiment and the seed alone.
 * @throws OffGridError for a duration that is not a multiple of the resolution
 */
export function timeline(experiment: ResolvedExperiment, seed: Seed): Interval[] {
  const grid = new TimeGrid(experiment.kernel.resolution);
  const drawCenter = centerDraws(seed);
  const intervals: Interval[] = [];
  let step = 0;
  experiment.protocol.forEach(({ simulate, repeat, set, stimulus: profile }, entry) => {
    const steps = grid.steps(`protocol.${entry}.simulate`, simulate);
    for (let i = 0; i < repeat; i++) {
      const times = { start: grid.ms(step), end: grid.ms(step + steps) };
      const stimulus = profile && { stimulus: { profile, center: drawCenter(profile) } };
      intervals.push({ entry, ...times, set, ...stimulus });
      step += steps;
    }
  });
  return intervals;
}

/** What of the intervals lies after `timeMs`, which is on the grid; nothing is set twice. */
export function restAfter(intervals: readonly Interval[], timeMs: number): Interval[] {
  return intervals
    .filter(({ end }) => end > timeMs)
    .map((interval) => {
      if (interval.start >= timeMs) return interval;
      return { entry: interval.entry, start: timeMs, end: interval.end, set: {} };
    });
}

/**
 * What of the intervals lies before `timeMs`. An interval that begins there is left out, with what
 * it would set.
 * @throws ValueError, OffGridError
 */
export function cutAt(
  intervals: readonly Interval[],
  timeMs: number,
  resolutionMs: number,
): Interval[] {
  const grid = new TimeGrid(resolutionMs);
  const total = intervals.at(-1)?.end ?? 0;
  if (!(timeMs > 0 && timeMs <= total)) {
    throw new ValueError(
      'time',
      timeMs,
      `a time in ms, > 0 and at most the protocol's ${total} ms`,
    );
  }
  const end = grid.ms(grid.steps('time', timeMs));
  return intervals
    .filter(({ start }) => start < end)
    .map((interval) => (interval.end <= end ? interval : { ...interval, end }));
}
