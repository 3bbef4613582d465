/** Results as a table for the terminal, and as Markdown for bench/README.md. */
import type { Target } from './benchmark.js';
import type { BenchmarkResult, FigureResult, Machine, Results } from './results.js';
import type { Summary } from './statistics.js';

const HEADINGS = [
  'benchmark',
  'figure',
  'NEST 3.10',
  'target',
  'median',
  'spread',
  '',
  'ns/exp',
  'peak MB',
];

export function textTable(results: Results): string {
  const rows = [HEADINGS, ...results.benchmarks.flatMap(rowsOf)];
  const widths = HEADINGS.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c]!))
      .join('  ')
      .trimEnd(),
  );
  return `${describe(results).join('\n')}\n\n${lines.join('\n')}\n`;
}

export function markdownTable(results: Results): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const lines = [
    line(HEADINGS),
    line(HEADINGS.map(() => '---')),
    ...results.benchmarks.flatMap(rowsOf).map(line),
  ];
  return `${describe(results).join('  \n')}\n\n${lines.join('\n')}\n`;
}

function describe({ machine, form, runs }: Results): string[] {
  const sizes = form === 'short' ? 'short form: sizes too small to compare with the targets' : '';
  return [describeMachine(machine), `median and spread of ${runs} runs`, sizes].filter(Boolean);
}

function describeMachine({ cpu, cores, memoryBytes, system, node, date, load }: Machine): string {
  const memory = `${Math.round(memoryBytes / 2 ** 30)} GiB`;
  return `${cpu}, ${cores} cores, ${memory}, ${system}, Node ${node}, ${date}, load ${load.toFixed(1)}`;
}

function rowsOf({ name, figures, calibration, peak, failures }: BenchmarkResult): string[][] {
  const failed = failures.map((message) => {
    const [first = ''] = message.split('\n');
    return [name, 'FAILED', '', '', first, '', '', '', ''];
  });
  return [...figures.map((figure) => rowOf(name, figure, calibration, peak)), ...failed];
}

function rowOf(name: string, figure: FigureResult, calibration: Summary, peak: Summary): string[] {
  const { unit, target, nest, median, min, max, met } = figure;
  return [
    name,
    figure.name,
    nest === undefined ? '' : withUnit(nest, unit),
    target === undefined ? '' : withUnit(bound(target), unit),
    withUnit(digits(median), unit),
    `${digits(min)} to ${digits(max)}`,
    met === undefined ? '' : met ? 'met' : `MISSED by ${miss(median, target!)}`,
    digits(calibration.median),
    digits(peak.median / 1e6),
  ];
}

function bound(target: Target): string {
  return 'most' in target ? `<= ${target.most}` : `>= ${target.least}`;
}

/** How far a value lies on the wrong side of its bound. */
function miss(value: number, target: Target): string {
  const limit = 'most' in target ? target.most : target.least;
  return `${Math.abs(100 * (value / limit - 1)).toFixed(0)} %`;
}

function withUnit(text: string, unit: string): string {
  return unit === '' ? text : `${text} ${unit}`;
}

/** Three significant digits, whole numbers from 100 on. */
export function digits(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
