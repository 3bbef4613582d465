/**
 * From panels to a figure: each panel is drawn by Observable Plot into a detached SVG, and the
 * panels are set side by side in one SVG whose user unit is the point. The outcome is a plain
 * string and a function of its input alone: no counters, no dates, no random identifiers.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom/worker';
import { ON_WHITE } from '../colors.js';
import {
  AXIS_WIDTH,
  coordinate,
  FONT_FAMILY,
  FONT_SIZE,
  LETTER_FONT_SIZE,
  SMALL_FONT_SIZE,
  TICK_LENGTH,
} from './style.js';

const SVG = 'http://www.w3.org/2000/svg';
const { document } = parseHTML('<!doctype html><html></html>');

/** Space around a plot's area, in pt. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A piece of SVG with its place in the figure, in pt from the top left corner. */
export interface Piece {
  readonly x: number;
  readonly y: number;
  readonly markup: string;
}

export interface PlotRequest {
  readonly width: number;
  readonly height: number;
  readonly margins: Margins;
  readonly x: Plot.ScaleOptions;
  readonly y: Plot.ScaleOptions;
  readonly marks: readonly Plot.Markish[];
}

/** Draws one panel; the house style (font, no grid, no arrows on labels) is applied here. */
export function drawPlot({ width, height, margins, x, y, marks }: PlotRequest): string {
  const drawing = Plot.plot({
    document,
    width,
    height,
    marginLeft: margins.left,
    marginRight: margins.right,
    marginTop: margins.top,
    marginBottom: margins.bottom,
    x: { axis: null, ...x },
    y: { axis: null, ...y },
    marks: [...marks],
  });
  // The style sheet that Plot adds is for web pages; some editors of vector graphics trip over it.
  drawing.querySelector('style')?.remove();
  return drawing.innerHTML.replaceAll('currentColor', ON_WHITE.black);
}

interface AxisOptions {
  readonly label: string | null;
  /** From the axis to the middle of its label, in pt. */
  readonly labelOffset: number;
  readonly ticks?: Iterable<number> | number;
  /** False where another panel's axis below carries the numbers. */
  readonly tickLabels?: boolean;
  readonly format?: (value: number) => string;
}

export function bottomAxis(options: AxisOptions): Plot.Markish[] {
  return [Plot.axisX(axisOptions(options, 'bottom')), Plot.frame(frame('bottom'))];
}

export function leftAxis(options: AxisOptions): Plot.Markish[] {
  return [Plot.axisY(axisOptions(options, 'left')), Plot.frame(frame('left'))];
}

export function rightAxis(options: AxisOptions): Plot.Markish[] {
  return [Plot.axisY(axisOptions(options, 'right'))];
}

function axisOptions<Side extends 'bottom' | 'left' | 'right'>(options: AxisOptions, anchor: Side) {
  const { label, labelOffset, ticks, tickLabels = true, format } = options;
  return {
    anchor,
    label,
    labelAnchor: 'center' as const,
    labelArrow: 'none' as const,
    labelOffset,
    tickSize: TICK_LENGTH,
    tickPadding: 2.5,
    strokeWidth: AXIS_WIDTH,
    fontSize: FONT_SIZE,
    fontVariant: 'normal',
    ...(ticks === undefined ? {} : { ticks }),
    // As text, since a logarithmic axis leaves some labels out.
    ...(format === undefined ? {} : { text: (value: number) => format(value) }),
    ...(tickLabels ? {} : { text: null }),
  };
}

function frame(anchor: 'bottom' | 'left') {
  return {
    anchor,
    strokeWidth: AXIS_WIDTH,
    stroke: ON_WHITE.black,
    strokeLinecap: 'square' as const,
  };
}

/** One element as a mark: for what would be thousands of elements with a mark per datum. */
export function elementMark(
  draw: (scale: { x: (value: number) => number; y: (value: number) => number }) => {
    readonly name: string;
    readonly attributes: Readonly<Record<string, string | number>>;
    readonly children?: readonly {
      readonly name: string;
      readonly attributes: Readonly<Record<string, string | number>>;
    }[];
  },
): Plot.Markish {
  return (_index, scales) => {
    const {
      name,
      attributes,
      children = [],
    } = draw({
      x: scales.x as (value: number) => number,
      y: scales.y as (value: number) => number,
    });
    const element = createElement(name, attributes);
    for (const child of children) element.append(createElement(child.name, child.attributes));
    return element;
  };
}

function createElement(name: string, attributes: Readonly<Record<string, string | number>>) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

interface TextOptions {
  readonly size?: number;
  readonly bold?: boolean;
  readonly color?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

/** A line of text; (x, y) is where its baseline starts, is centred or ends. */
export function text(content: string, x: number, y: number, options: TextOptions = {}): Piece {
  const { size = FONT_SIZE, bold = false, color = ON_WHITE.black, anchor = 'start' } = options;
  const weight = bold ? ' font-weight="700"' : '';
  return {
    x,
    y,
    markup: `<text font-size="${size}"${weight} fill="${color}" text-anchor="${anchor}">${escapeText(content)}</text>`,
  };
}

/** A letter on average, in font sizes; of fonts that may stand in for ours, the wider ones. */
const LETTER_WIDTH = 0.6;

/** A name cut to what has room in so many pt. */
export function shortened(name: string, room: number, size: number = FONT_SIZE): string {
  const most = Math.max(Math.floor(room / (LETTER_WIDTH * size)), 2);
  const letters = [...name];
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join('')}\u2026`;
}

/** A remark beside the data (sampling, for instance): small and grey, right-aligned at x. */
export function remark(content: string, x: number, y: number): Piece {
  return text(content, x, y, { size: SMALL_FONT_SIZE, color: ON_WHITE.quiet, anchor: 'end' });
}

/** Bold letter of a panel (a, b, c, ...), its baseline at y. */
export function panelLetter(panel: number, x: number, y: number): Piece {
  return text(String.fromCharCode(97 + panel), x, y, { size: LETTER_FONT_SIZE, bold: true });
}

/** Height of the strip that a remark on the whole figure takes at its top. */
const BANNER_HEIGHT = 14;

/**
 * The finished figure. `banner`, if given, stands above everything (an incomplete run says so
 * there); `description` is the text alternative for screen readers.
 */
export function assemble(
  size: { readonly width: number; readonly height: number },
  pieces: readonly Piece[],
  { banner, description }: { readonly banner: string | undefined; readonly description: string },
): string {
  const shift = banner === undefined ? 0 : BANNER_HEIGHT;
  const width = coordinate(size.width);
  const height = coordinate(size.height + shift);
  const all = pieces.map(({ x, y, markup }) => place(x, y + shift, markup));
  if (banner !== undefined) {
    const notice = text(banner, 4, 10, { bold: true, color: ON_WHITE.vermillion });
    all.unshift(place(notice.x, notice.y, notice.markup));
  }
  return [
    `<svg xmlns="${SVG}" width="${mm(width)}mm" height="${mm(height)}mm" viewBox="0 0 ${width} ${height}" font-family="${FONT_FAMILY}" font-size="${FONT_SIZE}" text-anchor="middle" fill="${ON_WHITE.black}" role="img">`,
    `<title>${escapeText(description)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...all,
    '</svg>\n',
  ].join('\n');
}

function place(x: number, y: number, markup: string): string {
  return `<g transform="translate(${coordinate(x)},${coordinate(y)})">${markup}</g>`;
}

function mm(points: number): number {
  return coordinate((points * 25.4) / 72);
}

function escapeText(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
