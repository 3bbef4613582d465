/** The stress case of plasticity keeps its targets at 10 spikes/s, however many and quick the inputs. */
import { describe, expect, it } from 'vitest';
import { expectSameBits, rateOf, runBundled } from './run-bundled.js';

describe('the stress case of plasticity', () => {
  it.each([
    { K: 20, N: 50, rate: 20 },
    { K: 200, N: 50, rate: 20 },
    { K: 200, N: 50, rate: 60 },
    { K: 1000, N: 10, rate: 20 },
  ])('drives its targets to 10 spikes/s, K = $K, rate = $rate', async (parameters) => {
    const { K, rate } = parameters;
    const results = await runBundled('plastic-drive', parameters, 1000);
    // A Poisson number of spikes in 1 s, within five standard deviations.
    expect(Math.abs(rateOf(results, 'inputs') - rate)).toBeLessThan(5 * Math.sqrt(rate / K));
    expect(rateOf(results, 'neurons')).toBeGreaterThan(8);
    expect(rateOf(results, 'neurons')).toBeLessThan(13);
  });

  it('gives the same bits on any number of threads', () =>
    expectSameBits('plastic-drive', { K: 100, N: 10 }, 150));
});
