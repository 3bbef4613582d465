/** Keys that lie further apart are sorted digit by digit, in so many bits. */
const DIGIT_BITS = 11;
const DIGIT_MASK = 2 ** DIGIT_BITS - 1;
const NO_MASK = 0x7fffffff;

/** Counting sort of `order` by key; equal keys keep their order. */
export function stableSortBy(keys: Uint32Array, order: Uint32Array): Uint32Array {
  let smallest = 0xffffffff;
  let largest = 0;
  let ascending = true;
  let last = 0;
  for (let i = 0; i < order.length; i++) {
    const key = keys[order[i]];
    if (key < smallest) smallest = key;
    if (key > largest) largest = key;
    if (key < last) ascending = false;
    last = key;
  }
  if (ascending) return order;
  const range = largest - smallest;
  if (range <= Math.max(DIGIT_MASK, 4 * order.length)) {
    return sortByDigit(keys, order, smallest, 0, NO_MASK, range + 1);
  }
  let sorted = order;
  for (let shift = 0; shift < 32 && range >>> shift > 0; shift += DIGIT_BITS) {
    sorted = sortByDigit(keys, sorted, smallest, shift, DIGIT_MASK, DIGIT_MASK + 1);
  }
  return sorted;
}

/** Sort by a digit, one of `digits`, of what keys have beyond the smallest. */
function sortByDigit(
  keys: Uint32Array,
  order: Uint32Array,
  smallest: number,
  shift: number,
  mask: number,
  digits: number,
): Uint32Array {
  const next = new Uint32Array(digits + 1);
  for (let i = 0; i < order.length; i++) {
    next[(((keys[order[i]] - smallest) >>> shift) & mask) + 1] += 1;
  }
  for (let d = 1; d < digits; d++) next[d] += next[d - 1];
  const sorted = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    sorted[next[((keys[order[i]] - smallest) >>> shift) & mask]++] = order[i];
  }
  return sorted;
}
