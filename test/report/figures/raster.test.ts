import { describe, expect, it } from 'vitest';
import { ON_WHITE } from '../../../src/report/colors.js';
import { rasterFigure } from '../../../src/report/figures/raster.js';
import { seedResults } from '../seed-results.js';

/** Subpaths of the paths of one colour. */
function strokes(svg: string, color: string): string[] {
  return [...svg.matchAll(/<path [^>]*>/g)]
    .map((match) => match[0])
    .filter((path) => path.includes(`stroke="${color}"`))
    .flatMap((path) => [...path.matchAll(/M[^M"]*/g)].map((match) => match[0]));
}

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((m) => m[1]);

describe('rasterFigure', () => {
  const svg = rasterFigure(seedResults())!;

  it('stacks inputs, excitatory and inhibitory neurons over one time axis', () => {
    const words = texts(svg);
    expect(words.filter((word) => /^([abc]|Inputs|Excitatory|Inhibitory)$/.test(word!))).toEqual([
      'a',
      'Inputs',
      'b',
      'Excitatory',
      'c',
      'Inhibitory',
    ]);
    expect(words.filter((word) => word === 'Time (s)').length).toBe(1);
    expect(words.filter((word) => word === 'Neuron').length).toBe(3);
  });

  it('draws every spike of the seed experiment', () => {
    expect(strokes(svg, ON_WHITE.blue).length).toBe(212);
    expect(strokes(svg, ON_WHITE.vermillion).length).toBe(2);
    const inputs = strokes(svg, ON_WHITE.black).filter((path) => path.endsWith('v0.8'));
    expect(inputs.length).toBe(13158);
    expect(svg).not.toContain('spikes shown');
  });

  it('draws the stimulus centre of every interval, and its key', () => {
    expect(strokes(svg, ON_WHITE.orange).length).toBe(100 + 1);
    const without = rasterFigure(seedResults({ stimulus: [] }))!;
    expect(strokes(without, ON_WHITE.orange).length).toBe(0);
    expect(without).not.toContain('stimulus centre');
  });

  it('puts a centre at the height of its neuron', () => {
    // Panel of 120 pt below 16 pt: neuron 1 at the bottom, 500 at the top.
    const stimulus = [0, 499].map((center) => ({ population: 'input', start: 0, end: 1, center }));
    const paths = strokes(rasterFigure(seedResults({ stimulus }))!, ON_WHITE.orange);
    const heights = paths.slice(0, 2).map((path) => Number(/,([\d.]+)H/.exec(path)?.[1]));
    expect(heights).toEqual([135.88, 16.12]);
  });

  it('samples very many spikes evenly and says so', () => {
    const count = 100_000;
    const spikes = {
      senders: Uint32Array.from({ length: count }, (_, i) => 1 + (i % 10)),
      times: Float64Array.from({ length: count }, (_, i) => Math.ceil((i + 1) / 10) / 1000),
    };
    const sampled = rasterFigure(seedResults({ spikes }))!;
    const shown = strokes(sampled, ON_WHITE.blue);
    expect(Math.abs(shown.length - count / 3)).toBeLessThan(5);
    // Ten neurons in strict rotation: each keeps its third.
    const rows = new Map<string, number>();
    for (const path of shown) {
      const row = /,([\d.]+)v/.exec(path)![1]!;
      rows.set(row, (rows.get(row) ?? 0) + 1);
    }
    expect(rows.size).toBe(10);
    for (const kept of rows.values()) expect(Math.abs(kept - count / 30)).toBeLessThan(10);
    expect(sampled).toContain('1 in 3 spikes shown');
  });

  it('has no panel for a population that fired unrecorded, but one for a silent one', () => {
    const { spikes, populations } = seedResults();
    const only = (first: number, last: number) => {
      const kept = [...spikes.senders.keys()].filter(
        (i) => spikes.senders[i]! >= first && spikes.senders[i]! <= last,
      );
      return {
        senders: Uint32Array.from(kept, (i) => spikes.senders[i]!),
        times: Float64Array.from(kept, (i) => spikes.times[i]!),
      };
    };
    const unrecorded = texts(rasterFigure(seedResults({ spikes: only(1, 10) }))!);
    expect(unrecorded).toContain('Excitatory');
    expect(unrecorded).not.toContain('Inhibitory');
    const silent = populations.map((p) => (p.name === 'inh' ? { ...p, spikeCount: 0 } : p));
    const both = rasterFigure(seedResults({ spikes: only(1, 10), populations: silent }))!;
    expect(texts(both)).toContain('Inhibitory');
  });

  it('spans the recorded neurons where others fired unrecorded', () => {
    const { populations } = seedResults();
    const inputs = populations.find(({ name }) => name === 'input')!;
    const spikes = (neurons: readonly number[]) => ({
      senders: Uint32Array.from(neurons, (neuron) => inputs.firstId + neuron - 1),
      times: Float64Array.from(neurons, (_, i) => i + 1),
    });
    const numbers = (results: Parameters<typeof seedResults>[0]) =>
      texts(rasterFigure(seedResults(results))!).filter((word) => /^\d+$/.test(word!));
    const centers = [109, 99, 120].map((center) => ({
      population: 'input',
      start: 0,
      end: 1,
      center,
    }));
    const part = { spikes: spikes([101, 110, 120]), stimulus: centers };
    expect(numbers(part)).toEqual(expect.arrayContaining(['105', '110', '115', '120']));
    expect(numbers(part)).not.toContain('500');
    // Of the centres, the one that lies within; and the key's line.
    expect(strokes(rasterFigure(seedResults(part))!, ON_WHITE.orange)).toHaveLength(1 + 1);

    const all = populations.map((p) => (p === inputs ? { ...p, spikeCount: 3 } : p));
    expect(numbers({ ...part, populations: all })).toContain('500');
  });

  it('is left out without spikes', () => {
    const spikes = { senders: new Uint32Array(0), times: new Float64Array(0) };
    expect(rasterFigure(seedResults({ spikes }))).toBeUndefined();
  });
});
