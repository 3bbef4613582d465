/** Changes of weights as a matrix: a cell for each pair of neurons. */
import type { WeightColumns } from '../../experiment/results.js';
import { ON_WHITE } from '../colors.js';
import type { Side } from '../sides.js';
import {
  bottomAxis,
  drawPlot,
  elementMark,
  leftAxis,
  type Piece,
  remark,
  rightAxis,
  shortened,
  text,
} from './compose.js';
import { encodePng } from './png.js';
import { SHARP_CELLS } from './render-png.js';
import {
  AXIS_WIDTH,
  BLUE_WHITE_RED,
  colorAt,
  coordinate,
  evenNumbers,
  hex,
  neuronTicks,
  ONE_COLUMN,
  SMALL_FONT_SIZE,
} from './style.js';

/** Above this side the cells are one embedded image, below it a rectangle each. */
const MOST_VECTOR_CELLS = 64;
/** More cells a side than this are less than a pixel in print; blocks of neurons are averaged. */
const MOST_CELLS = 500;
/** Cells are joined further, to no fewer a side than half of this, until so many have a synapse. */
const MOST_SPARSE_CELLS = 50;
const FILLED = 1 / 4;

const SIDE = 146;
export const MARGINS = { left: 38, top: 6, bottom: 28, right: 2 } as const;
const BAR_GAP = 9;
const BAR_WIDTH = 9;
const BAR_TICKS = 5;
export const PANEL_HEIGHT = MARGINS.top + SIDE + MARGINS.bottom;

/** Mean change per (from, to) block of neurons, row by row; NaN where there is no synapse. */
export interface ChangeMatrix {
  /** Node ids of the neurons that are shown, ascending. */
  readonly sources: Uint32Array;
  readonly targets: Uint32Array;
  readonly rows: number;
  readonly columns: number;
  /** Neurons a row and a column. */
  readonly rowBlock: number;
  readonly columnBlock: number;
  readonly cells: Float64Array;
}

/** Several synapses between the same neurons, or in the same block, give their mean change. */
export function changeMatrix(weights: WeightColumns): ChangeMatrix {
  const [sources, targets] = [shown(weights.source), shown(weights.target)];
  for (let most = MOST_CELLS; ; most /= 2) {
    const matrix = matrixOf(weights, sources, targets, most);
    const filled = matrix.cells.reduce((sum, cell) => sum + (Number.isNaN(cell) ? 0 : 1), 0);
    const isFine = Math.max(matrix.rows, matrix.columns) > MOST_SPARSE_CELLS;
    if (!isFine || filled >= FILLED * matrix.cells.length) return matrix;
  }
}

/** With so many cells a side, at most. */
function matrixOf(
  weights: WeightColumns,
  sources: Uint32Array,
  targets: Uint32Array,
  most: number,
): ChangeMatrix {
  const [rowOf, columnOf] = [placesOf(sources), placesOf(targets)];
  const rowBlock = Math.ceil(sources.length / most);
  const columnBlock = Math.ceil(targets.length / most);
  const rows = Math.ceil(sources.length / rowBlock);
  const columns = Math.ceil(targets.length / columnBlock);
  const cells = new Float64Array(rows * columns);
  const counts = new Uint32Array(rows * columns);
  for (let i = 0; i < weights.source.length; i++) {
    const row = Math.floor(rowOf(weights.source[i]!) / rowBlock);
    const column = Math.floor(columnOf(weights.target[i]!) / columnBlock);
    cells[row * columns + column]! += weights.final[i]! - weights.initial[i]!;
    counts[row * columns + column]!++;
  }
  for (let cell = 0; cell < cells.length; cell++) {
    cells[cell] = counts[cell] === 0 ? Number.NaN : cells[cell]! / counts[cell]!;
  }
  return { sources, targets, rows, columns, rowBlock, columnBlock, cells };
}

/** The neurons from the first to the last with a synapse; where most have none, those that have. */
function shown(ids: Uint32Array): Uint32Array {
  const some = distinct(ids);
  const span = some.at(-1)! - some[0]! + 1;
  return 2 * some.length > span ? Uint32Array.from({ length: span }, (_, i) => some[0]! + i) : some;
}

function distinct(ids: Uint32Array): Uint32Array {
  return ids
    .slice()
    .sort()
    .filter((id, i, sorted) => id !== sorted[i - 1]);
}

/** From a node id to its place among those given. */
function placesOf(ids: Uint32Array): (id: number) => number {
  const first = ids[0]!;
  const places = new Uint32Array(ids.at(-1)! - first + 1);
  ids.forEach((id, place) => {
    places[id - first] = place;
  });
  return (id) => places[id - first]!;
}

/**
 * The range of the changes, 0 included. Colours are symmetric about 0 (white) up to the greater
 * of both sides, so that red is always potentiation; the bar shows the part that occurs.
 */
interface ColorRange {
  readonly low: number;
  readonly high: number;
}

function colorRange(cells: Float64Array): ColorRange {
  let low = 0;
  let high = 0;
  for (const value of cells) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low === high ? { low: -1, high: 1 } : { low, high };
}

function changeColor(value: number, { low, high }: ColorRange): [number, number, number] {
  return colorAt(BLUE_WHITE_RED, 0.5 + value / (2 * Math.max(-low, high)));
}

/** The pieces of a panel. @param absent what it means where no weight is */
export function matrixPanel(
  weights: WeightColumns,
  side: Side,
  { label, absent }: { readonly label: string; readonly absent: string },
): Piece[] {
  const matrix = changeMatrix(weights);
  const colors = colorRange(matrix.cells);
  const barX = MARGINS.left + SIDE + BAR_GAP;
  const pieces: Piece[] = [
    { x: 0, y: 0, markup: matrixPlot(matrix, side, colors) },
    { x: barX, y: 0, markup: colorBar(colors, label) },
  ];
  const keyY = MARGINS.top + SIDE + 9;
  if (matrix.cells.some(Number.isNaN)) {
    const square = `<rect width="6" height="6" fill="${ON_WHITE.absent}"/>`;
    pieces.push({ x: barX - 2, y: keyY, markup: square });
    pieces.push(text(absent, barX + 6, keyY + 5.5, { size: SMALL_FONT_SIZE }));
  }
  const { rowBlock, columnBlock } = matrix;
  if (rowBlock * columnBlock > 1) {
    const note = `cells: ${rowBlock} × ${columnBlock} neurons`;
    pieces.push(remark(note, ONE_COLUMN - 2, keyY + 15));
  }
  return pieces;
}

function matrixPlot(matrix: ChangeMatrix, { firstId, noun }: Side, colors: ColorRange): string {
  const { rows, columns, rowBlock, columnBlock, sources, targets } = matrix;
  const [right, bottom] = [columns * columnBlock + 0.5, rows * rowBlock + 0.5];
  /** Neurons by their number in the population; they stand one beside the other. */
  const axis = (ids: Uint32Array) => {
    const number = (place: number) => ids[place - 1]! - firstId + 1;
    // Three digits need twice the room.
    const ticks = neuronTicks(ids.length, number(ids.length) < 100 ? 10 : 5);
    return { ticks, format: (place: number) => String(number(place)) };
  };
  const isSmall = Math.max(rows, columns) <= MOST_VECTOR_CELLS;
  return drawPlot({
    width: MARGINS.left + SIDE + MARGINS.right,
    height: PANEL_HEIGHT,
    margins: MARGINS,
    x: { domain: [0.5, right] },
    y: { domain: [bottom, 0.5] },
    marks: [
      elementMark(() => ({
        name: 'rect',
        attributes: {
          x: MARGINS.left,
          y: MARGINS.top,
          width: SIDE,
          height: SIDE,
          fill: ON_WHITE.absent,
        },
      })),
      isSmall ? cellRectangles(matrix, colors) : cellImage(matrix, colors),
      bottomAxis({ label: `To ${shortened(noun, SIDE - 12)}`, labelOffset: 23, ...axis(targets) }),
      leftAxis({ label: `From ${shortened(noun, SIDE - 20)}`, labelOffset: 33, ...axis(sources) }),
      outline(MARGINS.left, SIDE),
    ],
  });
}

function cellRectangles({ rows, columns, cells }: ChangeMatrix, colors: ColorRange) {
  const [width, height] = [SIDE / columns, SIDE / rows];
  return elementMark(() => {
    const children = [];
    for (let cell = 0; cell < cells.length; cell++) {
      const value = cells[cell]!;
      if (Number.isNaN(value)) continue;
      const attributes = {
        x: coordinate(MARGINS.left + (cell % columns) * width),
        y: coordinate(MARGINS.top + Math.floor(cell / columns) * height),
        width: coordinate(width),
        height: coordinate(height),
        fill: hex(changeColor(value, colors)),
      };
      children.push({ name: 'rect', attributes });
    }
    // Without this, smoothing shows the background as hairlines between the cells.
    return { name: 'g', attributes: { 'shape-rendering': 'crispEdges' }, children };
  });
}

function cellImage({ rows, columns, cells }: ChangeMatrix, colors: ColorRange) {
  const absent = Number.parseInt(ON_WHITE.absent.slice(1, 3), 16);
  const rgb = new Uint8Array(rows * columns * 3).fill(absent);
  for (let cell = 0; cell < cells.length; cell++) {
    if (!Number.isNaN(cells[cell]!)) rgb.set(changeColor(cells[cell]!, colors), cell * 3);
  }
  const data = encodePng(columns, rows, rgb).toString('base64');
  return elementMark(() => ({
    name: 'image',
    attributes: {
      x: MARGINS.left,
      y: MARGINS.top,
      width: SIDE,
      height: SIDE,
      preserveAspectRatio: 'none',
      style: SHARP_CELLS,
      href: `data:image/png;base64,${data}`,
    },
  }));
}

/** A vertical bar beside the matrix, as tall as it. */
function colorBar(colors: ColorRange, label: string): string {
  const width = ONE_COLUMN - MARGINS.left - SIDE - BAR_GAP;
  const strips = 256;
  const rgb = new Uint8Array(strips * 3);
  for (let i = 0; i < strips; i++) {
    const value = colors.high - (i / (strips - 1)) * (colors.high - colors.low);
    rgb.set(changeColor(value, colors), i * 3);
  }
  const data = encodePng(1, strips, rgb).toString('base64');
  return drawPlot({
    width,
    height: PANEL_HEIGHT,
    margins: { ...MARGINS, left: 0, right: width - BAR_WIDTH },
    x: { domain: [0, 1] },
    y: { domain: [colors.low, colors.high] },
    marks: [
      elementMark(() => ({
        name: 'image',
        attributes: {
          x: 0,
          y: MARGINS.top,
          width: BAR_WIDTH,
          height: SIDE,
          preserveAspectRatio: 'none',
          href: `data:image/png;base64,${data}`,
        },
      })),
      outline(0, BAR_WIDTH),
      rightAxis({
        label,
        labelOffset: 45,
        ticks: BAR_TICKS,
        format: evenNumbers(colors.low, colors.high, BAR_TICKS),
      }),
    ],
  });
}

/** A line around the plot's area. */
function outline(x: number, width: number) {
  return elementMark(() => ({
    name: 'rect',
    attributes: {
      x,
      y: MARGINS.top,
      width,
      height: SIDE,
      fill: 'none',
      stroke: ON_WHITE.black,
      'stroke-width': AXIS_WIDTH,
    },
  }));
}
