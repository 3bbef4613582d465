/** Distribution of plastic weights before and after: a panel for each connection. */
import type { RunResults, WeightColumns } from '../../experiment/results.js';
import { ON_WHITE } from '../colors.js';
import { sideOf } from '../sides.js';
import { incompleteRemark, withUnit } from '../units.js';
import { type WeightHistogram, weightHistogram } from '../weight-histogram.js';
import {
  bottomAxis,
  drawPlot,
  elementMark,
  leftAxis,
  type Piece,
  shortened,
  text,
} from './compose.js';
import { panelFigure } from './panels.js';
import { coordinate, ONE_COLUMN, plainNumber, SMALL_FONT_SIZE } from './style.js';

const MARGINS = { left: 48, right: 12, top: 26, bottom: 28 } as const;
const PANEL_HEIGHT = 150;

/** Undefined if there are no plastic synapses. */
export function weightHistogramsFigure(results: RunResults): string | undefined {
  const plastic = results.weights.filter((w) => w.plastic && w.source.length > 0);
  if (plastic.length === 0) return undefined;
  return panelFigure({
    items: plastic,
    nameOf: ({ connection }) => connection,
    noun: 'plastic connections',
    draw: (connection, x, y) =>
      panel(results, connection).map((piece) => ({ ...piece, x: piece.x + x, y: piece.y + y })),
    panelHeight: PANEL_HEIGHT,
    remarkAt: { right: MARGINS.right, bottom: 2 },
    banner: incompleteRemark(results),
    description: (names) => `Initial and final weights of ${names}`,
  });
}

const FINAL = { fill: ON_WHITE.sky } as const;
const INITIAL = { fill: 'none', stroke: ON_WHITE.black, 'stroke-width': 0.9 } as const;

function panel(results: RunResults, connection: WeightColumns): Piece[] {
  const histogram = weightHistogram(connection);
  const { initialWeight } = histogram;
  const initial = initialWeight === undefined ? 'initial' : `all ${plainNumber(initialWeight)}`;
  const swatch = (attributes: string) => `<path d="M0,0V-5H10V0Z" ${attributes}/>`;
  const y = 20;
  return [
    { x: 0, y: 0, markup: histogramPlot(results, connection, histogram) },
    text(shortened(connection.connection, ONE_COLUMN - MARGINS.left), MARGINS.left, 11),
    { x: MARGINS.left, y, markup: swatch(`fill="${FINAL.fill}"`) },
    text('final', MARGINS.left + 14, y, { size: SMALL_FONT_SIZE }),
    {
      x: MARGINS.left + 42,
      y,
      markup: `<path d="M0,-2.5H10" stroke="${INITIAL.stroke}" stroke-width="0.9"/>`,
    },
    text(initialWeight === undefined ? initial : `initial: ${initial}`, MARGINS.left + 56, y, {
      size: SMALL_FONT_SIZE,
    }),
  ];
}

/** Where all weights were one in the beginning, that is a line: its bin would dwarf all others. */
function histogramPlot(
  results: RunResults,
  connection: WeightColumns,
  { low, width, initial, final, initialWeight }: WeightHistogram,
): string {
  const high = low + width * final.length;
  const counted = initialWeight === undefined ? [initial, final] : [final];
  const highest = counted.reduce((most, counts) => Math.max(most, ...counts), 0);
  const outline = (
    counts: Uint32Array,
    x: (value: number) => number,
    y: (value: number) => number,
  ) => {
    const steps = Array.from(counts, (count, i) => {
      return `V${coordinate(y(count))}H${coordinate(x(low + (i + 1) * width))}`;
    });
    return `M${coordinate(x(low))},${coordinate(y(0))}${steps.join('')}V${coordinate(y(0))}`;
  };
  return drawPlot({
    width: ONE_COLUMN,
    height: PANEL_HEIGHT,
    margins: MARGINS,
    x: { domain: [low, high] },
    y: { domain: [0, highest], nice: true },
    marks: [
      elementMark(({ x, y }) => ({
        name: 'path',
        attributes: { d: `${outline(final, x, y)}Z`, ...FINAL },
      })),
      elementMark(({ x, y }) => {
        const d =
          initialWeight === undefined
            ? outline(initial, x, y)
            : `M${coordinate(x(initialWeight))},${MARGINS.top}V${PANEL_HEIGHT - MARGINS.bottom}`;
        return { name: 'path', attributes: { d, ...INITIAL } };
      }),
      leftAxis({ label: 'Synapses', labelOffset: 41, ticks: 5, format: plainNumber }),
      bottomAxis({
        label: withUnit('Weight', sideOf(results, connection.targetPopulation).weightUnit),
        labelOffset: 23,
        ticks: 5,
        format: plainNumber,
      }),
    ],
  });
}
