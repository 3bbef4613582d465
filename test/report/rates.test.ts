import { describe, expect, it } from 'vitest';
import { ratesOf, spikeCounts } from '../../src/report/rates.js';
import { shownPopulations } from '../../src/report/spiking.js';
import { seedResults } from './seed-results.js';

/** Two neurons, recorded; the spikes are given. */
function twoNeurons(simulatedTime: number, times: readonly number[], resolution = 0.1) {
  const [population] = seedResults().populations;
  return seedResults({
    simulatedTime,
    resolution,
    populations: [{ ...population!, size: 2, spikeCount: times.length }],
    spikes: {
      times: Float64Array.from(times),
      senders: Uint32Array.from(times, (_, i) => 1 + (i % 2)),
    },
  });
}

/** So many spikes at equal distances. */
const even = (count: number, end: number) =>
  Array.from({ length: count }, (_, i) => ((i + 1) / count) * end);

function shownRates(results: ReturnType<typeof seedResults>) {
  const shown = shownPopulations(results);
  const counts = spikeCounts(results, shown);
  return shown.map((one, i) => ratesOf(counts[i]!, one, results.simulatedTime));
}

describe('spikeCounts', () => {
  it('counts every spike once, in grains that hold their upper end', () => {
    const results = twoNeurons(10, [0.1, 1, 1.1, 2, 9.1, 10]);
    const [found] = spikeCounts(results, shownPopulations(results));
    expect(found).toMatchObject({ grain: 1, least: 1 });
    expect([...found!.counts]).toEqual([2, 2, 0, 0, 0, 0, 0, 0, 0, 2]);
  });
});

describe('bins', () => {
  const binFor = (simulatedTime: number, count: number, resolution?: number) =>
    shownRates(twoNeurons(simulatedTime, even(count, simulatedTime), resolution))[0]!.bin;

  it.each([
    [100, 1000],
    [201, 500],
    [400, 500],
    [1000, 100],
    [100_000, 100],
  ])(
    'hold ten spikes on average where %i are spread over 10 s, but are 100 at most: %i ms',
    (count, bin) => {
      expect(binFor(10_000, count)).toBe(bin);
    },
  );

  it('are ten at least, however few the spikes', () => {
    expect([0, 1, 5].map((count) => binFor(10_000, count))).toEqual([1000, 1000, 1000]);
  });

  it('are multiples of the resolution', () => {
    expect(binFor(1, 1000, 0.1)).toBe(0.1);
    expect(binFor(3000, 100_000, 0.3)).toBeCloseTo(50 * Math.ceil(1 / 0.3) * 0.3, 9);
  });

  it('differ between populations that differ in spikes', () => {
    expect(shownRates(seedResults()).map(({ bin }) => bin)).toEqual([100, 500, 1000]);
  });
});

describe('ratesOf', () => {
  it('gives the rates that the populations have', () => {
    const results = seedResults();
    const shown = shownPopulations(results);
    shownRates(results).forEach(({ rates, mean }, i) => {
      const sum = rates.reduce((total, rate) => total + rate, 0);
      expect(sum / rates.length).toBeCloseTo(shown[i]!.population.rate, 10);
      expect(mean).toBeCloseTo(shown[i]!.population.rate, 10);
    });
  });

  it('knows that the last bin may be shorter', () => {
    const [{ bin, rates }] = shownRates(twoNeurons(25, [5, 15, 25])) as [never];
    expect(bin).toBe(5);
    expect([...rates]).toEqual([100, 0, 100, 0, 100]);
    const [uneven] = shownRates(twoNeurons(23, [5, 15, 23]));
    expect(uneven!.bin).toBe(5);
    expect([...uneven!.rates]).toEqual([100, 0, 100, 0, (1000 * 1) / (3 * 2)]);
  });
});
