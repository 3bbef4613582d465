/** What the points with the same number of threads have in common. */
import { loadImbalance } from '../experiment/results.js';
import { type Phase, phases } from '../simulation/index.js';
import type { Point, Study } from './study.js';

export interface Spread {
  readonly mean: number;
  /** Standard deviation of the sample; 0 for one value. */
  readonly sd: number;
}

/** Points with the same number of threads; means and deviations over seeds and repeats. */
export interface ThreadCountSummary {
  readonly threads: number;
  readonly oversubscribed: boolean;
  readonly points: number;
  readonly size?: number;
  readonly nodes: number;
  readonly connections: number;
  /** Wall times in s: construction (nodes and connections), propagation. */
  readonly construction: Spread;
  readonly simulate: Spread;
  /** Wall time over biological time. */
  readonly realTimeFactor: Spread;
  /**
   * Of the time on the fewest threads, in relation to the time here: in strong scaling divided by how
   * many times the threads are, in weak scaling as it is. 1 is ideal.
   */
  readonly efficiency: Spread;
  /** Fraction of the threads' time in each phase. */
  readonly fractions: Readonly<Record<Phase, number>>;
  readonly imbalance: Spread;
  /** Per second of wall time. */
  readonly spikes: Spread;
  readonly synapticEvents: Spread;
  /** Bytes. */
  readonly memory: { readonly base: number; readonly network: number; readonly peak: Spread };
}

/** One summary for each number of threads of which there are points, ascending. */
export function summarise(study: Pick<Study, 'kind' | 'points'>): ThreadCountSummary[] {
  const { points } = study;
  const counts = [...new Set(points.map(({ threads }) => threads))].sort((a, b) => a - b);
  const fewest = points.filter(({ threads }) => threads === counts[0]);
  return counts.map((threads) => {
    const same = points.filter((point) => point.threads === threads);
    return summary(same, fewest, study.kind);
  });
}

function summary(
  points: readonly Point[],
  fewest: readonly Point[],
  kind: Study['kind'],
): ThreadCountSummary {
  const first = points[0]!;
  const over = (of: (point: Point) => number) => spread(points.map(of));
  return {
    threads: first.threads,
    oversubscribed: first.oversubscribed,
    points: points.length,
    ...(first.size === undefined ? {} : { size: first.size }),
    nodes: first.nodes,
    connections: over(({ connections }) => connections).mean,
    construction: over(({ wall }) => wall.create + wall.connect),
    simulate: over(({ wall }) => wall.simulate),
    realTimeFactor: over((point) => point.wall.simulate / (point.modelTime / 1000)),
    efficiency: efficiency(points, fewest, kind),
    fractions: fractionsOf(points),
    imbalance: over(({ threadTimes }) => loadImbalance(threadTimes)),
    spikes: over(({ spikes, wall }) => spikes / wall.simulate),
    synapticEvents: over(({ synapticEvents, wall }) => synapticEvents / wall.simulate),
    memory: {
      base: over(({ memory }) => memory.base).mean,
      network: over(({ memory }) => memory.network).mean,
      peak: over(({ memory }) => memory.peak),
    },
  };
}

/**
 * From times in relation to those of the same seed on the fewest threads (their mean over repeats); the
 * deviation is that of these ratios, in relation to their mean.
 */
function efficiency(
  points: readonly Point[],
  fewest: readonly Point[],
  kind: Study['kind'],
): Spread {
  const ratios = points.map(({ seed, wall }) => {
    const sameSeed = fewest.filter((point) => point.seed === seed);
    const reference = sameSeed.length > 0 ? sameSeed : fewest;
    return wall.simulate / spread(reference.map((point) => point.wall.simulate)).mean;
  });
  const { mean, sd } = spread(ratios);
  const ideal = kind === 'strong' ? fewest[0]!.threads / points[0]!.threads : 1;
  return { mean: ideal / mean, sd: (ideal / mean) * (sd / mean) };
}

function fractionsOf(points: readonly Point[]): Record<Phase, number> {
  const all = points.flatMap(({ threadTimes }) => threadTimes);
  const sums = phases.map((phase) => all.reduce((sum, times) => sum + times[phase], 0));
  const total = sums.reduce((sum, seconds) => sum + seconds, 0);
  const fractions = phases.map((phase, i) => [phase, total > 0 ? sums[i]! / total : 0]);
  return Object.fromEntries(fractions) as Record<Phase, number>;
}

export function spread(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}
