/** Collections of nodes as connections name them: populations, slices of them, lists of those. */
import type { ResolvedExperiment } from './schema.js';

type Collection = ResolvedExperiment['connections'][number]['source'];

/** Nodes `from` to `to` - 1 of a population, counting from 0; none if they are equal. */
export interface Slice {
  readonly population: string;
  readonly from: number;
  readonly to: number;
}

/** The slices of a collection, in order. The populations exist. */
export function slicesOf(
  collection: Collection,
  populations: ResolvedExperiment['populations'],
): Slice[] {
  return parts(collection).map((part) => {
    const { population, from = 0, to } = typeof part === 'string' ? { population: part } : part;
    return { population, from, to: to ?? populations[population]?.size ?? 0 };
  });
}

export function sizeOf(slices: readonly Slice[]): number {
  return slices.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** The populations of a collection as one name: `exc`, or `exc+inh`. */
export function collectionName(collection: Collection): string {
  return [...new Set(populationsOf(collection))].join('+');
}

export function populationsOf(collection: Collection): string[] {
  return parts(collection).map((part) => (typeof part === 'string' ? part : part.population));
}

function parts(collection: Collection) {
  return Array.isArray(collection) ? collection : [collection];
}

/** A name for every entry of `connections`: its own, or SOURCE-to-TARGET, numbered if repeated. */
export function connectionNames(connections: ResolvedExperiment['connections']): string[] {
  const taken = new Set(connections.flatMap(({ name }) => name ?? []));
  return connections.map(({ name, source, target }) => {
    if (name !== undefined) return name;
    const stem = `${collectionName(source)}-to-${collectionName(target)}`;
    let unique = stem;
    for (let number = 2; taken.has(unique); number++) unique = `${stem}-${number}`;
    taken.add(unique);
    return unique;
  });
}
