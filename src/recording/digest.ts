/** The digest of a simulation: one hash over the accumulators of all nodes, in id order. */
import { createHash } from 'node:crypto';
import { Partition } from '../engine/partition.js';

/** @param parts accumulators of each worker, two words per node in local order */
export function digestOf(parts: readonly Uint32Array[], nodes: number): string {
  const bytes = new DataView(new ArrayBuffer(8 * nodes));
  parts.forEach((words, rank) => {
    const partition = new Partition(rank, parts.length);
    for (let local = 0; 2 * local < words.length; local++) {
      const at = 8 * (partition.idOf(local) - 1);
      bytes.setUint32(at, words[2 * local], true);
      bytes.setUint32(at + 4, words[2 * local + 1], true);
    }
  });
  return createHash('sha256').update(bytes).digest('hex');
}
