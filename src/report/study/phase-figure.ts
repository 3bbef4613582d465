/** How the threads' time divides into phases, and how it is shared among the threads. */
import type { Phase, Study } from '../../scaling/study.js';
import { summarise } from '../../scaling/summary.js';
import { ON_WHITE } from '../colors.js';
import {
  assemble,
  bottomAxis,
  drawPlot,
  elementMark,
  leftAxis,
  panelLetter,
  text,
} from '../figures/compose.js';
import { coordinate, ONE_COLUMN, plainNumber, TWO_COLUMNS } from '../figures/style.js';
import { SLICE_PHASES } from '../phases.js';
import { MARGINS, PANEL_HEIGHT, phaseKey } from './frame.js';
import { incompleteStudy } from './words.js';

const BAR = 0.7;
const MOST_LABELS = 16;

type Stack = Readonly<Record<Phase, number>>;

export function phaseFigure(study: Study): string {
  const summaries = summarise(study);
  const largest = summaries.at(-1)!.threads;
  const right = TWO_COLUMNS - ONE_COLUMN;
  const fractions = stacks({
    names: summaries.map(({ threads }) => threads),
    values: summaries.map((summary) => summary.fractions),
    xLabel: 'Threads',
    yLabel: "Fraction of the threads' time",
  });
  const each = stacks({
    names: Array.from({ length: largest }, (_, thread) => thread + 1),
    values: meanByThread(study, largest),
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
function meanByThread({ points }: Study, threads: number): Stack[] {
  const same = points.filter((point) => point.threads === threads);
  return Array.from({ length: threads }, (_, thread) => {
    const means = SLICE_PHASES.map(({ name }) => {
      const sum = same.reduce((total, point) => total + point.threadTimes[thread]![name], 0);
      return [name, sum / same.length];
    });
    return Object.fromEntries(means) as Stack;
  });
}

interface StacksRequest {
  readonly names: readonly number[];
  readonly values: readonly Stack[];
  readonly xLabel: string;
  readonly yLabel: string;
}

function stacks({ names, values, xLabel, yLabel }: StacksRequest): string {
  const height = (stack: Stack) => SLICE_PHASES.reduce((sum, { name }) => sum + stack[name], 0);
  const every = Math.ceil(names.length / MOST_LABELS);
  return drawPlot({
    width: ONE_COLUMN,
    height: PANEL_HEIGHT,
    margins: MARGINS,
    x: { domain: [-0.6, names.length - 0.4] },
    y: { domain: [0, Math.max(...values.map(height), Number.MIN_VALUE)] },
    marks: [
      ...SLICE_PHASES.map((_, level) => barsOf(values, level)),
      ...leftAxis({ label: yLabel, labelOffset: 33, ticks: 5, format: plainNumber }),
      ...bottomAxis({
        label: xLabel,
        labelOffset: 23,
        ticks: names.map((_, i) => i).filter((i) => i % every === 0),
        format: (i) => String(names[i]),
      }),
    ],
  });
}

/** The bars of one phase, as one element. */
function barsOf(values: readonly Stack[], level: number) {
  const { name, color } = SLICE_PHASES[level]!;
  const lower = SLICE_PHASES.slice(0, level);
  return elementMark(({ x, y }) => {
    const bar = (stack: Stack, i: number) => {
      const below = lower.reduce((sum, phase) => sum + stack[phase.name], 0);
      const [left, right] = [coordinate(x(i - BAR / 2)), coordinate(x(i + BAR / 2))];
      return `M${left},${coordinate(y(below))}V${coordinate(y(below + stack[name]))}H${right}V${coordinate(y(below))}Z`;
    };
    return { name: 'path', attributes: { d: values.map(bar).join(''), fill: ON_WHITE[color] } };
  });
}
