/**
 * The published figure (Clopath et al. 2010, fig. 5; NEST's example on bidirectional connections):
 * how much the weight from each neuron to each other neuron of a population changed in the run.
 */
import type { RunResults, WeightColumns } from '../../experiment/results.js';
import { ON_WHITE } from '../colors.js';
import { incompleteRemark, weightUnit, withUnit } from '../units.js';
import {
  bottomAxis,
  drawPlot,
  elementMark,
  leftAxis,
  type Piece,
  remark,
  rightAxis,
  text,
} from './compose.js';
import { panelFigure } from './panels.js';
import { encodePng } from './png.js';
import {
  AXIS_WIDTH,
  BLUE_WHITE_RED,
  colorAt,
  coordinate,
  hex,
  neuronTicks,
  ONE_COLUMN,
  SMALL_FONT_SIZE,
} from './style.js';

/** Above this side the cells are one embedded image, below it a rectangle each. */
const MOST_VECTOR_CELLS = 64;
/** More cells a side than this are less than a pixel in print; blocks of neurons are averaged. */
const MOST_CELLS = 500;

const SIDE = 150;
const MARGINS = { left: 34, top: 6, bottom: 28, right: 2 } as const;
const BAR_GAP = 9;
const BAR_WIDTH = 9;
const PANEL_HEIGHT = MARGINS.top + SIDE + MARGINS.bottom;
/** For letter and title, where there are several panels. */
const TITLE_HEIGHT = 13;

/** Undefined if no plastic connection leads from a population to itself. */
export function weightChangeFigure(results: RunResults): string | undefined {
  const recurrent = results.weights.filter(
    (w) => w.plastic && w.sourcePopulation === w.targetPopulation && w.source.length > 0,
  );
  if (recurrent.length === 0) return undefined;
  return panelFigure({
    items: recurrent,
    nameOf: ({ connection }) => connection,
    noun: 'recurrent connections',
    draw: (connection, x, y) => panel(results, connection, x, y),
    panelHeight: PANEL_HEIGHT,
    title: { x: MARGINS.left, height: TITLE_HEIGHT },
    remarkAt: { right: 4, bottom: 3 },
    banner: incompleteRemark(results),
    description: (names) => `Weight changes of ${names} (final minus initial)`,
  });
}

/** Mean change per (from, to) block of neurons, row by row; NaN where there is no synapse. */
export interface ChangeMatrix {
  /** Blocks a side, and neurons a block. */
  readonly side: number;
  readonly block: number;
  readonly cells: Float64Array;
}

/** Several synapses between the same neurons, or in the same block, give their mean change. */
export function changeMatrix(weights: WeightColumns, firstId: number, size: number): ChangeMatrix {
  const block = Math.ceil(size / MOST_CELLS);
  const side = Math.ceil(size / block);
  const cells = new Float64Array(side * side);
  const counts = new Uint32Array(side * side);
  for (let i = 0; i < weights.source.length; i++) {
    const row = Math.floor((weights.source[i]! - firstId) / block);
    const column = Math.floor((weights.target[i]! - firstId) / block);
    cells[row * side + column]! += weights.final[i]! - weights.initial[i]!;
    counts[row * side + column]!++;
  }
  for (let cell = 0; cell < cells.length; cell++) {
    cells[cell] = counts[cell] === 0 ? Number.NaN : cells[cell]! / counts[cell]!;
  }
  return { side, block, cells };
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

function panel(results: RunResults, connection: WeightColumns, x: number, y: number): Piece[] {
  const population = results.populations.find((p) => p.name === connection.sourcePopulation)!;
  const matrix = changeMatrix(connection, population.firstId, population.size);
  const colors = colorRange(matrix.cells);
  const barX = MARGINS.left + SIDE + BAR_GAP;
  const unit = weightUnit(population.model);
  const pieces: Piece[] = [
    { x: 0, y: 0, markup: matrixPlot(matrix, population.size, colors) },
    { x: barX, y: 0, markup: colorBar(colors, withUnit('Weight change', unit)) },
  ];
  const keyY = MARGINS.top + SIDE + 9;
  if (matrix.cells.some(Number.isNaN)) {
    const square = `<rect width="6" height="6" fill="${ON_WHITE.absent}"/>`;
    pieces.push({ x: barX + 4, y: keyY, markup: square });
    const meaning = hasEmptyColumn(matrix) ? 'none recorded' : 'no synapse';
    pieces.push(text(meaning, barX + 13, keyY + 5.5, { size: SMALL_FONT_SIZE }));
  }
  if (matrix.block > 1) {
    const note = `cells: ${matrix.block} × ${matrix.block} neurons`;
    pieces.push(remark(note, ONE_COLUMN - 2, keyY + 15));
  }
  return pieces.map((piece) => ({ ...piece, x: piece.x + x, y: piece.y + y }));
}

/** Targets without any synapse: those onto them may be another, unrecorded connection. */
function hasEmptyColumn({ side, cells }: ChangeMatrix): boolean {
  for (let column = 0; column < side; column++) {
    let row = 0;
    while (row < side && Number.isNaN(cells[row * side + column]!)) row++;
    if (row === side) return true;
  }
  return false;
}

function matrixPlot(matrix: ChangeMatrix, size: number, colors: ColorRange): string {
  const extent = matrix.side * matrix.block + 0.5;
  // Three digits need twice the room.
  const ticks = neuronTicks(size, size < 100 ? 10 : 5);
  return drawPlot({
    width: MARGINS.left + SIDE + MARGINS.right,
    height: PANEL_HEIGHT,
    margins: MARGINS,
    x: { domain: [0.5, extent] },
    y: { domain: [extent, 0.5] },
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
      matrix.side <= MOST_VECTOR_CELLS ? cellRectangles(matrix, colors) : cellImage(matrix, colors),
      bottomAxis({ label: 'To neuron', labelOffset: 23, ticks, format: String }),
      leftAxis({ label: 'From neuron', labelOffset: 29, ticks, format: String }),
      outline(MARGINS.left, SIDE),
    ],
  });
}

function cellRectangles({ side, cells }: ChangeMatrix, colors: ColorRange) {
  const step = SIDE / side;
  return elementMark(() => {
    const children = [];
    for (let cell = 0; cell < cells.length; cell++) {
      const value = cells[cell]!;
      if (Number.isNaN(value)) continue;
      const attributes = {
        x: coordinate(MARGINS.left + (cell % side) * step),
        y: coordinate(MARGINS.top + Math.floor(cell / side) * step),
        width: coordinate(step),
        height: coordinate(step),
        fill: hex(changeColor(value, colors)),
      };
      children.push({ name: 'rect', attributes });
    }
    // Without this, smoothing shows the background as hairlines between the cells.
    return { name: 'g', attributes: { 'shape-rendering': 'crispEdges' }, children };
  });
}

function cellImage({ side, cells }: ChangeMatrix, colors: ColorRange) {
  const absent = Number.parseInt(ON_WHITE.absent.slice(1, 3), 16);
  const rgb = new Uint8Array(side * side * 3).fill(absent);
  for (let cell = 0; cell < cells.length; cell++) {
    if (!Number.isNaN(cells[cell]!)) rgb.set(changeColor(cells[cell]!, colors), cell * 3);
  }
  const data = encodePng(side, side, rgb).toString('base64');
  return elementMark(() => ({
    name: 'image',
    attributes: {
      x: MARGINS.left,
      y: MARGINS.top,
      width: SIDE,
      height: SIDE,
      preserveAspectRatio: 'none',
      'image-rendering': 'optimizeSpeed',
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
      rightAxis({ label, labelOffset: 43, ticks: 5 }),
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
