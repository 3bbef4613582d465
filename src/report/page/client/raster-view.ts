/** Spikes over time, a panel for each population, on a canvas to the pixel. */
import { svgElement } from './elements.js';
import { PlotFrame } from './plot-frame.js';
import { currentColor, type Rgb } from './theme.js';
import { roundTicks, timeUnit } from './ticks.js';
import { steer, type TimeWindow } from './time-window.js';

const MARGINS = { left: 56, right: 8, top: 18, bottom: 38 };
const TITLE = 22;
/** Heights of panels, in px: a few per neuron, up to a limit. */
const LEAST_HEIGHT = 24;
const PER_NEURON = 7;
const MOST_HEIGHT = 200;

export interface RasterPanel {
  readonly name: string;
  /** The neurons that the panel spans, counted in their population from 1. */
  readonly first: number;
  readonly last: number;
  /** Of the style sheet: 'var(--blue)'. */
  readonly color: string;
  /** Where the centre of a stimulus was: ms, ms, neuron. */
  readonly centers?: readonly (readonly [start: number, end: number, neuron: number])[];
}

/** Spikes of a panel by time; the arrays have room for more than `count`. */
interface Train {
  count: number;
  times: Float64Array;
  neurons: Uint32Array;
}

export class RasterView {
  readonly frame: PlotFrame;
  private readonly trains: Train[];
  private readonly tops: number[] = [];
  /** Stretches of time (ms) whose spikes are not known, ascending. */
  private gaps: readonly (readonly [start: number, end: number])[] = [];
  private readonly height: number;

  constructor(
    container: HTMLElement,
    private readonly panels: readonly RasterPanel[],
    private readonly window: TimeWindow,
  ) {
    this.trains = panels.map(() => ({
      count: 0,
      times: new Float64Array(64),
      neurons: new Uint32Array(64),
    }));
    let bottom = -TITLE;
    for (const panel of panels) {
      this.tops.push(bottom + TITLE);
      bottom += TITLE + heightOf(panel);
    }
    this.height = bottom;
    const names = panels.map(({ name }) => name).join(', ');
    this.frame = new PlotFrame(container, {
      label: `Spikes over time of ${names}. Arrow keys move through time, plus and minus zoom, 0 shows all.`,
      margins: MARGINS,
      height: () => this.height,
      draw: () => this.draw(),
    });
    this.window.onChange(() => this.frame.schedule());
    steer(this.frame, window);
  }

  /** More spikes of a panel, none earlier than those before; times in ms, neurons from 1. */
  append(panel: number, times: ArrayLike<number>, neurons: ArrayLike<number>): void {
    const train = this.trains[panel]!;
    const count = train.count + times.length;
    if (count > train.times.length) {
      const room = Math.max(count, 2 * train.times.length);
      const longer = { times: new Float64Array(room), neurons: new Uint32Array(room) };
      longer.times.set(train.times.subarray(0, train.count));
      longer.neurons.set(train.neurons.subarray(0, train.count));
      Object.assign(train, longer);
    }
    train.times.set(times, train.count);
    train.neurons.set(neurons, train.count);
    train.count = count;
    this.frame.schedule();
  }

  /** Spikes from `start` to `end` (ms), later than all before, are not known. */
  addGap(start: number, end: number): void {
    this.gaps = [...this.gaps, [start, end]];
    this.frame.schedule();
  }

  /** Spikes up to a time (ms) are no longer known. */
  forget(time: number): void {
    if (time <= 0) return;
    for (const train of this.trains) {
      const from = lowerBound(train.times, train.count, time);
      train.times.copyWithin(0, from, train.count);
      train.neurons.copyWithin(0, from, train.count);
      train.count -= from;
    }
    this.gaps = [[0, time], ...this.gaps.filter(([, end]) => end > time)];
    this.frame.schedule();
  }

  private draw(): void {
    const { frame, window, panels } = this;
    const { left, top, width, height } = frame.area;
    this.drawGaps();
    const { columns, pixels, show } = frame.pixels();
    panels.forEach((panel, i) => {
      const y = this.tops[i]!;
      this.drawSpikes(panel, this.trains[i]!, { pixels, columns, top: y });
      this.drawCenters(panel, top + y);
      const place = (neuron: number) => top + y + placeOf(panel, neuron);
      const most = Math.max(2, heightOf(panel) / 28);
      frame.leftAxis(
        [top + y, top + y + heightOf(panel)],
        neuronTicks(panel, most),
        place,
        heightOf(panel) > 60 ? 'Neuron' : '',
      );
      frame.text(panel.name, left, top + y - 6, { 'font-weight': 'bold' });
    });
    show();
    const { label, ms } = timeUnit(window.end);
    const ticks = roundTicks(window.start / ms, window.end / ms, Math.max(width / 90, 2));
    const span = window.end - window.start;
    const place = (value: number) => left + ((value * ms - window.start) / span) * width;
    frame.bottomAxis(top + height, ticks, place, label);
  }

  private drawGaps(): void {
    const { left, top, width, height } = this.frame.area;
    const { start, end } = this.window;
    const place = (time: number) =>
      left + ((Math.min(Math.max(time, start), end) - start) / (end - start)) * width;
    for (const [from, to] of this.gaps) {
      const [x, right] = [place(from), place(to)];
      if (right <= x) continue;
      const box = { class: 'gap', x, y: top, width: right - x, height };
      this.frame.svg.append(svgElement('rect', box));
    }
  }

  private drawSpikes(
    panel: RasterPanel,
    { count, times, neurons }: Train,
    { pixels, columns, top }: { pixels: Uint32Array; columns: number; top: number },
  ): void {
    const { density } = this.frame;
    const { start, end } = this.window;
    const scale = (columns - 1) / (end - start);
    const rowHeight = (heightOf(panel) / (panel.last - panel.first + 1)) * density;
    const tickHeight = Math.max(Math.round(rowHeight * 0.7), 1);
    const tickWidth = Math.max(Math.round(density), 1);
    const color = packed(currentColor(this.frame.element, panel.color));
    const from = lowerBound(times, count, start);
    for (let i = from; i < count && times[i]! <= end; i++) {
      const column = Math.round((times[i]! - start) * scale);
      const middle = (top + placeOf(panel, neurons[i]!)) * density;
      const row = Math.max(Math.round(middle - tickHeight / 2), 0);
      const last = Math.min(column + tickWidth, columns);
      for (let y = row; y < row + tickHeight; y++) {
        for (let x = column; x < last; x++) pixels[y * columns + x] = color;
      }
    }
  }

  private drawCenters(panel: RasterPanel, top: number): void {
    const { left, width } = this.frame.area;
    const { start, end } = this.window;
    const place = (time: number) =>
      left + ((Math.min(Math.max(time, start), end) - start) / (end - start)) * width;
    const lines = (panel.centers ?? [])
      .filter(([from, to]) => to > start && from < end)
      .map(([from, to, neuron]) => {
        return `M${place(from)},${top + placeOf(panel, neuron)}H${place(to)}`;
      });
    if (lines.length === 0) return;
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('d', lines.join(''));
    line.setAttribute('class', 'curve');
    line.style.stroke = 'var(--orange)';
    this.frame.svg.append(line);
  }
}

function heightOf({ first, last }: RasterPanel): number {
  return Math.min(LEAST_HEIGHT + PER_NEURON * (last - first + 1), MOST_HEIGHT);
}

/** Middle of a neuron's row, in px from the top of its panel; the first neuron is lowest. */
function placeOf(panel: RasterPanel, neuron: number): number {
  const rows = panel.last - panel.first + 1;
  return (heightOf(panel) * (panel.last - neuron + 0.5)) / rows;
}

function neuronTicks({ first, last }: RasterPanel, most: number): number[] {
  if (last - first < 1) return [first];
  const ticks = roundTicks(first, last, most).filter((tick) => Number.isInteger(tick) && tick > 0);
  return ticks.includes(first)
    ? ticks
    : [first, ...ticks.filter((t) => t - first > (last - first) / 12)];
}

/** Of an opaque pixel, in the order of bytes of a canvas. */
function packed([red, green, blue]: Rgb): number {
  return (255 << 24) | (blue << 16) | (green << 8) | red;
}

/** Index of the first value not below `least`, among the first `count`, which ascend. */
function lowerBound(values: Float64Array, count: number, least: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
