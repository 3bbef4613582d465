/**
 * Measured values over a common quantity: panels side by side on the same axes, in each some
 * curves whose points are marked. For programs that compare conditions over several simulations.
 */
import * as Plot from '@observablehq/plot';
import { ValueError } from '../../errors/index.js';
import { ON_WHITE } from '../colors.js';
import {
  assemble,
  bottomAxis,
  drawPlot,
  elementMark,
  leftAxis,
  type Piece,
  panelLetter,
  text,
} from './compose.js';
import { coordinate, ONE_COLUMN, plainNumber, SMALL_FONT_SIZE, TWO_COLUMNS } from './style.js';

export interface Curve {
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

export interface CurvePanel {
  readonly title: string;
  /** At most four. The same place in another panel has the same colour and mark. */
  readonly curves: readonly Curve[];
}

export interface CurvesRequest {
  /** One, or two side by side. */
  readonly panels: readonly CurvePanel[];
  /** Quantities with their units, as they stand on the axes. */
  readonly xLabel: string;
  readonly yLabel: string;
  /** Where the x axis has its ticks; chosen if absent. */
  readonly xTicks?: readonly number[];
  /** A value of y to compare with, drawn as a dashed line. */
  readonly reference?: number;
  /** The text alternative, for screen readers. */
  readonly description: string;
}

const MARGINS = { left: 42, right: 10, top: 28, bottom: 26 } as const;
const PANEL_HEIGHT = 170;
const MARK_SIZE = 2.4;
/** Colour and mark differ, so that the curves are told apart in grey, too. */
const STYLES = [
  { color: ON_WHITE.blue, mark: 'circle' },
  { color: ON_WHITE.vermillion, mark: 'square' },
  { color: ON_WHITE.green, mark: 'triangle' },
  { color: ON_WHITE.purple, mark: 'diamond' },
] as const;
type Style = (typeof STYLES)[number];

const Y_TICKS = 6;
const MOST_PANELS = 2;
const KEY_PITCH = 88;

/** Draws the figure as SVG; the same request gives the same bytes. Throws ValueError. */
export function curvesFigure(request: CurvesRequest): string {
  check(request);
  const { panels, description } = request;
  const ranges = { x: rangeOf(request, 'x'), y: rangeOf(request, 'y') };
  const pitch = TWO_COLUMNS - ONE_COLUMN;
  const pieces = panels.flatMap((panel, index) => {
    const left = index * pitch;
    const letter = panels.length > 1 ? [panelLetter(index, left + 4, 10)] : [];
    const drawn = panelPieces(request, panel, ranges, index === 0);
    return [...letter, ...drawn.map((piece) => ({ ...piece, x: piece.x + left }))];
  });
  const width = panels.length === 1 ? ONE_COLUMN : TWO_COLUMNS;
  return assemble({ width, height: PANEL_HEIGHT }, pieces, { banner: undefined, description });
}

function check({ panels }: CurvesRequest): void {
  if (panels.length < 1 || panels.length > MOST_PANELS) {
    throw new ValueError('panels', panels.length, `1 to ${MOST_PANELS} panels`);
  }
  for (const { title, curves } of panels) {
    if (curves.length < 1 || curves.length > STYLES.length) {
      throw new ValueError(`curves of '${title}'`, curves.length, `1 to ${STYLES.length} curves`);
    }
    for (const { label, x, y } of curves) {
      if (x.length !== y.length || x.length === 0) {
        const expected = 'as many values of y as of x, at least one';
        throw new ValueError(`curve '${label}'`, `${x.length} and ${y.length}`, expected);
      }
      if (!Array.from(x).every(Number.isFinite) || !Array.from(y).every(Number.isFinite)) {
        throw new ValueError(`curve '${label}'`, 'not a number', 'finite values');
      }
    }
  }
}

/** Least and greatest of all values; widened if they are the same. */
function rangeOf({ panels, reference }: CurvesRequest, axis: 'x' | 'y'): [number, number] {
  const all = panels.flatMap(({ curves }) => curves.flatMap((curve) => Array.from(curve[axis])));
  if (axis === 'y' && reference !== undefined) all.push(reference);
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = all.reduce((a, b) => Math.max(a, b));
  // Marks at the ends of the x axis stay clear of the y axis.
  const spare = low === high ? Math.abs(low) * 0.1 || 1 : axis === 'x' ? 0.05 * (high - low) : 0;
  return [low - spare, high + spare];
}

function panelPieces(
  { xLabel, yLabel, xTicks, reference }: CurvesRequest,
  { title, curves }: CurvePanel,
  ranges: { readonly x: [number, number]; readonly y: [number, number] },
  first: boolean,
): Piece[] {
  const markup = drawPlot({
    width: ONE_COLUMN,
    height: PANEL_HEIGHT,
    margins: MARGINS,
    x: { domain: ranges.x },
    // As many as the axis has, so that it ends with a tick at or beyond the data.
    y: { domain: ranges.y, nice: Y_TICKS },
    marks: [
      ...(reference === undefined ? [] : [referenceLine(reference)]),
      ...curves.flatMap((curve, i) => [lineOf(curve, STYLES[i]!), marksOf(curve, STYLES[i]!)]),
      leftAxis({
        label: first ? yLabel : null,
        labelOffset: 33,
        ticks: Y_TICKS,
        format: plainNumber,
      }),
      bottomAxis({
        label: xLabel,
        labelOffset: 23,
        ticks: xTicks ?? 6,
        format: plainNumber,
      }),
    ],
  });
  const key = curves.flatMap(({ label }, i) => keyEntry(label, STYLES[i]!, i));
  return [{ x: 0, y: 0, markup }, text(title, MARGINS.left, 10), ...key];
}

function referenceLine(value: number): Plot.Markish {
  return Plot.ruleY([value], { stroke: ON_WHITE.quiet, strokeWidth: 0.6, strokeDasharray: '3,2' });
}

function lineOf({ x: xs, y: ys }: Curve, { color }: Style): Plot.Markish {
  return elementMark(({ x, y }) => {
    const points = Array.from(xs, (value, i) => `${coordinate(x(value))},${coordinate(y(ys[i]!))}`);
    const d = `M${points.join('L')}`;
    return { name: 'path', attributes: { d, fill: 'none', stroke: color, 'stroke-width': 1 } };
  });
}

function marksOf({ x: xs, y: ys }: Curve, { color, mark }: Style): Plot.Markish {
  return elementMark(({ x, y }) => {
    const d = Array.from(xs, (value, i) => markPath(mark, x(value), y(ys[i]!))).join('');
    return { name: 'path', attributes: { d, fill: color } };
  });
}

/** A mark's outline about (x, y). */
function markPath(mark: Style['mark'], x: number, y: number): string {
  const r = MARK_SIZE;
  const at = (dx: number, dy: number) => `${coordinate(x + dx)},${coordinate(y + dy)}`;
  switch (mark) {
    case 'circle':
      return `M${at(-r, 0)}A${r},${r} 0 0 0 ${at(r, 0)}A${r},${r} 0 0 0 ${at(-r, 0)}Z`;
    case 'square':
      return `M${at(-r, -r)}L${at(r, -r)}L${at(r, r)}L${at(-r, r)}Z`;
    case 'triangle':
      return `M${at(0, -1.2 * r)}L${at(1.2 * r, r)}L${at(-1.2 * r, r)}Z`;
    case 'diamond':
      return `M${at(0, -1.3 * r)}L${at(1.3 * r, 0)}L${at(0, 1.3 * r)}L${at(-1.3 * r, 0)}Z`;
  }
}

/** Two entries a line, above the plot. */
function keyEntry(label: string, { color, mark }: Style, index: number): Piece[] {
  const x = MARGINS.left + (index % 2) * KEY_PITCH;
  const y = 20 + Math.floor(index / 2) * 9;
  const line = `<path d="M0,0H14" stroke="${color}" stroke-width="1" fill="none"/>`;
  const symbol = `<path d="${markPath(mark, 7, 0)}" fill="${color}"/>`;
  return [
    { x, y: y - 2.5, markup: line + symbol },
    text(label, x + 18, y, { size: SMALL_FONT_SIZE }),
  ];
}
