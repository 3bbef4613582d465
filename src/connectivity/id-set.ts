/** Node ids in order: what a connection rule needs to know of its sources or targets. */
export interface Ids {
  readonly length: number;
  readonly ranges: readonly IdRange[];
  id(index: number): number;
  /** Index of an id, or -1. */
  indexOf(id: number): number;
  toArray(): Uint32Array;
}

/** The ids first ... first + count - 1. */
export interface IdRange {
  readonly first: number;
  readonly count: number;
}

/** A set of node ids as runs of consecutive ids: small however many nodes it holds. */
export class IdSet implements Ids {
  readonly length: number;
  /** Index of the first element of each range. */
  private readonly starts: number[] = [];

  /** @param ranges ascending and disjoint */
  constructor(readonly ranges: readonly IdRange[]) {
    let length = 0;
    for (const range of ranges) {
      this.starts.push(length);
      length += range.count;
    }
    this.length = length;
  }

  /** The id at an index in 0 ... length - 1. */
  id(index: number): number {
    const r = this.rangeAt(index);
    return this.ranges[r].first + index - this.starts[r];
  }

  indexOf(id: number): number {
    for (let r = 0; r < this.ranges.length; r++) {
      const { first, count } = this.ranges[r];
      if (id >= first && id < first + count) return this.starts[r] + id - first;
    }
    return -1;
  }

  toArray(): Uint32Array {
    const ids = new Uint32Array(this.length);
    let at = 0;
    for (const { first, count } of this.ranges) {
      for (let i = 0; i < count; i++) ids[at++] = first + i;
    }
    return ids;
  }

  private rangeAt(index: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Ids as a user listed them, repetitions included: the two sides of explicit connection lists. */
export class IdList implements Ids {
  constructor(private readonly ids: Uint32Array) {}

  get length(): number {
    return this.ids.length;
  }

  get ranges(): readonly IdRange[] {
    const ranges: IdRange[] = [];
    for (const id of new Set(this.ids)) ranges.push({ first: id, count: 1 });
    return ranges;
  }

  id(index: number): number {
    return this.ids[index];
  }

  indexOf(id: number): number {
    return this.ids.indexOf(id);
  }

  toArray(): Uint32Array {
    return this.ids;
  }
}

/** Ids as they travel between threads. */
export type IdData = Uint32Array | readonly IdRange[];

export function idsFrom(data: IdData): Ids {
  return data instanceof Uint32Array ? new IdList(data) : new IdSet(data);
}
