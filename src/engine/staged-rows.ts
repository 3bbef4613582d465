/** Rows of a connect call until it is committed, in columns: there may be millions. */

/** What differs between the rows of a call with one delay and one set of parameters. */
export interface StagedRow {
  source: number;
  group: number;
  count: number;
  /** The first target, or where the list of targets is (see row.ts). */
  targets: number;
  contiguous: boolean;
  weights: number;
  lasts: number;
}

const WORDS = 7;
const INITIAL_ROWS = 64;

/** What a row takes at most, while the columns grow. */
export const STAGED_ROW_BYTES = 3 * 4 * WORDS;

export class StagedRows {
  length = 0;
  private words = new Uint32Array(INITIAL_ROWS * WORDS);

  push(row: Readonly<StagedRow>): void {
    if ((this.length + 1) * WORDS > this.words.length) {
      const larger = new Uint32Array(2 * this.words.length);
      larger.set(this.words);
      this.words = larger;
    }
    const { words } = this;
    const at = this.length++ * WORDS;
    words[at] = row.source;
    words[at + 1] = row.group;
    words[at + 2] = row.count;
    words[at + 3] = row.targets;
    words[at + 4] = row.contiguous ? 1 : 0;
    words[at + 5] = row.weights;
    words[at + 6] = row.lasts;
  }

  /** Row `i`, into an object that serves for all: one for each would cost more than the rows. */
  read(i: number, into: StagedRow): void {
    const { words } = this;
    const at = i * WORDS;
    into.source = words[at];
    into.group = words[at + 1];
    into.count = words[at + 2];
    into.targets = words[at + 3];
    into.contiguous = words[at + 4] === 1;
    into.weights = words[at + 5];
    into.lasts = words[at + 6];
  }
}
