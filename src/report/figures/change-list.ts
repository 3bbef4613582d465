/** Changes of a few weights, synapse by synapse. */
import type { WeightColumns } from '../../experiment/results.js';
import { ON_WHITE } from '../colors.js';
import type { Side } from '../sides.js';
import { PANEL_HEIGHT } from './change-matrix.js';
import { bottomAxis, drawPlot, elementMark, type Piece, shortened, text } from './compose.js';
import { AXIS_WIDTH, coordinate, evenNumbers, ONE_COLUMN, SMALL_FONT_SIZE } from './style.js';

const MARGINS = { left: 70, right: 12, top: 20, bottom: 28 } as const;
/** Rows are no further apart, so that two synapses do not fill the panel. */
const MOST_PITCH = 14;
const RADIUS = 2.2;

/** The pieces of a panel: a row each, a point where the change is, and a line to it from 0. */
export function listPanel(
  { source, target, initial, final }: WeightColumns,
  { firstId, noun }: Side,
  { label }: { readonly label: string },
): Piece[] {
  const changes = Array.from(final, (weight, i) => weight - initial[i]!);
  const number = (id: number) => String(id - firstId + 1);
  const pitch = Math.min(
    MOST_PITCH,
    (PANEL_HEIGHT - MARGINS.top - MARGINS.bottom) / changes.length,
  );
  const rowY = (row: number) => MARGINS.top + (row + 0.5) * pitch;
  const [from, to] = [36, 62];
  const names = changes.flatMap((_, row): Piece[] => [
    text(number(source[row]!), from, rowY(row) + 2.5, { size: SMALL_FONT_SIZE, anchor: 'end' }),
    text(number(target[row]!), to, rowY(row) + 2.5, { size: SMALL_FONT_SIZE, anchor: 'end' }),
  ]);
  return [
    text('From', from, MARGINS.top - 4, { anchor: 'end' }),
    text(`to ${shortened(noun, ONE_COLUMN - to)}`, to - 20, MARGINS.top - 4),
    ...names,
    { x: 0, y: 0, markup: plot(changes, rowY, label) },
  ];
}

function plot(changes: readonly number[], rowY: (row: number) => number, label: string): string {
  const [low, high] = [Math.min(0, ...changes), Math.max(0, ...changes)];
  const stem = (isUp: boolean) =>
    elementMark(({ x }) => {
      const d = changes.map((change, row) => {
        if (change === 0 || change > 0 !== isUp) return '';
        const [at, y] = [coordinate(x(change)), coordinate(rowY(row))];
        return `M${coordinate(x(0))},${y}H${at}${disc(at, y)}`;
      });
      const color = isUp ? ON_WHITE.vermillion : ON_WHITE.blue;
      return { name: 'path', attributes: { d: d.join(''), fill: color, stroke: color } };
    });
  const bottom = rowY(changes.length - 0.5);
  return drawPlot({
    width: ONE_COLUMN,
    height: bottom + MARGINS.bottom,
    margins: MARGINS,
    x: { domain: low === high ? [-1, 1] : [low, high], nice: true },
    y: { domain: [0, 1] },
    marks: [
      elementMark(({ x }) => ({
        name: 'path',
        attributes: {
          d: `M${coordinate(x(0))},${MARGINS.top}V${bottom}`,
          stroke: ON_WHITE.quiet,
          'stroke-width': AXIS_WIDTH,
        },
      })),
      stem(true),
      stem(false),
      elementMark(({ x }) => {
        const d = changes.map((change, row) => (change === 0 ? disc(x(0), rowY(row)) : ''));
        return { name: 'path', attributes: { d: d.join(''), fill: ON_WHITE.quiet } };
      }),
      bottomAxis({ label, labelOffset: 23, ticks: 5, format: evenNumbers(low, high, 5) }),
    ],
  });
}

function disc(x: number, y: number): string {
  const left = coordinate(coordinate(x) - RADIUS);
  return `M${left},${coordinate(y)}a${RADIUS},${RADIUS} 0 1 0 ${2 * RADIUS},0a${RADIUS},${RADIUS} 0 1 0 ${-2 * RADIUS},0Z`;
}
