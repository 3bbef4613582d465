import { describe, expect, it } from 'vitest';
import { panelByNode, sampling, shownPopulations } from '../../src/report/spiking.js';
import { seedResults } from './seed-results.js';

describe('sampling', () => {
  it('keeps all of what is few', () => {
    for (const count of [0, 1, 100]) {
      const { oneIn, keeps } = sampling(count, 100);
      expect(oneIn).toBe(1);
      expect(Array.from({ length: count }, (_, i) => keeps(i))).not.toContain(false);
    }
  });

  it('keeps about the share that it says, in every stretch and every rhythm', () => {
    const { oneIn, keeps } = sampling(1_000_000, 150_000);
    expect(oneIn).toBe(7);
    for (const rhythm of [1, 2, 7, 10, 13, 500]) {
      let kept = 0;
      for (let i = 0; i < 7000; i++) if (keeps(200_000 + i * rhythm)) kept++;
      expect(Math.abs(kept - 1000)).toBeLessThan(30);
    }
  });
});

describe('panelByNode', () => {
  it('knows the population of every node that is shown', () => {
    const shown = shownPopulations(seedResults());
    const panels = panelByNode(shown);
    const names = [1, 10, 11, 13, 14, 513].map((id) => shown[panels[id]!]!.population.name);
    expect(names).toEqual(['exc', 'exc', 'inh', 'inh', 'input', 'input']);
    expect(panels[0]).toBe(-1);
    expect(panels[514]).toBeUndefined();
  });
});
