import { describe, expect, test } from 'vitest';
import type { TraceColumns } from '../../../src/experiment/results.js';
import { ON_WHITE } from '../../../src/report/colors.js';
import { traceFigures } from '../../../src/report/figures/traces.js';
import { seedResults } from '../seed-results.js';

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((m) => m[1]);

/** Paths in a colour, without those of the key. */
const paths = (svg: string, color: string) =>
  [...svg.matchAll(/<path [^>]*>/g)]
    .map(([path]) => path)
    .filter((path) => path.includes(`stroke="${color}"`) && !path.includes('M0,0H12'));

function traced(neurons: number, samples: number, names: readonly string[]): TraceColumns {
  const length = neurons * samples;
  const values = names.map((name, n) => {
    return [name, Float64Array.from({ length }, (_, i) => Math.abs((i % 700) - 350) - n)] as const;
  });
  return {
    recorder: 'meter',
    senders: Uint32Array.from({ length }, (_, i) => 1 + (i % neurons)),
    times: Float64Array.from(
      { length },
      (_, i) => (10_000 * (1 + Math.floor(i / neurons))) / samples,
    ),
    values: Object.fromEntries(values),
    units: Object.fromEntries(names.map((name) => [name, name === 'count' ? '' : 'mV'])),
  };
}

const drawn = (trace: TraceColumns) => traceFigures(seedResults({ traces: [trace] }))[0]!.svg;

test('a panel for each quantity with its unit, and the names of the neurons', () => {
  const words = texts(drawn(traced(10, 50, ['V_m', 'count'])));
  expect(words).toEqual(
    expect.arrayContaining(['V_m (mV)', 'count', 'Time (ms)', 'a', 'b', 'Spikes']),
  );
  expect(words.slice(0, 4)).toEqual([
    'exc 1 (id 1)',
    'exc 2 (id 2)',
    'exc 3 (id 3)',
    '3 of 10 neurons',
  ]);
  expect(texts(drawn(traced(2, 50, ['V_m'])))).not.toContain('2 of 2 neurons');
});

describe('the lines', () => {
  test('go through every sample of few', () => {
    const [spikes, line] = paths(drawn(traced(1, 50, ['V_m'])), ON_WHITE.black);
    const { senders } = seedResults().spikes;
    const fired = senders.filter((id) => id === 1).length;
    expect(spikes!.match(/M/g)).toHaveLength(fired);
    expect(line!.match(/[ML]/g)).toHaveLength(50);
  });

  test('of very many samples keep the extremes, and stay small', () => {
    const trace = traced(1, 500_000, ['V_m']);
    trace.values.V_m!.fill(0);
    trace.values.V_m![123_456] = 50;
    trace.values.V_m![400_000] = -50;
    const svg = drawn(trace);
    expect(svg.length).toBeLessThan(100_000);
    const [, line] = paths(svg, ON_WHITE.black);
    const heights = [...line!.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y));
    const rest = heights[0]!;
    expect(heights.filter((y) => y < rest)).toHaveLength(1);
    expect(heights.filter((y) => y > rest)).toHaveLength(1);
  });
});

test('no marks where no spikes of these neurons were recorded', () => {
  const none = { senders: new Uint32Array(0), times: new Float64Array(0) };
  const results = seedResults({ spikes: none, traces: [traced(2, 50, ['V_m'])] });
  expect(texts(traceFigures(results)[0]!.svg)).not.toContain('Spikes');
});

test('quantities that do not fit are counted', () => {
  const names = Array.from({ length: 9 }, (_, i) => `g_${i}`);
  const words = texts(drawn(traced(1, 20, names)));
  expect(words).toContain('first 6 of 9 quantities');
  expect(words).not.toContain('g_6 (mV)');
});

test('one value throughout, and one sample, can be drawn', () => {
  for (const trace of [traced(1, 1, ['V_m']), traced(1, 9, ['V_m'])]) {
    trace.values.V_m!.fill(-70);
    expect(drawn(trace)).not.toMatch(/NaN|undefined|Infinity/);
  }
});

test('an interrupted run says so', () => {
  const [figure] = traceFigures(seedResults({ complete: false, requestedTime: 20_000 }));
  expect(figure!.svg).toContain('Incomplete run');
});
