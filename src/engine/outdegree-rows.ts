/** Targets and weights of rows that are found source by source, before their number is known. */
import type { NodeGroup } from './node-group.js';

export interface FoundRow {
  readonly source: number;
  readonly group: number;
  /** Where its synapses are among all that were found. */
  readonly from: number;
  readonly to: number;
}

/** In passing, per synapse; columns grow by doubling. */
export const FOUND_BYTES = 12;

export class OutdegreeRows {
  /** Local indices. */
  targets = new Uint32Array(1024);
  weights = new Float64Array(1024);
  length = 0;
  private readonly sources: { readonly source: number; readonly end: number }[] = [];

  /**
   * The synapses of a source, by keys local target * width + number of the draw, ascending; without the
   * number, if `width` is 1.
   * @param weights one for all, or one per number of the draw
   */
  add(
    source: number,
    keys: Uint32Array | Float64Array,
    width: number,
    weights: number | Float64Array,
  ): void {
    const from = this.length;
    this.length += keys.length;
    this.reserve(this.length);
    this.sources.push({ source, end: this.length });
    if (typeof weights === 'number') {
      this.targets.set(keys, from);
      this.weights.fill(weights, from, this.length);
      return;
    }
    for (let j = 0; j < keys.length; j++) {
      const target = Math.floor(keys[j] / width);
      this.targets[from + j] = target;
      this.weights[from + j] = weights[keys[j] - target * width];
    }
  }

  /** The rows: for each source the targets of each group. */
  *rows(groups: readonly NodeGroup[]): Generator<FoundRow> {
    let from = 0;
    for (const { source, end } of this.sources) {
      for (let g = 0; g < groups.length && from < end; g++) {
        const beyond = groups[g].firstLocal + groups[g].size;
        let to = from;
        while (to < end && this.targets[to] < beyond) to += 1;
        if (to > from) yield { source, group: g, from, to };
        from = to;
      }
    }
  }

  private reserve(length: number): void {
    if (length <= this.targets.length) return;
    const capacity = Math.max(length, 2 * this.targets.length);
    const targets = new Uint32Array(capacity);
    targets.set(this.targets);
    const weights = new Float64Array(capacity);
    weights.set(this.weights);
    Object.assign(this, { targets, weights });
  }
}
