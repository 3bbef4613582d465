/** Growing columns of records: chunk by chunk, so that growing copies nothing and old data stay put. */
import { assert } from '../errors/index.js';

const CHUNK_LENGTH = 8192;

/** Numbers that a column of `length` has room for. */
export function columnLength(length: number): number {
  return CHUNK_LENGTH * (1 + Math.floor(length / CHUNK_LENGTH));
}

type Column = Float64Array | Uint32Array;

abstract class GrowingColumn<T extends Column> {
  private readonly full: T[] = [];
  private current: T;
  private used = 0;

  constructor(private readonly make: (length: number) => T) {
    this.current = make(CHUNK_LENGTH);
  }

  get length(): number {
    return this.full.length * CHUNK_LENGTH + this.used;
  }

  /** Bytes taken, room for more included. */
  get bytes(): number {
    return (this.full.length + 1) * this.current.byteLength;
  }

  push(value: number): void {
    if (this.used === CHUNK_LENGTH) {
      this.full.push(this.current);
      this.current = this.make(CHUNK_LENGTH);
      this.used = 0;
    }
    this.current[this.used++] = value;
  }

  /** The value at an index from 0 to length - 1. */
  at(index: number): number {
    const chunk = Math.floor(index / CHUNK_LENGTH);
    const values = chunk < this.full.length ? this.full[chunk] : this.current;
    return values[index % CHUNK_LENGTH];
  }

  /** All values in one new array. */
  toArray(): T {
    const all = this.make(this.length);
    let at = 0;
    for (const chunk of this.full) {
      all.set(chunk, at);
      at += CHUNK_LENGTH;
    }
    all.set(this.current.subarray(0, this.used), at);
    return all;
  }

  /** Keep the first `length` values; no more than there are. */
  truncate(length: number): void {
    assert(length >= 0 && length <= this.length, `${length} values of ${this.length}`);
    const chunks = Math.floor(length / CHUNK_LENGTH);
    if (chunks < this.full.length) this.current = this.full[chunks];
    this.full.length = chunks;
    this.used = length % CHUNK_LENGTH;
  }

  clear(): void {
    this.truncate(0);
  }
}

export class F64Column extends GrowingColumn<Float64Array> {
  constructor() {
    super((length) => new Float64Array(length));
  }
}

export class U32Column extends GrowingColumn<Uint32Array> {
  constructor() {
    super((length) => new Uint32Array(length));
  }
}

const EMPTY = new Int32Array(0);

/**
 * Whole numbers of 32 bits, collected and forgotten over and over. An array would do, but V8 gives its memory
 * back whenever `length` is set to 0.
 */
export class IntList {
  /** The first `length` of these; as many as there ever were find room, twice as many at most. */
  values = EMPTY;
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) this.grow();
    this.values[this.length] = value;
    this.length += 1;
  }

  private grow(): void {
    const { values } = this;
    this.values = new Int32Array(Math.max(8, 2 * values.length));
    this.values.set(values);
  }

  clear(): void {
    this.length = 0;
  }

  /** Put them in ascending order, which they mostly have. */
  sort(): void {
    const { values, length } = this;
    let i = 1;
    while (i < length && values[i - 1] <= values[i]) i++;
    if (i < length) values.subarray(0, length).sort();
  }
}

/** At least `length` zeros: the words given, if they are enough, or twice as many as needed. */
export function cleared(words: Int32Array, length: number): Int32Array {
  if (words.length < length) return new Int32Array(2 * length);
  for (let i = 0; i < length; i++) words[i] = 0;
  return words;
}
