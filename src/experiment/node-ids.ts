/** Ids that the nodes of an experiment have: populations one after the other, counting from 1. */
import { type IdData, IdSet } from '../connectivity/id-set.js';
import { slicesOf } from './collections.js';
import type { ResolvedExperiment } from './schema.js';

type Collection = ResolvedExperiment['connections'][number]['source'];

/** The id of the first node of each population, by name. */
export function firstIdsOf({
  populations,
}: Pick<ResolvedExperiment, 'populations'>): ReadonlyMap<string, number> {
  let next = 1;
  return new Map(
    Object.entries(populations).map(([name, { size }]) => {
      const first = next;
      next += size;
      return [name, first];
    }),
  );
}

/** Ids of a collection in ascending order or, if `indices` into it are given, one for each of them. */
export function idsOf(
  collection: Collection,
  indices: readonly number[] | undefined,
  populations: ResolvedExperiment['populations'],
  firstIds: ReadonlyMap<string, number>,
): IdData {
  const ranges = slicesOf(collection, populations)
    .map(({ population, from, to }) => {
      return { first: firstIds.get(population)! + from, count: to - from };
    })
    .filter(({ count }) => count > 0);
  if (indices === undefined) return ranges.sort((a, b) => a.first - b.first);
  const all = new IdSet(ranges);
  return Uint32Array.from(indices, (index) => all.id(index));
}
