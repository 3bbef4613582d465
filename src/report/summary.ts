/** What a run did, as a short text for the terminal. */
import type { RunResults, WeightColumns } from '../experiment/results.js';
import { sideOf } from './sides.js';
import { duration, failureRemark, incompleteRemark, threeDigits } from './units.js';

/** Sums over phases: shown after them. */
const TOTALS = ['simulate', 'total'];

/**
 * Populations with spikes and rates, changes of plastic weights, wall time by phase, real-time
 * factor (wall time of all Simulate calls over biological time) and digest, if there is one, in aligned columns.
 * Ends with a line break.
 */
export function summaryOf(results: RunResults): string {
  const remarks = [incompleteRemark(results), failureRemark(results)];
  const threads = results.threads === 1 ? '1 thread' : `${results.threads} threads`;
  const title = [
    results.name,
    `${duration(results.simulatedTime)} simulated`,
    `seed ${results.rngSeed}`,
    threads,
  ].join(', ');
  const blocks = [
    [title, ...remarks.filter((remark) => remark !== undefined)].join('\n'),
    columns(populationRows(results)),
    columns(weightRows(results)),
    columns(timeRows(results)),
    results.digest === undefined ? '' : `digest  ${results.digest}`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function populationRows({ populations }: RunResults): string[][] {
  const spiking = populations.filter((p) => p.spiking);
  if (spiking.length === 0) return [];
  return [
    ['population', 'model', '>nodes', '>spikes', '>rate (spikes/s)'],
    ...spiking.map((p) => [
      p.name,
      p.model,
      String(p.size),
      String(p.spikeCount),
      p.rate.toFixed(2),
    ]),
  ];
}

function weightRows(results: RunResults): string[][] {
  const plastic = results.weights.filter((w) => w.plastic && w.source.length > 0);
  if (plastic.length === 0) return [];
  return [
    ['weight change', '>synapses', '>mean', '>sd', '>min', '>max', 'unit'],
    ...plastic.map((weights) => {
      const { mean, sd, min, max } = changeStatistics(weights);
      const numbers = [mean, sd, min, max].map(threeDigits);
      return [
        weights.connection,
        String(weights.source.length),
        ...numbers,
        sideOf(results, weights.targetPopulation).weightUnit,
      ];
    }),
  ];
}

/** Of final - initial; `sd` is the standard deviation of the synapses there are (divisor n). */
export function changeStatistics({ initial, final }: WeightColumns) {
  const count = initial.length;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const change = final[i]! - initial[i]!;
    sum += change;
    if (change < min) min = change;
    if (change > max) max = change;
  }
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (final[i]! - initial[i]! - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / count), min, max };
}

function timeRows({ wallTimes, simulatedTime }: RunResults): string[][] {
  const phases = Object.keys(wallTimes).filter((phase) => !TOTALS.includes(phase));
  const shown = [...phases, ...TOTALS.filter((phase) => phase in wallTimes)];
  const rows = [
    ['wall time', ...shown.map((phase) => `>${phase}`)],
    ['s', ...shown.map((phase) => wallTimes[phase]!.toFixed(3))],
  ];
  if (wallTimes.simulate !== undefined && simulatedTime > 0) {
    rows[0]!.push('>real-time factor');
    rows[1]!.push(threeDigits(wallTimes.simulate / (simulatedTime / 1000)));
  }
  return rows;
}

/** Rows to aligned lines; headings that start with '>' stand over right-aligned columns. */
export function columns(rows: readonly (readonly string[])[]): string {
  const [headings] = rows;
  if (!headings) return '';
  const right = headings.map((heading) => heading.startsWith('>'));
  const cells = rows.map((row, r) =>
    row.map((cell, c) => (r === 0 && right[c] ? cell.slice(1) : cell)),
  );
  const widths = headings.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, c) => (right[c] ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)));
  return cells.map((row) => line(row).join('  ').trimEnd()).join('\n');
}
