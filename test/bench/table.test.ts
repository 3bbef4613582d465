import { describe, expect, it } from 'vitest';
import { benchmark, type Form } from '../../bench/benchmark.js';
import { type Results, resultOf } from '../../bench/results.js';
import { digits, markdownTable, textTable } from '../../bench/table.js';

const sample = benchmark({
  name: 'sample',
  question: 'How long?',
  seed: 1,
  figures: {
    time: { unit: 'ns', target: { most: 10 }, nest: '574' },
    efficiency: { unit: '%', target: { least: 88 } },
    events: { unit: '' },
  },
  plans: { full: 2, short: 1 },
  measure: async (plan: number) => ({ time: plan, efficiency: plan, events: plan }),
});

const MACHINE = {
  cpu: 'a CPU',
  cores: 2,
  memoryBytes: 8 * 2 ** 30,
  system: 'linux 6',
  node: 'v20.20.2',
  date: '2026-01-02T03:04:05.678Z',
  load: 0.25,
};

function resultsOf(form: Form, times: readonly number[], failures: readonly string[] = []) {
  const outcomes = times.map((time) => ({
    figures: { time, efficiency: 90, events: 1.23456 },
    nsPerExp: 7.5,
    peakBytes: 123.4e6,
  }));
  const benchmarks = [resultOf(sample, form, outcomes, failures)];
  return { form, runs: times.length, machine: MACHINE, benchmarks } satisfies Results;
}

/** Cells of the table's lines, its heading and rule left out. */
function cells(markdown: string): string[][] {
  const lines = markdown.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => line.slice(2, -2).split(' | '));
}

describe('the table', () => {
  it('sets the target beside the median and says by how much it is missed', () => {
    expect(cells(markdownTable(resultsOf('full', [11, 30, 12])))).toEqual([
      ['sample', 'time', '574 ns', '<= 10 ns', '12 ns', '11 to 30', 'MISSED by 20 %', '7.5', '123'],
      ['sample', 'efficiency', '', '>= 88 %', '90 %', '90 to 90', 'met', '7.5', '123'],
      ['sample', 'events', '', '', '1.23', '1.23 to 1.23', '', '7.5', '123'],
    ]);
  });

  it('judges by the median, whatever the slowest run took', () => {
    expect(cells(markdownTable(resultsOf('full', [9, 30, 8])))[0]![6]).toBe('met');
  });

  it('does not compare small sizes with the targets', () => {
    const markdown = markdownTable(resultsOf('short', [30]));
    expect(cells(markdown).map((row) => row[6])).toEqual(['', '', '']);
    expect(markdown).toContain('short form');
  });

  it('names runs without a result, also beside others', () => {
    const failed = cells(markdownTable(resultsOf('full', [], ['wrong count\n    at x', 'ended'])));
    expect(failed.map((row) => [row[1], row[4]])).toEqual([
      ['FAILED', 'wrong count'],
      ['FAILED', 'ended'],
    ]);
    expect(cells(markdownTable(resultsOf('full', [5], ['ended'])))).toHaveLength(4);
  });

  it('has the machine above it, and columns that line up', () => {
    const [machine, , , heading, first] = textTable(resultsOf('full', [5])).split('\n');
    expect(machine).toBe(
      'a CPU, 2 cores, 8 GiB, linux 6, Node v20.20.2, 2026-01-02T03:04:05.678Z, load 0.3',
    );
    expect(first!.indexOf('5 ns')).toBe(heading!.indexOf('median'));
  });
});

describe('digits', () => {
  it.each([
    [0.02734, '0.0273'],
    [1.0049, '1'],
    [17.26, '17.3'],
    [1234.6, '1235'],
    [-47.26, '-47.3'],
    [0, '0'],
  ])('writes %d as %s', (value, text) => {
    expect(digits(value)).toBe(text);
  });
});
