/** The digest of a simulation: one hash over the accumulators of all neurons, in id order. */
import { createHash } from 'node:crypto';
import type { IdRange } from '../connectivity/id-set.js';
import { Partition } from '../engine/partition.js';

/**
 * @param parts accumulators of each virtual process, two words per node in local order
 * @param neurons ids of the neurons, ascending; devices have nothing to add, and whether there is
 *   a recorder must not show
 */
export function digestOf(parts: readonly Uint32Array[], neurons: readonly IdRange[]): string {
  const partitions = parts.map((_, rank) => new Partition(rank, parts.length));
  const total = neurons.reduce((sum, { count }) => sum + count, 0);
  const bytes = new DataView(new ArrayBuffer(8 * total));
  let at = 0;
  for (const { first, count } of neurons) {
    for (let id = first; id < first + count; id++) {
      const rank = (id - 1) % parts.length;
      const local = partitions[rank].localIndex(id);
      bytes.setUint32(at, parts[rank][2 * local], true);
      bytes.setUint32(at + 4, parts[rank][2 * local + 1], true);
      at += 8;
    }
  }
  return createHash('sha256').update(bytes).digest('hex');
}
