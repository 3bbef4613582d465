/**
 * What a multimeter sampled: a panel for each quantity, in it some neurons, and above all of them
 * the spikes of these neurons, on one time axis.
 */
import type { RunResults } from '../../experiment/results.js';
import { ON_WHITE } from '../colors.js';
import { SERIES_COLORS } from '../spiking.js';
import { type DrawnNeuron, type DrawnTrace, drawnTraces, neededSamples } from '../traces.js';
import { incompleteRemark, withUnit } from '../units.js';
import {
  assemble,
  bottomAxis,
  drawPlot,
  elementMark,
  leftAxis,
  type Piece,
  panelLetter,
  remark,
  shortened,
  text,
} from './compose.js';
import type { Figure } from './index.js';
import { coordinate, plainNumber, SMALL_FONT_SIZE, TWO_COLUMNS } from './style.js';

const MOST_PANELS = 6;
const MARGINS = { left: 60, right: 16, top: 6, bottom: 6 } as const;
/** Right of the letters: a long label is as high as its panel. */
const LABEL_OFFSET = 43;
const HEAD_HEIGHT = 16;
const AXIS_HEIGHT = 26;
const AREA_HEIGHT = 76;
const SPIKE_ROW = 7;
const SPIKE_LENGTH = 5;
const LINE_WIDTH = 0.6;
/** Of columns in which a line is drawn, in pt: finer than the line. */
const COLUMN_WIDTH = 0.5;
const KEY_PITCH = 126;

/** A figure for each of the traces that are drawn. */
export function traceFigures(results: RunResults): Figure[] {
  return drawnTraces(results).map((drawn) => ({
    name: drawn.stem,
    svg: traceFigure(drawn, incompleteRemark(results)),
  }));
}

function traceFigure(drawn: DrawnTrace, banner: string | undefined): string {
  const { trace, neurons } = drawn;
  const names = Object.keys(trace.values);
  const shown = names.slice(0, MOST_PANELS);
  const pieces = keyPieces(drawn);
  let y = HEAD_HEIGHT;
  if (neurons.some(({ spikes }) => spikes.length > 0)) {
    pieces.push(...spikePieces(drawn, y));
    y += MARGINS.top + SPIKE_ROW * neurons.length;
  }
  for (const [index, name] of shown.entries()) {
    const last = index === shown.length - 1;
    const height = MARGINS.top + AREA_HEIGHT + (last ? AXIS_HEIGHT : MARGINS.bottom);
    pieces.push({ x: 0, y, markup: panel(drawn, name, height, last) });
    if (shown.length > 1) pieces.push(panelLetter(index, 4, y + 11));
    y += height;
  }
  if (shown.length < names.length) {
    const note = `first ${shown.length} of ${names.length} quantities`;
    pieces.push(remark(note, TWO_COLUMNS - MARGINS.right, y - 4));
  }
  return assemble({ width: TWO_COLUMNS, height: y }, pieces, {
    banner,
    description: `${shown.join(', ')} over time, sampled by ${trace.recorder}`,
  });
}

function keyPieces({ neurons, sampled }: DrawnTrace): Piece[] {
  const y = 10;
  const entries = neurons.flatMap(({ label }, i): Piece[] => {
    const x = MARGINS.left + i * KEY_PITCH;
    const sample = `<path d="M0,0H12" stroke="${colorOf(i)}" stroke-width="1.2" fill="none"/>`;
    const words = shortened(label, KEY_PITCH - 20, SMALL_FONT_SIZE);
    return [{ x, y: y - 2.5, markup: sample }, text(words, x + 16, y, { size: SMALL_FONT_SIZE })];
  });
  if (sampled === neurons.length) return entries;
  const note = `${neurons.length} of ${sampled} neurons`;
  return [...entries, remark(note, TWO_COLUMNS - MARGINS.right, y)];
}

function colorOf(neuron: number): string {
  return ON_WHITE[SERIES_COLORS[neuron]!];
}

/** A row of marks for each neuron. */
function spikePieces({ neurons, start, end }: DrawnTrace, y: number): Piece[] {
  const height = MARGINS.top + SPIKE_ROW * neurons.length;
  const markup = drawPlot({
    width: TWO_COLUMNS,
    height,
    margins: { ...MARGINS, bottom: 0 },
    x: { domain: [start, end], insetLeft: 3 },
    y: { domain: [neurons.length, 0] },
    marks: neurons.map(({ spikes }, row) =>
      elementMark(({ x, y: place }) => {
        const top = coordinate(place(row) + (SPIKE_ROW - SPIKE_LENGTH) / 2);
        const at = [...spikes].filter((time) => time >= start && time <= end).map(x);
        const d = [...new Set(at.map(coordinate))].map((left) => `M${left},${top}v${SPIKE_LENGTH}`);
        const stroke = { stroke: colorOf(row), 'stroke-width': 0.7 };
        return { name: 'path', attributes: { d: d.join(''), fill: 'none', ...stroke } };
      }),
    ),
  });
  const middle = y + MARGINS.top + (SPIKE_ROW * neurons.length) / 2 + 2.8;
  return [{ x: 0, y, markup }, text('Spikes', MARGINS.left - 5, middle, { anchor: 'end' })];
}

/** The neuron's line, in pieces: what a column of a line this wide cannot show is left out. */
interface Line {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

function lineOf({ trace, start, end }: DrawnTrace, { rows }: DrawnNeuron, name: string): Line {
  const column = trace.values[name]!;
  const times = Float64Array.from(rows, (row) => trace.times[row]!);
  const values = Float64Array.from(rows, (row) => column[row]!);
  const columns = (TWO_COLUMNS - MARGINS.left - MARGINS.right) / COLUMN_WIDTH;
  const needed = neededSamples(times, values, (end - start) / columns);
  return {
    times: Float64Array.from(needed, (i) => times[i]!),
    values: Float64Array.from(needed, (i) => values[i]!),
  };
}

function panel(drawn: DrawnTrace, name: string, height: number, last: boolean): string {
  const { start, end, trace } = drawn;
  const lines = drawn.neurons.map((neuron) => lineOf(drawn, neuron, name));
  const unit = trace.units[name] ?? '';
  const room = AREA_HEIGHT + MARGINS.top + MARGINS.bottom;
  const label = withUnit(shortened(name, room - withUnit('', unit).length * 5), unit);
  return drawPlot({
    width: TWO_COLUMNS,
    height,
    margins: { ...MARGINS, bottom: last ? AXIS_HEIGHT : MARGINS.bottom },
    x: { domain: [start, end], insetLeft: 3 },
    y: { domain: rangeOf(lines), nice: 4 },
    marks: [
      ...lines.map((line, i) => lineMark(line, colorOf(i))),
      leftAxis({ label, labelOffset: LABEL_OFFSET, ticks: 4, format: plainNumber }),
      bottomAxis({
        label: last ? 'Time (ms)' : null,
        labelOffset: 23,
        ticks: 10,
        tickLabels: last,
        format: plainNumber,
      }),
    ],
  });
}

function lineMark({ times, values }: Line, stroke: string) {
  return elementMark(({ x, y }) => {
    const points = Array.from(times, (time, i) => {
      return `${coordinate(x(time))},${coordinate(y(values[i]!))}`;
    });
    const line = { fill: 'none', stroke, 'stroke-width': LINE_WIDTH, 'stroke-linejoin': 'round' };
    return { name: 'path', attributes: { d: `M${points.join('L')}`, ...line } };
  });
}

/** Least and greatest of what is drawn; widened if all is the same. */
function rangeOf(lines: readonly Line[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values } of lines) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const spare = low === high ? Math.abs(low) * 0.1 || 1 : 0;
  return [low - spare, high + spare];
}
