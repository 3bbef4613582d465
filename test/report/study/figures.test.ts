import { describe, expect, test } from 'vitest';
import { ON_WHITE } from '../../../src/report/colors.js';
import { studyFigures } from '../../../src/report/study/figures.js';
import type { Study } from '../../../src/scaling/study.js';
import { timelineOf } from '../../../src/scaling/timeline.js';
import { fitUsl, uslThroughput } from '../../../src/scaling/usl.js';
import { measurement, point, study, traces } from '../../scaling/studies.js';

function figure(name: string, of: Study = study()): string {
  return studyFigures(of).find((one) => one.name === name)!.svg;
}

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((m) => m[1]);

/** Subpaths that begin in paths with this attribute. */
function subpaths(svg: string, attribute: string): string[] {
  return [...svg.matchAll(/<path [^>]*>/g)]
    .map(([path]) => path)
    .filter((path) => path.includes(attribute))
    .flatMap((path) => [...path.matchAll(/M[^M"]*/g)].map(([subpath]) => subpath));
}

test('the same study gives the same bytes', () => {
  expect(studyFigures(study())).toEqual(studyFigures(study()));
});

test('there are no figures of nothing, and no timeline where none was traced', () => {
  expect(studyFigures(study({ points: [] }))).toEqual([]);
  const { timeline: _, ...rest } = study();
  expect(studyFigures(rest).map(({ name }) => name)).toEqual(['scaling', 'phases', 'memory']);
});

test.each([
  ['a point', { threads: [1], points: [point({ threads: 1 })] }],
  ['64 threads', { threads: [1, 16, 64], timeline: timelineOf(traces(64, 30_000), 0, 1000) }],
  [
    'no time at all',
    {
      threads: [1, 2],
      points: [1, 2].map((threads) =>
        point(
          { threads },
          {
            threadTimes: measurement(threads).threadTimes.map((t) => ({
              ...t,
              wait: 0,
              update: 0,
              deliver: 0,
              exchange: 0,
              record: 0,
            })),
          },
        ),
      ),
    },
  ],
] as [string, Partial<Study>][])('%s can be drawn', (_, changes) => {
  for (const { svg } of studyFigures(study(changes))) {
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg.length).toBeLessThan(4e6);
  }
});

describe('wall time and efficiency', () => {
  test('stand beside their ideals, points without a core each as rings', () => {
    const svg = figure('scaling');
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['Wall time (s)', 'Parallel efficiency', 'more threads than cores']),
    );
    expect(svg.match(/stroke-dasharray="3,2"/g)).toHaveLength(3);
    const rings = subpaths(svg, 'fill="none"').filter((path) => path.includes('a2.4'));
    // One in the key and one in each panel: the point with 8 threads on 4 cores.
    expect(rings).toHaveLength(3);
    expect(figure('scaling', study({ threads: [1, 2, 4] }))).not.toContain('more threads');
  });

  test('have whole error bars, on the logarithmic axis, too', () => {
    const points = [0.6, 1.4].flatMap((simulate, i) =>
      [1, 2].map((threads) => {
        const wall = { create: 0, connect: 0, warmUp: 0, simulate };
        return point({ threads, repeat: i + 1 }, { wall });
      }),
    );
    const svg = figure('scaling', study({ threads: [1, 2], points }));
    const [bar] = subpaths(svg, 'stroke-width="0.7"').filter((path) => path.includes('V'));
    const bottom = Number(/V([\d.]+)/.exec(bar!)![1]);
    // The axis is 26 pt above the bottom of the figure.
    expect(bottom).toBeLessThan(170 - 26 - 5);
  });

  test('have every number of threads on the axis', () => {
    const words = texts(figure('scaling', study({ threads: [1, 2, 3, 6, 8, 12, 24] })));
    for (const count of ['1', '2', '3', '6', '8', '12', '24']) expect(words).toContain(count);
  });

  test('of growing networks stay the same at best', () => {
    expect(texts(figure('scaling', study({ kind: 'weak' })))).toContain('Weak-scaling efficiency');
  });

  test('have the law drawn through them where it was fitted', () => {
    const usl = fitUsl(
      [1, 2, 4, 8].map((threads) => ({
        threads,
        seed: 1,
        value: uslThroughput(0.5, 0.1, 0.01, threads),
      })),
    );
    expect(texts(figure('scaling', study({ usl })))).toContain('scalability law');
    expect(texts(figure('scaling'))).not.toContain('scalability law');
  });
});

test('phases are stacked to 1, waiting in grey on top', () => {
  const svg = figure('phases');
  const bars = subpaths(svg, `fill="${ON_WHITE.grey}"`).filter((path) => path.includes('V'));
  // Four numbers of threads, and the eight threads of the largest.
  expect(bars).toHaveLength(4 + 8);
  const tops = bars.slice(0, 4).map((bar) => Number(/V([\d.]+)/.exec(bar)![1]));
  expect(new Set(tops)).toEqual(new Set([28]));
});

describe('memory', () => {
  const words = texts(figure('memory'));

  test('is divided into what it came with, up to the peak', () => {
    expect(words).toEqual(
      expect.arrayContaining(['before the network', 'with the network', 'later, at most']),
    );
    const svg = figure('memory');
    const heights = [ON_WHITE.grey, ON_WHITE.blue, ON_WHITE.vermillion].map((color) => {
      const [first] = subpaths(svg, `fill="${color}"`).filter((path) => path.includes('V'));
      const [, foot, top] = /,([\d.]+)V([\d.]+)/.exec(first!)!.map(Number);
      return foot! - top!;
    });
    // 80, 101 - 80 and 121 - 101 MiB on one thread.
    expect(heights[1]! / heights[0]!).toBeCloseTo(21 / 80, 1);
    expect(heights[2]! / heights[0]!).toBeCloseTo(20 / 80, 1);
  });

  test('tells of points without a core for each thread', () => {
    expect(words).toEqual(expect.arrayContaining(['4', '8*', '* more than cores']));
    expect(texts(figure('memory', study({ threads: [1, 2] })))).not.toContain('* more than cores');
  });
});

describe('the timeline', () => {
  test('says how slices were put together', () => {
    const words = texts(figure('timeline'));
    expect(words).toContain('100 ms of biological time, 1000 slices in bins of 3');
    expect(words).toContain('24 consecutive slices that took as long as most do, one by one');
  });

  test('lets every thread wait for the slowest', () => {
    const [early, late] = [0.01, 0.05];
    const trace = (update: number) =>
      Float64Array.from(
        { length: 60 },
        (_, i) => [0.06 * Math.floor(i / 6), update, 0.06 - update, 0, 0, 0][i % 6]!,
      );
    const timeline = timelineOf([trace(early), trace(late)], 0, 1);
    const svg = figure('timeline', study({ timeline }));
    const width = (path: string) => {
      const [, from, to] = /M([\d.]+),[\d.]+H([\d.]+)/.exec(path)!.map(Number);
      return to! - from!;
    };
    // The second panel: ten slices of two threads, after the ten bins of two threads.
    const waits = subpaths(svg, `fill="${ON_WHITE.grey}"`).slice(-20).map(width);
    const sum = (widths: number[]) => widths.reduce((a, b) => a + b);
    expect(sum(waits.slice(0, 10)) / sum(waits.slice(10))).toBeCloseTo(5, 1);
  });

  test('shows every slice where it began, so that all go on together at each barrier', () => {
    // The first thread does something untimed before its slices, for longer each time.
    const slices = Array.from({ length: 10 }, (_, slice) => 100 + 10 * slice);
    const busy = slices.flatMap((at, i) => [at + i, 4, 1, 0, 0, 0]);
    const other = slices.flatMap((at, i) => [at, 3, 2 + i, 0, 0, 0]);
    const timeline = timelineOf([Float64Array.from(busy), Float64Array.from(other)], 0, 1);
    const svg = figure('timeline', study({ timeline }));
    const ends = subpaths(svg, `fill="${ON_WHITE.grey}"`)
      .slice(-20)
      .map((path) => Number(/H([\d.]+)/.exec(path)![1]));
    const [ofBusy, ofOther] = [ends.slice(0, 10), ends.slice(10)];
    for (const [slice, end] of ofBusy.entries()) expect(end).toBeCloseTo(ofOther[slice]!, 1);
  });

  test('marks what no phase counts between slices', () => {
    const slices = Array.from({ length: 10 }, (_, slice) => 100 + 10 * slice);
    const busy = slices.flatMap((at) => [at, 4, 1, 0, 0, 0]);
    const timeline = timelineOf([Float64Array.from(busy), Float64Array.from(busy)], 0, 1);
    const svg = figure('timeline', study({ timeline }));
    expect(texts(svg)).toContain('between slices, not timed');
    // Nine gaps of each thread.
    expect(subpaths(svg, `fill="${ON_WHITE.absent}"`)).toHaveLength(2 * 9);
  });

  test('of many threads shows the first and says so', () => {
    const svg = figure('timeline', study({ timeline: timelineOf(traces(20, 100), 0, 10) }));
    expect(texts(svg)).toContain('first 16 of 20 threads');
  });
});

test('an incomplete study says so in every figure', () => {
  const figures = studyFigures(study({ complete: false, failure: 'it broke' }));
  for (const { svg } of figures) {
    expect(texts(svg)[0]).toBe('Incomplete study: 16 of 16 points: it broke');
  }
});
