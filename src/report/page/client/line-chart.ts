/**
 * Quantities over time as steps (each value holds until the next), a panel each, as vector graphics; a
 * reader can ask a time for its values.
 */
import { htmlElement, svgElement } from './elements.js';
import { PlotFrame } from './plot-frame.js';
import { steer } from './steer.js';
import { plain, roundTicks, timeUnit } from './ticks.js';
import type { TimeWindow } from './time-window.js';

const MARGINS = { left: 56, right: 8, top: 8, bottom: 38 };
const PANEL = 88;
/** Above each panel. */
const TITLE = 22;

export interface Series {
  readonly name: string;
  /** Of the style sheet: 'var(--blue)'. */
  readonly color: string;
  /** When each value begins to hold, ascending, in ms. */
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** Drawn as a dashed line. */
  readonly mean?: number;
  /** At the right above the panel. */
  readonly note?: string;
}

export class LineChart {
  private readonly frame: PlotFrame;
  private readonly readout = htmlElement('output', { class: 'remark' });
  private series: readonly Series[] = [];
  private cursor: number | undefined;

  /** @param label the quantity with its unit, as it stands on the vertical axis */
  constructor(
    container: HTMLElement,
    private readonly label: string,
    private readonly window: TimeWindow,
  ) {
    this.frame = new PlotFrame(container, {
      label: `${label} over time. Arrow keys move through time, plus and minus zoom, 0 shows all.`,
      margins: MARGINS,
      height: () => Math.max(this.series.length, 1) * (TITLE + PANEL),
      draw: () => this.draw(),
    });
    const line = htmlElement('div', { class: 'controls' });
    line.append(this.readout);
    container.append(line);
    window.onChange(() => this.frame.schedule());
    steer(this.frame, window);
    const { element } = this.frame;
    element.addEventListener('pointermove', (event) => this.point(event));
    element.addEventListener('pointerleave', () => this.point(undefined));
    this.tell();
  }

  setData(series: readonly Series[]): void {
    this.series = series;
    this.frame.schedule();
    this.tell();
  }

  private draw(): void {
    const { frame, window } = this;
    const { left, top, width, height } = frame.area;
    const span = window.end - window.start;
    const x = (time: number) => left + ((time - window.start) / span) * width;
    this.series.forEach((series, i) => {
      this.drawPanel(series, top + i * (TITLE + PANEL) + TITLE, x);
    });
    const { label, ms } = timeUnit(window.end);
    const ticks = roundTicks(window.start / ms, window.end / ms, Math.max(width / 90, 2));
    frame.bottomAxis(top + height, ticks, (value) => x(value * ms), label);
    if (this.cursor !== undefined) {
      const d = `M${x(this.cursor)},${top}v${height}`;
      frame.svg.append(svgElement('path', { class: 'cursor', d }));
    }
  }

  private drawPanel(series: Series, top: number, x: (time: number) => number): void {
    const { frame } = this;
    const { left, width } = frame.area;
    const highest = this.highest(series);
    const y = (value: number) => top + PANEL * (1 - value / highest);
    const { name, color, mean, note } = series;
    if (mean !== undefined) {
      frame.svg.append(svgElement('path', { class: 'mean', d: `M${left},${y(mean)}h${width}` }));
    }
    const path = svgElement('path', { class: 'curve', d: this.path(series, x, y) });
    path.style.stroke = color;
    frame.svg.append(path);
    frame.text(name, left, top - 7, { 'font-weight': 'bold' });
    if (note !== undefined) {
      frame.text(note, left + width, top - 7, { class: 'quiet', 'text-anchor': 'end' });
    }
    frame.leftAxis([top, top + PANEL], roundTicks(0, highest, 4), y, this.label);
  }

  /** Above all of a panel; the lower end is 0. */
  private highest(series: Series): number {
    let highest = series.mean ?? 0;
    const [from, to] = this.shown(series);
    for (let i = from; i < to; i++) highest = Math.max(highest, series.values[i]!);
    return highest > 0 ? highest * 1.05 : 1;
  }

  /** The values that hold in the window. */
  private shown({ times }: Series): [from: number, to: number] {
    return [indexAt(times, this.window.start), indexAt(times, this.window.end) + 1];
  }

  private path(series: Series, x: (t: number) => number, y: (v: number) => number): string {
    const { start, end } = this.window;
    const [from, to] = this.shown(series);
    const steps: string[] = [];
    for (let i = from; i < to && i < series.times.length; i++) {
      const across = x(Math.max(series.times[i]!, start)).toFixed(1);
      const up = y(series.values[i]!).toFixed(1);
      steps.push(steps.length === 0 ? `M${across},${up}` : `H${across}V${up}`);
    }
    return steps.length === 0 ? '' : `${steps.join('')}H${x(end).toFixed(1)}`;
  }

  private point(event: PointerEvent | undefined): void {
    const { left, width } = this.frame.area;
    const box = this.frame.element.getBoundingClientRect();
    const fraction = event === undefined ? -1 : (event.clientX - box.left - left) / width;
    const { start, end } = this.window;
    const inside = fraction >= 0 && fraction <= 1;
    this.cursor = inside ? start + fraction * (end - start) : undefined;
    this.frame.schedule();
    this.tell();
  }

  private tell(): void {
    const { cursor } = this;
    if (cursor === undefined) {
      this.readout.textContent = 'Point at a time for its values.';
      return;
    }
    const values = this.series.map(({ name, times, values: all }) => {
      const value = all[indexAt(times, cursor)];
      return `${name} ${value === undefined ? '-' : plain(Number(value.toPrecision(4)))}`;
    });
    const { label, ms } = timeUnit(this.window.end);
    const time = `${(cursor / ms).toPrecision(4)} ${ms === 1 ? 'ms' : 's'}`;
    this.readout.textContent = `${label.split(' ')[0]} ${time}: ${values.join(', ')}`;
  }
}

/** Index of the last time that is not after `time`, or of the first one. */
function indexAt(times: ArrayLike<number>, time: number): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (times[middle]! <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}
