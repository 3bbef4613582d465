/** Wall time and parallel efficiency over the number of threads, beside the ideal. */
import type { Study } from '../../scaling/study.js';
import { summarise, type ThreadCountSummary } from '../../scaling/summary.js';
import { uslThroughput } from '../../scaling/usl.js';
import { ON_WHITE } from '../colors.js';
import { assemble, drawPlot, leftAxis, type Piece, panelLetter } from '../figures/compose.js';
import { ONE_COLUMN, plainNumber, TWO_COLUMNS } from '../figures/style.js';
import {
  discSample,
  type KeyEntry,
  key,
  lineMark,
  lineSample,
  logTicks,
  MARGINS,
  type MarkedPoint,
  minorTicks,
  PANEL_HEIGHT,
  pointMarks,
  threadAxis,
  threadScale,
} from './frame.js';
import { incompleteStudy } from './words.js';

const IDEAL = { color: ON_WHITE.quiet, dash: '3,2' } as const;
const LAW = { color: ON_WHITE.orange } as const;
const LAW_POINTS = 100;
/** Error bars are drawn down to this part of their value. */
const LOWEST_FOOT = 5;

type Line = readonly { readonly x: number; readonly y: number }[];

export function scalingFigure(study: Study): string {
  const summaries = summarise(study);
  const pieces = [
    panelLetter(0, 4, 10),
    ...keyPieces(study, summaries),
    { x: 0, y: 0, markup: timePanel(study, summaries) },
    panelLetter(1, TWO_COLUMNS - ONE_COLUMN + 4, 10),
    { x: TWO_COLUMNS - ONE_COLUMN, y: 0, markup: efficiencyPanel(study, summaries) },
  ];
  return assemble({ width: TWO_COLUMNS, height: PANEL_HEIGHT }, pieces, {
    banner: incompleteStudy(study),
    description: `Wall time and efficiency of ${study.name} over the number of threads`,
  });
}

function keyPieces(study: Study, summaries: readonly ThreadCountSummary[]): Piece[] {
  const entries: KeyEntry[] = [
    { label: 'measured (mean, SD)', sample: discSample(ON_WHITE.blue, false) },
    { label: 'ideal', sample: lineSample(IDEAL) },
  ];
  if (summaries.some(({ oversubscribed }) => oversubscribed)) {
    const sample = discSample(ON_WHITE.blue, true);
    entries.push({ label: 'more threads than cores', sample });
  }
  if (study.usl.fitted) entries.push({ label: 'scalability law', sample: lineSample(LAW) });
  return key(entries, MARGINS.left, 11, { columns: 2, pitch: 104 });
}

function timePanel(study: Study, summaries: readonly ThreadCountSummary[]): string {
  const counts = summaries.map(({ threads }) => threads);
  const points = summaries.map(marked(({ simulate }) => simulate));
  const ideal = idealTimes(study, summaries);
  const law = lawTimes(study, counts);
  const all = [...points, ...ideal, ...law].map(({ y }) => y);
  const tops = points.map(({ y, error }) => y + error);
  // A bar that would reach 0 has no end on this axis.
  const feet = points.map(({ y, error }) => Math.max(y - error, y / LOWEST_FOOT));
  const [low, high] = [Math.min(...all, ...feet) / 1.4, Math.max(...all, ...tops) * 1.2];
  const { labelled, minor } = logTicks(low, high);
  return panel({
    counts,
    y: { type: 'log', domain: [low, high] },
    label: 'Wall time (s)',
    ticks: labelled,
    lines: [
      minorTicks(minor),
      lineMark(ideal, IDEAL),
      ...(law.length > 0 ? [lineMark(law, LAW)] : []),
      lineMark(points, { color: ON_WHITE.blue }),
      ...pointMarks(points, ON_WHITE.blue, low),
    ],
  });
}

function efficiencyPanel(study: Study, summaries: readonly ThreadCountSummary[]): string {
  const counts = summaries.map(({ threads }) => threads);
  const points = summaries.map(marked(({ efficiency }) => efficiency));
  const ideal = [counts[0]!, counts.at(-1)!].map((x) => ({ x, y: 1 }));
  const high = Math.max(1.1, ...points.map(({ y, error }) => y + error));
  return panel({
    counts,
    y: { domain: [0, high] },
    label: study.kind === 'strong' ? 'Parallel efficiency' : 'Weak-scaling efficiency',
    ticks: 6,
    lines: [
      lineMark(ideal, IDEAL),
      lineMark(points, { color: ON_WHITE.blue }),
      ...pointMarks(points, ON_WHITE.blue, 0),
    ],
  });
}

interface PanelParts {
  readonly counts: readonly number[];
  readonly y: Parameters<typeof drawPlot>[0]['y'];
  readonly label: string;
  readonly ticks: readonly number[] | number;
  readonly lines: Parameters<typeof drawPlot>[0]['marks'];
}

function panel({ counts, y, label, ticks, lines }: PanelParts): string {
  return drawPlot({
    width: ONE_COLUMN,
    height: PANEL_HEIGHT,
    margins: MARGINS,
    x: threadScale(counts),
    y,
    marks: [
      ...lines,
      ...leftAxis({ label, labelOffset: 35, ticks, format: plainNumber }),
      ...threadAxis(counts),
    ],
  });
}

function marked(of: (summary: ThreadCountSummary) => { mean: number; sd: number }) {
  return (summary: ThreadCountSummary): MarkedPoint => {
    const { mean, sd } = of(summary);
    return { x: summary.threads, y: mean, error: sd, open: summary.oversubscribed };
  };
}

function idealTimes(study: Study, summaries: readonly ThreadCountSummary[]): Line {
  const { threads: fewest, simulate } = summaries[0]!;
  return summaries.map(({ threads }) => ({
    x: threads,
    y: study.kind === 'strong' ? (simulate.mean * fewest) / threads : simulate.mean,
  }));
}

/** The law as wall times; nothing where it was not fitted. */
function lawTimes({ usl, points }: Study, counts: readonly number[]): Line {
  if (!usl.fitted) return [];
  const seconds = points[0]!.modelTime / 1000;
  const [first, last] = [counts[0]!, counts.at(-1)!];
  return Array.from({ length: LAW_POINTS + 1 }, (_, i) => {
    const threads = first * (last / first) ** (i / LAW_POINTS);
    const { lambda, sigma, kappa } = usl;
    const throughput = uslThroughput(lambda.value, sigma.value, kappa.value, threads);
    return { x: threads, y: seconds / throughput };
  });
}
