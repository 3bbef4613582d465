import { describe, expect, it } from 'vitest';
import { ValueError } from '../../../src/errors/index.js';
import { ON_WHITE } from '../../../src/report/colors.js';
import { type CurvesRequest, curvesFigure } from '../../../src/report/figures/curves.js';
import { ONE_COLUMN, TWO_COLUMNS } from '../../../src/report/figures/style.js';

const UP = { label: 'up', x: [1, 2, 3], y: [0, 50, 100] };
const DOWN = { label: 'down', x: Float64Array.of(1, 2, 3), y: Float64Array.of(100, 50, 0) };

function request(changes: Partial<CurvesRequest> = {}): CurvesRequest {
  return {
    panels: [{ title: 'One', curves: [UP, DOWN] }],
    xLabel: 'Rate (Hz)',
    yLabel: 'Weight (%)',
    description: 'what is drawn',
    ...changes,
  };
}

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((m) => m[1]);
const width = (svg: string) => Number(/viewBox="0 0 ([\d.]+) /.exec(svg)?.[1]);

/** Points of the line of a colour, in pt. */
function line(svg: string, color: string): [x: number, y: number][] {
  const paths = [...svg.matchAll(/<path [^>]*>/g)].map(([path]) => path);
  const path = paths.find((one) => one.includes(`stroke="${color}"`) && !one.includes('M0,0'))!;
  const points = / d="M([^"]*)"/.exec(path)![1]!.split('L');
  return points.map((point) => point.split(',').map(Number) as [number, number]);
}

describe('curvesFigure', () => {
  it('draws every point of every curve where it belongs', () => {
    const svg = curvesFigure(request());
    const up = line(svg, ON_WHITE.blue);
    const down = line(svg, ON_WHITE.vermillion);
    expect(up.map(([x]) => x)).toEqual(down.map(([x]) => x));
    expect(up.map(([, y]) => y)).toEqual(down.map(([, y]) => y).reverse());
    // Upwards on the page is less; equal steps are equal distances.
    expect(up[0]![1] - up[1]![1]).toBeGreaterThan(0);
    expect(up[0]![1] - up[1]![1]).toBeCloseTo(up[1]![1] - up[2]![1], 1);
    expect(up[1]![0] - up[0]![0]).toBeCloseTo(up[2]![0] - up[1]![0], 1);
  });

  it('names axes, panels and curves, and marks ticks as asked', () => {
    const words = texts(curvesFigure(request({ xTicks: [1, 3] })));
    for (const word of ['Rate (Hz)', 'Weight (%)', 'One', 'up', 'down', '1', '3']) {
      expect(words).toContain(word);
    }
    expect(words).not.toContain('2');
    expect(words).not.toContain('a');
  });

  it.each([
    [57, 188],
    [0, 1],
    [-3.2, 4.1],
    [0.011, 0.0193],
  ])('has ticks at or beyond all values, here %d to %d', (low, high) => {
    const curve = { label: 'c', x: [10, 20], y: [low, high] };
    const svg = curvesFigure(request({ panels: [{ title: 'One', curves: [curve] }] }));
    const axis = svg.slice(0, svg.indexOf('Weight (%)')).replaceAll('\u2212', '-');
    const ticks = texts(axis).map(Number).filter(Number.isFinite);
    expect(Math.max(...ticks)).toBeGreaterThanOrEqual(high);
    expect(Math.min(...ticks)).toBeLessThanOrEqual(low);
  });

  it('sets two panels side by side on the same axes', () => {
    const steep = { label: 'steep', x: [2, 4], y: [0, 400] };
    const one = curvesFigure(request());
    const two = curvesFigure(
      request({
        panels: [
          { title: 'One', curves: [UP] },
          { title: 'Two', curves: [steep] },
        ],
      }),
    );
    expect(width(one)).toBeCloseTo(ONE_COLUMN, 1);
    expect(width(two)).toBeCloseTo(TWO_COLUMNS, 1);
    const words = texts(two);
    expect(words).toEqual(expect.arrayContaining(['a', 'b', 'One', 'Two']));
    for (const [word, times] of [
      ['400', 2],
      ['Rate (Hz)', 2],
      ['Weight (%)', 1],
    ] as const) {
      expect(words.filter((w) => w === word)).toHaveLength(times);
    }
  });

  it('draws a reference within the range', () => {
    expect(curvesFigure(request())).not.toContain('stroke-dasharray');
    const svg = curvesFigure(request({ reference: 200 }));
    expect(svg).toContain('stroke-dasharray');
    expect(texts(svg)).toContain('200');
  });

  it('draws a single value', () => {
    const svg = curvesFigure(
      request({ panels: [{ title: 'One', curves: [{ label: 'point', x: [0], y: [0] }] }] }),
    );
    expect(svg).not.toContain('NaN');
  });

  it('gives each of four curves a colour and a mark of its own', () => {
    const curves = [UP, DOWN, UP, DOWN];
    const svg = curvesFigure(request({ panels: [{ title: 'One', curves }] }));
    const { blue, vermillion, green, purple } = ON_WHITE;
    const marks = [blue, vermillion, green, purple].map(
      (color) => new RegExp(`d="(M[^"]*)" fill="${color}"`).exec(svg)![1]!,
    );
    const shapes = marks.map((d) => d.slice(0, d.indexOf('Z')).replace(/[-\d.]+/g, '#'));
    expect(shapes.map((shape) => shape.match(/[AL]/g)!.join(''))).toEqual([
      'AA',
      'LLL',
      'LL',
      'LLL',
    ]);
  });

  it('refuses what cannot be drawn', () => {
    const refused = (panels: CurvesRequest['panels']) =>
      expect(() => curvesFigure(request({ panels })));
    refused([]).toThrow(ValueError);
    const panel = { title: 'One', curves: [UP] };
    refused([panel, panel, panel]).toThrow('1 to 2 panels');
    refused([{ title: 'One', curves: [] }]).toThrow("curves of 'One' is 0; expected 1 to 4 curves");
    refused([{ title: 'One', curves: [{ label: 'short', x: [1, 2], y: [1] }] }]).toThrow(
      /'short'.*as many values of y as of x/,
    );
    refused([{ title: 'One', curves: [{ label: 'gap', x: [1], y: [Number.NaN] }] }]).toThrow(
      /'gap'.*finite/,
    );
  });
});
