/** What a run of the benchmarks leaves, also as JSON. */
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import type { AnyBenchmark, Form, Target } from './benchmark.js';
import type { RunOutcome } from './messages.js';
import { meets, type Summary, summary } from './statistics.js';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  readonly date: string;
  /** Of the last minute, before the first run. */
  readonly load: number;
}

export interface FigureResult extends Summary {
  readonly name: string;
  readonly unit: string;
  readonly target?: Target;
  readonly nest?: string;
  /** Whether the median meets the target. */
  readonly met?: boolean;
  readonly values: readonly number[];
}

export interface BenchmarkResult {
  readonly name: string;
  readonly question: string;
  readonly seed: number;
  readonly plan: unknown;
  readonly figures: readonly FigureResult[];
  /** ns per exponential of the calibration loop, in the same runs. */
  readonly calibration: Summary;
  /** Bytes resident at the highest, in the same runs. */
  readonly peak: Summary;
  /** Why runs gave no result; their figures are left out. */
  readonly failures: readonly string[];
}

export interface Results {
  readonly form: Form;
  readonly runs: number;
  readonly machine: Machine;
  readonly benchmarks: readonly BenchmarkResult[];
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${platform()} ${release()}`,
    node: process.version,
    date: new Date().toISOString(),
    load: loadavg()[0]!,
  };
}

export function resultOf(
  { name, question, seed, plans, figures }: AnyBenchmark,
  form: Form,
  outcomes: readonly RunOutcome[],
  failures: readonly string[],
): BenchmarkResult {
  const plan = plans[form];
  if (outcomes.length === 0) {
    const none = { median: 0, min: 0, max: 0 };
    const of = { figures: [], calibration: none, peak: none };
    return { name, question, seed, plan, ...of, failures };
  }
  return {
    name,
    question,
    seed,
    plan,
    figures: Object.entries(figures).map(([key, figure]): FigureResult => {
      const values = outcomes.map((outcome) => outcome.figures[key]!);
      const found = summary(values);
      // Targets are meant for the full size.
      const met = figure.target && form === 'full' ? meets(found.median, figure.target) : undefined;
      return { name: key, ...figure, ...found, ...(met !== undefined && { met }), values };
    }),
    calibration: summary(outcomes.map(({ nsPerExp }) => nsPerExp)),
    peak: summary(outcomes.map(({ peakBytes }) => peakBytes)),
    failures,
  };
}
