import { describe, expect, it } from 'vitest';
import { ratesOf, spikeCounts } from '../../src/report/rates.js';
import { shownPopulations } from '../../src/report/spiking.js';
import { seedResults } from './seed-results.js';

/** Two neurons, recorded; the spikes are given. */
function twoNeurons(simulatedTime: number, times: readonly number[]) {
  const [population] = seedResults().populations;
  return seedResults({
    simulatedTime,
    populations: [{ ...population!, size: 2, spikeCount: times.length }],
    spikes: {
      times: Float64Array.from(times),
      senders: Uint32Array.from(times, (_, i) => 1 + (i % 2)),
    },
  });
}

describe('spikeCounts', () => {
  it('counts every spike once, in bins that hold their upper end', () => {
    const results = twoNeurons(10, [0.1, 1, 1.1, 2, 9.1, 10]);
    const { bin, counts } = spikeCounts(results, shownPopulations(results), 10);
    expect(bin).toBe(1);
    expect([...counts[0]!]).toEqual([2, 2, 0, 0, 0, 0, 0, 0, 0, 2]);
  });

  it('has bins of a round length, at most as many as wanted, none below the resolution', () => {
    const results = twoNeurons(10_000, [5]);
    const shown = shownPopulations(results);
    expect(spikeCounts(results, shown, 3000).bin).toBe(5);
    expect(spikeCounts(results, shown, 100).bin).toBe(100);
    expect(spikeCounts(twoNeurons(1, [0.1]), shown, 1000).bin).toBe(0.1);
  });

  it('gives the rates that the populations have', () => {
    const results = seedResults();
    const shown = shownPopulations(results);
    const { bin, counts } = spikeCounts(results, shown, 70);
    shown.forEach((one, i) => {
      const rates = ratesOf(counts[i]!, bin, one, results.simulatedTime);
      const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
      expect(mean).toBeCloseTo(one.population.rate, 10);
    });
  });
});

describe('ratesOf', () => {
  it('knows that the last bin may be shorter', () => {
    const results = twoNeurons(25, [5, 15, 25]);
    const [one] = shownPopulations(results);
    const { bin, counts } = spikeCounts(results, [one!], 3);
    expect(bin).toBe(10);
    expect([...ratesOf(counts[0]!, bin, one!, 25)]).toEqual([50, 50, 100]);
  });
});
