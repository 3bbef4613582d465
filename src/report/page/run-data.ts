/** What the report of a run shows that a reader can move: spikes, rates and matrices of weights. */
import type { RunResults, WeightColumns } from '../../experiment/results.js';
import { pageColor } from '../colors.js';
import { BLUE_WHITE_RED, VIRIDIS } from '../figures/style.js';
import { weightCourses } from '../figures/weights-over-time.js';
import { MOST_BINS, RATE_LABEL, ratesOf, spikeCounts } from '../rates.js';
import { sideOf } from '../sides.js';
import {
  panelByNode,
  type Sampling,
  type ShownPopulation,
  sampling,
  shownPopulations,
  stimuliByPopulation,
} from '../spiking.js';
import { populationTitle, withUnit } from '../units.js';
import { type WeightMatrices, weightMatrices } from '../weight-matrices.js';
import { VariableLengthWriter } from './data.js';
import { palette } from './palette.js';

/** About 4 bytes of the page each. */
const MOST_SPIKES = 1_000_000;
const MOST_PANELS = 12;
/** 8/3 bytes of the page each. */
const MOST_CELLS = 750_000;
const MOST_MATRICES = 12;

const WEIGHT_COLORS = palette(VIRIDIS);
const CHANGE_COLORS = palette(BLUE_WHITE_RED);

export interface RunData {
  readonly end: number;
  readonly resolution: number;
  readonly raster: readonly object[];
  readonly rates: {
    readonly label: string;
    readonly mostBins: number;
    readonly series: readonly object[];
  };
  readonly matrices: readonly object[];
}

export interface RunView {
  /** For the code of the page. */
  readonly data: RunData;
  readonly shown: readonly ShownPopulation[];
  readonly populationsLeftOut: number;
  readonly spikes: Sampling;
  readonly matrices: readonly WeightMatrices[];
  readonly matricesLeftOut: number;
}

export function runView(results: RunResults): RunView {
  const all = results.spikes.senders.length === 0 ? [] : shownPopulations(results);
  const shown = all.slice(0, MOST_PANELS);
  const spikes = sampling(results.spikes.senders.length, MOST_SPIKES);
  const plastic = results.weights.filter((w) => w.plastic && w.source.length > 0);
  const matrices = matricesOf(results, plastic.slice(0, MOST_MATRICES));
  return {
    data: {
      end: results.simulatedTime,
      resolution: results.resolution,
      raster: rasterPanels(results, shown, spikes),
      rates: rateSeries(results, shown),
      matrices: matrices.map((m) => matrixData(results, m)),
    },
    shown,
    populationsLeftOut: all.length - shown.length,
    spikes,
    matrices,
    matricesLeftOut: plastic.length - matrices.length,
  };
}

function rasterPanels(
  results: RunResults,
  shown: readonly ShownPopulation[],
  kept: Sampling,
): object[] {
  const populations = shown.map(({ population }) => population);
  const stimuli = stimuliByPopulation(results, populations);
  const trains = trainsOf(results, shown, kept);
  return shown.map((one, index) => {
    const { population, first, last } = one;
    const { steps, neurons } = trains[index]!;
    const centers = (stimuli.get(population) ?? []).map((s) => [s.start, s.end, s.center + 1]);
    return {
      name: populationTitle(population.name),
      first,
      last,
      color: pageColor(one.color),
      centers,
      count: neurons.length,
      steps: steps.finish(),
      neurons: narrow(neurons, last - first),
    };
  });
}

/** Spikes by panel: steps as differences, neurons counted from the panel's first. */
function trainsOf(
  { spikes, resolution }: RunResults,
  shown: readonly ShownPopulation[],
  { keeps }: Sampling,
) {
  const { senders, times } = spikes;
  const panels = panelByNode(shown);
  const trains = shown.map(({ population, first }) => ({
    firstId: population.firstId + first - 1,
    before: 0,
    steps: new VariableLengthWriter(1024),
    neurons: [] as number[],
  }));
  for (let i = 0; i < senders.length; i++) {
    const train = trains[panels[senders[i]!] ?? -1];
    if (train === undefined || !keeps(i)) continue;
    const step = Math.round(times[i]! / resolution);
    train.steps.write(step - train.before);
    train.before = step;
    train.neurons.push(senders[i]! - train.firstId);
  }
  return trains;
}

/** Numbers up to `most` in as few bytes as they need. */
function narrow(values: ArrayLike<number>, most: number): Uint8Array | Uint16Array | Uint32Array {
  if (most < 2 ** 8) return Uint8Array.from(values);
  return most < 2 ** 16 ? Uint16Array.from(values) : Uint32Array.from(values);
}

function rateSeries(results: RunResults, shown: readonly ShownPopulation[]): RunData['rates'] {
  const all = spikeCounts(results, shown);
  const series = shown.map((one, i) => {
    const { grain, least, counts } = all[i]!;
    return {
      name: populationTitle(one.population.name),
      color: pageColor(one.color),
      neurons: one.last - one.first + 1,
      mean: ratesOf(all[i]!, one, results.simulatedTime).mean,
      grain,
      least,
      counts: narrow(
        counts,
        counts.reduce((a, b) => Math.max(a, b), 0),
      ),
    };
  });
  return { label: RATE_LABEL, mostBins: MOST_BINS, series };
}

function matricesOf(results: RunResults, plastic: readonly WeightColumns[]): WeightMatrices[] {
  const courses = weightCourses(results);
  const courseOf = (connection: WeightColumns) => courses.find((c) => c.connection === connection);
  const recordedFirst = plastic.toSorted((a, b) => {
    return Number(courseOf(a) === undefined) - Number(courseOf(b) === undefined);
  });
  const most = MOST_CELLS / plastic.length;
  return recordedFirst.map((one) => weightMatrices(results, one, courseOf(one), most));
}

function matrixData(results: RunResults, matrices: WeightMatrices): object {
  const { connection, source, target, absent, times, cells, low, high, mostChange } = matrices;
  const { rows, columns, rowBlock, columnBlock, numbering } = matrices;
  const unit = sideOf(results, target.name).weightUnit;
  const most = mostChange || 1;
  return {
    connection,
    shape: {
      rows,
      columns,
      rowBlock,
      columnBlock,
      source,
      target,
      absent,
    },
    numbering,
    times,
    cells,
    weights: { label: withUnit('Weight', unit), low, high, palette: WEIGHT_COLORS },
    changes: {
      label: withUnit('Weight change', unit),
      low: -most,
      high: most,
      palette: CHANGE_COLORS,
    },
  };
}
