/** Spikes over time, a panel for each population, on a canvas to the pixel. */
import { svgElement } from './elements.js';
import { PlotFrame } from './plot-frame.js';
import { steer } from './steer.js';
import { currentColor, type Rgb } from './theme.js';
import { roundTicks, timeUnit } from './ticks.js';
import type { TimeWindow } from './time-window.js';

const MARGINS = { left: 56, right: 8, top: 18, bottom: 38 };
const TITLE = 22;
/** Heights of panels, in px: a few per neuron, up to a limit. */
const LEAST_HEIGHT = 24;
const PER_NEURON = 7;
const MOST_HEIGHT = 200;
/** Heights of the ticks of spikes, in px, if rows are high and if spikes are few. */
const MOST_TICK = 8;
const LARGE_TICK = 3;

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

/** The neurons that a panel shows at present. */
interface Rows {
  first: number;
  last: number;
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
  private readonly rows: Rows[];
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
    this.rows = panels.map(({ first, last }) => ({ first, last }));
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
    this.window.onChange(() => {
      if (window.isWhole) this.showAllRows();
      this.frame.schedule();
    });
    steer(this.frame, window, (top, bottom) => this.chooseRows(top, bottom));
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

  /** All of time shows all neurons. */
  private showAllRows(): void {
    for (const [i, { first, last }] of this.panels.entries()) {
      Object.assign(this.rows[i]!, { first, last });
    }
  }

  /** Shows the neurons between two heights (px from the top), in the panels that are met. */
  private chooseRows(top: number, bottom: number): void {
    this.panels.forEach((panel, i) => {
      const [from, height] = [this.tops[i]!, heightOf(panel)];
      const [upper, lower] = [Math.max(top - from, 0), Math.min(bottom - from, height)];
      if (lower <= upper) return;
      const rows = this.rows[i]!;
      const { first, last } = rows;
      const neuronAt = (y: number) => last + 1 - Math.ceil((y / height) * (last - first + 1) || 1);
      Object.assign(rows, { first: neuronAt(lower), last: neuronAt(upper) });
    });
    this.frame.schedule();
  }

  private draw(): void {
    const { frame, window, panels } = this;
    const { left, top, width, height } = frame.area;
    this.drawGaps();
    const { columns, pixels, show } = frame.pixels();
    panels.forEach((panel, i) => {
      const y = this.tops[i]!;
      const rows = this.rows[i]!;
      this.drawSpikes(i, { pixels, columns });
      this.drawCenters(i, top + y);
      const place = (neuron: number) => top + y + placeOf(panel, rows, neuron);
      const most = Math.max(2, heightOf(panel) / 28);
      frame.leftAxis(
        [top + y, top + y + heightOf(panel)],
        neuronTicks(rows, most),
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
    index: number,
    { pixels, columns }: { readonly pixels: Uint32Array; readonly columns: number },
  ): void {
    const [panel, rows, top] = [this.panels[index]!, this.rows[index]!, this.tops[index]!];
    const { count, times, neurons } = this.trains[index]!;
    const { density } = this.frame;
    const { start, end } = this.window;
    const scale = (columns - 1) / (end - start);
    const from = lowerBound(times, count, start);
    const seen = lowerBound(times, count, end) - from;
    const least = leastTick((columns / density) * heightOf(panel), seen);
    const rowHeight = heightOf(panel) / (rows.last - rows.first + 1);
    const tickHeight = Math.round(Math.min(Math.max(rowHeight * 0.7, least), MOST_TICK) * density);
    const tickWidth = Math.round((least < LARGE_TICK ? 1 : 1.5) * density);
    const color = packed(currentColor(this.frame.element, panel.color));
    for (let i = from; i < count && times[i]! <= end; i++) {
      const neuron = neurons[i]!;
      if (neuron < rows.first || neuron > rows.last) continue;
      const column = Math.round((times[i]! - start) * scale);
      const middle = (top + placeOf(panel, rows, neuron)) * density;
      const row = Math.max(Math.round(middle - tickHeight / 2), 0);
      const last = Math.min(column + tickWidth, columns);
      for (let y = row; y < row + tickHeight; y++) {
        for (let x = column; x < last; x++) pixels[y * columns + x] = color;
      }
    }
  }

  private drawCenters(index: number, top: number): void {
    const [panel, rows] = [this.panels[index]!, this.rows[index]!];
    const { left, width } = this.frame.area;
    const { start, end } = this.window;
    const place = (time: number) =>
      left + ((Math.min(Math.max(time, start), end) - start) / (end - start)) * width;
    const lines = (panel.centers ?? [])
      .filter(([from, to]) => to > start && from < end)
      .filter(([, , neuron]) => neuron >= rows.first && neuron <= rows.last)
      .map(([from, to, neuron]) => {
        return `M${place(from)},${top + placeOf(panel, rows, neuron)}H${place(to)}`;
      });
    if (lines.length === 0) return;
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('d', lines.join(''));
    line.setAttribute('class', 'curve');
    line.style.stroke = 'var(--orange)';
    this.frame.svg.append(line);
  }
}

/** In px: the fewer spikes are seen in an area, the better each can be seen. */
function leastTick(area: number, spikes: number): number {
  return Math.min(Math.max(Math.sqrt(area / (20 * spikes)), 1), LARGE_TICK);
}

function heightOf({ first, last }: RasterPanel): number {
  return Math.min(LEAST_HEIGHT + PER_NEURON * (last - first + 1), MOST_HEIGHT);
}

/** Middle of a neuron's row, in px from the top of its panel; the first neuron is lowest. */
function placeOf(panel: RasterPanel, { first, last }: Rows, neuron: number): number {
  return (heightOf(panel) * (last - neuron + 0.5)) / (last - first + 1);
}

function neuronTicks({ first, last }: Rows, most: number): number[] {
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
