import { DOMParser } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { WeightColumns } from '../../../src/experiment/results.js';
import { ON_WHITE } from '../../../src/report/colors.js';
import { changeMatrix } from '../../../src/report/figures/change-matrix.js';
import { weightChangeFigure } from '../../../src/report/figures/weight-change.js';
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
    const { rows, columns, rowBlock, columnBlock, sources, targets, cells } = changeMatrix(weights);
    expect([rows, columns, rowBlock, columnBlock]).toEqual([3, 2, 1, 1]);
    expect([...sources]).toEqual([5, 6, 7]);
    expect([...targets]).toEqual([5, 6]);
    const none = Number.NaN;
    expect([...cells]).toEqual([none, 0.5, none, none, -0.25, none]);
  });

  it('leaves out neurons without a synapse where these are most', () => {
    const weights = connection([
      [5, 60, 0.5],
      [700, 60, -0.25],
      [700, 61, 1],
    ]);
    const { sources, targets, cells } = changeMatrix(weights);
    expect([...sources]).toEqual([5, 700]);
    expect([...targets]).toEqual([60, 61]);
    expect([...cells]).toEqual([0.5, Number.NaN, -0.25, 1]);
  });

  it('takes the mean over several synapses of a pair', () => {
    const weights = connection([
      [1, 2, 0.5],
      [1, 2, 0.25],
    ]);
    expect([...changeMatrix(weights).cells]).toEqual([0.375]);
  });

  it('averages blocks of neurons where there are too many for print', () => {
    const full = Array.from({ length: 2000 }, (_, i) => {
      return [1 + (i >> 1), 1 + (i & 1), 1 + (i >> 1)] as const;
    });
    const { rows, columns, rowBlock, columnBlock, cells } = changeMatrix(connection(full));
    expect([rows, columns, rowBlock, columnBlock]).toEqual([500, 2, 2, 1]);
    expect(cells[0]).toBe(1.5);
    expect(cells.at(-1)).toBe(999.5);
  });

  it('averages blocks where single pairs would be lost in emptiness, as long as they are many', () => {
    const some = (count: number, size: number) =>
      Array.from({ length: count }, (_, i) => {
        return [1 + (i % size), 1 + ((i * 7 + Math.floor(i / size)) % size), 1] as const;
      });
    const blocksOf = (count: number, size: number) => {
      const { rowBlock, columnBlock, cells } = changeMatrix(connection(some(count, size)));
      const filled = cells.filter((cell) => cell === 1).length / cells.length;
      return { blocks: [rowBlock, columnBlock], filled };
    };
    const sparse = blocksOf(1000, 1000);
    expect(sparse.blocks).toEqual([32, 32]);
    expect(sparse.filled).toBeGreaterThan(0.2);
    expect(blocksOf(200, 50).blocks).toEqual([1, 1]);
    expect(blocksOf(3000, 100).blocks).toEqual([1, 1]);
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
      expect.arrayContaining([
        'exc-to-exc',
        'From exc neuron',
        'To exc neuron',
        'Weight change (mV)',
        'no synapse',
      ]),
    );
  });

  it('shows the strongest change where it is: in row source, column target', () => {
    const results = seedResults();
    const weights = results.weights.find((w) => w.connection === 'exc-to-exc')!;
    const changes = weights.final.map((final, i) => final - weights.initial[i]!);
    const strongest = changes.indexOf(Math.max(...changes));
    const cell = cells(weightChangeFigure(results)!).find((c) => c.fill === '#b2182b')!;
    const [column, row] = [cell.x - 38, cell.y - 6].map((at) => Math.round(at / 14.6) + 1);
    expect([row, column]).toEqual([weights.source[strongest], weights.target[strongest]]);
  });

  it('colours symmetrically about zero', () => {
    const exc = seedResults().populations[0]!;
    const populations = [{ ...exc, size: 2 }];
    const weights = [
      connection([
        [1, 1, 0.1],
        [1, 2, -0.05],
        [2, 1, 0],
        [2, 2, 0.05],
      ]),
    ];
    const svg = weightChangeFigure(seedResults({ populations, weights }))!;
    expect(cells(svg).map((c) => c.fill)).toEqual(['#b2182b', '#92c5de', '#f7f7f7', '#f4a582']);
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
    const populations = [{ ...exc, size: 100 }];
    const all = Array.from({ length: 10_000 }, (_, i) => {
      return [1 + Math.floor(i / 100), 1 + (i % 100), i] as const;
    });
    const svg = weightChangeFigure(seedResults({ populations, weights: [connection(all)] }))!;
    expect(cells(svg)).toEqual([]);
    expect(svg.match(/<image /g)?.length).toBe(2);
    expect(svg.match(/style="image-rendering:pixelated"/g)?.length).toBe(1);
    expect(svg).not.toContain('cells:');
    const wide = [{ ...exc, size: 1000 }];
    const onto = Array.from({ length: 4000 }, (_, i) => [1 + (i % 1000), 1 + (i % 4), i] as const);
    expect(
      weightChangeFigure(seedResults({ populations: wide, weights: [connection(onto)] })),
    ).toContain('cells: 2 × 1 neurons');
  });

  it('draws a few synapses of many possible ones one by one', () => {
    const some = [
      [1, 2, 0.2],
      [3, 2, -0.1],
      [3, 10, 0],
    ] as const;
    const svg = weightChangeFigure(seedResults({ weights: [connection(some)] }))!;
    expect(svg).not.toContain('NaN');
    expect(cells(svg)).toEqual([]);
    expect(svg).not.toContain(ON_WHITE.absent);
    const names = texts(svg).slice(3, 9);
    expect(names).toEqual(['1', '2', '3', '2', '3', '10']);
    const drawn = (color: string) =>
      [...svg.matchAll(new RegExp(`<path[^>]* fill="${color}" d="([^"]*)"`, 'g'))].flatMap(
        ([, d]) =>
          [...d!.matchAll(/M([\d.]+),([\d.]+)(?:H([\d.]+)|a)/g)].map(([, x, y, to]) => ({
            y: Number(y),
            length: to === undefined ? 0 : Number(to) - Number(x),
          })),
      );
    const [up, , ...more] = drawn(ON_WHITE.vermillion);
    const [down] = drawn(ON_WHITE.blue);
    const [still] = drawn(ON_WHITE.quiet);
    expect(more).toEqual([]);
    expect(up!.length).toBeGreaterThan(0);
    expect(up!.length).toBeCloseTo(-2 * down!.length, 1);
    expect([up!.y < down!.y, down!.y < still!.y]).toEqual([true, true]);
  });

  it.each([
    [16, 10, false],
    [17, 10, true],
    [5, 3, true],
    [4, 3, false],
  ])('draws %i synapses among %i neurons as a matrix: %s', (count, size, isMatrix) => {
    const exc = seedResults().populations[0]!;
    const populations = [{ ...exc, size }];
    const synapses = Array.from({ length: count }, (_, i) => {
      return [1 + Math.floor(i / size), 1 + (i % size), 0.1] as const;
    });
    const svg = weightChangeFigure(seedResults({ populations, weights: [connection(synapses)] }))!;
    expect(svg.includes('To exc neuron')).toBe(isMatrix);
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
      [1, 1, 0],
      [1, 2, 0.1],
      [2, 1, 0.2],
      [3, 1, 0.2],
      [3, 2, 0.2],
    ] as const;
    const onto = (weights: WeightColumns) =>
      texts(weightChangeFigure(seedResults({ populations, weights: [weights] }))!);
    expect(onto(connection(some))).toContain('none recorded');
    expect(onto(connection(some))).not.toContain('no synapse');
    expect(onto(connection([...some, [3, 3, 0]]))).toContain('no synapse');
  });

  it('is left out without a plastic recurrent connection', () => {
    const weights = seedResults().weights.filter((w) => w.connection !== 'exc-to-exc');
    expect(weightChangeFigure(seedResults({ weights }))).toBeUndefined();
  });
});
