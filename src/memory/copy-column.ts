/** Up to this length a loop is quicker than the call of a built-in method. */
const SHORT = 48;

/** Copy `count` numbers from one place of a column or pair of columns to another; no overlap. */
export function copyColumn(
  from: Float64Array,
  fromAt: number,
  to: Float64Array,
  toAt: number,
  count: number,
): void {
  if (count > SHORT) to.set(from.subarray(fromAt, fromAt + count), toAt);
  else for (let i = 0; i < count; i++) to[toAt + i] = from[fromAt + i];
}
