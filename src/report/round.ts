/**
 * The least of 1, 2, 5 times a power of ten that is at least `least` (> 0). By way of decimals, which
 * are the same on every release of Node; powers and logarithms are not, in their last digits.
 */
export function roundStep(least: number): number {
  const exponent = least.toExponential().split('e')[1]!;
  const step = [1, 2, 5]
    .map((f) => Number(`${f}e${exponent}`))
    .find((s) => s >= least * (1 - 1e-9));
  return step ?? Number(`1e${Number(exponent) + 1}`);
}
