/** Enumerating a rule the way several workers do, without workers. */
import { enumerate } from '../../src/connectivity/enumerate.js';
import { IdSet } from '../../src/connectivity/id-set.js';
import { parseRule } from '../../src/connectivity/rule-spec.js';
import { Partition } from '../../src/engine/partition.js';
import { streamKey } from '../../src/random/index.js';

export interface Connection {
  readonly source: number;
  readonly target: number;
  readonly a: number;
  readonly b: number;
}

/** The ids first ... first + count - 1. */
export function range(first: number, count: number): IdSet {
  return new IdSet([{ first, count }]);
}

/** All connections of a rule, worker by worker, in the order in which each makes them. */
export function connectionsOf(
  rule: Parameters<typeof parseRule>[0],
  sources: IdSet,
  targets: IdSet,
  { call = 0, seed = 1, workers = 1 } = {},
): Connection[] {
  const made: Connection[] = [];
  for (let rank = 0; rank < workers; rank++) {
    const partition = new Partition(rank, workers);
    enumerate(parseRule(rule), sources, targets, call, streamKey(seed, 'connection rule'), {
      owns: (id) => partition.owns(id),
      add: (source, target, a, b) => {
        if (!partition.owns(target)) throw new Error(`worker ${rank} does not own ${target}`);
        made.push({ source, target, a, b });
      },
    });
  }
  return made;
}

/** How many connections each id of a set has at one end, in the order of the set. */
export function degrees(ids: IdSet, ends: readonly number[]): number[] {
  const counts = new Array<number>(ids.length).fill(0);
  for (const id of ends) counts[ids.indexOf(id)]! += 1;
  return counts;
}

/** Distinct (source, target) pairs. */
export function distinctPairs(connections: readonly Connection[]): number {
  return new Set(connections.map(({ source, target }) => `${source} ${target}`)).size;
}
