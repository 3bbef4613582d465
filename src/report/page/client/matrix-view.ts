/** A matrix of weights as coloured cells, with a colour bar; a reader can ask a cell for its value. */
import { htmlElement, svgElement } from './elements.js';
import { PlotFrame } from './plot-frame.js';
import { currentColor } from './theme.js';
import { plain, roundTicks } from './ticks.js';

const MARGINS = { left: 56, right: 98, top: 8, bottom: 38 };
const MOST_CELL = 32;
const MOST_SIDE = 360;
const BAR = { gap: 16, width: 14 };
const GRADIENT_STOPS = 16;

/** Which neurons rows (from) and columns (to) stand for. */
export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
  /** Neurons a row and a column; 1 if each has its own. */
  readonly rowBlock: number;
  readonly columnBlock: number;
  readonly source: MatrixSide;
  readonly target: MatrixSide;
  /** What it means if there is no weight. */
  readonly absent: string;
}

/** Neurons of a population, so many from the first, counting from 1. */
interface MatrixSide {
  readonly name: string;
  /** What they are called on an axis. */
  readonly noun: string;
  readonly first: number;
  readonly count: number;
}

export interface ColorScale {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  /** Red, green and blue from the lowest value to the highest. */
  readonly palette: Uint8Array;
}

export class MatrixView {
  private readonly frame: PlotFrame;
  private readonly readout = htmlElement('output', { class: 'remark' });
  private values: ArrayLike<number> = [];
  private selected: number | undefined;

  constructor(
    container: HTMLElement,
    private shape: MatrixShape,
    private scale: ColorScale,
  ) {
    this.frame = new PlotFrame(container, {
      label: 'Matrix of weights. Arrow keys go from cell to cell and tell its value.',
      margins: MARGINS,
      height: (width) => this.cell(width).height * this.shape.rows,
      draw: () => this.draw(),
    });
    const { element } = this.frame;
    this.readout.setAttribute('aria-live', 'polite');
    container.append(htmlElement('div', { class: 'controls' }));
    container.lastElementChild!.append(this.readout);
    element.tabIndex = 0;
    element.setAttribute('role', 'application');
    element.addEventListener('pointermove', (event) => this.select(this.cellAt(event)));
    element.addEventListener('pointerleave', () => this.select(undefined));
    element.addEventListener('blur', () => this.select(undefined));
    element.addEventListener('keydown', (event) => {
      if (this.step(event.key)) event.preventDefault();
    });
    this.tell();
  }

  /** Another matrix. */
  setShape(shape: MatrixShape): void {
    this.shape = shape;
    this.selected = undefined;
  }

  /** Row by row; NaN where there is no synapse. Values outside of the scale have its end's colour. */
  setData(values: ArrayLike<number>, scale: ColorScale): void {
    this.values = values;
    this.scale = scale;
    this.frame.schedule();
    this.tell();
  }

  private cell(width: number): { readonly width: number; readonly height: number } {
    const { rows, columns } = this.shape;
    const across = Math.min(width / columns, MOST_CELL);
    const down = Math.min(MOST_SIDE / rows, MOST_CELL);
    const square = Math.min(across, down);
    // Where sources are as many as targets, as among the neurons of a population.
    return rows === columns ? { width: square, height: square } : { width: across, height: down };
  }

  private draw(): void {
    const { frame, shape, values } = this;
    const { left, top } = frame.area;
    const cell = this.cell(frame.area.width);
    const [width, height] = [cell.width * shape.columns, cell.height * shape.rows];
    const { columns: stride, pixels, show } = frame.pixels();
    const colors = this.colors();
    const edge = (index: number, size: number) => Math.round(index * size * frame.density);
    for (let row = 0; row < shape.rows; row++) {
      const [y0, y1] = [edge(row, cell.height), edge(row + 1, cell.height)];
      for (let column = 0; column < shape.columns; column++) {
        const color = colors(values[row * shape.columns + column] ?? Number.NaN);
        const [x0, x1] = [edge(column, cell.width), edge(column + 1, cell.width)];
        for (let y = y0; y < y1; y++) pixels.fill(color, y * stride + x0, y * stride + x1);
      }
    }
    show();
    frame.svg.append(svgElement('rect', { class: 'axis', x: left, y: top, width, height }));
    this.drawAxes(width, height, cell);
    this.drawBar(left + width + BAR.gap, height);
    this.drawSelection(cell);
  }

  private colors(): (value: number) => number {
    const { low, high, palette } = this.scale;
    const last = palette.length / 3 - 1;
    const pack = (r: number, g: number, b: number) => (255 << 24) | (b << 16) | (g << 8) | r;
    const absent = pack(...currentColor(this.frame.element, 'var(--absent)'));
    return (value) => {
      if (Number.isNaN(value)) return absent;
      const fraction = high > low ? (value - low) / (high - low) : 0.5;
      const at = 3 * Math.round(Math.min(Math.max(fraction, 0), 1) * last);
      return pack(palette[at]!, palette[at + 1]!, palette[at + 2]!);
    };
  }

  private drawAxes(width: number, height: number, cell: { width: number; height: number }): void {
    const { frame, shape } = this;
    const { left, top } = frame.area;
    const ticks = ({ first, count }: MatrixSide, pixels: number) => {
      const round = roundTicks(first, first + count - 1, Math.max(pixels / 28, 2));
      return [...new Set([first, ...round.filter(Number.isInteger)])];
    };
    const place = (neuron: number, { first }: MatrixSide, block: number, size: number) =>
      ((neuron - first + 0.5) / block) * size;
    const x = (neuron: number) => left + place(neuron, shape.target, shape.columnBlock, cell.width);
    const y = (neuron: number) => top + place(neuron, shape.source, shape.rowBlock, cell.height);
    for (const tick of spaced(ticks(shape.source, height), y, 16)) {
      const anchor = { 'text-anchor': 'end', 'dominant-baseline': 'central' };
      frame.text(plain(tick), left - 6, y(tick), anchor);
    }
    const turned = `translate(12,${top + height / 2}) rotate(-90)`;
    frame.text(`From ${shape.source.noun}`, 0, 0, { transform: turned, 'text-anchor': 'middle' });
    const columns = spaced(ticks(shape.target, width), x, 24);
    for (const tick of columns) {
      frame.text(plain(tick), x(tick), top + height + 14, { 'text-anchor': 'middle' });
    }
    const middle = left + width / 2;
    frame.text(`To ${shape.target.noun}`, middle, top + height + 30, { 'text-anchor': 'middle' });
  }

  private drawBar(x: number, height: number): void {
    const { frame, scale } = this;
    const { top } = frame.area;
    const id = `gradient-${Math.round(x)}-${scale.label.length}-${scale.palette[0]}`;
    const gradient = svgElement('linearGradient', { id, x1: 0, y1: 1, x2: 0, y2: 0 });
    const last = scale.palette.length / 3 - 1;
    for (let i = 0; i <= GRADIENT_STOPS; i++) {
      const at = 3 * Math.round((i / GRADIENT_STOPS) * last);
      const color = `rgb(${scale.palette.slice(at, at + 3).join(',')})`;
      gradient.append(svgElement('stop', { offset: i / GRADIENT_STOPS, 'stop-color': color }));
    }
    const bar = { x, y: top, width: BAR.width, height };
    frame.svg.append(
      gradient,
      svgElement('rect', { ...bar, fill: `url(#${id})` }),
      svgElement('rect', { ...bar, class: 'axis' }),
    );
    const span = scale.high - scale.low || 1;
    for (const tick of roundTicks(scale.low, scale.high, Math.max(height / 40, 2))) {
      const y = top + height * (1 - (tick - scale.low) / span);
      frame.text(plain(tick), x + BAR.width + 5, y, { 'dominant-baseline': 'central' });
    }
    const turned = `translate(${x + BAR.width + 62},${top + height / 2}) rotate(-90)`;
    frame.text(scale.label, 0, 0, { transform: turned, 'text-anchor': 'middle' });
  }

  private drawSelection(cell: { width: number; height: number }): void {
    if (this.selected === undefined) return;
    const { left, top } = this.frame.area;
    const row = Math.floor(this.selected / this.shape.columns);
    const column = this.selected % this.shape.columns;
    const place = { x: left + column * cell.width, y: top + row * cell.height };
    this.frame.svg.append(
      svgElement('rect', { class: 'axis', ...place, ...cell, 'stroke-width': 2 }),
    );
  }

  private cellAt(event: PointerEvent): number | undefined {
    const { left, top, width } = this.frame.area;
    const box = this.frame.element.getBoundingClientRect();
    const cell = this.cell(width);
    const column = Math.floor((event.clientX - box.left - left) / cell.width);
    const row = Math.floor((event.clientY - box.top - top) / cell.height);
    const { rows, columns } = this.shape;
    const inside = column >= 0 && column < columns && row >= 0 && row < rows;
    return inside ? row * columns + column : undefined;
  }

  private step(key: string): boolean {
    const { rows, columns } = this.shape;
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
    if (by === undefined) return false;
    const from = this.selected ?? -1;
    const row = this.selected === undefined ? 0 : Math.floor(from / columns) + by[0]!;
    const column = this.selected === undefined ? 0 : (from % columns) + by[1]!;
    if (row >= 0 && row < rows && column >= 0 && column < columns) {
      this.select(row * columns + column);
    }
    return true;
  }

  private select(cell: number | undefined): void {
    if (cell === this.selected) return;
    this.selected = cell;
    this.frame.schedule();
    this.tell();
  }

  private tell(): void {
    const { selected, shape, values, scale } = this;
    if (selected === undefined) {
      this.readout.textContent = 'Point at a cell for its value.';
      return;
    }
    const value = values[selected] ?? Number.NaN;
    const from = neurons(shape.source, Math.floor(selected / shape.columns), shape.rowBlock);
    const to = neurons(shape.target, selected % shape.columns, shape.columnBlock);
    const what = Number.isNaN(value) ? shape.absent : `${scale.label} ${value.toPrecision(4)}`;
    this.readout.textContent = `${from} to ${to}: ${what}`;
  }
}

/** Which neurons a row or column stands for: 'exc 3', 'input 5-8'. */
function neurons({ name, first, count }: MatrixSide, index: number, block: number): string {
  const from = first + index * block;
  const to = Math.min(from + block, first + count) - 1;
  return from === to ? `${name} ${from}` : `${name} ${from}-${to}`;
}

/** Those ticks that are at least `least` px after the one before. */
function spaced(ticks: readonly number[], place: (tick: number) => number, least: number) {
  let last = Number.NEGATIVE_INFINITY;
  return ticks.filter((tick) => {
    if (place(tick) - last < least) return false;
    last = place(tick);
    return true;
  });
}
