/** Where the wall time of a run went: a bar for each thread, divided into phases. */
import { loadImbalance, type RunResults, type ThreadTimes } from '../../experiment/results.js';
import { pageColor } from '../colors.js';
import { SLICE_PHASES } from '../phases.js';
import { escapeHtml, htmlTable } from './html.js';

const WIDTH = 680;
const LEFT = 62;
const BAR = 20;
const PITCH = 26;

/** The bars, their key and the times as a table; '' if nothing was timed. */
export function phaseTimesHtml({ threadTimes, wallTimes }: RunResults): string {
  const longest = Math.max(...threadTimes.map(simulating));
  if (!(longest > 0)) return '';
  const keys = SLICE_PHASES.map(({ name, color, meaning }) => {
    return `<span style="--key:${pageColor(color)}" title="${escapeHtml(meaning)}">${name}</span>`;
  });
  const imbalance = (100 * loadImbalance(threadTimes)).toFixed(0);
  const spread =
    threadTimes.length > 1
      ? ` The busiest thread worked ${imbalance} % longer than the average.`
      : '';
  return [
    '<figure>',
    `<div class="keys">${keys.join('')}</div>`,
    bars(threadTimes, longest),
    `<figcaption>Wall time of each thread by phase, while time was simulated (${(wallTimes.simulate ?? 0).toFixed(3)} s in all).${spread} Phases of short slices are sampled.</figcaption>`,
    '</figure>',
    table(threadTimes),
  ].join('\n');
}

function simulating(times: ThreadTimes): number {
  return SLICE_PHASES.reduce((sum, { name }) => sum + times[name], 0);
}

function bars(threads: readonly ThreadTimes[], longest: number): string {
  const scale = (WIDTH - LEFT) / longest;
  const rows = threads.map((times, i) => {
    const y = i * PITCH;
    let x = LEFT;
    const segments = SLICE_PHASES.map(({ name, color }) => {
      const width = times[name] * scale;
      const title = `<title>${name}: ${times[name].toFixed(3)} s</title>`;
      const segment = `<rect x="${x.toFixed(2)}" y="${y}" width="${width.toFixed(2)}" height="${BAR}" style="fill:${pageColor(color)}">${title}</rect>`;
      x += width;
      return segment;
    });
    return `<text x="0" y="${y + 14}">thread ${i + 1}</text>${segments.join('')}`;
  });
  const height = threads.length * PITCH;
  return `<svg class="bars" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Wall time of each thread by phase; the table below has the numbers">${rows.join('\n')}</svg>`;
}

function table(threads: readonly ThreadTimes[]): string {
  const columns = ['build', ...SLICE_PHASES.map(({ name }) => name)] as const;
  const rows = threads.map((times, i) => [
    String(i + 1),
    ...columns.map((key) => times[key].toFixed(3)),
  ]);
  const heading = (key: string) => ({ heading: `${key} (s)`, numeric: true });
  return htmlTable([{ heading: 'thread' }, ...columns.map(heading)], rows);
}
