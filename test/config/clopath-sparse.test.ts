/** The sparse plastic network fires at a few spikes/s whatever its size and in-degree. */
import { describe, expect, it } from 'vitest';
import { bundled, expectSameBits, rateOf, runBundled } from './run-bundled.js';

describe('the sparse plastic network', () => {
  it('has N neurons with K inputs each', async () => {
    const { populations, connections } = await bundled('clopath-sparse', { N: 1e6, K: 500 });
    expect(populations.neurons!.size).toBe(1e6);
    expect(connections[1]!.conn_spec).toEqual({ rule: 'fixed_indegree', indegree: 500 });
  });

  it.each([
    { N: 200, K: 1 },
    { N: 200, K: 100 },
    { N: 200, K: 1000 },
    { N: 1000, K: 10 },
  ])('fires at a few spikes/s, N = $N, K = $K', async ({ N, K }) => {
    const rate = rateOf(await runBundled('clopath-sparse', { N, K }, 500), 'neurons');
    expect(rate).toBeGreaterThan(2);
    expect(rate).toBeLessThan(5);
  });

  it('fires as its inputs come', async () => {
    const parameters = { N: 200, K: 10 };
    const [fewer, more] = [
      await runBundled('clopath-sparse', { ...parameters, kick_rate: 2 }, 500),
      await runBundled('clopath-sparse', { ...parameters, kick_rate: 8 }, 500),
    ];
    expect(rateOf(more, 'neurons')).toBeGreaterThan(2 * rateOf(fewer, 'neurons'));
  });

  it('gives the same bits on any number of threads', () =>
    expectSameBits('clopath-sparse', { N: 200, K: 20 }, 200));
});
