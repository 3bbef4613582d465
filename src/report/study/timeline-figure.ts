/** Who waits for whom: the phases of each thread over a stretch of time, and slice by slice. */
import type { Study } from '../../scaling/study.js';
import { type Phase, phases } from '../../scaling/study.js';
import type { Timeline } from '../../scaling/timeline.js';
import { ON_WHITE } from '../colors.js';
import {
  assemble,
  bottomAxis,
  drawPlot,
  elementMark,
  leftAxis,
  panelLetter,
  remark,
  text,
} from '../figures/compose.js';
import { coordinate, plainNumber, TWO_COLUMNS } from '../figures/style.js';
import { SLICE_PHASES } from '../phases.js';
import { duration } from '../units.js';
import { MARGINS, phaseKey } from './frame.js';
import { incompleteStudy } from './words.js';

const MOST_ROWS = 16;
const ROW_HEIGHT = 22;
/** Rows are this much of their pitch high. */
const FILLED = 0.8;
const PANEL_MARGINS = { ...MARGINS, top: 16, bottom: 28 } as const;
/**
 * As the phases of a slice are drawn, each in one piece: what is recorded while nodes advance follows
 * them, and what is exchanged after waiting comes before it.
 */
const SEQUENCE: readonly Phase[] = ['update', 'record', 'exchange', 'wait', 'deliver'];

/** What no phase counts; the thread may not have run at all. */
const BETWEEN = { name: 'between slices, not timed', color: 'absent' } as const;

/** A piece of a row: from x0 to x1, and from y0 to y1 of the row's height (0 to 1). */
interface Patch {
  readonly row: number;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}
type Patches = Readonly<Record<Phase, Patch[]>>;

/** Undefined if nothing was traced. */
export function timelineFigure(study: Study): string | undefined {
  const { timeline } = study;
  if (timeline === undefined || timeline.slices === 0) return undefined;
  const rows = Math.min(timeline.threads, MOST_ROWS);
  const panelHeight = rows * ROW_HEIGHT + PANEL_MARGINS.top + PANEL_MARGINS.bottom;
  const top = 14;
  const stretch = `${duration(timeline.length)} of biological time`;
  const singles = timeline.single[0]!.length / phases.length;
  const slices = panel(slicePatches(timeline, rows), rows, panelHeight, gaps(timeline, rows));
  const pieces = [
    ...phaseKey(MARGINS.left, 10, [BETWEEN]),
    panelLetter(0, 4, top + 11),
    text(`${stretch}, ${binsText(timeline)}`, MARGINS.left, top + 11),
    { x: 0, y: top, markup: panel(binPatches(timeline, rows), rows, panelHeight) },
    panelLetter(1, 4, top + panelHeight + 11),
    text(
      `${singles} consecutive slices that took as long as most do, one by one`,
      MARGINS.left,
      top + panelHeight + 11,
    ),
    { x: 0, y: top + panelHeight, markup: slices },
  ];
  const height = top + 2 * panelHeight;
  if (rows < timeline.threads) {
    const note = `first ${rows} of ${timeline.threads} threads`;
    pieces.push(remark(note, TWO_COLUMNS - MARGINS.right, height - 4));
  }
  return assemble({ width: TWO_COLUMNS, height }, pieces, {
    banner: incompleteStudy(study),
    description: `Phases of each of ${timeline.threads} threads of ${study.name} over time`,
  });
}

/** How slices were put together. */
export function binsText({ slices, slicesPerBin }: Timeline): string {
  return slicesPerBin === 1 ? `${slices} slices` : `${slices} slices in bins of ${slicesPerBin}`;
}

function none(): Patches {
  return { update: [], wait: [], exchange: [], deliver: [], record: [] };
}

/** Bins as wide as they took, phases as heights. All threads pass a bin's end together. */
function binPatches({ bins, threads }: Timeline, rows: number): Patches {
  const width = phases.length;
  const patches = none();
  const at = (thread: number, bin: number, phase: Phase) =>
    bins[thread]![bin * width + phases.indexOf(phase)]!;
  const timeOf = (thread: number, bin: number) =>
    phases.reduce((sum, phase) => sum + at(thread, bin, phase), 0);
  let x0 = 0;
  for (let bin = 0; bin < bins[0]!.length / width; bin++) {
    let sum = 0;
    for (let thread = 0; thread < threads; thread++) sum += timeOf(thread, bin);
    const x1 = x0 + sum / threads;
    for (let row = 0; row < rows; row++) {
      const total = timeOf(row, bin);
      let y0 = 0;
      for (const { name } of SLICE_PHASES) {
        const y1 = y0 + (total > 0 ? at(row, bin, name) / total : 0);
        if (y1 > y0) patches[name].push({ row, x0, x1, y0, y1 });
        y0 = y1;
      }
    }
    x0 = x1;
  }
  return patches;
}

/** Slices where they began, by a clock that the threads share. */
function slicePatches({ single, began }: Timeline, rows: number): Patches {
  const width = phases.length;
  const patches = none();
  for (let row = 0; row < rows; row++) {
    began[row]!.forEach((beginning, slice) => {
      let x0 = beginning;
      for (const phase of SEQUENCE) {
        const x1 = x0 + single[row]![slice * width + phases.indexOf(phase)]!;
        if (x1 > x0) patches[phase].push({ row, x0, x1, y0: 0, y1: 1 });
        x0 = x1;
      }
    });
  }
  return patches;
}

/** Between slices of a thread. */
function gaps({ single, began }: Timeline, rows: number): Patch[] {
  const width = phases.length;
  return Array.from({ length: rows }, (_, row) =>
    began[row]!.slice(1).flatMap((x1, slice) => {
      const times = single[row]!.slice(slice * width, (slice + 1) * width);
      const x0 = times.reduce((sum, time) => sum + time, began[row]![slice]!);
      return x1 > x0 ? [{ row, x0, x1, y0: 0, y1: 1 }] : [];
    }),
  ).flat();
}

function panel(
  patches: Patches,
  rows: number,
  height: number,
  between: readonly Patch[] = [],
): string {
  const all = Object.values(patches).flat();
  const end = all.reduce((last, { x1 }) => Math.max(last, x1), 0);
  const unit = end >= 2 ? { name: 'ms', factor: 1 } : { name: 'µs', factor: 1000 };
  return drawPlot({
    width: TWO_COLUMNS,
    height,
    margins: PANEL_MARGINS,
    x: { domain: [0, end * unit.factor] },
    y: { domain: [rows, 0] },
    marks: [
      patchMark(between, unit.factor, ON_WHITE[BETWEEN.color]),
      ...SLICE_PHASES.map(({ name, color }) => {
        return patchMark(patches[name], unit.factor, ON_WHITE[color]);
      }),
      ...leftAxis({
        label: 'Thread',
        labelOffset: 28,
        ticks: Array.from({ length: rows }, (_, row) => row + 0.5),
        format: (y) => String(Math.ceil(y)),
      }),
      ...bottomAxis({
        label: `Wall time (${unit.name})`,
        labelOffset: 23,
        ticks: 8,
        format: plainNumber,
      }),
    ],
  });
}

function patchMark(patches: readonly Patch[], factor: number, color: string) {
  return elementMark(({ x, y }) => {
    const place = ({ row, x0, x1, y0, y1 }: Patch) => {
      const bottom = row + (1 + FILLED) / 2;
      const [top, foot] = [
        coordinate(y(bottom - FILLED * y1)),
        coordinate(y(bottom - FILLED * y0)),
      ];
      const [left, right] = [coordinate(x(x0 * factor)), coordinate(x(x1 * factor))];
      return `M${left},${top}H${right}V${foot}H${left}Z`;
    };
    return { name: 'path', attributes: { d: patches.map(place).join(''), fill: color } };
  });
}
