import { expect, test } from 'vitest';
import { ratesFigure } from '../../../src/report/figures/rates.js';
import { seedResults } from '../seed-results.js';

const titles = (svg: string) =>
  [...svg.matchAll(/>(Inputs|Excitatory|Inhibitory|e\d+)</g)].map(([, t]) => t);

test('a panel for each population, as in the raster, with bins of its own', () => {
  const svg = ratesFigure(seedResults())!;
  expect(titles(svg)).toEqual(['Inputs', 'Excitatory', 'Inhibitory']);
  expect([...svg.matchAll(/bins of \d+ ms/g)].map(String)).toEqual([
    'bins of 100 ms',
    'bins of 500 ms',
    'bins of 1000 ms',
  ]);
  expect(svg).toContain('>Time (s)<');
  expect(svg).toContain('>Rate (spikes/s)<');
});

test('a step as long as its bin', () => {
  const [population] = seedResults().populations;
  const svg = ratesFigure(
    seedResults({
      simulatedTime: 1000,
      populations: [{ ...population!, spikeCount: 2 }],
      spikes: { senders: Uint32Array.of(1, 1), times: Float64Array.of(5, 995) },
      stimulus: [],
    }),
  )!;
  expect(svg).toContain('>bins of 100 ms<');
  const curve = svg.match(/<path[^>]*>/g)!.find((path) => path.includes('stroke="#0072B2"'))!;
  const path = / d="([^"]*)"/.exec(curve)![1]!;
  const steps = [...path.matchAll(/V([\d.]+)H([\d.]+)/g)].map(([, y, x]) => [Number(y), Number(x)]);
  expect(steps).toHaveLength(10);
  const [first, second] = steps;
  // A spike in the first bin and one in the last.
  expect(first![0]).toBeLessThan(second![0]!);
  expect(steps.slice(1, -1).every(([y]) => y === second![0])).toBe(true);
  expect(steps.at(-1)![0]).toBe(first![0]);
  const pitch = second![1]! - first![1]!;
  expect(steps.every(([, x], i) => Math.abs(x! - first![1]! - i * pitch) < 0.02 * i + 0.02)).toBe(
    true,
  );
});

test('populations that do not fit are counted', () => {
  const [population] = seedResults().populations;
  const populations = Array.from({ length: 10 }, (_, i) => ({
    ...population!,
    name: `e${i}`,
    firstId: 1 + i,
    size: 1,
    spikeCount: 1,
  }));
  const spikes = {
    senders: Uint32Array.from({ length: 10 }, (_, i) => 1 + i),
    times: new Float64Array(10).fill(5),
  };
  const svg = ratesFigure(seedResults({ populations, spikes }))!;
  expect(titles(svg)).toHaveLength(8);
  expect(svg).toContain('>first 8 of 10 populations<');
});

test('nothing where no spikes were recorded', () => {
  const none = { senders: new Uint32Array(0), times: new Float64Array(0) };
  expect(ratesFigure(seedResults({ spikes: none }))).toBeUndefined();
});
