/**
 * Spikes over time: one panel per recorded population, relayed inputs first, on one time axis; in
 * the panel of the stimulated inputs, where the centre of the stimulus stood.
 */
import type { PopulationSummary, RunResults, StimulusInterval } from '../../experiment/results.js';
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
  text,
} from './compose.js';
import {
  coordinate,
  neuronTicks,
  OKABE_ITO,
  PAGE_HEIGHT,
  plainNumber,
  TWO_COLUMNS,
  timeScale,
} from './style.js';

/** More points than this are sampled: beyond it, print shows no difference and editors suffer. */
const MOST_POINTS = 40_000;
/** 2^32 divided by the golden ratio: multiples of it modulo 2^32 are spread evenly. */
const GOLDEN = 0x9e3779b9;

const MARGINS = { left: 40, right: 10, top: 16, bottom: 4 } as const;
const AXIS_HEIGHT = 24;
const CENTER_COLOR = OKABE_ITO.orange;
const COLORS: Readonly<Record<string, string>> = {
  Excitatory: OKABE_ITO.blue,
  Inhibitory: OKABE_ITO.vermillion,
};
const OTHER_COLORS = [OKABE_ITO.green, OKABE_ITO.purple, OKABE_ITO.blue, OKABE_ITO.vermillion];

/** A population and the neurons of it that its panel spans, counting from 1. */
interface Shown {
  readonly population: PopulationSummary;
  readonly first: number;
  readonly last: number;
}

/** Spikes of one population. */
interface Train extends Shown {
  /** Index within the population, counting from 1. */
  readonly neurons: Uint32Array;
  readonly times: Float64Array;
}

/** Undefined if no spikes were recorded. */
export function rasterFigure(results: RunResults): string | undefined {
  if (results.spikes.senders.length === 0) return undefined;
  const shown = shownPopulations(results);
  const populations = shown.map(({ population }) => population);
  const { trains, shownOf } = collectTrains(results, shown);
  const stimuli = stimuliByPopulation(results, populations);
  const pieces: Piece[] = [];
  let y = 0;
  for (const [index, train] of trains.entries()) {
    const last = index === trains.length - 1;
    const area = areaHeight(train);
    const height = MARGINS.top + area + (last ? AXIS_HEIGHT : MARGINS.bottom);
    const stimulus = stimuli.get(train.population) ?? [];
    const markup = panel(results, train, { height, last, color: colorOf(train, index), stimulus });
    pieces.push({ x: 0, y, markup });
    if (trains.length > 1) pieces.push(panelLetter(index, 4, y + 11));
    pieces.push(text(populationTitle(train.population.name), MARGINS.left, y + 11));
    if (stimulus.length > 0) pieces.push(...centerKey(y + 11));
    y += height;
  }
  if (shownOf > 1) {
    pieces.push(remark(`1 in ${shownOf} spikes shown`, TWO_COLUMNS - MARGINS.right, y - 4));
  }
  return assemble({ width: TWO_COLUMNS, height: y }, pieces, {
    banner: incompleteRemark(results),
    description: `Spikes over time of ${populations.map((p) => p.name).join(', ')}`,
  });
}

function isRelay(population: PopulationSummary): boolean {
  return population.model.startsWith('parrot_neuron');
}

/**
 * Populations with recorded spikes, and neurons that were silent throughout; relays first, as many
 * as a page holds. A population that fired unrecorded has no panel: it would seem silent.
 */
function shownPopulations(results: RunResults): Shown[] {
  const spiking = results.populations.filter((p) => p.spiking);
  const shown = spiking.flatMap((population) => shownNeurons(results, population) ?? []);
  const ordered = [
    ...shown.filter(({ population }) => isRelay(population)),
    ...shown.filter(({ population }) => !isRelay(population)),
  ];
  let height = AXIS_HEIGHT;
  return ordered.filter((one) => {
    height += MARGINS.top + areaHeight(one) + MARGINS.bottom;
    return height <= PAGE_HEIGHT;
  });
}

/**
 * All neurons of a population, or, if spikes of it went unrecorded, those from the first to the
 * last that was recorded: the others would seem silent. Undefined if there is nothing to show.
 */
function shownNeurons(results: RunResults, population: PopulationSummary): Shown | undefined {
  const { firstId, size, spikeCount } = population;
  const { senders } = results.spikes;
  let recorded = 0;
  let first = size;
  let last = 1;
  for (let i = 0; i < senders.length; i++) {
    const neuron = senders[i]! - firstId + 1;
    if (neuron < 1 || neuron > size) continue;
    recorded++;
    if (neuron < first) first = neuron;
    if (neuron > last) last = neuron;
  }
  if (recorded >= spikeCount) {
    const silentRelay = recorded === 0 && isRelay(population);
    return silentRelay ? undefined : { population, first: 1, last: size };
  }
  return recorded === 0 ? undefined : { population, first, last };
}

/** Room for the neurons, in pt: a line each for few, a fixed height for many. */
function areaHeight({ first, last }: Shown): number {
  return Math.min(20 + 4.5 * (last - first + 1), 120);
}

/**
 * Splits the spikes by population. Of more than MOST_POINTS one in `shownOf` is kept, chosen by
 * a golden-ratio sequence over the spikes' numbers, which cannot fall into step with a rhythm.
 */
function collectTrains(results: RunResults, shown: readonly Shown[]) {
  const { senders, times } = results.spikes;
  const shownOf = Math.ceil(senders.length / MOST_POINTS);
  const limit = 2 ** 32 / shownOf;
  const trains = shown.map((one): Train => {
    const { firstId, size } = one.population;
    const kept: number[] = [];
    for (let i = 0; i < senders.length; i++) {
      const index = senders[i]! - firstId;
      if (index >= 0 && index < size && Math.imul(i, GOLDEN) >>> 0 < limit) kept.push(i);
    }
    return {
      ...one,
      neurons: Uint32Array.from(kept, (i) => senders[i]! - firstId + 1),
      times: Float64Array.from(kept, (i) => times[i]!),
    };
  });
  return { trains, shownOf };
}

/**
 * Stimuli act on generators, which have no panel: they are shown with the population of that
 * name if there is one, else with the relays (else any population) of the same size.
 */
function stimuliByPopulation(results: RunResults, populations: readonly PopulationSummary[]) {
  const byPopulation = new Map<PopulationSummary, StimulusInterval[]>();
  for (const interval of results.stimulus) {
    const size = results.populations.find((p) => p.name === interval.population)?.size;
    const shown =
      populations.find((p) => p.name === interval.population) ??
      populations.find((p) => isRelay(p) && p.size === size) ??
      populations.find((p) => p.size === size);
    if (!shown) continue;
    byPopulation.set(shown, [...(byPopulation.get(shown) ?? []), interval]);
  }
  return byPopulation;
}

function colorOf({ population }: Train, index: number): string {
  if (isRelay(population)) return OKABE_ITO.black;
  const conventional = COLORS[populationTitle(population.name)];
  return conventional ?? OTHER_COLORS[index % OTHER_COLORS.length]!;
}

interface PanelOptions {
  readonly height: number;
  readonly last: boolean;
  readonly color: string;
  readonly stimulus: readonly StimulusInterval[];
}

function panel(results: RunResults, train: Train, options: PanelOptions): string {
  const { height, last, color, stimulus } = options;
  const { first, last: end } = train;
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
      ticksMark(train, unit, area / rows, color),
      stimulus.length > 0 ? centerMark(stimulus, train, unit) : null,
      leftAxis({
        label: 'Neuron',
        labelOffset: 34,
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
function rowTicks({ first, last }: Shown, most: number): number[] {
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

function centerMark(stimulus: readonly StimulusInterval[], { first, last }: Shown, unit: number) {
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
