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
  const starts = new Uint32Array(largest - smallest + 2);
  for (let i = 0; i < order.length; i++) starts[keys[order[i]] - smallest + 1] += 1;
  for (let k = 1; k < starts.length; k++) starts[k] += starts[k - 1];
  const sorted = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) sorted[starts[keys[order[i]] - smallest]++] = order[i];
  return sorted;
}
