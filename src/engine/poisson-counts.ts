/**
 * Counts of Poisson connections whose generators are so busy that one is drawn for each step. Many
 * are drawn at once, in kernels: the first word of a draw mostly tells the count; where it does not,
 * the draw is made in full. So the counts are those that single draws give.
 */
import { KernelBuilder } from '../kernel/builder.js';
import type { KernelFunction } from '../kernel/compile.js';
import { int, type Kernel } from '../kernel/ir.js';
import { blockBytes, type Segment } from '../memory/segment.js';
import { firstWordsKernel, lookUpKernel } from '../random/draw-kernels.js';
import { Draws, type Key, PoissonTable, type Seed, streamKey } from '../random/index.js';
import { firesAlike, type PoissonState } from './device-state.js';
import type { KernelCache } from './kernel-cache.js';
import type { PoissonColumns } from './poisson-columns.js';
import { isActive } from './records.js';
import { signedSlot } from './static-kernels.js';

/** Connections from ... to - 1 whose counts are drawn alike. */
interface CountedRun {
  readonly from: number;
  readonly to: number;
  readonly state: PoissonState;
}

/** Connections from ... to - 1 of one generator onto one group (-1: recorders), with one delay. */
export interface CountedTrain extends CountedRun {
  readonly generator: number;
  readonly group: number;
  /** Steps. */
  readonly delay: number;
}

interface Drawing extends CountedRun {
  readonly table: PoissonTable;
  /** Counts by the upper bits of the first word; none if there are few connections. */
  readonly counts: Int32Array | undefined;
}

/** Fewer connections are not worth a call of a kernel. */
export const LEAST_TOGETHER = 8;
/** Connections drawn by one call. */
const BLOCK = 1024;
/** What four lanes write beyond the last word. */
const SPARE = 3;
/**
 * More cells leave fewer draws undecided: so many per value that a count can have are enough, and no
 * more than so many per connection, as rates can differ from generator to generator.
 */
const CELLS_PER_VALUE = 128;
const CELLS_PER_CONNECTION = 8;
const MOST_BITS = 16;

export class PoissonCounts {
  /** In the order of the columns. */
  readonly trains: CountedTrain[] = [];
  private drawings: Drawing[] = [];
  private readonly draws: Draws;
  private readonly key: Key;
  private tables = new Map<number, PoissonTable>();
  private cells = new Map<string, Int32Array>();
  private words: Uint32Array | undefined;
  private undecided: Int32Array | undefined;

  constructor(
    seed: Seed,
    private readonly columns: PoissonColumns,
    private readonly segment: Segment,
    private readonly cache: KernelCache,
  ) {
    this.key = streamKey(seed, 'poisson_generator counts');
    this.draws = new Draws(this.key);
  }

  private get kernels(): Record<string, KernelFunction> {
    return this.cache.get('Poisson counts', () => [
      firstWordsKernel(),
      lookUpKernel(),
      countedInputKernel(),
    ]);
  }

  /** Draw counts for these from now on, which are in the order of the columns. */
  prepare(runs: readonly CountedRun[]): void {
    const joined: CountedRun[] = [];
    this.trains.length = 0;
    for (const run of runs) {
      this.addTrains(run);
      const last = joined[joined.length - 1];
      if (last?.to === run.from && firesAlike(last.state, run.state)) {
        joined[joined.length - 1] = { ...last, to: run.to };
      } else {
        joined.push(run);
      }
    }
    const [oldTables, oldCells] = [this.tables, this.cells];
    this.tables = new Map();
    this.cells = new Map();
    this.drawings = joined.map((run) => this.drawing(run, oldTables, oldCells));
    for (const [key, cells] of oldCells) {
      if (!this.cells.has(key)) this.segment.release(cells);
    }
  }

  private addTrains({ from, to, state }: CountedRun): void {
    const { generator, group, delay } = this.columns;
    for (let c = from; c < to; ) {
      let end = c + 1;
      while (end < to && group[end] === group[c] && delay[end] === delay[c]) end++;
      const of = { generator: generator[c], group: group[c], delay: delay[c] };
      this.trains.push({ from: c, to: end, state, ...of });
      c = end;
    }
  }

  /** Tables and cells are taken over from before, where there are any. */
  private drawing(
    run: CountedRun,
    oldTables: ReadonlyMap<number, PoissonTable>,
    oldCells: ReadonlyMap<string, Int32Array>,
  ): Drawing {
    const mean = run.state.meanPerStep;
    const table = this.tables.get(mean) ?? oldTables.get(mean) ?? new PoissonTable(mean);
    this.tables.set(mean, table);
    const count = run.to - run.from;
    if (count < LEAST_TOGETHER) return { ...run, table, counts: undefined };
    this.words ??= this.segment.allocateU32(BLOCK + SPARE, SCRATCH);
    this.undecided ??= this.segment.allocateI32(BLOCK, SCRATCH);
    const bits = cellBits(table, count);
    const key = `${bits} ${mean}`;
    const counts = this.cells.get(key) ?? oldCells.get(key) ?? this.newCells(table, bits);
    this.cells.set(key, counts);
    return { ...run, table, counts };
  }

  private newCells(table: PoissonTable, bits: number): Int32Array {
    const cells = this.segment.allocateI32(2 ** bits, 'tables of Poisson counts');
    table.countsByFirstBits(cells);
    return cells;
  }

  /** Draw the counts of a step into the columns. */
  draw(step: number): void {
    for (let i = 0; i < this.drawings.length; i++) {
      const { from, to, state, table, counts } = this.drawings[i];
      if (!isActive(state.active, step)) continue;
      if (counts === undefined) {
        for (let c = from; c < to; c++) this.drawOne(c, table, step);
        continue;
      }
      for (let at = from; at < to; at += BLOCK) {
        this.drawBlock(at, Math.min(BLOCK, to - at), table, counts, step);
      }
    }
  }

  private drawBlock(
    at: number,
    count: number,
    table: PoissonTable,
    counts: Int32Array,
    step: number,
  ): void {
    const { generator, target, ordinal, drawn } = this.columns;
    const { first_words, look_up } = this.kernels;
    const { k0, k1 } = this.key;
    const words = this.words!.byteOffset;
    const undecided = this.undecided!;
    const first = 4 * at;
    first_words(
      words,
      count,
      k0,
      k1,
      generator.byteOffset + first,
      target.byteOffset + first,
      ordinal.byteOffset + first,
      step,
    );
    const shift = 1 + Math.clz32(counts.length);
    const out = drawn.byteOffset + first;
    const left = look_up(words, count, shift, counts.byteOffset, out, undecided.byteOffset);
    for (let i = 0; i < left; i++) this.drawOne(at + undecided[i], table, step);
  }

  private drawOne(c: number, table: PoissonTable, step: number): void {
    const { generator, target, ordinal, drawn } = this.columns;
    drawn[c] = table.count(this.draws.uniformAt(generator[c], target[c], ordinal[c], step));
  }

  /**
   * Add the counts of a step times the weights to what arrives at the targets; `input` is the byte
   * address of the group's first node, `inhibitory` the distance in bytes to where negative weights
   * go. Returns how many connections transmitted.
   */
  addTo(input: number, inhibitory: number, { from, to }: CountedRun): number {
    const { weight, index, drawn } = this.columns;
    return this.kernels.counted_input(
      input,
      inhibitory,
      to - from,
      weight.byteOffset + 8 * from,
      index.byteOffset + 4 * from,
      drawn.byteOffset + 4 * from,
    );
  }
}

const SCRATCH = 'scratch of Poisson counts';

/** How many of a word's first bits tell the count. */
function cellBits(table: PoissonTable, connections: number): number {
  const enough = Math.min(CELLS_PER_VALUE * table.values, CELLS_PER_CONNECTION * connections);
  return Math.min(MOST_BITS, bitsOf(enough));
}

/** The least b with 2^b >= n. */
function bitsOf(n: number): number {
  return 32 - Math.clz32(n - 1);
}

/** Bytes by which the counts of connections at one rate are found. */
export function cellBytes(meanPerStep: number, connections: number): number {
  if (connections < LEAST_TOGETHER) return 0;
  return blockBytes(4 * 2 ** cellBits(new PoissonTable(meanPerStep), connections));
}

/**
 * Kernel (input, inhibitory, count, weights, indices, counts); see `addTo`. Nothing is left out where
 * the count is 0: to add 0 is quicker than to look, and changes nothing.
 */
export function countedInputKernel(): Kernel {
  const k = new KernelBuilder('counted_input', 1);
  const input = k.parameter('input');
  const inhibitory = k.parameter('inhibitory');
  const count = k.parameter('count');
  const weights = k.parameter('weights');
  const indices = k.parameter('indices');
  const counts = k.parameter('counts');
  const fired = k.letInt(0);
  k.each(count, (at) => {
    const weight = k.load(weights.add(at));
    const drawn = k.loadInt(counts.add(at.half()));
    const target = input.add(k.loadInt(indices.add(at.half())).shl(3));
    const slot = signedSlot(k, target, weight, inhibitory);
    k.store(slot, k.load(slot).add(weight.mul(drawn.toF64())));
    k.setInt(fired, fired.add(int(0).lt(drawn)));
  });
  return k.finish(fired);
}
