import { DOMParser } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { WeightColumns } from '../../../src/experiment/results.js';
import { ON_WHITE } from '../../../src/report/colors.js';
import { changeMatrix, weightChangeFigure } from '../../../src/report/figures/weight-change.js';
import { seedResults } from '../seed-results.js';

function connection(
  synapses: readonly (readonly [source: number, target: number, change: number])[],
  name = 'exc-to-exc',
): WeightColumns {
  return {
    connection: name,
    synapseModel: 'clopath_synapse',
    plastic: true,
    sourcePopulation: 'exc',
    targetPopulation: 'exc',
    source: Uint32Array.from(synapses, ([source]) => source),
    target: Uint32Array.from(synapses, ([, target]) => target),
    delay: new Float64Array(synapses.length).fill(0.1),
    initial: new Float64Array(synapses.length).fill(0.25),
    final: Float64Array.from(synapses, ([, , change]) => 0.25 + change),
  };
}

/** Fills of the cells of the (first) matrix, row by row, as drawn. */
function cells(svg: string): { x: number; y: number; fill: string }[] {
  const document = new DOMParser().parseFromString(svg, 'image/svg+xml');
  const rects = document.querySelectorAll('g[shape-rendering="crispEdges"] rect');
  return [...rects].map((rect) => ({
    x: Number(rect.getAttribute('x')),
    y: Number(rect.getAttribute('y')),
    fill: rect.getAttribute('fill')!,
  }));
}

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((m) => m[1]);

describe('changeMatrix', () => {
  it('has sources as rows, targets as columns, and no value without a synapse', () => {
    const weights = connection([
      [5, 6, 0.5],
      [7, 5, -0.25],
    ]);
    const { side, block, cells } = changeMatrix(weights, 5, 3);
    expect([side, block]).toEqual([3, 1]);
    const none = Number.NaN;
    expect([...cells]).toEqual([none, 0.5, none, none, none, none, -0.25, none, none]);
  });

  it('takes the mean over several synapses of a pair', () => {
    const weights = connection([
      [1, 2, 0.5],
      [1, 2, 0.25],
    ]);
    expect(changeMatrix(weights, 1, 2).cells[1]).toBe(0.375);
  });

  it('averages blocks of neurons where there are too many for print', () => {
    const weights = connection([
      [1, 2, 0.5],
      [2, 1, 0.25],
      [1000, 999, -1],
    ]);
    const { side, block, cells } = changeMatrix(weights, 1, 1000);
    expect([side, block]).toEqual([500, 2]);
    expect(cells[0]).toBe(0.375);
    expect(cells.at(-1)).toBe(-1);
    expect(cells.filter((value) => !Number.isNaN(value)).length).toBe(2);
  });
});

describe('weightChangeFigure', () => {
  it('draws each synapse of the seed experiment and leaves the diagonal empty', () => {
    const svg = weightChangeFigure(seedResults())!;
    const drawn = cells(svg);
    expect(drawn.length).toBe(90);
    const columns = [...new Set(drawn.map((cell) => cell.x))].sort((a, b) => a - b);
    const rows = [...new Set(drawn.map((cell) => cell.y))].sort((a, b) => a - b);
    expect([columns.length, rows.length]).toEqual([10, 10]);
    for (const { x, y } of drawn) expect(columns.indexOf(x)).not.toBe(rows.indexOf(y));
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['From neuron', 'To neuron', 'Weight change (mV)', 'no synapse']),
    );
  });

  it('shows the strongest change where it is: in row source, column target', () => {
    const results = seedResults();
    const weights = results.weights.find((w) => w.connection === 'exc-to-exc')!;
    const changes = weights.final.map((final, i) => final - weights.initial[i]!);
    const strongest = changes.indexOf(Math.max(...changes));
    const cell = cells(weightChangeFigure(results)!).find((c) => c.fill === '#b2182b')!;
    const [column, row] = [(cell.x - 34) / 15 + 1, (cell.y - 6) / 15 + 1];
    expect([row, column]).toEqual([weights.source[strongest], weights.target[strongest]]);
  });

  it('colours symmetrically about zero', () => {
    const weights = [
      connection([
        [1, 2, 0.1],
        [2, 1, -0.05],
        [2, 3, 0],
        [3, 2, 0.05],
      ]),
    ];
    const fills = cells(weightChangeFigure(seedResults({ weights }))!).map((c) => c.fill);
    expect(fills).toEqual(['#b2182b', '#92c5de', '#f7f7f7', '#f4a582']);
  });

  it('marks a panel per recurrent connection with letter and name, escaped', () => {
    const synapses = [[1, 2, 0.1]] as const;
    const weights = [connection(synapses, 'fast <&>'), connection(synapses, 'slow')];
    const svg = weightChangeFigure(seedResults({ weights }))!;
    expect(texts(svg)).toEqual(expect.arrayContaining(['a', 'b', 'fast &lt;&amp;&gt;', 'slow']));
    expect(svg).toMatch(/^<svg [^>]*width="183mm"/);
  });

  it('embeds one image instead of very many cells', () => {
    const exc = seedResults().populations[0]!;
    const populations = [{ ...exc, size: 1000 }];
    const weights = [connection([[1, 1000, 0.1]])];
    const svg = weightChangeFigure(seedResults({ populations, weights }))!;
    expect(cells(svg)).toEqual([]);
    expect(svg.match(/<image /g)?.length).toBe(2);
    expect(svg).toContain('cells: 2 × 2 neurons');
  });

  it('draws weights that did not change', () => {
    const svg = weightChangeFigure(seedResults({ weights: [connection([[1, 2, 0]])] }))!;
    expect(cells(svg).map((cell) => cell.fill)).toEqual(['#f7f7f7']);
    expect(svg).not.toContain('NaN');
  });

  it('says nothing of absent synapses where all are there', () => {
    const exc = seedResults().populations[0]!;
    const populations = [{ ...exc, size: 2 }];
    const all = [
      [1, 1, 0],
      [1, 2, 0.1],
      [2, 1, 0.2],
      [2, 2, 0],
    ] as const;
    const svg = weightChangeFigure(seedResults({ populations, weights: [connection(all)] }))!;
    expect(svg).not.toContain('no synapse');
    expect(svg.match(new RegExp(ON_WHITE.absent, 'g'))?.length).toBe(1);
  });

  it('does not deny synapses that may have gone unrecorded', () => {
    const exc = seedResults().populations[0]!;
    const populations = [{ ...exc, size: 3 }];
    const some = [
      [1, 2, 0.1],
      [2, 1, 0.2],
    ] as const;
    const onto = (weights: WeightColumns) =>
      texts(weightChangeFigure(seedResults({ populations, weights: [weights] }))!);
    expect(onto(connection(some))).toContain('none recorded');
    expect(onto(connection(some))).not.toContain('no synapse');
    expect(onto(connection([...some, [1, 3, 0]]))).toContain('no synapse');
  });

  it('is left out without a plastic recurrent connection', () => {
    const weights = seedResults().weights.filter((w) => w.connection !== 'exc-to-exc');
    expect(weightChangeFigure(seedResults({ weights }))).toBeUndefined();
  });
});
