/** Terms of the series: with a norm of 1/4, what follows is below 1e-20 of the first one. */
const TERMS = 14;
const LARGEST_NORM = 1 / 4;

/**
 * e^A - 1 for a square matrix given by rows, whose first `active` rows may be other than zero: the
 * propagator of x' = A x over a step of 1, less the unit matrix.
 *
 * The Taylor series of A / 2^s, where no absolute row sum exceeds 1/4, then s times
 * (1 + E)^2 - 1 = 2 E + E^2, which keeps the digits that e^A itself would lose beside 1. Columns
 * beyond the active ones stand for constant inputs, on which nothing reacts: s does not depend on
 * them. Errors are a few units in the last place of the entries, times 1 + s. Not finite where A is
 * not.
 */
export function matrixExpm1(a: Float64Array, size: number, active: number): Float64Array {
  let halvings = 0;
  let scale = 1;
  let norm = largestRowSum(a, size, active);
  if (!Number.isFinite(norm)) return new Float64Array(size * size).fill(Number.NaN);
  while (norm > LARGEST_NORM) {
    norm /= 2;
    scale *= 2;
    halvings += 1;
  }
  const scaled = a.map((value) => value / scale);
  // Horner's scheme: A (1 + A/2 (1 + A/3 (1 + ...))).
  let sum: Float64Array = scaled.map((value) => value / TERMS);
  for (let k = TERMS - 1; k >= 1; k--) {
    const next = product(scaled, sum, size);
    for (let i = 0; i < next.length; i++) next[i] = (next[i] + scaled[i]) / k;
    sum = next;
  }
  for (let s = 0; s < halvings; s++) {
    const square = product(sum, sum, size);
    for (let i = 0; i < square.length; i++) square[i] += 2 * sum[i];
    sum = square;
  }
  return sum;
}

function largestRowSum(a: Float64Array, size: number, active: number): number {
  let largest = 0;
  for (let i = 0; i < active; i++) {
    let sum = 0;
    for (let j = 0; j < active; j++) sum += Math.abs(a[i * size + j]);
    if (!(sum <= largest)) largest = sum;
  }
  return largest;
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const c = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k];
      if (factor === 0) continue;
      for (let j = 0; j < size; j++) c[i * size + j] += factor * b[k * size + j];
    }
  }
  return c;
}
