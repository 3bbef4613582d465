/** Poisson counts by inversion of a tabulated distribution function. */
import { ValueError } from '../errors/index.js';

const MAX_MEAN = 1e6;
/**
 * Counts less probable than the mode by more than this are left out: their sum is below the
 * 2^-53 that a uniform's last cell has.
 */
const NEGLIGIBLE = 1 / 0x10000000000000000;

/** A count that the first bits of a draw do not tell. */
export const UNDECIDED = -1;

/**
 * Counts distributed as Poisson(mean), each from one uniform. The distribution function is exact
 * to about 1e-15; a count costs about one comparison whatever the mean, thanks to an index into
 * the table (Chen and Asau, "On generating random variates from an empirical distribution", AIIE
 * Transactions 6 (1974)). The table has about 19 sqrt(mean) entries of 12 bytes.
 */
export class PoissonTable {
  /** The count that the first entry stands for. */
  private readonly lowest: number;
  /** cumulative[i] = P(count <= lowest + i), and 1 in the last entry. */
  private readonly cumulative: Float64Array;
  /** start[j]: the first entry i with floor(cumulative[i] * entries) >= j. */
  private readonly start: Uint32Array;

  /** @param mean in (0, 1e6]; otherwise ValueError */
  constructor(readonly mean: number) {
    if (!(mean > 0 && mean <= MAX_MEAN)) {
      throw new ValueError('mean of a Poisson count', mean, `a number in (0, ${MAX_MEAN}]`);
    }
    const { lowest, weights } = relativeProbabilities(mean);
    this.lowest = lowest;
    this.cumulative = cumulate(weights);
    this.start = guide(this.cumulative);
  }

  /** The count of a uniform u in (0, 1): the least k with u < P(count <= k). */
  count(u: number): number {
    const cumulative = this.cumulative;
    let entry = this.start[(u * cumulative.length) | 0];
    while (cumulative[entry] <= u) entry++;
    return this.lowest + entry;
  }

  /** Number of different counts. */
  get values(): number {
    return this.cumulative.length;
  }

  /**
   * Fills 2^b cells: cell j with the count of all uniforms whose first b bits are j, UNDECIDED if a
   * step of the distribution function lies among them. Which cell a step lies in is exact, since
   * powers of two divide the cells.
   */
  countsByFirstBits(cells: Int32Array): void {
    const { cumulative, lowest } = this;
    for (let entry = 0, next = 0; next < cells.length; entry++) {
      const cell = Math.floor(cumulative[entry] * cells.length);
      cells.fill(lowest + entry, next, cell);
      cells.fill(UNDECIDED, Math.max(next, cell), cell + 1);
      next = Math.max(next, cell + 1);
    }
  }
}

/** Probabilities relative to that of the mode, by p(k) = p(k - 1) mean / k, from there outward. */
function relativeProbabilities(mean: number): { lowest: number; weights: Float64Array } {
  const mode = Math.floor(mean);
  const below: number[] = [];
  for (let k = mode, p = k / mean; k > 0 && p > NEGLIGIBLE; k--, p *= k / mean) below.push(p);
  const above: number[] = [];
  for (let k = mode + 1, p = mean / k; p > NEGLIGIBLE; k++, p *= mean / k) above.push(p);
  const weights = Float64Array.from([...below.reverse(), 1, ...above]);
  return { lowest: mode - below.length, weights };
}

/** Running sums over the total, compensated (Kahan 1965) so that rounding does not build up. */
function cumulate(weights: Float64Array): Float64Array {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < weights.length; i++) {
    const term = weights[i] - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
    sums[i] = sum;
  }
  for (let i = 0; i < sums.length; i++) sums[i] /= sum;
  return sums;
}

/**
 * Uses the very product that `count` uses, so that rounding cannot make it start too late:
 * multiplication is monotone, hence entries before start[j] lie below every u that maps to j.
 */
function guide(cumulative: Float64Array): Uint32Array {
  const entries = cumulative.length;
  const start = new Uint32Array(entries);
  for (let j = 0, i = 0; j < entries; j++) {
    while (Math.floor(cumulative[i] * entries) < j) i++;
    start[j] = i;
  }
  return start;
}
