/** What the figures of a study share: axes over numbers of threads, and keys. */
import type * as Plot from '@observablehq/plot';
import { type ColorName, ON_WHITE } from '../colors.js';
import { bottomAxis, elementMark, type Piece, text } from '../figures/compose.js';
import { AXIS_WIDTH, coordinate, plainNumber, SMALL_FONT_SIZE } from '../figures/style.js';
import { SLICE_PHASES } from '../phases.js';
import { roundStep } from '../round.js';

export const MARGINS = { left: 44, right: 10, top: 28, bottom: 26 } as const;
export const PANEL_HEIGHT = 170;
export const LINE_WIDTH = 1;
const MARK_RADIUS = 2.4;
const CAP = 2;
const MINOR_LENGTH = 1.5;
/** Of the phases' key: a patch with the space around it, and a letter on average. */
const PATCH_WIDTH = 22;
const LETTER_WIDTH = 3.6;

/** Numbers of threads lie as their logarithms. */
export function threadScale(counts: readonly number[]): Plot.ScaleOptions {
  return { type: 'log', domain: [counts[0]! / 1.3, counts.at(-1)! * 1.3] };
}

export function threadAxis(counts: readonly number[]): Plot.Markish[] {
  return bottomAxis({ label: 'Threads', labelOffset: 23, ticks: counts, format: plainNumber });
}

/** Where a logarithmic axis has numbers, and where it has marks only. */
export interface LogTicks {
  readonly labelled: readonly number[];
  readonly minor: readonly number[];
}

const EVERY_DIGIT = [1, 2, 3, 4, 5, 6, 7, 8, 9];
/** Of each power of ten; the first that gives enough numbers. */
const LABELLED = [[1, 2, 5], [1, 2, 3, 5, 7], EVERY_DIGIT];
const FEWEST_LABELS = 3;
const MOST_LABELS = 9;

/** So many that the eye sees the scale. */
export function logTicks(low: number, high: number): LogTicks {
  const [usual] = LABELLED.map((digits) => multiples(digits, low, high)).filter(
    (ticks) => ticks.length >= FEWEST_LABELS,
  );
  const labelled =
    usual === undefined
      ? evenTicks(low, high)
      : usual.length > MOST_LABELS
        ? multiples([1], low, high)
        : usual;
  const minor = multiples(EVERY_DIGIT, low, high).filter((tick) => !labelled.includes(tick));
  return { labelled, minor };
}

/** Digits times powers of ten, within a range. */
function multiples(digits: readonly number[], low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const digit of digits) {
      const tick = Number(`${digit}e${power}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}

/** Of a range that holds hardly more than one digit; three at least, as a step is less than 2.5 parts. */
function evenTicks(low: number, high: number): number[] {
  const step = roundStep((high - low) / 7.5);
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Marks without numbers, at the left axis. */
export function minorTicks(ticks: readonly number[]): Plot.Markish {
  return elementMark(({ y }) => {
    const d = ticks.map((tick) => `M${MARGINS.left},${coordinate(y(tick))}h${-MINOR_LENGTH}`);
    const stroke = { stroke: ON_WHITE.black, 'stroke-width': AXIS_WIDTH };
    return { name: 'path', attributes: { d: d.join(''), fill: 'none', ...stroke } };
  });
}

export interface MarkedPoint {
  readonly x: number;
  readonly y: number;
  /** Half the length of its error bar. */
  readonly error: number;
  /** Drawn as a ring instead of a disc. */
  readonly open: boolean;
}

export interface LineStyle {
  readonly color: string;
  readonly dash?: string;
}

export function lineMark(
  points: readonly { readonly x: number; readonly y: number }[],
  { color, dash }: LineStyle,
): Plot.Markish {
  return elementMark(({ x, y }) => {
    const d = `M${points.map((p) => `${coordinate(x(p.x))},${coordinate(y(p.y))}`).join('L')}`;
    const dashed = dash === undefined ? {} : { 'stroke-dasharray': dash };
    const attributes = { d, fill: 'none', stroke: color, 'stroke-width': LINE_WIDTH, ...dashed };
    return { name: 'path', attributes };
  });
}

type ErrorBar = Omit<MarkedPoint, 'open'>;

/** Bars end at `lowest`, the bottom of the axis. */
export function errorBars(
  points: readonly ErrorBar[],
  color: string,
  lowest: number,
): Plot.Markish {
  return elementMark(({ x, y }) => {
    const bar = ({ x: at, y: value, error }: ErrorBar) => {
      const [left, top] = [coordinate(x(at) - CAP), coordinate(y(value + error))];
      const bottom = coordinate(y(Math.max(lowest, value - error)));
      return `M${left},${top}h${2 * CAP}M${coordinate(x(at))},${top}V${bottom}m${-CAP},0h${2 * CAP}`;
    };
    const d = points
      .filter(({ error }) => error > 0)
      .map(bar)
      .join('');
    return { name: 'path', attributes: { d, fill: 'none', stroke: color, 'stroke-width': 0.7 } };
  });
}

/** Discs and rings with error bars. */
export function pointMarks(
  points: readonly MarkedPoint[],
  color: string,
  lowest: number,
): Plot.Markish[] {
  const kinds = [false, true].map((open) =>
    elementMark(({ x, y }) => {
      const d = points
        .filter((point) => point.open === open)
        .map((point) => disc(x(point.x), y(point.y)))
        .join('');
      const fill = open
        ? { fill: 'none', stroke: color, 'stroke-width': LINE_WIDTH }
        : { fill: color };
      return { name: 'path', attributes: { d, ...fill } };
    }),
  );
  return [errorBars(points, color, lowest), ...kinds];
}

function disc(x: number, y: number): string {
  const r = MARK_RADIUS;
  return `M${coordinate(x - r)},${coordinate(y)}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0Z`;
}

/** A patch of colour, or a sample of a line, with what it stands for. */
export interface KeyEntry {
  readonly label: string;
  /** SVG in a box of 14 by 5 pt whose middle is (7, 0). */
  readonly sample: string;
}

export function patch(color: string): string {
  return `<rect x="3" y="-3" width="8" height="6" fill="${color}"/>`;
}

export function lineSample({ color, dash }: LineStyle): string {
  const dashed = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  return `<path d="M0,0H14" stroke="${color}" stroke-width="${LINE_WIDTH}" fill="none"${dashed}/>`;
}

export function discSample(color: string, open: boolean): string {
  const fill = open
    ? `fill="none" stroke="${color}" stroke-width="${LINE_WIDTH}"`
    : `fill="${color}"`;
  return `<path d="${disc(7, 0)}" ${fill}/>`;
}

/** Entries side by side, in lines of `columns`, the first at (x, y). */
export function key(
  entries: readonly KeyEntry[],
  x: number,
  y: number,
  { columns, pitch }: { readonly columns: number; readonly pitch: number },
): Piece[] {
  return entries.flatMap(({ label, sample }, i): Piece[] => {
    const [left, top] = [x + (i % columns) * pitch, y + Math.floor(i / columns) * 9];
    const words = text(label, left + 18, top, { size: SMALL_FONT_SIZE });
    return [{ x: left, y: top - 2.5, markup: sample }, words];
  });
}

interface NamedColor {
  readonly name: string;
  readonly color: ColorName;
}

/** The phases in the order of stacks, and what else there is, in one line. */
export function phaseKey(left: number, y: number, others: readonly NamedColor[] = []): Piece[] {
  let x = left;
  return [...SLICE_PHASES, ...others].flatMap(({ name, color }): Piece[] => {
    const at = x;
    x += PATCH_WIDTH + name.length * LETTER_WIDTH;
    return [
      { x: at, y: y - 2.5, markup: patch(ON_WHITE[color]) },
      text(name, at + 14, y, { size: SMALL_FONT_SIZE }),
    ];
  });
}
