/** Bars side by side, each divided into layers. */
import type * as Plot from '@observablehq/plot';
import { bottomAxis, drawPlot, elementMark, leftAxis } from '../figures/compose.js';
import { coordinate, ONE_COLUMN, plainNumber } from '../figures/style.js';
import { MARGINS, PANEL_HEIGHT } from './frame.js';

const BAR = 0.7;
const MOST_LABELS = 16;

export interface Layer {
  readonly color: string;
  /** Its height in each bar. */
  readonly values: readonly number[];
}

export interface StacksRequest {
  /** What stands below the bars. */
  readonly names: readonly string[];
  /** From below. */
  readonly layers: readonly Layer[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** What the axis reaches at least. */
  readonly highest?: number;
  /** Whether the axis goes on to a round number. */
  readonly nice?: boolean;
  /** Drawn over the bars, which are at 0, 1, 2 ... */
  readonly marks?: readonly Plot.Markish[];
}

export function stacks(request: StacksRequest): string {
  const { names, layers, xLabel, yLabel, highest = Number.MIN_VALUE, nice = false } = request;
  const every = Math.ceil(names.length / MOST_LABELS);
  const totals = names.map((_, bar) => heightOf(layers, bar));
  return drawPlot({
    width: ONE_COLUMN,
    height: PANEL_HEIGHT,
    margins: MARGINS,
    x: { domain: [-0.6, names.length - 0.4] },
    y: { domain: [0, Math.max(...totals, highest)], nice },
    marks: [
      ...layers.map((layer, level) => barsOf(layer, layers.slice(0, level))),
      ...(request.marks ?? []),
      ...leftAxis({ label: yLabel, labelOffset: 35, ticks: 5, format: plainNumber }),
      ...bottomAxis({
        label: xLabel,
        labelOffset: 23,
        ticks: names.map((_, i) => i).filter((i) => i % every === 0),
        format: (i) => names[i]!,
      }),
    ],
  });
}

function heightOf(layers: readonly Layer[], bar: number): number {
  return layers.reduce((sum, { values }) => sum + values[bar]!, 0);
}

/** The parts of one layer, as one element. */
function barsOf({ color, values }: Layer, lower: readonly Layer[]) {
  return elementMark(({ x, y }) => {
    const bar = (value: number, i: number) => {
      const below = heightOf(lower, i);
      const [left, right] = [coordinate(x(i - BAR / 2)), coordinate(x(i + BAR / 2))];
      return `M${left},${coordinate(y(below))}V${coordinate(y(below + value))}H${right}V${coordinate(y(below))}Z`;
    };
    return { name: 'path', attributes: { d: values.map(bar).join(''), fill: color } };
  });
}
