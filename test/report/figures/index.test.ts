import { DOMParser } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../../src/report/figures/index.js';
import { seedResults } from '../seed-results.js';

describe('figuresOf', () => {
  const figures = figuresOf(seedResults());

  it('has the figures of the seed experiment', () => {
    expect(figures.map((f) => f.name)).toEqual([
      'weight-change',
      'raster',
      'rates',
      'weights-over-time',
      'weight-histograms',
      'traces-voltmeter',
    ]);
  });

  it('gives the same bytes for the same results', () => {
    expect(figuresOf(seedResults())).toEqual(figures);
  });

  it.each(figures)(
    '$name: plain SVG of a journal column, with text for screen readers',
    ({ svg }) => {
      const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement!;
      expect(root.getAttribute('width')).toMatch(/^(89|183)mm$/);
      expect(root.querySelector('title')!.textContent.length).toBeGreaterThan(10);
      expect(svg).not.toMatch(/<style|<script|currentColor|NaN|undefined/);
      const sizes = [...svg.matchAll(/font-size="([\d.]+)"/g)].map((match) => Number(match[1]));
      expect(sizes.every((size) => size >= 7 && size <= 9)).toBe(true);
    },
  );

  it('marks every figure of an incomplete run, and no other', () => {
    const incomplete = figuresOf(seedResults({ complete: false, requestedTime: 25_000 }));
    expect(incomplete.length).toBe(6);
    for (const { svg } of incomplete) {
      expect(svg).toContain('>Incomplete run: 10 s of 25 s simulated<');
    }
    for (const { svg } of figures) expect(svg).not.toContain('Incomplete');
  });

  it('skips figures without data', () => {
    const none = {
      senders: new Uint32Array(0),
      targets: new Uint32Array(0),
      times: new Float64Array(0),
      weights: new Float64Array(0),
    };
    const empty = { spikes: none, weightEvents: none, weights: [], traces: [] };
    expect(figuresOf(seedResults(empty))).toEqual([]);
  });
});
