/** The stretch of time that plots show, which they may share, and how a reader moves it. */
import { svgElement } from './elements.js';
import type { PlotFrame } from './plot-frame.js';

const STEP = 0.1;
const FACTOR = 1.5;
/** A drag shorter than this many pixels is a click. */
const CLICK = 4;

export class TimeWindow {
  start = 0;
  end: number;
  private readonly watchers: (() => void)[] = [];

  /** Times in ms: from 0 to `limit`, never shorter than `least`. */
  constructor(
    private limit: number,
    private readonly least: number,
  ) {
    this.end = limit;
  }

  onChange(watcher: () => void): void {
    this.watchers.push(watcher);
  }

  get isWhole(): boolean {
    return this.start === 0 && this.end === this.limit;
  }

  /** Shows start to end, moved and widened into what there is. */
  set(start: number, end: number): void {
    const span = Math.min(Math.max(end - start, this.least), this.limit);
    const centre = (start + end) / 2;
    this.start = Math.min(Math.max(centre - span / 2, 0), this.limit - span);
    this.end = this.start + span;
    for (const watcher of this.watchers) watcher();
  }

  /** Factors above 1 show less time; what is at `about` stays where it is. */
  zoom(factor: number, about = (this.start + this.end) / 2): void {
    const span = this.end - this.start;
    const wanted = Math.min(Math.max(span / factor, this.least), this.limit);
    const start = about - ((about - this.start) * wanted) / span;
    this.set(start, start + wanted);
  }

  /** Moves by a fraction of what is shown. */
  pan(fraction: number): void {
    const by = fraction * (this.end - this.start);
    this.set(this.start + by, this.end + by);
  }

  reset(): void {
    this.set(0, this.limit);
  }

  /** There is more time now. What shows all keeps showing all, what shows the end follows it. */
  extendTo(limit: number): void {
    const { isWhole, start, end } = this;
    const atEnd = end === this.limit;
    const by = limit - this.limit;
    this.limit = limit;
    if (isWhole) this.reset();
    else if (atEnd) this.set(start + by, end + by);
  }
}

/**
 * Lets a reader move the window on a plot of it: keys, dragging (with Shift to pan), the wheel once
 * the plot has the focus, or with Ctrl at any time; a double click shows all.
 */
export function steer(frame: PlotFrame, window: TimeWindow): void {
  const { element } = frame;
  element.tabIndex = 0;
  element.setAttribute('role', 'application');
  element.style.cursor = 'crosshair';
  element.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !press(event.key, window)) return;
    event.preventDefault();
  });
  element.addEventListener(
    'wheel',
    (event) => {
      if (!(event.ctrlKey || document.activeElement === element)) return;
      event.preventDefault();
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (sideways) window.pan(Math.sign(event.deltaX) * STEP);
      else window.zoom(event.deltaY < 0 ? FACTOR : 1 / FACTOR, timeAt(frame, window, event));
    },
    { passive: false },
  );
  element.addEventListener('dblclick', () => window.reset());
  element.addEventListener('pointerdown', (event) => drag(frame, window, event));
}

function press(key: string, window: TimeWindow): boolean {
  switch (key) {
    case 'ArrowLeft':
      window.pan(-STEP);
      return true;
    case 'ArrowRight':
      window.pan(STEP);
      return true;
    case '+':
    case '=':
      window.zoom(FACTOR);
      return true;
    case '-':
      window.zoom(1 / FACTOR);
      return true;
    case '0':
    case 'Escape':
      window.reset();
      return true;
    default:
      return false;
  }
}

function timeAt(frame: PlotFrame, { start, end }: TimeWindow, { clientX }: MouseEvent): number {
  const { left, width } = frame.area;
  const x = clientX - frame.element.getBoundingClientRect().left - left;
  return start + Math.min(Math.max(x / width, 0), 1) * (end - start);
}

function drag(frame: PlotFrame, window: TimeWindow, down: PointerEvent): void {
  if (down.button !== 0) return;
  const { element, svg, area } = frame;
  const origin = { start: window.start, end: window.end };
  const first = timeAt(frame, window, down);
  const place = (time: number) =>
    area.left + ((time - origin.start) / (origin.end - origin.start)) * area.width;
  const selection = svgElement('rect', { class: 'selection', y: area.top, height: area.height });
  if (!down.shiftKey) svg.append(selection);
  element.setPointerCapture(down.pointerId);
  const listening = new AbortController();
  const { signal } = listening;
  const move = (event: PointerEvent) => {
    if (down.shiftKey) {
      const by = ((down.clientX - event.clientX) / area.width) * (origin.end - origin.start);
      window.set(origin.start + by, origin.end + by);
      return;
    }
    const now = timeAt(frame, window, event);
    selection.setAttribute('x', String(place(Math.min(first, now))));
    selection.setAttribute('width', String(Math.abs(place(now) - place(first))));
  };
  const finish = (event: PointerEvent) => {
    listening.abort();
    selection.remove();
    if (event.type !== 'pointerup' || down.shiftKey) return;
    if (Math.abs(event.clientX - down.clientX) < CLICK) return;
    const last = timeAt(frame, window, event);
    window.set(Math.min(first, last), Math.max(first, last));
  };
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', finish, { signal });
  element.addEventListener('pointercancel', finish, { signal });
}
