/**
 * Parameters belong to rows, so synapses of a row that come to differ become rows of their own. They stay in
 * the memory of the row, put in the order of the parts: however often a row is split, it takes no more than
 * the lists that it has so far done without.
 */
import type { Segment } from '../memory/segment.js';
import type { ConnectionTable, Variant } from './connection-table.js';
import * as R from './row.js';

/**
 * Give synapses `changes` of a row other variants: the row itself if all come to be alike, else rows of their
 * own, with the row's presynaptic state. `restoreOrder` of the table must follow.
 */
export function splitRow(
  table: ConnectionTable,
  row: number,
  changes: ReadonlyMap<number, Variant>,
): void {
  const { segment } = table;
  const words = segment.i32.slice(table.rowAt(row), table.rowAt(row) + R.ROW_WORDS);
  const parts = partsOf(words[R.ROW_COUNT], changes, table.variants[words[R.ROW_VARIANT]]);
  if (parts.size === 1) {
    for (const variant of parts.keys()) table.setVariant(row, variant);
    return;
  }
  if (![...parts.values()].every(isRun)) addLists(segment, words);
  reorder(segment, words, [...parts.values()].flat());
  table.removeRow(row);
  let from = 0;
  for (const [variant, synapses] of parts) {
    addPart(table, words, variant, synapses, from);
    from += synapses.length;
  }
}

/** The synapses of each variant. */
function partsOf(
  count: number,
  changes: ReadonlyMap<number, Variant>,
  old: Variant,
): ReadonlyMap<Variant, readonly number[]> {
  const parts = new Map<Variant, number[]>();
  for (let i = 0; i < count; i++) {
    const variant = changes.get(i) ?? old;
    const synapses = parts.get(variant);
    if (synapses) synapses.push(i);
    else parts.set(variant, [i]);
  }
  return parts;
}

/** Whether ascending numbers follow each other without gaps. */
function isRun(numbers: readonly number[]): boolean {
  return numbers[numbers.length - 1] - numbers[0] === numbers.length - 1;
}

/** Lists of the targets and places that so far follow from the first, in the words of a row. */
function addLists(segment: Segment, words: Int32Array): void {
  const count = words[R.ROW_COUNT];
  if ((words[R.ROW_FLAGS] & R.CONTIGUOUS) !== 0) {
    const targets = segment.allocateU32(count, 'targets of synapses');
    fillAscending(targets, words[R.ROW_TARGETS]);
    words[R.ROW_TARGETS] = targets.byteOffset / 4;
    words[R.ROW_FLAGS] &= ~R.CONTIGUOUS;
  }
  if (words[R.ROW_POSITIONS] === 0) {
    const positions = segment.allocateU32(count, 'places of synapses');
    fillAscending(positions, words[R.ROW_BASE]);
    words[R.ROW_POSITIONS] = positions.byteOffset / 4;
  }
}

function fillAscending(list: Uint32Array, first: number): void {
  for (let i = 0; i < list.length; i++) list[i] = first + i;
}

/** Put what a row keeps of each synapse in another order. */
function reorder(segment: Segment, words: Int32Array, order: readonly number[]): void {
  const { f64, u32 } = segment;
  permute(f64, words[R.ROW_WEIGHTS], order);
  if (words[R.ROW_LASTS] !== 0) permute(f64, words[R.ROW_LASTS], order);
  if ((words[R.ROW_FLAGS] & R.CONTIGUOUS) === 0) permute(u32, words[R.ROW_TARGETS], order);
  if (words[R.ROW_POSITIONS] !== 0) permute(u32, words[R.ROW_POSITIONS], order);
}

function permute(column: Float64Array | Uint32Array, at: number, order: readonly number[]): void {
  const old = column.slice(at, at + order.length);
  for (let j = 0; j < order.length; j++) column[at + j] = old[order[j]];
}

const INHERITED = [R.ROW_LAST_SPIKE, R.ROW_TRACE, R.ROW_TRACE + 1, R.ROW_RANK];

/** A new row with the `synapses` of an old one, which now stand together, `from` behind its first. */
function addPart(
  table: ConnectionTable,
  old: Int32Array,
  variant: Variant,
  synapses: readonly number[],
  from: number,
): void {
  const contiguous = (old[R.ROW_FLAGS] & R.CONTIGUOUS) !== 0;
  const listed = old[R.ROW_POSITIONS] !== 0;
  table.addRow({
    source: old[R.ROW_SOURCE],
    call: old[R.ROW_CALL],
    group: old[R.ROW_GROUP],
    count: synapses.length,
    delay: old[R.ROW_DELAY],
    variant: variant.index,
    targets: old[R.ROW_TARGETS] + (contiguous ? synapses[0] : from),
    contiguous,
    weights: old[R.ROW_WEIGHTS] + from,
    lasts: old[R.ROW_LASTS] === 0 ? 0 : old[R.ROW_LASTS] + from,
    positions: listed ? old[R.ROW_POSITIONS] + from : 0,
    base: listed ? 0 : old[R.ROW_BASE] + synapses[0],
  });
  const { i32 } = table.segment;
  const added = table.rowAt(table.rowCount - 1);
  for (const word of INHERITED) i32[added + word] = old[word];
  i32[added + R.ROW_FLAGS] |= old[R.ROW_FLAGS] & (R.SETTLED | R.ABOVE_CAP);
}
