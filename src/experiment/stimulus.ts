/** Stimuli: rates that the protocol computes and sets at the beginning of an interval. */
import { exp } from '../math/index.js';
import { ownStream, type Seed } from '../random/key.js';
import type { ResolvedExperiment } from './schema.js';

/** A Gaussian rate profile over a population, its centre drawn anew in each interval. */
export type GaussianRate = NonNullable<ResolvedExperiment['protocol'][number]['stimulus']>;

/**
 * Rates in spikes/s of `size` nodes with the profile's centre at index `center`:
 * amplitude exp(-(j - center)^2 / (2 sigma^2)) factor, multiplied in this order, as in the
 * published script.
 */
export function gaussianRates(stimulus: GaussianRate, size: number, center: number): Float64Array {
  const { amplitude, sigma, factor } = stimulus;
  const twoVariances = 2 * sigma * sigma;
  const rates = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    const distance = j - center;
    rates[j] = amplitude * exp((-distance * distance) / twoVariances) * factor;
  }
  return rates;
}

/**
 * Draws centres, one per call, from a stream of its own: the n-th interval with a stimulus has the
 * n-th draw, however much of the protocol is run and however it is grouped.
 */
export function centerDraws(seed: Seed): (stimulus: GaussianRate) => number {
  const uniform = ownStream(seed, 'stimulus');
  return ({ centers }) => centers[Math.floor(uniform() * centers.length)] as number;
}
