/** How the threads' time divides into phases, and how it is shared among the threads. */
import type { Phase, Study } from '../../scaling/study.js';
import { summarise } from '../../scaling/summary.js';
import { ON_WHITE } from '../colors.js';
import { assemble, panelLetter, text } from '../figures/compose.js';
import { ONE_COLUMN, TWO_COLUMNS } from '../figures/style.js';
import { SLICE_PHASES } from '../phases.js';
import { MARGINS, PANEL_HEIGHT, phaseKey } from './frame.js';
import { stacks } from './stacks.js';
import { incompleteStudy } from './words.js';

type Times = Readonly<Record<Phase, number>>;

export function phaseFigure(study: Study): string {
  const summaries = summarise(study);
  const largest = summaries.at(-1)!.threads;
  const right = TWO_COLUMNS - ONE_COLUMN;
  const fractions = stacks({
    names: summaries.map(({ threads }) => String(threads)),
    layers: layersOf(summaries.map((summary) => summary.fractions)),
    xLabel: 'Threads',
    yLabel: "Fraction of the threads' time",
  });
  const each = stacks({
    names: Array.from({ length: largest }, (_, thread) => String(thread + 1)),
    layers: layersOf(meanByThread(study, largest)),
    xLabel: 'Thread',
    yLabel: 'Wall time (s)',
  });
  const threads = largest === 1 ? '1 thread' : `${largest} threads`;
  const pieces = [
    ...phaseKey(18, 10),
    panelLetter(0, 4, 10),
    { x: 0, y: 0, markup: fractions },
    panelLetter(1, right + 4, 10),
    text(`Each thread, in the runs on ${threads}`, right + MARGINS.left, 10),
    { x: right, y: 0, markup: each },
  ];
  return assemble({ width: TWO_COLUMNS, height: PANEL_HEIGHT }, pieces, {
    banner: incompleteStudy(study),
    description: `Phases of ${study.name} by number of threads, and by thread`,
  });
}

/** Mean over the points with so many threads. */
function meanByThread({ points }: Study, threads: number): Times[] {
  const same = points.filter((point) => point.threads === threads);
  return Array.from({ length: threads }, (_, thread) => {
    const means = SLICE_PHASES.map(({ name }) => {
      const sum = same.reduce((total, point) => total + point.threadTimes[thread]![name], 0);
      return [name, sum / same.length];
    });
    return Object.fromEntries(means) as Times;
  });
}

function layersOf(bars: readonly Times[]) {
  return SLICE_PHASES.map(({ name, color }) => ({
    color: ON_WHITE[color],
    values: bars.map((times) => times[name]),
  }));
}
