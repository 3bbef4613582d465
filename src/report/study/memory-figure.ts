/** Memory of the process over the number of threads, by what it came with. */
import type { Study } from '../../scaling/study.js';
import { summarise, type ThreadCountSummary } from '../../scaling/summary.js';
import { ON_WHITE } from '../colors.js';
import { assemble, type Piece, text } from '../figures/compose.js';
import { ONE_COLUMN, SMALL_FONT_SIZE } from '../figures/style.js';
import { errorBars, key, MARGINS, PANEL_HEIGHT, patch } from './frame.js';
import { stacks } from './stacks.js';
import { byteUnit, incompleteStudy } from './words.js';

type Memory = ThreadCountSummary['memory'];

interface Part {
  readonly label: string;
  readonly color: string;
  readonly of: (memory: Memory) => number;
}

/** From below; together they are the peak. */
const PARTS: readonly Part[] = [
  { label: 'before the network', color: ON_WHITE.grey, of: ({ base }) => base },
  {
    label: 'with the network',
    color: ON_WHITE.blue,
    of: ({ base, network }) => Math.max(network - base, 0),
  },
  {
    label: 'later, at most',
    color: ON_WHITE.vermillion,
    of: ({ base, network, peak }) => Math.max(peak.mean - Math.max(network, base), 0),
  },
];
const KEY = { columns: 2, pitch: 108 } as const;

export function memoryFigure(study: Study): string {
  const summaries = summarise(study);
  const highest = Math.max(...summaries.map(({ memory: { peak } }) => peak.mean + peak.sd));
  const { unit, divisor } = byteUnit(highest);
  const peaks = summaries.map(({ memory: { peak } }, x) => {
    return { x, y: peak.mean / divisor, error: peak.sd / divisor };
  });
  const markup = stacks({
    names: summaries.map(({ threads, oversubscribed }) => `${threads}${oversubscribed ? '*' : ''}`),
    layers: PARTS.map(({ color, of }) => ({
      color,
      values: summaries.map(({ memory }) => of(memory) / divisor),
    })),
    xLabel: 'Threads',
    yLabel: `Memory (${unit})`,
    highest: highest / divisor,
    nice: true,
    marks: [errorBars(peaks, ON_WHITE.black, 0)],
  });
  const entries = PARTS.map(({ label, color }) => ({ label, sample: patch(color) }));
  const pieces: Piece[] = [...key(entries, MARGINS.left, 10, KEY), { x: 0, y: 0, markup }];
  if (summaries.some(({ oversubscribed }) => oversubscribed)) {
    const left = MARGINS.left + KEY.pitch + 5;
    pieces.push(text('* more than cores', left, 19, { size: SMALL_FONT_SIZE }));
  }
  return assemble({ width: ONE_COLUMN, height: PANEL_HEIGHT }, pieces, {
    banner: incompleteStudy(study),
    description: `Memory of ${study.name} over the number of threads`,
  });
}
