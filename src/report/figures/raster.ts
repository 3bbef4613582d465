/**
 * Spikes over time: one panel per recorded population, relayed inputs first, on one time axis; in
 * the panel of the stimulated inputs, where the centre of the stimulus stood.
 */
import type { RunResults, StimulusInterval } from '../../experiment/results.js';
import { ON_WHITE } from '../colors.js';
import {
  type ShownPopulation,
  sampling,
  shownPopulations,
  stimuliByPopulation,
} from '../spiking.js';
import { incompleteRemark, populationTitle } from '../units.js';
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
import {
  coordinate,
  neuronTicks,
  PAGE_HEIGHT,
  plainNumber,
  TWO_COLUMNS,
  timeScale,
} from './style.js';

/** More points than this are sampled: beyond it, print shows no difference and editors suffer. */
const MOST_POINTS = 40_000;

const MARGINS = { left: 46, right: 12, top: 16, bottom: 4 } as const;
const AXIS_HEIGHT = 24;
/** Beside the key of the stimulus. */
const TITLE_ROOM = TWO_COLUMNS - 160;
const CENTER_COLOR = ON_WHITE.orange;

/** Spikes of one population. */
interface Train extends ShownPopulation {
  /** Index within the population, counting from 1. */
  readonly neurons: Uint32Array;
  readonly times: Float64Array;
}

/** Undefined if no spikes were recorded. */
export function rasterFigure(results: RunResults): string | undefined {
  if (results.spikes.senders.length === 0) return undefined;
  const shown = withinPage(shownPopulations(results));
  const populations = shown.map(({ population }) => population);
  const { trains, oneIn } = collectTrains(results, shown);
  const stimuli = stimuliByPopulation(results, populations);
  const pieces: Piece[] = [];
  let y = 0;
  for (const [index, train] of trains.entries()) {
    const last = index === trains.length - 1;
    const area = areaHeight(train);
    const height = MARGINS.top + area + (last ? AXIS_HEIGHT : MARGINS.bottom);
    const stimulus = stimuli.get(train.population) ?? [];
    const markup = panel(results, train, { height, last, stimulus });
    pieces.push({ x: 0, y, markup });
    if (trains.length > 1) pieces.push(panelLetter(index, 4, y + 11));
    pieces.push(
      text(shortened(populationTitle(train.population.name), TITLE_ROOM), MARGINS.left, y + 11),
    );
    if (stimulus.length > 0) pieces.push(...centerKey(y + 11));
    y += height;
  }
  if (oneIn > 1) {
    pieces.push(remark(`1 in ${oneIn} spikes shown`, TWO_COLUMNS - MARGINS.right, y - 4));
  }
  return assemble({ width: TWO_COLUMNS, height: y }, pieces, {
    banner: incompleteRemark(results),
    description: `Spikes over time of ${populations.map((p) => p.name).join(', ')}`,
  });
}

/** As many as a page holds. */
function withinPage(shown: readonly ShownPopulation[]): ShownPopulation[] {
  let height = AXIS_HEIGHT;
  return shown.filter((one) => {
    height += MARGINS.top + areaHeight(one) + MARGINS.bottom;
    return height <= PAGE_HEIGHT;
  });
}

/** Room for the neurons, in pt: a line each for few, a fixed height for many. */
function areaHeight({ first, last }: ShownPopulation): number {
  return Math.min(20 + 4.5 * (last - first + 1), 120);
}

/** Splits the spikes by population. Of more than MOST_POINTS a sample is kept. */
function collectTrains(results: RunResults, shown: readonly ShownPopulation[]) {
  const { senders, times } = results.spikes;
  const { oneIn, keeps } = sampling(senders.length, MOST_POINTS);
  const trains = shown.map((one): Train => {
    const { firstId, size } = one.population;
    const kept: number[] = [];
    for (let i = 0; i < senders.length; i++) {
      const index = senders[i]! - firstId;
      if (index >= 0 && index < size && keeps(i)) kept.push(i);
    }
    return {
      ...one,
      neurons: Uint32Array.from(kept, (i) => senders[i]! - firstId + 1),
      times: Float64Array.from(kept, (i) => times[i]!),
    };
  });
  return { trains, oneIn };
}

interface PanelOptions {
  readonly height: number;
  readonly last: boolean;
  readonly stimulus: readonly StimulusInterval[];
}

function panel(results: RunResults, train: Train, options: PanelOptions): string {
  const { height, last, stimulus } = options;
  const { first, last: end, color } = train;
  const rows = end - first + 1;
  const { label, unit } = timeScale(results.simulatedTime);
  const bottom = last ? AXIS_HEIGHT : MARGINS.bottom;
  const area = height - MARGINS.top - bottom;
  return drawPlot({
    width: TWO_COLUMNS,
    height,
    margins: { ...MARGINS, bottom },
    // Inset, so that spikes of the first step stand clear of the axis.
    x: { domain: [0, results.simulatedTime / unit], insetLeft: 3 },
    y: { domain: [first - 0.5, end + 0.5] },
    marks: [
      ticksMark(train, unit, area / rows, ON_WHITE[color]),
      stimulus.length > 0 ? centerMark(stimulus, train, unit) : null,
      leftAxis({
        label: 'Neuron',
        labelOffset: 39,
        ticks: rowTicks(train, Math.max(3, area / 24)),
        format: String,
      }),
      bottomAxis({
        label: last ? label : null,
        labelOffset: 22,
        ticks: 10,
        tickLabels: last,
        format: plainNumber,
      }),
    ],
  });
}

/** Neurons to label: as many as there is room for, of those shown. */
function rowTicks({ first, last }: ShownPopulation, most: number): number[] {
  const perRow = most / (last - first + 1);
  return neuronTicks(last, perRow * last).filter((tick) => tick >= first);
}

/** All spikes of a panel as one path of short vertical lines. */
function ticksMark(train: Train, unit: number, rowHeight: number, color: string) {
  const length = Math.min(Math.max(rowHeight * 0.7, 0.8), 5);
  return elementMark(({ x, y }) => {
    const lines: string[] = [];
    for (let i = 0; i < train.times.length; i++) {
      const left = coordinate(x(train.times[i]! / unit));
      const top = coordinate(y(train.neurons[i]!) - length / 2);
      lines.push(`M${left},${top}v${coordinate(length)}`);
    }
    const width = rowHeight < 1 ? 0.4 : 0.6;
    const attributes = { d: lines.join(''), fill: 'none', stroke: color, 'stroke-width': width };
    return { name: 'path', attributes };
  });
}

function centerMark(
  stimulus: readonly StimulusInterval[],
  { first, last }: ShownPopulation,
  unit: number,
) {
  const within = stimulus.filter(({ center }) => center + 1 >= first && center + 1 <= last);
  return elementMark(({ x, y }) => {
    const lines = within.map(({ start, end, center }) => {
      const height = coordinate(y(center + 1));
      return `M${coordinate(x(start / unit))},${height}H${coordinate(x(end / unit))}`;
    });
    return { name: 'path', attributes: { d: lines.join(''), ...centerStroke } };
  });
}

const centerStroke = { fill: 'none', stroke: CENTER_COLOR, 'stroke-width': 0.9 } as const;

function centerKey(y: number): Piece[] {
  const end = TWO_COLUMNS - MARGINS.right;
  const line = `<path d="M0,0H12" stroke="${CENTER_COLOR}" stroke-width="0.9" fill="none"/>`;
  return [
    text('stimulus centre', end, y, { anchor: 'end' }),
    { x: end - 72, y: y - 2.8, markup: line },
  ];
}
