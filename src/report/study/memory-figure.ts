/** Memory of the process over the number of threads. */
import type { Study } from '../../scaling/study.js';
import { summarise, type ThreadCountSummary } from '../../scaling/summary.js';
import { ON_WHITE } from '../colors.js';
import { assemble, drawPlot, leftAxis } from '../figures/compose.js';
import { ONE_COLUMN, plainNumber } from '../figures/style.js';
import {
  discSample,
  key,
  lineMark,
  MARGINS,
  PANEL_HEIGHT,
  pointMarks,
  threadAxis,
  threadScale,
} from './frame.js';
import { byteUnit, incompleteStudy } from './words.js';

interface Curve {
  readonly label: string;
  readonly color: string;
  readonly of: (summary: ThreadCountSummary) => { readonly mean: number; readonly sd: number };
}

const CURVES: readonly Curve[] = [
  { label: 'at most', color: ON_WHITE.vermillion, of: ({ memory }) => memory.peak },
  { label: 'network built', color: ON_WHITE.blue, of: ({ memory }) => fixed(memory.network) },
  { label: 'no network yet', color: ON_WHITE.green, of: ({ memory }) => fixed(memory.base) },
];

export function memoryFigure(study: Study): string {
  const summaries = summarise(study);
  const counts = summaries.map(({ threads }) => threads);
  const highest = Math.max(...summaries.map(({ memory }) => memory.peak.mean + memory.peak.sd));
  const { unit, divisor } = byteUnit(highest);
  const lines = CURVES.flatMap(({ color, of }) => {
    const points = summaries.map((summary) => {
      const { mean, sd } = of(summary);
      const { threads: x, oversubscribed: open } = summary;
      return { x, y: mean / divisor, error: sd / divisor, open };
    });
    return [lineMark(points, { color }), ...pointMarks(points, color, 0)];
  });
  const markup = drawPlot({
    width: ONE_COLUMN,
    height: PANEL_HEIGHT,
    margins: MARGINS,
    x: threadScale(counts),
    y: { domain: [0, highest / divisor], nice: true },
    marks: [
      ...lines,
      ...leftAxis({ label: `Memory (${unit})`, labelOffset: 33, ticks: 5, format: plainNumber }),
      ...threadAxis(counts),
    ],
  });
  const entries = CURVES.map(({ label, color }) => ({ label, sample: discSample(color, false) }));
  const pieces = [
    ...key(entries, MARGINS.left, 11, { columns: 3, pitch: 70 }),
    { x: 0, y: 0, markup },
  ];
  return assemble({ width: ONE_COLUMN, height: PANEL_HEIGHT }, pieces, {
    banner: incompleteStudy(study),
    description: `Memory of ${study.name} over the number of threads`,
  });
}

function fixed(mean: number) {
  return { mean, sd: 0 };
}
