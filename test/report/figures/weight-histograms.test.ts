import { expect, test } from 'vitest';
import { weightHistogramsFigure } from '../../../src/report/figures/weight-histograms.js';
import { seedResults } from '../seed-results.js';

test('a panel for each plastic connection', () => {
  const svg = weightHistogramsFigure(seedResults())!;
  expect(svg).toContain('>input-to-exc<');
  expect(svg).toContain('>exc-to-exc<');
  expect(svg).not.toContain('>inh-to-exc<');
  expect(svg).toContain('>Weight (mV)<');
});

test('weights that began as one are a line, others an outline', () => {
  const svg = weightHistogramsFigure(seedResults())!;
  expect(svg).toContain('>initial: all 0.25<');
  expect(svg).toContain('>initial<');
});

test('as many panels as a page holds, and how many there are', () => {
  const { weights } = seedResults();
  const many = Array.from({ length: 8 }, (_, i) => ({ ...weights[0]!, connection: `c${i}` }));
  const svg = weightHistogramsFigure(seedResults({ weights: many }))!;
  expect(svg).toContain('>c5<');
  expect(svg).not.toContain('>c6<');
  expect(svg).toContain('>first 6 of 8 plastic connections<');
});

test('nothing without plastic synapses', () => {
  const { weights } = seedResults();
  expect(weightHistogramsFigure(seedResults({ weights: [weights[1]!] }))).toBeUndefined();
  expect(weightHistogramsFigure(seedResults({ weights: [] }))).toBeUndefined();
});
