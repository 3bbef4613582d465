/** Summaries of repeated runs. */
import type { Target } from './benchmark.js';

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Of at least one value. */
export function summary(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)]!;
  const high = sorted[Math.ceil(middle)]!;
  return { median: (low + high) / 2, min: sorted[0]!, max: sorted.at(-1)! };
}

export function meets(value: number, target: Target): boolean {
  return 'most' in target ? value <= target.most : value >= target.least;
}
