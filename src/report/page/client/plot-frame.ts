/**
 * What all plots of a page share: an area between axes that fills the width there is, with a canvas
 * for what is many and an SVG for axes and words, and keeps up with size, appearance and paper.
 */
import { svgElement } from './elements.js';
import { isPrinting, onAppearance } from './theme.js';
import { plain } from './ticks.js';

/** Width of a plot on paper (180 mm), and its pixels a CSS pixel there (288 per inch). */
const PAPER_WIDTH = 680;
const PAPER_DENSITY = 3;
const TICK = 4;
/** Between axis and area, so that what is at the edge is seen. */
const GAP = 4;

/** Lengths in CSS pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface FrameOptions {
  /** The text alternative, for screen readers. */
  readonly label: string;
  readonly margins: Margins;
  /** Height of the area between the margins, given its width. */
  readonly height: (width: number) => number;
  /** Draws into the frame, which is empty. */
  readonly draw: () => void;
}

export class PlotFrame {
  readonly element = document.createElement('div');
  readonly svg = svgElement('svg', { 'aria-hidden': 'true' });
  private readonly canvas = document.createElement('canvas');
  private width = 0;
  private pending = false;

  constructor(
    container: HTMLElement,
    private readonly options: FrameOptions,
  ) {
    this.element.className = 'plot';
    this.element.setAttribute('role', 'img');
    this.element.setAttribute('aria-label', options.label);
    this.element.append(this.canvas, this.svg);
    container.append(this.element);
    new ResizeObserver(() => {
      if (!isPrinting() && this.element.clientWidth !== this.width) this.redraw();
    }).observe(this.element);
    onAppearance(() => this.redraw());
  }

  get area(): Area {
    const { left, right, top } = this.options.margins;
    const width = Math.max(this.width - left - right, 20);
    return { left, top, width, height: Math.max(this.options.height(width), 1) };
  }

  /** Device pixels a CSS pixel. */
  get density(): number {
    return isPrinting() ? PAPER_DENSITY : devicePixelRatio;
  }

  /** Draws anew at once. */
  redraw(): void {
    this.pending = false;
    this.width = isPrinting() ? PAPER_WIDTH : this.element.clientWidth;
    if (this.width === 0) return; // Not shown.
    const { top, bottom } = this.options.margins;
    const height = top + this.area.height + bottom;
    // What a reader is drawing at the moment stays.
    this.svg.replaceChildren(...this.svg.querySelectorAll('.selection'));
    this.svg.setAttribute('width', String(this.width));
    this.svg.setAttribute('height', String(height));
    this.options.draw();
  }

  /** Draws anew before the next frame is shown, however often it is asked for until then. */
  schedule(): void {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      if (this.pending) this.redraw();
    });
  }

  /** Pixels of the area, all clear, and its size in device pixels; `show` puts them on the screen. */
  pixels() {
    const { left, top, width, height } = this.area;
    const [columns, rows] = [Math.round(width * this.density), Math.round(height * this.density)];
    this.canvas.width = columns;
    this.canvas.height = rows;
    const { style } = this.canvas;
    Object.assign(style, { left: `${left}px`, top: `${top}px` });
    Object.assign(style, { width: `${width}px`, height: `${height}px` });
    const context = this.canvas.getContext('2d')!;
    const image = context.createImageData(columns, rows);
    const show = () => context.putImageData(image, 0, 0);
    return { columns, rows, pixels: new Uint32Array(image.data.buffer), show };
  }

  text(content: string, x: number, y: number, attributes: Record<string, string | number> = {}) {
    const element = svgElement('text', { x, y, ...attributes }, content);
    this.svg.append(element);
    return element;
  }

  /** A horizontal axis at height `y`, with ticks below; `place` is from values to x. */
  bottomAxis(y: number, ticks: readonly number[], place: (value: number) => number, label = '') {
    const { left, width } = this.area;
    const marks = ticks.map((tick) => `M${Math.round(place(tick))},${y}v${TICK}`).join('');
    this.svg.append(svgElement('path', { class: 'axis', d: `M${left},${y}h${width}${marks}` }));
    for (const tick of ticks) {
      this.text(plain(tick), place(tick), y + TICK + 12, { 'text-anchor': 'middle' });
    }
    if (label !== '') {
      this.text(label, left + width / 2, y + TICK + 28, { 'text-anchor': 'middle' });
    }
  }

  /** A vertical axis at the left of the area from `top` to `bottom`. */
  leftAxis(
    [top, bottom]: readonly [number, number],
    ticks: readonly number[],
    place: (value: number) => number,
    label = '',
  ) {
    const { left } = this.area;
    const x = left - GAP;
    const marks = ticks.map((tick) => `M${x},${Math.round(place(tick))}h${-TICK}`).join('');
    this.svg.append(svgElement('path', { class: 'axis', d: `M${x},${top}V${bottom}${marks}` }));
    for (const tick of ticks) {
      const anchor = { 'text-anchor': 'end', 'dominant-baseline': 'central' };
      this.text(plain(tick), x - TICK - 3, place(tick), anchor);
    }
    if (label !== '') {
      const turned = `translate(12,${(top + bottom) / 2}) rotate(-90)`;
      this.text(label, 0, 0, { transform: turned, 'text-anchor': 'middle' });
    }
  }
}
