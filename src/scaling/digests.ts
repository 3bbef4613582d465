/** Whether runs of the same experiment and seed came to the same result. */
import { DigestMismatchError } from '../errors/index.js';
import type { Disagreement, RunPlan } from './study.js';

type Run = RunPlan & { readonly digest: string };

/** Every experiment and seed for which there is more than one digest. */
export function disagreements(runs: readonly Run[]): Disagreement[] {
  return [...groupsOf(runs, keyOf).values()].flatMap((group): Disagreement[] => {
    const byDigest = groupsOf(group, ({ digest }) => digest);
    if (byDigest.size === 1) return [];
    const { seed, size } = group[0]!;
    const digests = [...byDigest].map(([digest, same]) => ({ digest, points: same.map(planOf) }));
    return [{ seed, ...(size === undefined ? {} : { size }), digests }];
  });
}

/** That of the last run with those before it, if it is the first of its experiment and seed. */
export function newDisagreement(runs: readonly Run[]): Disagreement | undefined {
  const last = runs.at(-1)!;
  const same = runs.filter((run) => keyOf(run) === keyOf(last));
  return disagreements(same.slice(0, -1)).length > 0 ? undefined : disagreements(same)[0];
}

/** What points of the same experiment and seed differ in, so that their digests compare it. */
export function compared(points: readonly RunPlan[]): 'threads' | 'repeats' | 'nothing' {
  const several = [...groupsOf(points, keyOf).values()].filter((group) => group.length > 1);
  if (several.some((group) => new Set(group.map(({ threads }) => threads)).size > 1)) {
    return 'threads';
  }
  return several.length > 0 ? 'repeats' : 'nothing';
}

/** What runs that must come to the same digest have in common: the experiment, and the seed. */
function keyOf({ seed, size }: RunPlan): string {
  return JSON.stringify([seed, size ?? null]);
}

/** The error that a study with such runs ends with. */
export function mismatchError(found: readonly Disagreement[]): DigestMismatchError {
  return new DigestMismatchError(found.map(disagreementText));
}

/** 'seed 1: 0a1b2c3d4e5f at 1, 2 threads (repeat 1), ...'. */
export function disagreementText({ seed, size, digests }: Disagreement): string {
  const of = size === undefined ? `seed ${seed}` : `seed ${seed}, size ${size}`;
  const groups = digests.map(({ digest, points }) => {
    const where = points.map(({ threads, repeat }) =>
      repeat === undefined ? `${threads} (check)` : `${threads} (repeat ${repeat})`,
    );
    return `${digest.slice(0, 12)} with threads ${where.join(', ')}`;
  });
  return `${of}: ${groups.join('; ')}`;
}

function groupsOf<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function planOf({ threads, seed, repeat, size }: RunPlan): RunPlan {
  return {
    threads,
    seed,
    ...(repeat === undefined ? {} : { repeat }),
    ...(size === undefined ? {} : { size }),
  };
}
