/** The report of a run: entry of its code. */
import { pageData, readVariableLength } from './data.js';
import { LineChart } from './line-chart.js';
import { type ColorScale, type MatrixShape, MatrixView } from './matrix-view.js';
import { type RasterPanel, RasterView } from './raster-view.js';
import { startShell } from './shell.js';
import { plain, roundStep } from './ticks.js';
import { TimeWindow } from './time-window.js';

/** As `run-report.ts` of the report makes it. */
interface RunData {
  /** ms */
  readonly end: number;
  readonly resolution: number;
  readonly raster: readonly (RasterPanel & EncodedTrain)[];
  /** `mostBins` are shown at a time. */
  readonly rates: {
    readonly label: string;
    readonly mostBins: number;
    readonly series: readonly RateSeries[];
  };
  readonly matrices: readonly WeightMatrices[];
}

/** Steps and neurons of spikes, in the order of time. */
interface EncodedTrain {
  readonly count: number;
  /** Differences between the steps of one spike and the next, of variable length. */
  readonly steps: Uint8Array;
  /** Counted from the panel's first. */
  readonly neurons: Uint8Array | Uint16Array | Uint32Array;
}

interface RateSeries {
  readonly name: string;
  readonly color: string;
  readonly neurons: number;
  /** Spikes per second and neuron, over the run. */
  readonly mean: number;
  /** In ms; a bin is at least `least` of them. */
  readonly grain: number;
  readonly least: number;
  /** Spikes in each grain. */
  readonly counts: Uint8Array | Uint16Array | Uint32Array;
}

interface WeightMatrices {
  readonly connection: string;
  readonly shape: MatrixShape;
  /** What the numbers of rows and columns are. */
  readonly numbering: string;
  /** ms, the first 0, the last the end. */
  readonly times: Float64Array;
  /** Matrix by matrix: `low` and `high` of `weights` are 0 and 65534, 65535 is no synapse. */
  readonly cells: Uint16Array;
  readonly weights: ColorScale;
  readonly changes: ColorScale;
}

const NO_SYNAPSE = 65535;
const HIGHEST = 65534;
/** Steps that a window of time shows at least. */
const LEAST_STEPS = 20;

startShell();
const data = pageData() as RunData;
const time = new TimeWindow(data.end, LEAST_STEPS * data.resolution);
startRaster();
startRates();
startMatrices();

function startRaster(): void {
  const place = document.getElementById('raster-view');
  if (place === null) return;
  const view = new RasterView(place, data.raster, time);
  data.raster.forEach((panel, i) => {
    const steps = readVariableLength(panel.steps, panel.count);
    const times = new Float64Array(panel.count);
    const neurons = new Uint32Array(panel.count);
    let step = 0;
    for (let s = 0; s < panel.count; s++) {
      step += steps[s]!;
      times[s] = step * data.resolution;
      neurons[s] = panel.first + panel.neurons[s]!;
    }
    view.append(i, times, neurons);
  });
  const actions: Readonly<Record<string, () => void>> = {
    in: () => time.zoom(2),
    out: () => time.zoom(0.5),
    back: () => time.pan(-0.5),
    on: () => time.pan(0.5),
    all: () => time.reset(),
  };
  for (const [name, action] of Object.entries(actions)) {
    document.getElementById(`raster-${name}`)!.addEventListener('click', action);
  }
  const shown = document.getElementById('raster-shown')!;
  const tell = () => {
    // To about a hundredth of what is seen.
    const digits = Math.max(2 - Math.floor(Math.log10(time.end - time.start)), 0);
    shown.textContent = `${time.start.toFixed(digits)} to ${time.end.toFixed(digits)} ms`;
  };
  time.onChange(tell);
  tell();
}

function startRates(): void {
  const place = document.getElementById('rates-view');
  if (place === null) return;
  const { label, mostBins, series } = data.rates;
  const chart = new LineChart(place, label, time);
  let shown = '';
  const show = () => {
    const span = time.end - time.start;
    const joined = series.map(({ grain, least }) =>
      roundStep(Math.max(span / grain / mostBins, least)),
    );
    if (joined.join() === shown) return;
    shown = joined.join();
    chart.setData(series.map((one, i) => joinedRates(one, joined[i]!)));
  };
  time.onChange(show);
  show();
}

/** Rates of a population in bins of so many grains. */
function joinedRates({ name, color, neurons, mean, grain, counts }: RateSeries, joined: number) {
  const bin = joined * grain;
  const bins = Math.ceil(counts.length / joined);
  const times = Float64Array.from({ length: bins }, (_, i) => i * bin);
  const values = times.map((start, i) => {
    const end = Math.min(start + bin, data.end);
    let spikes = 0;
    for (const count of counts.subarray(i * joined, (i + 1) * joined)) spikes += count;
    return (1000 * spikes) / ((end - start) * neurons);
  });
  return { name, color, times, values, mean, note: `bins of ${plain(bin)}\u00a0ms` };
}

function startMatrices(): void {
  const place = document.getElementById('weights-view');
  if (place === null) return;
  const choice = document.querySelector<HTMLSelectElement>('#weights-connection')!;
  const what = document.querySelector<HTMLSelectElement>('#weights-what')!;
  const slider = document.querySelector<HTMLInputElement>('#weights-time');
  const shown = document.querySelector<HTMLOutputElement>('#weights-shown');
  const moment = document.querySelector<HTMLSelectElement>('#weights-moment');
  const note = document.getElementById('weights-note')!;
  const chosen = () => data.matrices[choice.selectedIndex]!;
  const view = new MatrixView(place, chosen().shape, chosen().weights);
  const showTime = () => {
    const { times, weights, changes } = chosen();
    const at = times.length > 2 ? Number(slider!.value) : moment!.value === 'start' ? 0 : 1;
    if (shown !== null) shown.textContent = `${plain(times[at]!)} ms`;
    slider?.setAttribute('aria-valuetext', `${plain(times[at]!)} ms`);
    const isChange = what.value === 'change';
    view.setData(matrixAt(chosen(), at, isChange), isChange ? changes : weights);
  };
  const showConnection = () => {
    const { shape, numbering, times, cells } = chosen();
    view.setShape(shape);
    const isRecorded = times.length > 2;
    if (slider !== null) {
      slider.max = String(times.length - 1);
      slider.value = slider.max;
      slider.parentElement!.hidden = !isRecorded;
    }
    if (moment !== null) moment.parentElement!.hidden = isRecorded;
    const remarks = [`Numbers: ${numbering}.`];
    if (cells.includes(NO_SYNAPSE)) remarks.push(`Grey: ${shape.absent}.`);
    if (shape.rowBlock * shape.columnBlock > 1) {
      const block = `${shape.rowBlock} \u00d7 ${shape.columnBlock}`;
      remarks.push(`Cells are means over ${block} neurons.`);
    }
    if (!isRecorded && slider !== null) {
      remarks.push('These weights were not recorded in between.');
    }
    note.textContent = remarks.join(' ');
    showTime();
  };
  choice.addEventListener('change', showConnection);
  what.addEventListener('change', showTime);
  slider?.addEventListener('input', showTime);
  moment?.addEventListener('change', showTime);
  showConnection();
}

/** Weights at a time, or their differences from the first; NaN where there is no synapse. */
function matrixAt({ shape, cells, weights }: WeightMatrices, at: number, isChange: boolean) {
  const size = shape.rows * shape.columns;
  const unit = (weights.high - weights.low) / HIGHEST;
  const values = new Float32Array(size);
  for (let cell = 0; cell < size; cell++) {
    const now = cells[at * size + cell]!;
    const before = cells[cell]!;
    if (now === NO_SYNAPSE) values[cell] = Number.NaN;
    else values[cell] = isChange ? (now - before) * unit : weights.low + now * unit;
  }
  return values;
}
